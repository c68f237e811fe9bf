// SET004–005: the person's own e-mail address, proven by a code sent to it. Codes go through the outbox like every mail;
// limits on sending are not reset by sending again.
import { judgeEmail } from '../../rules/email.ts';
import { readEmailCode } from '../../rules/otp-token.ts';
import { stampOf } from '../../rules/sign-in-facts.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { Person } from '../../store/account.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, refused, type Answer } from './answer.ts';
import { prove } from './prove.ts';

const minute = 60_000;

export async function sendEmailCode(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  typed: string,
): Promise<Answer> {
  const judged = judgeEmail(typed);
  if (!judged.ok) return refused('form', { field: 'email', key: judged.error });
  const { policy, secrets } = tools;
  const code = secrets.digits(policy.emailCode.digits);
  const mark = secrets.mark('email-code', `${person.account.id} ${code}`);
  const kept = await tools.emailCodes.keep(
    person.account.id,
    'setup',
    { hash: mark, address: judged.address },
    policy.emailCode,
    act.now,
  );
  if (!kept.sent) {
    // The same address within the resend pause: its code is on the way already.
    const last = await tools.emailCodes.sent(person.account.id, 'setup');
    if (last?.address !== judged.address || record.emailPending !== null) {
      return refused('form', { field: null, key: 'emailcode.limit', values: { at: kept.from } });
    }
  } else {
    const until = act.now + policy.emailCode.valid;
    await tools.store.transaction((tables) =>
      oweMail(
        tools,
        tables,
        act,
        person.account,
        'email-code',
        { code, purpose: 'setup', until, minutes: policy.emailCode.valid / minute },
        'self',
        judged.address,
      ),
    );
  }
  await prove(tools, act, record, '13', { emailPending: judged.address, banners: [] });
  return advanced;
}

export async function checkEmailCode(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  typed: string,
): Promise<Answer> {
  const address = record.emailPending;
  if (address === null) return advanced;
  const read = readEmailCode(typed, tools.policy.emailCode.digits);
  if (!read.ok) return refused('form', { field: 'email_code', key: read.error });
  const hash = tools.secrets.mark('email-code', `${person.account.id} ${read.code}`);
  const checked = await tools.emailCodes.check(person.account.id, 'setup', { hash, address }, act.now);
  if (checked.verdict === 'expired') return refused('form', { field: 'email_code', key: 'emailcode.expired' });
  if (checked.verdict === 'void') return refused('credentials', { field: null, key: 'emailcode.void' });
  if (checked.verdict === 'wrong')
    return refused('credentials', { field: 'email_code', key: 'emailcode.wrong', values: { n: checked.left } });
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(person.account.id);
    const stamp = stampOf(record);
    if (!stamp || !epochHolds(stamp, account)) return;
    const first = account.setUpAt === null;
    await tables.account.change(account.id, {
      email: address,
      emailProvenAt: act.now,
      emailChangedAt: act.now,
      ...(first ? { setUpAt: act.now } : {}),
    });
    await writeRecord(tables, act, {
      event: first ? 'setup.completed' : 'email.proven',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
    });
  });
  await prove(tools, act, record, '13', { emailPending: null, banners: [{ key: 'setup.complete', values: {} }] });
  return advanced;
}

export async function changeEmail(tools: Tools, act: Act, record: SignInRecord): Promise<void> {
  await prove(tools, act, record, '13', { emailPending: null });
}
