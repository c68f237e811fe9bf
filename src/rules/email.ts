// E-mail addresses: one, half-width, with nothing in it that could become a second header or a second recipient (spec §4).
import { byteLength, hasControl } from './normalise.ts';

/** RFC 5321: the longest path, without its angle brackets. */
export const emailLimit = 254;

export type JudgedEmail =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly error: 'form.required' | 'form.long' | 'form.chars' | 'issue.mail' };

// Dot-atoms alone: no quoted names, no comments, no lists, no address literals.
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const address = new RegExp(`^${atom}(?:\\.${atom})*@(?:${label}\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`);

/** Judges one typed address; blanks around it are dropped, nothing else is changed (screens.md §5, 7.3). */
export function judgeEmail(typed: string): JudgedEmail {
  if (typed === '') return { ok: false, error: 'form.required' };
  if (byteLength(typed) > emailLimit) return { ok: false, error: 'form.long' };
  if (hasControl(typed)) return { ok: false, error: 'form.chars' };
  const trimmed = typed.replace(/^ +| +$/g, '');
  if (trimmed === '') return { ok: false, error: 'form.required' };
  const local = trimmed.indexOf('@');
  return local <= 64 && address.test(trimmed) ? { ok: true, address: trimmed } : { ok: false, error: 'issue.mail' };
}

/** The registered address as screens show it: `t***@example.co.jp` (screens.md §3, rule 14). */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}

/** The same mailbox as far as can be known: the domain's case never matters, the local part's might. */
export function sameEmail(one: string, other: string): boolean {
  const domainLowered = (email: string): string => {
    const at = email.lastIndexOf('@');
    return email.slice(0, at) + email.slice(at).toLowerCase();
  };
  return domainLowered(one) === domainLowered(other);
}
