// メール通知パスワード about tokens (spec §2, §5): one code for one operation, person and address; only to the address that its
// owner has proven, and not before it has been theirs for a day. Limits on sending are not reset by sending again.
import { readEmailCode } from '../../rules/otp-token.ts';
import { issueWaits } from '../../rules/sign-in-facts.ts';
import type { Instant, Route } from '../../rules/sign-in-record.ts';
import type { TokenCodePurpose } from '../../rules/token-issue.ts';
import type { AccountRow } from '../../store/account.ts';
import { oweMail } from '../mail.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';

const minute = 60_000;

/** Why no code is sent now: until when the address or the guard holds it up, or that no address is proven. */
export type CodeHeldUp =
  | { readonly for: 'email' | 'guard'; readonly until: Instant }
  | { readonly for: 'address'; readonly until: null };

/** Null: a code may be sent. The guard holds up what makes a new software token. */
export function codeHeldUp(
  tools: Pick<Tools, 'policy'>,
  act: Pick<Act, 'now'>,
  account: AccountRow,
  purpose: TokenCodePurpose,
): CodeHeldUp | null {
  const wait = issueWaits(account, tools.policy, act.now, purpose === 'issue' || purpose === 'authenticator');
  if (wait) return wait;
  return account.email === null || account.emailProvenAt === null ? { for: 'address', until: null } : null;
}

/** The newest code of a purpose, if it went to the address of today: when it was sent, and until when it is good. */
export async function codeSent(
  tools: Tools,
  account: AccountRow,
  purpose: TokenCodePurpose,
): Promise<{ readonly sentAt: Instant; readonly until: Instant } | null> {
  const sent = await tools.emailCodes.sent(account.id, purpose);
  return sent?.address === account.email ? sent : null;
}

export type SentTokenCode =
  | { readonly verdict: 'sent' }
  | { readonly verdict: 'held-up' }
  | { readonly verdict: 'refused'; readonly error: FormError };

/**
 * Sends a code to the registered address.
 * @param again it is asked for once more: within the pause that is refused, where the first press just goes on
 */
export async function sendTokenCode(
  tools: Tools,
  act: Act,
  account: AccountRow,
  purpose: TokenCodePurpose,
  route: Route | null,
  again: boolean,
): Promise<SentTokenCode> {
  const { policy, secrets, emailCodes } = tools;
  const { email } = account;
  if (email === null || codeHeldUp(tools, act, account, purpose) !== null) return { verdict: 'held-up' };
  const code = secrets.digits(policy.emailCode.digits);
  const hash = markOf(tools, account.id, purpose, email, code);
  const kept = await emailCodes.keep(account.id, purpose, { hash, address: email }, policy.emailCode, act.now);
  if (!kept.sent) {
    const last = await codeSent(tools, account, purpose);
    return again || last === null || last.until <= act.now
      ? { verdict: 'refused', error: { field: null, key: 'emailcode.limit', values: { at: kept.from } } }
      : { verdict: 'sent' };
  }
  await tools.store.transaction((tables) =>
    oweMail(tools, tables, act, account, 'email-code', {
      code,
      purpose,
      until: act.now + policy.emailCode.valid,
      minutes: policy.emailCode.valid / minute,
      ...(route === null ? {} : { route }),
    }),
  );
  return { verdict: 'sent' };
}

/** Reads a typed code; what is wrong with its form is never counted. */
export function readTokenCode(
  tools: Pick<Tools, 'policy'>,
  typed: string,
): { readonly ok: true; readonly code: string } | { readonly ok: false; readonly error: FormError } {
  const read = readEmailCode(typed, tools.policy.emailCode.digits);
  return read.ok ? read : { ok: false, error: { field: 'email_code', key: read.error } };
}

/**
 * What is wrong with a code, and how much of the page's refusal that is; null: it was right, and is used up.
 * @param use false: it stays good, because the page asks more that may be wrong
 */
export async function checkTokenCode(
  tools: Tools,
  act: Act,
  account: AccountRow,
  purpose: TokenCodePurpose,
  code: string,
  use = true,
): Promise<{ readonly word: 'form' | 'credentials'; readonly error: FormError } | null> {
  const expired = { word: 'form', error: { field: 'email_code', key: 'emailcode.expired' } } as const;
  const { email } = account;
  if (email === null || account.emailProvenAt === null) return expired;
  const hash = markOf(tools, account.id, purpose, email, code);
  const checked = await tools.emailCodes.check(account.id, purpose, { hash, address: email }, act.now, use);
  switch (checked.verdict) {
    case 'right':
      return null;
    case 'expired':
      return expired;
    case 'void':
      return { word: 'credentials', error: { field: null, key: 'emailcode.void' } };
    case 'wrong':
      return {
        word: 'credentials',
        error: { field: 'email_code', key: 'emailcode.wrong', values: { n: checked.left } },
      };
  }
}

const markOf = (tools: Tools, accountId: string, purpose: TokenCodePurpose, address: string, code: string): string =>
  tools.secrets.mark('email-code', `${accountId} ${purpose} ${address} ${code}`);
