// RST002: a master who forgot the login password asks for a new one (spec §2). Whatever is typed, the same is done and the same
// is answered: the code goes out through the outbox, and where the entries are nobody's, nothing is owed. Signs nobody in.
import { judgeEmail, sameEmail } from '../../rules/email.ts';
import { readLoginId } from '../../rules/login-id.ts';
import { matchesMaster, readContractNumber } from '../../rules/reset-request.ts';
import type { Person } from '../../store/account.ts';
import type { ResetAsk } from '../../store/reset-ask.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import { advanced, refused, type Answer, type FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';

export interface ResetForm {
  readonly loginId: string;
  readonly contractNumber: string;
  readonly email: string;
}

const minute = 60_000;

/** The id of no account: an unknown login ID is looked up like any other. */
const nobody = '';

/** @param browser hash of the cookie of the browser that asks; the request is bound to it */
export async function askReset(tools: Tools, act: Act, browser: string, form: ResetForm): Promise<Answer> {
  const loginId = readLoginId(form.loginId);
  const contract = readContractNumber(form.contractNumber);
  const email = judgeEmail(form.email);
  const errors: FormError[] = [];
  if (!loginId.ok) errors.push({ field: 'login_id', key: loginId.error });
  if (!contract.ok) errors.push({ field: 'contract_number', key: contract.error });
  if (!email.ok) errors.push({ field: 'email', key: email.error });
  if (!loginId.ok || !contract.ok || !email.ok) return refused('form', ...errors);

  const blocked = await tools.sources.blockedUntil(act.source, act.now);
  if (blocked !== null) return { advanced: false, word: 'too-many', until: blocked, about: 'source' };
  // Right or wrong: what a source asks for is counted, or its being refused would tell them apart.
  await tools.sources.failed(act.source, loginId.key, tools.policy.source, act.now);

  const found = await tools.store.account.byLoginName(loginId.key);
  const person = await tools.store.account.person(found?.id ?? nobody);
  const typed = { contractNumber: contract.contractNumber, email: email.address };
  const matches =
    person !== null && matchesMaster({ ...person.account, contractNumber: person.company.contractNumber }, typed);
  const entries = tools.secrets.digest(`reset ${loginId.key} ${typed.contractNumber} ${typed.email}`);
  await sendCode(tools, act, browser, {
    subject: matches ? person.account.id : `nobody ${entries}`,
    person: matches ? person : null,
    asked: found ? { accountId: found.id, companyId: found.companyId } : null,
    address: typed.email,
    expiresAt: act.now + tools.policy.attempt.lifetime,
  });
  return advanced;
}

/** 「メールを再送する」: the same once more; sending again resets no limit. */
export async function resendCode(tools: Tools, act: Act, browser: string, ask: ResetAsk): Promise<Answer> {
  const person = await tools.store.account.person(ask.accountId ?? nobody);
  const address = person?.account.email ?? null;
  const from = await sendCode(tools, act, browser, {
    subject: ask.subject,
    person: address !== null && sameEmail(address, ask.address) ? person : null,
    asked: person && { accountId: person.account.id, companyId: person.account.companyId },
    address: ask.address,
    expiresAt: ask.expiresAt,
  });
  return from === null ? advanced : refused('form', { field: null, key: 'emailcode.limit', values: { at: from } });
}

/** Null: a code is on its way, if anybody was found; else from when this browser may ask for one more. */
async function sendCode(
  tools: Tools,
  act: Act,
  browser: string,
  to: {
    readonly subject: string;
    readonly person: Person | null;
    /** Whose login ID was typed, for the record. */
    readonly asked: { readonly accountId: string; readonly companyId: string } | null;
    readonly address: string;
    readonly expiresAt: number;
  },
): Promise<number | null> {
  const { policy, secrets } = tools;
  const owner = codeOwner(browser, to.subject);
  const code = secrets.digits(policy.emailCode.digits);
  const hash = secrets.mark('email-code', `${owner} ${code}`);
  const kept = await tools.emailCodes.keep(owner, 'reset', { hash, address: to.address }, policy.emailCode, act.now);
  // One who asks from many browsers fills no mailbox: the codes of a person are counted whoever asks.
  const allowed = kept.sent && (await tools.resetAsks.mayBeSent(to.subject, policy.emailCode.perHour, act.now));
  const sent = await tools.emailCodes.sent(owner, 'reset');
  await tools.resetAsks.keep(browser, {
    subject: to.subject,
    accountId: to.person?.account.id ?? null,
    address: to.address,
    sentAt: sent?.sentAt ?? act.now,
    until: sent?.until ?? act.now + policy.emailCode.valid,
    expiresAt: to.expiresAt,
    done: null,
  });
  await tools.store.transaction(async (tables) => {
    if (to.person && allowed) {
      const until = act.now + policy.emailCode.valid;
      const facts = { code, purpose: 'reset', until, minutes: policy.emailCode.valid / minute };
      await oweMail(tools, tables, act, to.person.account, 'email-code', facts);
    } else await tables.outbox.idle();
    await writeRecord(tables, act, {
      event: 'reset.asked',
      companyId: to.asked?.companyId ?? null,
      accountId: to.asked?.accountId ?? null,
      actor: { kind: 'stranger', id: null },
      data: { matched: to.person !== null, sent: to.person !== null && allowed },
    });
  });
  return kept.sent ? null : kept.from;
}

/** A code is good for the browser that asked, and for the entries it typed. */
export const codeOwner = (browser: string, subject: string): string => `reset ${browser} ${subject}`;
