// SLF020: asking for a new e-mail address of one's own. A code goes to it, and what was asked waits in a draft of this login
// for that code (change-email.ts); the account's address stays the old one. Limits on sending are not reset by sending again.
import { judgeEmail, sameEmail } from '../../rules/email.ts';
import type { LoginRecord } from '../../rules/login.ts';
import { judgeTypedPassword } from '../../rules/password.ts';
import type { Person } from '../../store/account.ts';
import { guess } from '../guess.ts';
import { oweMail } from '../mail.ts';
import { confirmationTrouble } from '../prove-act.ts';
import { writeRecord } from '../record.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';

/** An address that was asked for and waits for its code. */
export interface PendingEmail {
  readonly id: string;
  readonly address: string;
  /** The account's address when it was asked, and when that one was set: another one since makes the draft stale. */
  readonly before: string | null;
  readonly beforeChangedAt: number | null;
  readonly sentAt: number;
  /** Until when the code that was sent last is good. */
  readonly until: number;
  /** Until when the procedure may be ended. */
  readonly expiresAt: number;
}

export interface Refused {
  readonly verdict: 'refused';
  readonly errors: readonly FormError[];
}

export type AskedEmail = Refused | { readonly verdict: 'sent' };

export type By = { readonly person: Person; readonly login: LoginRecord };

export const draftId = 'own-email';
const minute = 60_000;
export const refused = (...errors: readonly FormError[]): Refused => ({ verdict: 'refused', errors });

export function pendingEmail(tools: Tools, login: LoginRecord): Promise<PendingEmail | null> {
  return tools.consoleDrafts.find<PendingEmail>(login.id, draftId);
}

/** Asks for a new address: form first, then the confirmation password, then a code goes to the new address. */
export async function askOwnEmail(
  tools: Tools,
  act: Act,
  { person, login }: By,
  typed: { readonly email: string; readonly confirmation: string },
): Promise<AskedEmail> {
  const { account } = person;
  const judged = judgeEmail(typed.email);
  const errors: FormError[] = [];
  if (!judged.ok) errors.push({ field: 'email', key: judged.error });
  else if (account.email !== null && account.emailProvenAt !== null && sameEmail(judged.address, account.email))
    errors.push({ field: 'email', key: 'email.same' });
  const mistake = judgeTypedPassword(typed.confirmation);
  if (mistake) errors.push({ field: 'confirmation_password', key: mistake });
  if (!judged.ok || errors.length > 0) return refused(...errors);

  const guessed = await guess(tools, act, account.id, 'confirmation', typed.confirmation);
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: guessed.verdict === 'right' ? 'act.proven' : 'confirmation.missed',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data:
        guessed.verdict === 'right'
          ? { for: 'change-own-email', proof: 'confirmation', login: login.id }
          : { for: 'change-own-email', compared: guessed.verdict === 'wrong' },
    }),
  );
  if (guessed.verdict !== 'right') {
    const now = await tools.store.account.person(account.id);
    const closed = guessed.state === 'open' || now === null ? null : await confirmationTrouble(tools, act, now);
    const n = guessed.verdict === 'wrong' ? guessed.remaining : 0;
    return refused(closed ?? { field: 'confirmation_password', key: 'confirm.wrong', values: { n } });
  }
  return send(tools, act, { person, login }, judged.address, null);
}

/** 「メールを再送する」. Null when nothing waits for a code (any more). */
export async function sendOwnEmailAgain(tools: Tools, act: Act, by: By): Promise<AskedEmail | null> {
  const pending = await pendingEmail(tools, by.login);
  return pending && send(tools, act, by, pending.address, pending);
}

async function send(
  tools: Tools,
  act: Act,
  { person: { account }, login }: By,
  address: string,
  pending: PendingEmail | null,
): Promise<AskedEmail> {
  const { policy, secrets, emailCodes } = tools;
  const code = secrets.digits(policy.emailCode.digits);
  const kept = await emailCodes.keep(
    account.id,
    'email',
    { hash: markOf(tools, account.id, address, code), address },
    policy.emailCode,
    act.now,
  );
  const sent = kept.sent ? null : await emailCodes.sent(account.id, 'email');
  if (!kept.sent && (pending !== null || sent?.address !== address || sent.until <= act.now))
    return refused({ field: null, key: 'emailcode.limit', values: { at: kept.from } });
  if (kept.sent) {
    await tools.store.transaction((tables) =>
      oweMail(
        tools,
        tables,
        act,
        account,
        'email-code',
        {
          code,
          purpose: 'email',
          until: act.now + policy.emailCode.valid,
          minutes: policy.emailCode.valid / minute,
          route: login.route,
        },
        'self',
        address,
      ),
    );
  }
  const expiresAt = pending?.expiresAt ?? Math.min(act.now + policy.attempt.lifetime, login.expiresAt);
  const draft: PendingEmail = {
    id: pending?.id ?? secrets.id(),
    address,
    before: pending ? pending.before : account.email,
    beforeChangedAt: pending ? pending.beforeChangedAt : account.emailChangedAt,
    // Pressed twice: the code of the first press is on its way already.
    sentAt: sent?.sentAt ?? act.now,
    until: sent?.until ?? act.now + policy.emailCode.valid,
    expiresAt,
  };
  await tools.consoleDrafts.keep(login.id, draftId, draft, expiresAt);
  return { verdict: 'sent' };
}

/** What is kept of a code: bound to the person, the operation and the address. */
export const markOf = (tools: Tools, accountId: string, address: string, code: string): string =>
  tools.secrets.mark('email-code', `${accountId} email ${address} ${code}`);
