// Choosing a new password: judged by its form, then against the kept hashes (the other one, the issued one, the last
// three), then stored with its expiry. Used by setup, due changes and self-service.
import { expiresAt, judgeKept, judgeNewPassword, judgeRepeated, keepHistory } from '../rules/password.ts';
import type { CredentialRow, Person } from '../store/account.ts';
import type { CredentialKind } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { FormError } from './sign-in/answer.ts';
import type { Act, Tools } from './tools.ts';

export interface NewPasswordForm {
  readonly kind: CredentialKind;
  readonly candidate: string;
  readonly again: string;
  readonly loginName: string;
  /** The other new password of the same page. */
  readonly other: string | null;
}

const fieldOf = { login: 'new_password', confirmation: 'new_confirmation_password' } as const;

/** What speaks against a new password; empty when nothing does. Hashes are compared only once the form is right. */
export async function judgeCandidate(
  tools: Tools,
  person: Person,
  form: NewPasswordForm,
): Promise<readonly FormError[]> {
  const mistakes = judgeForm(tools, form);
  return mistakes.length > 0 ? mistakes : judgeAgainstKept(tools, person, form);
}

/** The part that asks nothing of what is kept. */
export function judgeForm(tools: Tools, form: NewPasswordForm): readonly FormError[] {
  const field = fieldOf[form.kind];
  const { policy } = tools;
  const mistake = judgeNewPassword(form.candidate, {
    form: policy.password,
    loginId: form.loginName,
    ...(form.other === null ? {} : { otherPassword: form.other }),
  });
  const values = { min: policy.password.min, max: policy.password.max };
  if (mistake) return [{ field, key: mistake, values }];
  const repeated = judgeRepeated(form.candidate, form.again);
  return repeated ? [{ field: `${field}_again`, key: repeated }] : [];
}

/**
 * Whether it is a password that the person has or had. Its answers tell something about those, and no counter stands before
 * them: whoever asks must have proven the present password first.
 */
export async function judgeAgainstKept(
  tools: Tools,
  person: Person,
  form: Pick<NewPasswordForm, 'kind' | 'candidate' | 'other'>,
): Promise<readonly FormError[]> {
  const own = form.kind === 'login' ? person.login : person.confirmation;
  const other = form.kind === 'login' ? person.confirmation : person.login;
  const kept = judgeKept({
    // When both are changed together they were compared as typed.
    other: form.other === null && other !== null && (await matches(tools, [other.hash], form.candidate)),
    issued: own !== null && own.issued && (await matches(tools, [own.hash], form.candidate)),
    recent:
      own !== null && (await matches(tools, own.issued ? own.history : [own.hash, ...own.history], form.candidate)),
  });
  return kept ? [{ field: fieldOf[form.kind], key: kept }] : [];
}

/** Whether it is what the same person typed on an earlier page, of which the hash alone was kept. */
export const isTypedBefore = (tools: Tools, hash: string, candidate: string): Promise<boolean> =>
  matches(tools, [hash], candidate);

/** All are compared, whichever is the same: the time tells nothing to somebody who sets a password for others. */
async function matches(tools: Tools, hashes: readonly string[], candidate: string): Promise<boolean> {
  let found = false;
  for (const hash of hashes) if (await tools.secrets.hasher.verify(hash, candidate)) found = true;
  return found;
}

/**
 * Stores a judged password (already hashed): history, expiry, counters cleared, no longer issued or forced. That somebody else
 * had set one (`passwordByOtherAt`) stays on the account: whoever was given a password may be who gave it, and changing it
 * must not lift the takeover guard (spec §2, rules/takeover.ts).
 */
export async function storePassword(
  tools: Tools,
  tables: Tables,
  act: Act,
  accountId: string,
  kind: CredentialKind,
  hash: string,
  before: CredentialRow | null,
): Promise<void> {
  await tables.credential.put({
    accountId,
    kind,
    hash,
    setAt: act.now,
    expiresAt: expiresAt(act.now, tools.policy.password),
    issued: false,
    issuedUntil: null,
    forced: false,
    misses: 0,
    locks: 0,
    lockedUntil: null,
    stoppedAt: null,
    announcedAt: null,
    // An issued password was never the person's own: it is refused as such, not remembered.
    history:
      before === null || before.issued
        ? (before?.history ?? [])
        : keepHistory(before.hash, before.history, tools.policy.password),
  });
}
