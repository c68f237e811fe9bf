// SLF021–022: a new e-mail address of one's own counts once the code that was sent to it came back. The old address is told at
// once; nothing ends, because no sign-in was proven by an address (spec §2, screens.md §18).
import { maskEmail } from '../../rules/email.ts';
import type { LoginRecord } from '../../rules/login.ts';
import { readEmailCode } from '../../rules/otp-token.ts';
import { epochHolds } from '../../rules/standing.ts';
import { ownsNewAddress } from '../../rules/takeover.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { draftId, markOf, pendingEmail, refused, type By, type PendingEmail, type Refused } from './ask-email.ts';

/** What the result page shows; addresses as it shows them. */
export interface OwnEmailResult extends Finished {
  readonly before: string | null;
  readonly now: string;
  /** The former address was proven, so that it is told. */
  readonly beforeTold: boolean;
  /** From when codes for tokens go to the new address. */
  readonly usableFrom: number;
}

export type NotProvenEmail = Refused | { readonly verdict: 'stale' } | { readonly verdict: 'look-again' };

/** The newest change of this login; null when it made none. */
export function ownEmailResult(tools: Tools, login: LoginRecord): Promise<OwnEmailResult | null> {
  return tools.consoleActivity.finished<OwnEmailResult>(login.id, draftId);
}

/**
 * Judges the code, and with a right one changes the address. Nothing ends by it: no sign-in was proven by an address.
 * Null when nothing waits for a code (any more).
 */
export async function proveOwnEmail(
  tools: Tools,
  act: Act,
  by: By,
  typed: string,
): Promise<Worked<NotProvenEmail, OwnEmailResult> | { readonly verdict: 'busy' } | null> {
  const { login } = by;
  const pending = await pendingEmail(tools, login);
  if (!pending) return null;
  const read = readEmailCode(typed, tools.policy.emailCode.digits);
  if (!read.ok) return { verdict: 'refused', refused: refused({ field: 'email_code', key: read.error }) };
  return actOnce(
    tools,
    act,
    login,
    `${draftId}:${pending.id}`,
    async (): Promise<Worked<NotProvenEmail, OwnEmailResult>> => {
      const wrong = await judgeCode(tools, act, by, pending.address, read.code);
      if (wrong) return { verdict: 'refused', refused: refused(wrong) };
      const answer = await tools.store.transaction((tables) => change(tools, tables, act, by, pending));
      await tools.consoleDrafts.end(login.id, draftId);
      if ('verdict' in answer) return { verdict: 'refused', refused: answer };
      await tools.consoleActivity.finish(login.id, draftId, answer, login.expiresAt);
      return { verdict: 'finished', result: answer };
    },
  );
}

async function judgeCode(
  tools: Tools,
  act: Act,
  { person }: By,
  address: string,
  code: string,
): Promise<FormError | null> {
  const hash = markOf(tools, person.account.id, address, code);
  const checked = await tools.emailCodes.check(person.account.id, 'email', { hash, address }, act.now);
  switch (checked.verdict) {
    case 'right':
      return null;
    case 'expired':
      return { field: 'email_code', key: 'emailcode.expired' };
    case 'void':
      return { field: null, key: 'emailcode.void' };
    case 'wrong':
      return { field: 'email_code', key: 'emailcode.wrong', values: { n: checked.left } };
  }
}

async function change(
  tools: Tools,
  tables: Tables,
  act: Act,
  { person, login }: By,
  pending: PendingEmail,
): Promise<NotProvenEmail | OwnEmailResult> {
  const account = await tables.account.lock(person.account.id);
  if (!epochHolds(login, account)) return { verdict: 'look-again' };
  if (account.email !== pending.before || account.emailChangedAt !== pending.beforeChangedAt)
    return { verdict: 'stale' };
  const { takeover } = tools.policy;
  const changed = {
    email: pending.address,
    emailProvenAt: act.now,
    emailChangedAt: act.now,
    ...(ownsNewAddress(account, takeover, act.now) ? { emailByOtherAt: null, emailByOther: null } : {}),
  };
  await tables.account.change(account.id, changed);
  const usableFrom = act.now + takeover.emailWait;
  const old = account.email;
  // Each address learns of the other what is enough to know it by.
  const about = { usableFrom, route: login.route };
  const masked = { old: old === null ? null : maskEmail(old), new: maskEmail(pending.address) };
  await oweMail(tools, tables, act, account, 'email-changed', { ...about, old, new: masked.new });
  await oweMail(tools, tables, act, { ...account, ...changed }, 'email-changed', {
    ...about,
    old: masked.old,
    new: pending.address,
  });
  await writeRecord(tables, act, {
    event: 'email.changed',
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
    data: { before: masked.old, after: masked.new, usableFrom, login: login.id },
  });
  return {
    at: act.now,
    reference: act.reference,
    before: masked.old,
    now: masked.new,
    beforeTold: old !== null && account.emailProvenAt !== null,
    usableFrom,
  };
}
