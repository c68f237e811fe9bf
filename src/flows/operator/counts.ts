// What waits at the desk, in numbers (HDK001): tokens that nobody confirmed as arrived, limits and expiries that are near, alarms.
import { whoNeedsToken } from '../needs-token.ts';
import type { Act, Tools } from '../tools.ts';

export interface DeskCounts {
  /** Tokens that were sent and not reported as arrived. */
  readonly arrivals: number;
  /** Companies whose limit for registering comes within the next weeks. */
  readonly due: number;
  /** Tokens in use that expire soon. */
  readonly expiring: number;
  /** Alarms that stand now. */
  readonly alarms: number;
}

/** How far ahead a limit is near, in milliseconds. */
const near = 30 * 86_400_000;

export async function deskCounts(tools: Tools, act: Act): Promise<DeskCounts> {
  const { store, policy } = tools;
  const until = act.now + near;
  const needing = whoNeedsToken(tools, { otpAtLogin: false });
  const limits = {
    about: 'limit',
    from: act.now,
    until,
    companyId: null,
    now: act.now,
    needing,
    grace: policy.grace,
  } as const;
  const [stock, due, alarms] = await Promise.all([
    store.tokenCounts.byState(act.now, policy.tokenExpiry.warnBefore),
    store.tokenDue.list(limits, { page: 1, per: 1 }),
    store.alarm.open(act.now),
  ]);
  return { arrivals: stock.shipped, due: due.total, expiring: stock.expiring, alarms };
}
