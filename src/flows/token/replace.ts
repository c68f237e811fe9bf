// TKN004: with a working key-fob, a code of the old one with serial number and code of the new one swaps them, in one
// transaction (spec §5, successor). Both steps are used up, or none.
import { learntDrift, otpWindow, readOtp } from '../../rules/otp-token.ts';
import { stepsBehind } from '../../rules/clock.ts';
import type { LoginRecord } from '../../rules/login.ts';
import { withKeyFobs } from '../../rules/otp-application.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import type { TokenRow } from '../../store/token.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { matching, nowStep } from '../otp.ts';
import { writeRecord } from '../record.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { about, countMiss, endBefore, judgeFob, readSerial, takeFob, type FobFront } from './key-fob.ts';
import { toldBehind } from './register.ts';

export interface TypedReplacement {
  /** Of the token in use. */
  readonly otp: string;
  readonly serial: string;
  /** Of the new one. */
  readonly newOtp: string;
}

export type Replaced =
  | { readonly verdict: 'replaced' }
  | { readonly verdict: 'refused'; readonly errors: readonly FormError[] }
  /** No key-fob that works (any more), or the last miss: look again where the person stands. */
  | { readonly verdict: 'look-again' };

type Judged =
  | 'replaced'
  | 'gone'
  | FormError
  | { readonly behind: TokenRow; readonly steps: number; readonly field: string };

/**
 * Who holds a key-fob that shows codes, of a company that applies for key-fobs (spec §5: it applies as a whole): another one is
 * brought into use here as by a registration. Where it went over to apps the one in use serves until it ends; an app is changed by issuing another one.
 */
export function mayReplace(person: Person, now: number): boolean {
  const { account, company, token } = person;
  return (
    token?.kind === 'hardware' &&
    hasUsableToken(person, now) &&
    withKeyFobs(company.otpApplication) &&
    account.otpStoppedAt === null
  );
}

export async function replaceKeyFob(
  tools: Tools,
  act: Act,
  front: FobFront,
  typed: TypedReplacement,
): Promise<Replaced> {
  const { otp, emailCode } = tools.policy;
  const old = readOtp(typed.otp, otp.digits, emailCode.digits);
  const serial = readSerial(typed.serial);
  const fresh = readOtp(typed.newOtp, otp.digits, emailCode.digits);
  const errors: FormError[] = [];
  if (!old.ok) errors.push({ field: 'otp', key: old.error });
  if (!serial.ok) errors.push(serial.error);
  if (!fresh.ok) errors.push({ field: 'new_otp', key: fresh.error });
  if (!old.ok || !serial.ok || !fresh.ok) return { verdict: 'refused', errors };
  const read = { code: old.code, serial: serial.serial, newCode: fresh.code };
  const judged = await tools.store.transaction((tables) => replace(tools, tables, act, front, read));
  if (judged === 'gone') return { verdict: 'look-again' };
  if (judged === 'replaced') return { verdict: 'replaced' };
  if ('key' in judged) return { verdict: 'refused', errors: [judged] };
  await toldBehind(tools, act, judged.behind, judged.steps);
  return { verdict: 'refused', errors: [{ field: judged.field, key: 'otp.used' }] };
}

async function replace(
  tools: Tools,
  tables: Tables,
  act: Act,
  front: FobFront,
  { code, serial, newCode }: { readonly code: string; readonly serial: string; readonly newCode: string },
): Promise<Judged> {
  const { stamp, route, login } = front;
  const company = await tables.company.lock(front.person.account.companyId);
  const account = await tables.account.lock(front.person.account.id);
  const person = await tables.account.person(account.id);
  if (!stamp || !epochHolds(stamp, account) || !person || account.stoppedAt !== null) return 'gone';
  const held = person.token;
  // A page that was opened for another token does not judge by this one.
  if (!held || held.id !== front.person.token?.id || !mayReplace(person, act.now)) return 'gone';
  const locked = await tables.token.lockPair(held.id, serial);
  const old = locked.find(({ id }) => id === held.id);
  if (!old || old.retiredAt !== null) return 'gone';
  const behind = async (token: TokenRow, steps: number, field: string): Promise<Judged> => {
    const data = { at: 'replacement', token: token.id, route, clock: 'behind', steps };
    await writeRecord(tables, act, { ...about(account), event: 'otp.used-again', data });
    return { behind: token, steps, field };
  };
  const steps = stepsBehind(old, nowStep(act, old));
  if (steps > 0) return behind(old, steps, 'otp');
  const step = matching(tools, old, code, otpWindow(old.kind, old.drift, nowStep(act, old)));
  if (step === null) {
    const n = await countMiss(tools, tables, act, account, 'replacement', old);
    return n === 0 ? 'gone' : { field: 'otp', key: 'otp.wrong', values: { n } };
  }
  if (old.lastStep !== null && step <= old.lastStep) return { field: 'otp', key: 'otp.used' };
  const token = locked.find((one) => one.serial === serial) ?? null;
  const judged = await judgeFob(tools, tables, act, { company, account }, token, newCode, old.id);
  if (judged.is === 'used') return { field: 'new_otp', key: 'otp.used' };
  if (judged.is === 'sharing') return { field: null, key: judged.key };
  if (judged.is === 'behind' && token) return behind(token, judged.steps, 'new_otp');
  if (judged.is !== 'right' || !token)
    return (await countMiss(tools, tables, act, account, 'replacement')) === 0
      ? 'gone'
      : { field: null, key: 'serial.mismatch' };
  await tables.token.accepted(old.id, step, account.id, learntDrift(old.kind, step, nowStep(act, old)));
  await takeFob(tools, tables, act, { company, account }, token, judged.step, old);
  const ended = await endBefore(tools, tables, act, account, { stamp, login });
  await writeRecord(tables, act, {
    ...about(account),
    event: 'token.replaced',
    data: {
      token: token.id,
      step: judged.step,
      shared: judged.shared,
      before: old.id,
      stepBefore: step,
      route,
      ...ended,
    },
  });
  return 'replaced';
}

export type NotReplaced = Exclude<Replaced, { readonly verdict: 'replaced' }>;

/** A swap that this login made, by the key of its page; null for every other key. */
export function replacedBy(tools: Tools, login: LoginRecord, key: string): Promise<Finished | null> {
  return tools.consoleActivity.finished<Finished>(login.id, `replace:${key}`);
}

/** @param key of the page: what is sent twice is judged once */
export function replaceOwnToken(
  tools: Tools,
  act: Act,
  { person, login }: { readonly person: Person; readonly login: LoginRecord },
  key: string,
  typed: TypedReplacement,
): Promise<Worked<NotReplaced, Finished> | { readonly verdict: 'busy' }> {
  const stamp = { id: login.id, epoch: login.epoch };
  return actOnce(tools, act, login, `replace:${key}`, async (): Promise<Worked<NotReplaced, Finished>> => {
    const done = await replaceKeyFob(tools, act, { person, route: login.route, stamp, login: login.id }, typed);
    return done.verdict === 'replaced'
      ? { verdict: 'finished', result: { at: act.now, reference: act.reference } }
      : { verdict: 'refused', refused: done };
  });
}
