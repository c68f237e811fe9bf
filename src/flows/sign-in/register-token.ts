// TKN001/TKN002: serial number and code register a hardware token, and the code is this attempt's OTP; 省略 while the grace
// lasts. A foreign, unknown, retired serial and a wrong code are answered alike and counted for the account (spec §5). After
// one's own loss report an e-mail code is asked too, and judged before them.
import { isSetBack, stepsBehind } from '../../rules/clock.ts';
import { judgeText, normalise } from '../../rules/normalise.ts';
import { otpWindow, readOtp, resyncWindow, type StepWindow } from '../../rules/otp-token.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import { stampOf } from '../../rules/sign-in-facts.ts';
import type { OtpProof, SignInRecord } from '../../rules/sign-in-record.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { AccountRow, Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { TokenRow } from '../../store/token.ts';
import { raiseClockAlarm } from '../clock-alarm.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { matching, nowStep, stopOtp } from '../otp.ts';
import { writeRecord } from '../record.ts';
import { checkTokenCode, readTokenCode } from '../token/email-code.ts';
import { endIssue } from '../token/end-issue.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, refused, type Answer, type FormError } from './answer.ts';
import { prove } from './prove.ts';

interface Typed {
  readonly serial: string;
  readonly otp: string;
  /** Asked after one's own loss report only. */
  readonly emailCode?: string;
}

interface Read {
  readonly serial: string;
  readonly code: string;
  readonly emailCode: string | null;
}

type Verdict =
  | { readonly proof: OtpProof }
  | { readonly missed: NonNullable<Awaited<ReturnType<typeof checkTokenCode>>> }
  | 'mismatch'
  | 'used'
  /** By a clock that was set back every code of this token is over: nothing is counted. */
  | { readonly behind: TokenRow; readonly steps: number }
  | 'gone';

export async function registerToken(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  form: Typed,
): Promise<Answer> {
  const read = readForm(tools, form, person.account.tokenLostAt !== null);
  if ('errors' in read) return refused('form', ...read.errors);
  const verdict = await tools.store.transaction((tables) => register(tools, tables, act, record, person, read));
  if (verdict === 'mismatch') return refused('otp-wrong', { field: null, key: 'serial.mismatch' });
  if (verdict === 'used') return refused('otp-used', { field: 'otp', key: 'otp.used' });
  if (verdict === 'gone') return advanced;
  if ('behind' in verdict) {
    const { behind: token, steps } = verdict;
    if (isSetBack(steps))
      await tools.after(() =>
        raiseClockAlarm(tools, act, { token: token.id, steps, behind: steps * token.period * second }),
      );
    return refused('otp-used', { field: 'otp', key: 'otp.used' });
  }
  if ('missed' in verdict) return refused(verdict.missed.word, verdict.missed.error);
  await prove(tools, act, record, '14', { otp: verdict.proof, issue: null });
  return advanced;
}

const second = 1000;

function readForm(tools: Tools, form: Typed, lost: boolean): Read | { readonly errors: readonly FormError[] } {
  const { policy } = tools;
  const serial = normalise(form.serial).toUpperCase();
  const code = readOtp(form.otp, policy.otp.digits, policy.emailCode.digits);
  const emailCode = lost ? readTokenCode(tools, form.emailCode ?? '') : null;
  const errors: FormError[] = [];
  const typed = judgeText(form.serial);
  if (typed) errors.push({ field: 'serial', key: typed });
  else if (serial === '') errors.push({ field: 'serial', key: 'form.required' });
  else if (!/^[A-Z0-9]+$/.test(serial)) errors.push({ field: 'serial', key: 'form.chars' });
  else if (serial.length < 4 || serial.length > 32) errors.push({ field: 'serial', key: 'serial.form' });
  if (!code.ok) errors.push({ field: 'otp', key: code.error });
  if (emailCode?.ok === false) errors.push(emailCode.error);
  if (!code.ok || emailCode?.ok === false || errors.length > 0) return { errors };
  return { serial, code: code.code, emailCode: emailCode?.code ?? null };
}

async function register(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  person: Person,
  { serial, code, emailCode }: Read,
): Promise<Verdict> {
  const account = await tables.account.lock(person.account.id);
  const stamp = stampOf(record);
  const now = await tables.account.person(account.id);
  if (!stamp || !epochHolds(stamp, account) || !now || hasUsableToken(now, act.now) || account.otpStoppedAt !== null)
    return 'gone';
  if (account.waitsUntil !== null && account.waitsUntil > act.now) return 'gone';
  // Reported lost while the form was open: the page asks more now.
  if ((account.tokenLostAt !== null) !== (emailCode !== null)) return 'gone';
  const missed = emailCode === null ? null : await checkTokenCode(tools, act, account, 'register', emailCode, false);
  if (missed) return { missed };
  const token = await tables.token.lockBySerial(serial);
  const own =
    token !== null &&
    token.companyId === account.companyId &&
    token.kind === 'hardware' &&
    token.retiredAt === null &&
    (token.expiresAt === null || token.expiresAt > act.now);
  const others = own ? await tables.token.holders(token.id) : 0;
  const shareable = others === 0 || now.company.sharingMode !== 'one_each';
  const steps = token && own && shareable ? stepsBehind(token, nowStep(act, token)) : 0;
  const step = token && own && shareable ? matching(tools, token, code, registrationWindow(act, token, others)) : null;
  const about = {
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
  } as const;
  if (token && steps > 0) {
    const data = { at: 'registration', token: token.id, route: record.route, clock: 'behind', steps };
    await writeRecord(tables, act, { ...about, event: 'otp.used-again', data });
    return { behind: token, steps };
  }
  if (!token || step === null) {
    const misses = account.otpMisses + 1;
    if (misses >= tools.policy.otp.tries) {
      await stopOtp(tools, tables, act, account, misses, { at: 'registration' });
      return 'gone';
    }
    await tables.account.change(account.id, { otpMisses: misses });
    await writeRecord(tables, act, { ...about, event: 'token.registration-missed', data: { misses } });
    return 'mismatch';
  }
  if (token.lastStep !== null && step <= token.lastStep) return 'used';
  // Used up only now: of two that bring the same code one registers.
  const spent = emailCode === null ? null : await checkTokenCode(tools, act, account, 'register', emailCode);
  if (spent) return { missed: spent };
  await take(tools, tables, act, account, token, step);
  await tables.account.raiseEpoch(account.id, stamp);
  // A token change ends what was proven with another one, or without (spec §6).
  await tables.device.end({ accountId: account.id }, act.now, 'token');
  await endLogins(
    tools,
    tables,
    act,
    { accountId: account.id, but: record.inherited ? stamp.id : null },
    'token-changed',
  );
  await writeRecord(tables, act, {
    ...about,
    event: 'token.registered',
    data: { token: token.id, step, shared: others > 0 },
  });
  return {
    proof: { at: act.now, tokenId: token.id, step, kind: 'hardware', shared: others > 0, by: 'registration' },
  };
}

/** Puts the token into the person's hands, in place of whatever was there or on its way. */
async function take(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  token: TokenRow,
  step: number,
): Promise<void> {
  await tables.account.change(account.id, { otpMisses: 0, tokenLostAt: null });
  // One that has expired or was retired stays in nobody's hands.
  await tables.token.release(account.id, act.now, 'replaced');
  const issue = await tables.tokenIssue.lockOpen(account.id);
  if (issue) await endIssue(tables, act, account, issue, 'replaced');
  await tables.token.accepted(token.id, step, account.id, step - nowStep(act, token));
  await tables.token.hold({
    id: tools.secrets.id(),
    tokenId: token.id,
    accountId: account.id,
    registeredAt: act.now,
  });
  const last4 = token.serial?.slice(-4) ?? '';
  await oweMail(tools, tables, act, account, 'token-in-use', { kind: token.kind, last4 });
}

/**
 * A token from the drawer may have drifted for years: ten steps each way, because serial and code are asked together. One
 * that colleagues use has a learnt drift.
 */
function registrationWindow(act: Act, token: TokenRow, holders: number): StepWindow {
  const now = nowStep(act, token);
  return holders === 0 ? resyncWindow(now, 10) : otpWindow(token.kind, token.drift, now);
}

/** 省略: only where the table offers it; a forged skip after the grace finds another step. */
export async function skipRegistration(tools: Tools, act: Act, record: SignInRecord): Promise<void> {
  await prove(tools, act, record, '14', { registrationSkipped: true });
}
