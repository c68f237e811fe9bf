// TKN001/TKN002: serial number and code register a key-fob, inside a sign-in and for somebody who is signed in. After one's own
// loss report an e-mail code is asked too, and judged before them.
import { isSetBack } from '../../rules/clock.ts';
import { withKeyFobs } from '../../rules/otp-application.ts';
import { readOtp } from '../../rules/otp-token.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { OtpProof } from '../../rules/sign-in-record.ts';
import type { Tables } from '../../store/store.ts';
import type { TokenRow } from '../../store/token.ts';
import { raiseClockAlarm } from '../clock-alarm.ts';
import { writeRecord } from '../record.ts';
import { refused, type FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import type { Activated } from './activate.ts';
import { checkTokenCode, readTokenCode } from './email-code.ts';
import { about, countMiss, endBefore, judgeFob, readSerial, takeFob, type FobFront } from './key-fob.ts';

export interface TypedFob {
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

type Judged =
  | { readonly proof: OtpProof }
  | { readonly missed: NonNullable<Awaited<ReturnType<typeof checkTokenCode>>> }
  | { readonly error: 'serial.mismatch' | 'serial.sharing' | 'serial.sharing.common' | 'otp.used' }
  | { readonly behind: TokenRow; readonly steps: number }
  | 'gone';

/**
 * Registers a key-fob for the front's person, who holds no usable token (spec §5). The sharing mode is judged under the lock of
 * the company's row: of two that it would let register alone, one does.
 */
export async function registerKeyFob(tools: Tools, act: Act, front: FobFront, typed: TypedFob): Promise<Activated> {
  const read = readForm(tools, typed, front.person.account.tokenLostAt !== null);
  if ('errors' in read) return { verdict: 'refused', answer: refused('form', ...read.errors) };
  const judged = await tools.store.transaction((tables) => register(tools, tables, act, front, read));
  if (judged === 'gone') return { verdict: 'look-again' };
  if ('proof' in judged) return { verdict: 'activated', proof: judged.proof };
  if ('missed' in judged) return no(judged.missed.word, judged.missed.error);
  if ('behind' in judged) {
    await toldBehind(tools, act, judged.behind, judged.steps);
    return no('otp-used', { field: 'otp', key: 'otp.used' });
  }
  switch (judged.error) {
    case 'otp.used':
      return no('otp-used', { field: 'otp', key: judged.error });
    case 'serial.mismatch':
      return no('otp-wrong', { field: null, key: judged.error });
    default:
      return no('form', { field: null, key: judged.error });
  }
}

const no = (word: Parameters<typeof refused>[0], error: FormError): Activated => ({
  verdict: 'refused',
  answer: refused(word, error),
});

/** A clock that was set back is told to whoever watches over the gateway. */
export async function toldBehind(tools: Tools, act: Act, token: TokenRow, steps: number): Promise<void> {
  if (!isSetBack(steps)) return;
  await tools.after(() => raiseClockAlarm(tools, act, { token: token.id, steps, behind: steps * token.period * 1000 }));
}

function readForm(tools: Tools, typed: TypedFob, lost: boolean): Read | { readonly errors: readonly FormError[] } {
  const { policy } = tools;
  const serial = readSerial(typed.serial);
  const code = readOtp(typed.otp, policy.otp.digits, policy.emailCode.digits);
  const emailCode = lost ? readTokenCode(tools, typed.emailCode ?? '') : null;
  const errors: FormError[] = [];
  if (!serial.ok) errors.push(serial.error);
  if (!code.ok) errors.push({ field: 'otp', key: code.error });
  if (emailCode?.ok === false) errors.push(emailCode.error);
  if (!serial.ok || !code.ok || emailCode?.ok === false) return { errors };
  return { serial: serial.serial, code: code.code, emailCode: emailCode?.code ?? null };
}

async function register(
  tools: Tools,
  tables: Tables,
  act: Act,
  front: FobFront,
  { serial, code, emailCode }: Read,
): Promise<Judged> {
  const { stamp, route, login } = front;
  const company = await tables.company.lock(front.person.account.companyId);
  const account = await tables.account.lock(front.person.account.id);
  const person = await tables.account.person(account.id);
  if (!stamp || !epochHolds(stamp, account) || !person || account.otpStoppedAt !== null) return 'gone';
  if (account.stoppedAt !== null || hasUsableToken(person, act.now)) return 'gone';
  if (!withKeyFobs(company.otpApplication)) return 'gone';
  if (account.waitsUntil !== null && account.waitsUntil > act.now) return 'gone';
  // Reported lost while the form was open: the page asks more now.
  if ((account.tokenLostAt !== null) !== (emailCode !== null)) return 'gone';
  const missed = emailCode === null ? null : await checkTokenCode(tools, act, account, 'register', emailCode, false);
  if (missed) return { missed };
  const before = person.token;
  const token = (await tables.token.lockPair(before?.id ?? '', serial)).find((one) => one.serial === serial) ?? null;
  const judged = await judgeFob(tools, tables, act, { company, account }, token, code, before?.id ?? null);
  if (judged.is === 'used') return { error: 'otp.used' };
  if (judged.is === 'sharing') return { error: judged.key };
  if (judged.is === 'behind' && token) {
    const data = { at: 'registration', token: token.id, route, clock: 'behind', steps: judged.steps };
    await writeRecord(tables, act, { ...about(account), event: 'otp.used-again', data });
    return { behind: token, steps: judged.steps };
  }
  if (judged.is !== 'right' || !token)
    return (await countMiss(tools, tables, act, account, 'registration')) === 0 ? 'gone' : { error: 'serial.mismatch' };
  // Used up only now: of two that bring the same code one registers.
  const spent = emailCode === null ? null : await checkTokenCode(tools, act, account, 'register', emailCode);
  if (spent) return { missed: spent };
  const { step, shared } = judged;
  await takeFob(tools, tables, act, { company, account }, token, step, before);
  await endBefore(tools, tables, act, account, { stamp, login });
  await writeRecord(tables, act, {
    ...about(account),
    event: 'token.registered',
    data: { token: token.id, step, shared },
  });
  return { proof: { at: act.now, tokenId: token.id, step, kind: 'hardware', shared, by: 'registration' } };
}
