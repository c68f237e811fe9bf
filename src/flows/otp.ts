// Judging a token's code under the locks of the person's counter and the token's last step; what is kept commits with its
// audit record (spec §5). The one counter that every OTP check goes through, at sign-in, in consoles, at registration.
import type { AuditEvent } from '../rules/audit-event.ts';
import { isSetBack, stepsBehind } from '../rules/clock.ts';
import { judgeOtp, judgeResync, learntDrift, otpWindow, resyncWindow, type OtpVerdict } from '../rules/otp-token.ts';
import type { OtpProof } from '../rules/sign-in-record.ts';
import type { AccountRow } from '../store/account.ts';
import type { Tables } from '../store/store.ts';
import type { TokenRow } from '../store/token.ts';
import { raiseClockAlarm } from './clock-alarm.ts';
import { endLogins } from './logout.ts';
import { oweMail } from './mail.ts';
import { writeRecord } from './record.ts';
import { tellReleasers } from './tell-releasers.ts';
import type { Act, Tools } from './tools.ts';

export type CheckedOtp =
  | { readonly verdict: 'accepted'; readonly proof: Omit<OtpProof, 'by'> }
  | Exclude<OtpVerdict, { readonly verdict: 'accepted' }>
  /** Stopped before, or no usable token any more: the table says what that means. */
  | { readonly verdict: 'gone' };

/**
 * Judges a code (or two consecutive ones) of the account's token and keeps the outcome. The one counter of all OTP checks.
 * @param kept what commits with an accepted step, under the account's lock
 */
export async function checkOtp(
  tools: Tools,
  act: Act,
  accountId: string,
  code: string,
  next: string | null,
  route: string | null,
  kept: (tables: Tables, proof: Omit<OtpProof, 'by'>) => Promise<void> = async () => {},
): Promise<CheckedOtp> {
  const noticed: { token: TokenRow; steps: number }[] = [];
  const checked = await tools.store.transaction(async (tables): Promise<CheckedOtp> => {
    const account = await tables.account.lock(accountId);
    const held = (await tables.account.person(accountId))?.token ?? null;
    const token = held && (await tables.token.lock(held.id));
    if (
      !token ||
      !held ||
      account.otpStoppedAt !== null ||
      token.retiredAt !== null ||
      (token.expiresAt !== null && token.expiresAt <= act.now)
    ) {
      return { verdict: 'gone' };
    }
    const steps = stepsBehind(token, nowStep(act, token));
    if (steps > 0) {
      // Every step that this clock allows was accepted or passed over: nothing can be right by it, so nothing is wrong by it.
      if (isSetBack(steps)) noticed.push({ token, steps });
      await recordOtp(tables, act, account, 'otp.used-again', { token: token.id, route, clock: 'behind', steps });
      return { verdict: 'used', by: 'self', misses: account.otpMisses };
    }
    const step = next === null ? oneCode(tools, act, token, code) : twoCodes(tools, act, token, code, next);
    const judge = next === null ? judgeOtp : judgeResync;
    const verdict = judge({
      candidateStep: step,
      lastStep: token.lastStep,
      misses: account.otpMisses,
      tries: tools.policy.otp.tries,
      colleague: token.lastStepBy !== null && token.lastStepBy !== accountId,
    });
    const miss = verdict.verdict === 'wrong' || verdict.verdict === 'stop';
    const about = {
      token: token.id,
      route,
      shared: held.holders > 1,
      ...(miss && next === null && drifted(tools, act, token, code) ? { clock: 'off' } : {}),
    };
    if (verdict.verdict === 'accepted') {
      await tables.account.change(accountId, { otpMisses: 0 });
      await tables.token.accepted(
        token.id,
        verdict.step,
        accountId,
        learntDrift(token.kind, verdict.step, nowStep(act, token)),
      );
      await recordOtp(tables, act, account, next === null ? 'otp.accepted' : 'otp.repaired', {
        ...about,
        step: verdict.step,
      });
      const proof = {
        at: act.now,
        tokenId: token.id,
        step: verdict.step,
        kind: token.kind,
        shared: held.holders > 1,
      };
      await kept(tables, proof);
      return { verdict: 'accepted', proof };
    }
    if (verdict.verdict === 'wrong') {
      await tables.account.change(accountId, { otpMisses: verdict.misses });
      await recordOtp(tables, act, account, 'otp.missed', { ...about, misses: verdict.misses });
    }
    if (verdict.verdict === 'used')
      await recordOtp(tables, act, account, 'otp.used-again', { ...about, by: verdict.by });
    if (verdict.verdict === 'stop') await stopOtp(tools, tables, act, account, verdict.misses, about);
    return verdict;
  });
  for (const { token, steps } of noticed)
    await tools.after(() =>
      raiseClockAlarm(tools, act, { token: token.id, steps, behind: steps * token.period * 1000 }),
    );
  return checked;
}

export function nowStep(act: Act, token: Pick<TokenRow, 'period'>): number {
  return Math.floor(act.now / 1000 / token.period);
}

function oneCode(tools: Tools, act: Act, token: TokenRow, code: string): number | null {
  return matching(tools, token, code, otpWindow(token.kind, token.drift, nowStep(act, token)));
}

/** A code that the token shows at another time: whoever releases is told that its clock may be off (spec §11.4). */
function drifted(tools: Tools, act: Act, token: TokenRow, code: string): boolean {
  return matching(tools, token, code, resyncWindow(nowStep(act, token), tools.policy.otp.resyncSteps)) !== null;
}

/** The step of the first code, when the second is the very next one's. A telephone keeps the time: its codes are not searched. */
function twoCodes(tools: Tools, act: Act, token: TokenRow, code: string, nextCode: string): number | null {
  const { algorithm, digits, period } = token;
  const secret = tools.secrets.openTokenSecret(token.secret, token.id);
  const now = nowStep(act, token);
  const own = { fromStep: now - 1, toStep: now - 1 };
  const window = token.kind === 'software' ? own : resyncWindow(now, tools.policy.otp.resyncSteps);
  return tools.secrets.matchPair({ secret, algorithm, digits, period, code, nextCode, ...window });
}

export function matching(
  tools: Tools,
  token: Pick<TokenRow, 'id' | 'secret' | 'algorithm' | 'digits' | 'period'>,
  code: string,
  window: { readonly fromStep: number; readonly toStep: number },
): number | null {
  const { algorithm, digits, period } = token;
  const secret = tools.secrets.openTokenSecret(token.secret, token.id);
  return tools.secrets.matchStep({ secret, algorithm, digits, period, code, ...window });
}

/** The work of `matching` for a token that is none: opening a secret that is nobody's, and comparing as often. */
export function matchingNone(tools: Tools, act: Act, code: string, steps: number): void {
  const { digits, period } = tools.policy.otp;
  const id = tools.secrets.id();
  const secret = tools.secrets.openTokenSecret(tools.secrets.newTokenSecret(id), id);
  const window = resyncWindow(Math.floor(act.now / period), steps);
  tools.secrets.matchStep({ secret, algorithm: 'SHA1', digits, period: period / 1000, code, ...window });
}

/** The fifth miss: OTP stopped, every attempt, login and device of the account void (spec §5, §6). */
export async function stopOtp(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  misses: number,
  about: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tables.account.change(account.id, { otpMisses: misses, otpStoppedAt: act.now });
  await tables.account.raiseEpoch(account.id, null);
  await tables.device.end({ accountId: account.id }, act.now, 'otp-stop');
  const portals = await endLogins(tools, tables, act, { accountId: account.id, but: null }, 'otp-stopped');
  const person = await tables.account.person(account.id);
  // Nothing in hand yet: what was on its way.
  const kind = person?.token?.kind ?? (person?.issue ? 'software' : 'hardware');
  await oweMail(tools, tables, act, account, 'otp-stopped', { kind }, 'system');
  const cause = about['clock'] === 'off' ? 'drift' : 'misses';
  await tellReleasers(tools, tables, act, account, { which: 'otp', state: 'stopped', until: null, cause, token: kind });
  await recordOtp(tables, act, account, 'otp.stopped', { ...about, misses, portals });
}

async function recordOtp(
  tables: Tables,
  act: Act,
  account: AccountRow,
  event: AuditEvent,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await writeRecord(tables, act, {
    event,
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
    data,
  });
}
