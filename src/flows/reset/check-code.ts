// RST003: the e-mailed code, and with it the request. Only whoever reads the master's proven mailbox, in the browser that asked,
// comes to a number; asked again while a request is open, the answer is that request's.
import { readEmailCode } from '../../rules/otp-token.ts';
import { matchesMaster, requestNumber } from '../../rules/reset-request.ts';
import type { ResetAsk } from '../../store/reset-ask.ts';
import type { Tables } from '../../store/store.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import { advanced, refused, type Answer } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { codeOwner } from './ask.ts';

/** Right: the request stands, and `ask.done` is kept for the result page. Misses never say how many tries are left. */
export async function checkResetCode(
  tools: Tools,
  act: Act,
  browser: string,
  ask: ResetAsk,
  typed: string,
): Promise<Answer> {
  const read = readEmailCode(typed, tools.policy.emailCode.digits);
  if (!read.ok) return refused('form', { field: 'email_code', key: read.error });
  const blocked = await tools.sources.blockedUntil(act.source, act.now);
  if (blocked !== null) return { advanced: false, word: 'too-many', until: blocked, about: 'source' };

  const owner = codeOwner(browser, ask.subject);
  const hash = tools.secrets.mark('email-code', `${owner} ${read.code}`);
  const { verdict } = await tools.emailCodes.check(owner, 'reset', { hash, address: ask.address }, act.now);
  const request =
    verdict === 'right' && ask.accountId !== null ? await requestFor(tools, act, ask, ask.accountId) : null;
  if (request !== null) {
    const done = { ...request, reference: act.reference };
    await tools.resetAsks.keep(browser, { ...ask, expiresAt: act.now + tools.policy.attempt.lifetime, done });
    return advanced;
  }
  // Used up before its time: another press of the same button was right, and its result is looked at.
  if (verdict === 'expired' && act.now < ask.until) return advanced;
  if (verdict === 'expired') return refused('form', { field: 'email_code', key: 'emailcode.expired' });
  await tools.sources.failed(act.source, ask.subject, tools.policy.source, act.now);
  return verdict === 'void'
    ? refused('credentials', { field: null, key: 'emailcode.void' })
    : refused('credentials', { field: 'email_code', key: 'emailcode.wrong.uncounted' });
}

/** The open request of the account, made now unless one stands; null when the account is no longer what it was asked for. */
async function requestFor(
  tools: Tools,
  act: Act,
  ask: ResetAsk,
  accountId: string,
): Promise<{ readonly number: string; readonly at: number } | null> {
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(accountId);
    const company = await tables.company.find(account.companyId);
    const contractNumber = company?.contractNumber ?? '';
    if (!matchesMaster({ ...account, contractNumber }, { contractNumber, email: ask.address })) return null;
    const open = await tables.resetRequest.openOf(account.id);
    const request = open ?? (await add(tools, tables, act, account));
    if (!open) await oweMail(tools, tables, act, account, 'reset-received', { number: request.number });
    await writeRecord(tables, act, {
      event: 'reset.requested',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'stranger', id: null },
      data: { request: request.id, number: request.number, again: open !== null },
    });
    return { number: request.number, at: request.askedAt };
  });
}

async function add(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: { readonly id: string; readonly companyId: string },
): Promise<{ readonly id: string; readonly number: string; readonly askedAt: number }> {
  const row = { id: tools.secrets.id(), accountId: account.id, companyId: account.companyId, askedAt: act.now };
  for (let tries = 0; tries < 20; tries += 1) {
    const number = requestNumber(act.now, tools.secrets.digits(4));
    if (await tables.resetRequest.add({ ...row, number })) return { ...row, number };
  }
  throw new Error('no number is left for a request of this day');
}
