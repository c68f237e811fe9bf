// CON020 and CON030: name, address, administration and passwords of a person, judged as they were typed. What the
// administrator may not give is not taken from a form that says it all the same.
import { judgeEmail, sameEmail } from '../../rules/email.ts';
import type { WhichPassword } from '../../rules/password.ts';
import { allows } from '../../rules/permission.ts';
import { judgePersonName, personNameLimit } from '../../rules/person-name.ts';
import type { Person } from '../../store/account.ts';
import { isTypedBefore, judgeAgainstKept, judgeForm } from '../new-password.ts';
import { actorOf, companyOf, targetOf } from '../prove-act.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Tools } from '../tools.ts';
import { isLastReleaser } from './last-releaser.ts';
import type { PasswordChoice, PersonDraft } from './person-draft.ts';

/** What the administrator may decide about this person on the first page. */
export interface Decidable {
  readonly role: boolean;
  /** `issue`: a person before the first-time setup gets a new ID and password; a password that does not exist yet can't be set. */
  readonly passwords: 'none' | 'issue' | readonly WhichPassword[];
  /** Whether 「ログイン時に強制変更する」 may be cleared. */
  readonly force: 'fixed' | 'free';
}

/** @param person null for a new one */
export function decidable({ policy }: Tools, by: Person, person: Person | null): Decidable {
  const target = person === null ? companyOf(by) : targetOf(person);
  const role = allows(actorOf(by), 'change-role', target, policy);
  const force = policy.forcedChange;
  if (person === null || !allows(actorOf(by), 'change-password-of-others', target, policy))
    return { role, passwords: 'none', force };
  const { account, confirmation } = person;
  if (account.loginNameChosen || account.setUpAt !== null)
    return { role, passwords: confirmation === null ? ['login'] : ['login', 'confirmation'], force };
  // The master's first ID and password come from the bank, on paper (spec §2).
  return { role, passwords: account.role === 'master' ? 'none' : 'issue', force };
}

export interface PasswordForm {
  /** 変更要否 as it was chosen. */
  readonly change: string;
  /** `issue` or `typed`; nothing where the page does not ask. */
  readonly by: string;
  readonly typed: string;
  readonly force: boolean;
}

export interface BasicsForm {
  readonly name: string;
  readonly email: string;
  readonly admin: string;
  readonly passwords: Readonly<Record<WhichPassword, PasswordForm>>;
}

export type JudgedBasics =
  | { readonly verdict: 'good'; readonly draft: PersonDraft }
  | { readonly verdict: 'refused'; readonly errors: readonly FormError[] }
  /** The form asks for what its sender may not give: no page of ours offers it. */
  | { readonly verdict: 'not-allowed'; readonly act: 'change-role' | 'change-password-of-others' };

export async function judgeBasics(
  tools: Tools,
  by: Person,
  person: Person | null,
  draft: PersonDraft,
  form: BasicsForm,
): Promise<JudgedBasics> {
  const may = decidable(tools, by, person);
  const errors: FormError[] = [];
  const name = judgePersonName(form.name);
  if (!name.ok)
    errors.push({ field: 'person_name', key: name.error, values: { max: personNameLimit, allowed: 'text' } });
  const email = judgeEmail(form.email);
  if (!email.ok) errors.push({ field: 'email', key: email.error, values: { max: 254, allowed: 'id' } });

  const present = draft.before?.admin ?? false;
  if (!may.role && form.admin !== '' && form.admin !== (present ? 'grant' : 'none'))
    return { verdict: 'not-allowed', act: 'change-role' };
  if (may.role && form.admin !== 'grant' && form.admin !== 'none') errors.push({ field: 'admin', key: 'form.choose' });
  const admin = may.role ? form.admin === 'grant' : present;
  if (present && !admin && person && (await isLastReleaser(tools.store, person.account)))
    errors.push({ field: 'admin', key: 'last.block', values: { name: person.account.name } });

  const asked = (['login', 'confirmation'] as const).filter((which) => form.passwords[which].change === 'change');
  const open = may.passwords === 'none' ? [] : may.passwords === 'issue' ? ['login'] : may.passwords;
  if (asked.some((which) => !open.includes(which))) return { verdict: 'not-allowed', act: 'change-password-of-others' };
  const chosen: Record<WhichPassword, PasswordChoice> = { login: { how: 'keep' }, confirmation: { how: 'keep' } };
  for (const which of asked) {
    if (may.passwords === 'issue') {
      chosen[which] = { how: 'issue', force: false };
      continue;
    }
    const choice = person && (await choose(tools, person, draft, form, which));
    if (choice && 'how' in choice) chosen[which] = choice;
    else if (choice) errors.push(...choice.errors);
  }
  if (!name.ok || !email.ok || errors.length > 0) return { verdict: 'refused', errors };
  const kept = draft.before?.email ?? null;
  const address = kept !== null && sameEmail(kept, email.address) ? kept : email.address;
  return { verdict: 'good', draft: { ...draft, name: name.name, email: address, admin, passwords: chosen } };
}

const fieldOf = { login: 'new_password', confirmation: 'new_confirmation_password' } as const;

/** How one password is to be set. What was typed before, and stands in the draft, need not be typed again. */
async function choose(
  tools: Tools,
  person: Person,
  draft: PersonDraft,
  form: BasicsForm,
  which: WhichPassword,
): Promise<PasswordChoice | { readonly errors: readonly FormError[] }> {
  const { by, typed, force: ticked } = form.passwords[which];
  const force = tools.policy.forcedChange === 'fixed' || ticked;
  const before = draft.passwords[which];
  if (typed === '') {
    if (by !== 'typed') return { how: 'issue', force };
    return before.how === 'typed'
      ? { ...before, force }
      : { errors: [{ field: fieldOf[which], key: 'form.required' }] };
  }
  const otherWhich = which === 'login' ? 'confirmation' : 'login';
  const other = form.passwords[otherWhich];
  const otherTyped = other.change === 'change' && other.typed !== '' ? other.typed : null;
  const mistakes = judgeForm(tools, {
    kind: which,
    candidate: typed,
    again: typed,
    loginName: person.account.loginName,
    other: otherTyped,
  });
  if (mistakes.length > 0) return { errors: mistakes };
  const otherBefore = draft.passwords[otherWhich];
  const keepsTyped =
    other.change === 'change' && other.by === 'typed' && other.typed === '' && otherBefore.how === 'typed';
  if (keepsTyped && (await isTypedBefore(tools, otherBefore.hash, typed)))
    return { errors: [{ field: fieldOf[which], key: 'password.sameother' }] };
  const otherStays = other.change !== 'change';
  const [clash] = await judgeAgainstKept(tools, person, {
    kind: which,
    candidate: typed,
    // The other one is compared only where it stays as it is.
    other: otherStays ? null : '',
  });
  return { how: 'typed', force, hash: await tools.secrets.hasher.hash(typed), clash: clash?.key ?? null };
}
