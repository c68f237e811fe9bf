// What registering a key-fob and changing to a new one have in common: serial number and code are judged together, with the same
// work whatever is wrong (screens.md §4.8, group B), misses go to the one counter of all codes, and the token into its
// holder's hands (spec §5).
import { stepsBehind } from '../../rules/clock.ts';
import { judgeText, normalise } from '../../rules/normalise.ts';
import { otpWindow, resyncWindow, type StepWindow } from '../../rules/otp-token.ts';
import { sharingOf } from '../../rules/company-settings.ts';
import { mayShare } from '../../rules/token-stock.ts';
import type { AccountRow, CompanyRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { TokenRow } from '../../store/token.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { matching, matchingNone, nowStep, stopOtp } from '../otp.ts';
import { writeRecord } from '../record.ts';
import type { FormError } from '../sign-in/answer.ts';
import { ofApplication } from '../stock/arrive.ts';
import type { Act, Tools } from '../tools.ts';
import { endIssue } from './end-issue.ts';
import type { IssueFront } from './front.ts';

/** Who brings a token into use: inside an attempt, or signed in. */
export type FobFront = Pick<IssueFront, 'person' | 'route' | 'stamp' | 'login'>;

/** Steps each way in which a token from the drawer is looked for. */
const drawer = 10;

/** A serial number as people type it: without spaces, hyphens, width or case. What is wrong with its form is never counted. */
export function readSerial(
  typed: string,
): { readonly ok: true; readonly serial: string } | { readonly ok: false; readonly error: FormError } {
  const serial = normalise(typed).toUpperCase();
  const no = (key: FormError['key']) => ({ ok: false, error: { field: 'serial', key } }) as const;
  const text = judgeText(typed);
  if (text) return no(text);
  if (serial === '') return no('form.required');
  if (!/^[A-Z0-9]+$/.test(serial)) return no('form.chars');
  return serial.length < 4 || serial.length > 32 ? no('serial.form') : { ok: true, serial };
}

export type JudgedFob =
  | { readonly is: 'right'; readonly step: number; readonly shared: boolean }
  /** Unknown, another company's, out of use, expired, no key-fob, or another code: nobody is told which. */
  | { readonly is: 'mismatch' }
  /** Right, but that step or a newer one was accepted before. */
  | { readonly is: 'used' }
  /** By a clock that was set back every code of this token is over. */
  | { readonly is: 'behind'; readonly steps: number }
  /** Right, but the company shares its tokens in another way: whoever showed the code may know it. */
  | { readonly is: 'sharing'; readonly key: 'serial.sharing' | 'serial.sharing.common' };

/**
 * Judges a serial number with its code, under the locks of the company, the account and the token; keeps nothing.
 * @param token with this serial number; null: there is none
 * @param swapped the token that the person gives up for it
 */
export async function judgeFob(
  tools: Tools,
  tables: Tables,
  act: Act,
  { company, account }: { readonly company: CompanyRow; readonly account: AccountRow },
  token: TokenRow | null,
  code: string,
  swapped: string | null,
): Promise<JudgedFob> {
  const own = token !== null && token.id !== swapped && registrable(token, company, act.now) ? token : null;
  const sharers = await tables.token.sharers({
    tokenId: own?.id ?? null,
    companyId: company.id,
    accountId: account.id,
    now: act.now,
    swapped,
  });
  if (own === null) {
    matchingNone(tools, act, code, drawer);
    return { is: 'mismatch' };
  }
  const steps = stepsBehind(own, nowStep(act, own));
  if (steps > 0) return { is: 'behind', steps };
  const step = matching(tools, own, code, registrationWindow(act, own, sharers.holders));
  if (step === null) return { is: 'mismatch' };
  if (own.lastStep !== null && step <= own.lastStep) return { is: 'used' };
  const mode = sharingOf(company, tools.policy);
  if (mayShare(mode, sharers)) return { is: 'right', step, shared: sharers.holders > 0 };
  return { is: 'sharing', key: mode === 'one_each' ? 'serial.sharing' : 'serial.sharing.common' };
}

function registrable(token: TokenRow, company: CompanyRow, now: number): boolean {
  return (
    token.companyId === company.id &&
    token.kind === 'hardware' &&
    token.retiredAt === null &&
    (token.expiresAt === null || token.expiresAt > now)
  );
}

/**
 * A token from the drawer may have drifted for years: ten steps each way, because serial and code are asked together. One
 * that colleagues use has a learnt drift.
 */
function registrationWindow(act: Act, token: TokenRow, holders: number): StepWindow {
  const now = nowStep(act, token);
  return holders === 0 ? resyncWindow(now, drawer) : otpWindow(token.kind, token.drift, now);
}

/** One more miss of this person; how many are left. None: the one-time password is stopped. */
export async function countMiss(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  at: 'registration' | 'replacement',
  old: TokenRow | null = null,
): Promise<number> {
  const misses = account.otpMisses + 1;
  const left = tools.policy.otp.tries - misses;
  if (left <= 0) {
    await stopOtp(tools, tables, act, account, misses, { at, ...(old ? { token: old.id } : {}) });
    return 0;
  }
  await tables.account.change(account.id, { otpMisses: misses });
  await writeRecord(tables, act, {
    ...about(account),
    event: old ? 'otp.missed' : 'token.registration-missed',
    data: old ? { at, token: old.id, misses } : { misses },
  });
  return left;
}

export const about = ({ id, companyId }: AccountRow) =>
  ({ companyId, accountId: id, actor: { kind: 'account', id } }) as const;

/**
 * Puts the token into the person's hands, in place of whatever was there or on its way. Registering proves that it arrived: from
 * the first one of the present application on, the company's days count.
 */
export async function takeFob(
  tools: Tools,
  tables: Tables,
  act: Act,
  { company, account }: { readonly company: CompanyRow; readonly account: AccountRow },
  token: TokenRow,
  step: number,
  before: { readonly id: string; readonly kind: TokenRow['kind'] } | null,
): Promise<void> {
  await tables.account.change(account.id, { otpMisses: 0, tokenLostAt: null });
  await tables.token.release(account.id, act.now, 'replaced');
  // With its last holder a key-fob goes out of use; its sharers go on until they change too.
  if (before?.kind === 'hardware' && (await tables.token.holders(before.id)) === 0)
    await tables.token.retire(before.id, act.now, 'replaced');
  const issue = await tables.tokenIssue.lockOpen(account.id);
  if (issue) await endIssue(tables, act, account, issue, 'replaced');
  await tables.token.accepted(token.id, step, account.id, step - nowStep(act, token));
  await tables.token.hold({ id: tools.secrets.id(), tokenId: token.id, accountId: account.id, registeredAt: act.now });
  await tables.token.registered(token.id, act.now, before?.kind === 'hardware' ? before.id : null);
  if (company.tokenArrivedAt === null && (await ofApplication(tables, company, [token])))
    await tables.company.tokenArrived(company.id, act.now);
  const last4 = token.serial?.slice(-4) ?? '';
  await oweMail(tools, tables, act, account, 'token-in-use', { kind: token.kind, last4 });
}

/** A token change ends what was proven with another one, or without, but for who made it (spec §6). */
export async function endBefore(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  { stamp, login }: { readonly stamp: NonNullable<FobFront['stamp']>; readonly login: string | null },
): Promise<{ readonly devices: readonly string[]; readonly portals: readonly string[] }> {
  await tables.account.raiseEpoch(account.id, stamp);
  const devices = await tables.device.end({ accountId: account.id }, act.now, 'token');
  const portals = await endLogins(tools, tables, act, { accountId: account.id, but: login }, 'token-changed');
  return { devices: devices.map(({ id }) => id), portals };
}
