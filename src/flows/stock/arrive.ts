// 到着: tokens have reached their company, as it says itself (CON110) or as the desk was told. The first ones of an application
// begin the days within which its people register (spec §5). The one flow for both.
import { graceEndsAt } from '../../rules/grace.ts';
import { judgePermission } from '../../rules/permission.ts';
import { withKeyFobs } from '../../rules/otp-application.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import type { CompanyRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { StockToken } from '../../store/token-stock.ts';
import type { Act, Tools } from '../tools.ts';
import { notAllowed, type MovedAll, type Mover } from './mover.ts';
import { moveOnTheWay, type OnTheWay } from './on-the-way.ts';

/**
 * Marks tokens as arrived. For an account those of its own company are all there are: others are `unknown`.
 * @returns with each company's limit for registering, as it follows from the arrival; null: it has none
 */
export async function reportArrival(
  tools: Tools,
  act: Act,
  mover: Mover,
  asked: OnTheWay,
): Promise<MovedAll<{ readonly limits: Readonly<Record<string, Instant | null>> }>> {
  return tools.store.transaction(async (tables) => {
    const limits: Record<string, Instant | null> = {};
    let forbidden = false;
    const tokens = await moveOnTheWay(tools, tables, act, mover, {
      ...asked,
      move: 'arrive',
      event: 'token.arrived',
      sees: ({ companyId }) => {
        const target = { companyId: companyId ?? 'bank', accountId: null, role: null };
        const judged = judgePermission(mover.actor, 'report-arrival', target, tools.policy);
        if (judged === 'not-allowed') forbidden = true;
        return judged !== 'not-found';
      },
      may: async () => !forbidden && (mover.still === undefined || mover.still(tables)),
      work: async (company, open) => {
        const ids = open.map((token) => token.id);
        await tables.tokenStock.arrive(ids, act.now);
        const first = company.tokenArrivedAt === null && (await ofApplication(tables, company, open));
        if (first) await tables.company.tokenArrived(company.id, act.now);
        const now = first ? { ...company, tokenArrivedAt: act.now } : company;
        const limit = withKeyFobs(company.otpApplication) ? graceEndsAt(now, tools.policy.grace) : null;
        limits[company.contractNumber] = limit;
        return { limit };
      },
    });
    return tokens === null ? notAllowed : { verdict: 'moved', tokens, limits };
  });
}

/** One of them was ordered with the present application; tokens of before there were orders count as such. */
export async function ofApplication(
  tables: Tables,
  company: CompanyRow,
  tokens: readonly Pick<StockToken, 'orderId' | 'orderedAt'>[],
): Promise<boolean> {
  if (company.otpAppliedAt === null) return false;
  for (const { orderId, orderedAt } of tokens) {
    if (orderedAt !== null && orderedAt < company.otpAppliedAt) continue;
    const order = orderId === null ? null : await tables.tokenOrder.find(orderId);
    if (order === null || order.reason === 'application') return true;
  }
  return false;
}
