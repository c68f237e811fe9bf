// OTP003 in the self-service: two consecutive codes repair a key-fob's clock. They go through the one counter of all codes.
import type { LoginRecord } from '../../rules/login.ts';
import { readOtp } from '../../rules/otp-token.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import type { Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { checkOtp } from '../otp.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';

export type NotRepaired =
  | { readonly verdict: 'refused'; readonly errors: readonly FormError[] }
  /** Stopped by the last miss, or the token is gone. */
  | { readonly verdict: 'look-again' };

/** Who holds a key-fob that shows codes. */
export function mayResync(person: Person, now: number): boolean {
  return person.token?.kind === 'hardware' && hasUsableToken(person, now);
}

/** A repair that this login made, by the key of its page; null for every other key. */
export function repaired(tools: Tools, login: LoginRecord, key: string): Promise<Finished | null> {
  return tools.consoleActivity.finished<Finished>(login.id, `resync:${key}`);
}

/** @param key of the page: codes sent twice are judged once */
export function resyncOwnToken(
  tools: Tools,
  act: Act,
  { person, login }: { readonly person: Person; readonly login: LoginRecord },
  key: string,
  typed: { readonly otp: string; readonly otpNext: string },
): Promise<Worked<NotRepaired, Finished> | { readonly verdict: 'busy' }> {
  const { otp, emailCode } = tools.policy;
  const refused = (...errors: readonly FormError[]) =>
    ({ verdict: 'refused', refused: { verdict: 'refused', errors } }) as const;
  return actOnce(tools, act, login, `resync:${key}`, async (): Promise<Worked<NotRepaired, Finished>> => {
    if (!mayResync(person, act.now)) return { verdict: 'refused', refused: { verdict: 'look-again' } };
    const first = readOtp(typed.otp, otp.digits, emailCode.digits);
    const second = readOtp(typed.otpNext, otp.digits, emailCode.digits);
    const errors: FormError[] = [];
    if (!first.ok) errors.push({ field: 'otp', key: first.error });
    if (!second.ok) errors.push({ field: 'otp_next', key: second.error });
    if (!first.ok || !second.ok) return refused(...errors);
    const judged = await checkOtp(tools, act, person.account.id, first.code, second.code, login.route);
    switch (judged.verdict) {
      case 'accepted':
        return { verdict: 'finished', result: { at: act.now, reference: act.reference } };
      case 'used':
        return refused({ field: 'otp', key: 'otp.used' });
      case 'wrong':
        return refused({ field: 'otp', key: 'otp.resync.wrong', values: { n: judged.remaining } });
      case 'gone':
      case 'stop':
        return { verdict: 'refused', refused: { verdict: 'look-again' } };
    }
  });
}
