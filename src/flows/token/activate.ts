// ワンタイムパスワード認証確認 (BOT004, second half of BOT005): the first right code of an issued token brings it into use. Misses
// count on the one counter of all codes; the fifth stops it (spec §5).
import { otpWindow, readOtp } from '../../rules/otp-token.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import type { OtpProof } from '../../rules/sign-in-record.ts';
import { epochHolds } from '../../rules/standing.ts';
import { hasLapsed } from '../../rules/token-issue.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { matching, nowStep, stopOtp } from '../otp.ts';
import { writeRecord } from '../record.ts';
import { advanced, refused, type Answer, type FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { endIssue } from './end-issue.ts';
import type { IssueFront } from './front.ts';
import { oweIssued } from './issue.ts';

export type Activated =
  | { readonly verdict: 'activated'; readonly proof: OtpProof }
  | { readonly verdict: 'refused'; readonly answer: Answer }
  /** Nothing (any more) to activate, or the fifth miss: look again where the person stands. */
  | { readonly verdict: 'look-again' };

type Judged = OtpProof | 'used' | 'gone' | { readonly left: number };

/** Judges the first code. The change ends every remembered device and every other login (spec §6). */
export async function activateToken(tools: Tools, act: Act, front: IssueFront, typed: string): Promise<Activated> {
  const { policy } = tools;
  if (!front.person.issue) return { verdict: 'look-again' };
  const read = readOtp(typed, policy.otp.digits, policy.emailCode.digits);
  if (!read.ok) return no('form', { field: 'otp', key: read.error });
  const judged = await tools.store.transaction((tables) => judge(tools, tables, act, front, read.code));
  if (judged === 'gone') return { verdict: 'look-again' };
  if (judged === 'used') return no('otp-used', { field: 'otp', key: 'otp.used' });
  if ('left' in judged) return no('otp-wrong', { field: 'otp', key: 'otp.wrong', values: { n: judged.left } });
  return { verdict: 'activated', proof: judged };
}

const no = (word: 'form' | 'otp-wrong' | 'otp-used', error: FormError): Activated => ({
  verdict: 'refused',
  answer: refused(word, error),
});

async function judge(tools: Tools, tables: Tables, act: Act, front: IssueFront, code: string): Promise<Judged> {
  const { stamp } = front;
  const account = await tables.account.lock(front.person.account.id);
  const person = await tables.account.person(account.id);
  if (!stamp || !epochHolds(stamp, account) || !person || account.otpStoppedAt !== null) return 'gone';
  if (account.stoppedAt !== null || hasUsableToken(person, act.now)) return 'gone';
  const issue = await tables.tokenIssue.lockOpen(account.id);
  // A page that was opened for another issue does not judge by this one.
  if (!issue || issue.id !== front.person.issue?.id) return 'gone';
  if (hasLapsed(issue, act.now)) {
    await endIssue(tables, act, account, issue, 'lapsed');
    return 'gone';
  }
  const token = await tables.token.lock(issue.tokenId);
  if (!token || token.retiredAt !== null) return 'gone';
  const about = {
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
  } as const;
  const step = matching(tools, token, code, otpWindow(token.kind, token.drift, nowStep(act, token)));
  if (step === null) {
    const misses = account.otpMisses + 1;
    if (misses >= tools.policy.otp.tries) {
      await stopOtp(tools, tables, act, account, misses, { at: 'activation', token: token.id });
      return 'gone';
    }
    await tables.account.change(account.id, { otpMisses: misses });
    const data = { at: 'activation', token: token.id, route: front.route, misses };
    await writeRecord(tables, act, { ...about, event: 'otp.missed', data });
    return { left: tools.policy.otp.tries - misses };
  }
  if (token.lastStep !== null && step <= token.lastStep) return 'used';
  await tables.account.change(account.id, { otpMisses: 0, tokenLostAt: null });
  // One that has expired or was retired stays in nobody's hands.
  await tables.token.release(account.id, act.now, 'replaced');
  await tables.token.accepted(token.id, step, account.id, 0);
  await tables.token.hold({ id: tools.secrets.id(), tokenId: token.id, accountId: account.id, registeredAt: act.now });
  await tables.tokenIssue.end(issue.id, act.now, 'activated');
  await tables.account.raiseEpoch(account.id, stamp);
  await tables.device.end({ accountId: account.id }, act.now, 'token');
  await endLogins(tools, tables, act, { accountId: account.id, but: front.login }, 'token-changed');
  const last4 = issue.userId?.slice(-4) ?? '';
  await oweMail(tools, tables, act, account, 'token-in-use', { kind: token.kind, last4 });
  const data = { issue: issue.id, token: token.id, kind: issue.kind, step, route: front.route };
  await writeRecord(tables, act, { ...about, event: 'token.activated', data });
  return { at: act.now, tokenId: token.id, step, kind: 'software', shared: false, by: 'registration' };
}

/** 「メールを再送する」 on BOT004: the mail about the token once more, under the limits of all mails. */
export async function resendIssueMail(tools: Tools, act: Act, front: IssueFront): Promise<Answer> {
  const { issue } = front.person;
  if (!issue || issue.userId === null || issue.address === null || hasLapsed(issue, act.now)) return advanced;
  const { userId, address, expiresAt } = issue;
  const { emailCode } = tools.policy;
  const early = act.now < issue.issuedAt + emailCode.resendAfter;
  const allowed = early
    ? ({ sent: false, from: issue.issuedAt + emailCode.resendAfter } as const)
    : await tools.emailCodes.again(front.person.account.id, emailCode, act.now);
  if (!allowed.sent) return refused('form', { field: null, key: 'emailcode.limit', values: { at: allowed.from } });
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(front.person.account.id);
    const open = await tables.tokenIssue.lockOpen(account.id);
    if (open?.id === issue.id) await oweIssued(tools, tables, act, account, { userId, address, expiresAt });
  });
  return advanced;
}
