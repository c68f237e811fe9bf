// CON110: a company's key-fobs as its own administrators see them, with who shares each and who has not registered one; and that
// some of them have arrived. The move itself is stock/arrive.ts, the same for the desk.
import { graceState, personalGrace } from '../../rules/grace.ts';
import { allows } from '../../rules/permission.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import type { StockWhy } from '../../rules/stock-move.ts';
import { freeLeft, stockState, type StockState } from '../../rules/token-stock.ts';
import type { Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import type { StockPlace, StockToken } from '../../store/token-stock.ts';
import type { HolderNamed, WithoutToken } from '../../store/tokens-of-company.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { whoNeedsToken } from '../needs-token.ts';
import { actorOf, companyOf } from '../prove-act.ts';
import { reportArrival } from '../stock/arrive.ts';
import type { Act, Tools } from '../tools.ts';
import type { Administrator } from './release-people.ts';
import { recordForeign } from './turn-away.ts';

/** The states in which a company's token can be. */
export const companyStates = [
  'ordered',
  'shipped',
  'arrived',
  'registered',
  'expiring',
  'expired',
  'replaced',
  'lost',
  'revoked',
] as const satisfies readonly StockState[];

export interface CompanyToken extends StockToken {
  readonly state: StockState;
  /** The first who hold it now, by login ID. */
  readonly users: readonly HolderNamed[];
  /** The serial number of the company's token that this one was sent to follow. */
  readonly follows: string | null;
}

/** People named at a token; how many more there are is counted. */
const namedOf = 5;

/** One page in the order of serial numbers; what is no state or place of the list is as if it were not asked. */
export async function listCompanyTokens(
  tools: Tools,
  act: Act,
  { account }: Person,
  asked: { readonly q: string; readonly state: StockState | null; readonly place: StockPlace; readonly per: number },
): Promise<{ readonly tokens: readonly CompanyToken[]; readonly more: boolean }> {
  const { companyId } = account;
  const { warnBefore } = tools.policy.tokenExpiry;
  const { tokenStock, tokensOfCompany } = tools.store;
  const filter = { state: asked.state, serial: asked.q, companyId, now: act.now, warnBefore };
  const { tokens, more } = await tokenStock.list(filter, asked.place, asked.per);
  const ids = tokens.map(({ id }) => id);
  const holders = await tokensOfCompany.holders(companyId, ids, namedOf);
  const old = new Map(tokens.flatMap(({ successor, serial }) => (successor === null ? [] : [[successor, serial]])));
  return {
    more,
    tokens: tokens.map((token) => ({
      ...token,
      state: stockState(token, act.now, warnBefore),
      users: holders.filter(({ tokenId }) => tokenId === token.id),
      follows: old.get(token.serial) ?? null,
    })),
  };
}

export interface Quota {
  /** How many free ones are left, and were used up. */
  readonly left: number;
  readonly used: number;
}

export async function quotaOf(tools: Tools, { account }: Person): Promise<Quota> {
  const used = await tools.store.tokenOrder.freeUsed(account.companyId);
  return { left: freeLeft(used, tools.policy.fees), used };
}

export interface Unregistered extends WithoutToken {
  /** Since when a token is due: the application, the registration of the person, or the end of the last token. */
  readonly since: Instant;
  /** Until when it may be put off; null: no more, or never. */
  readonly limit: Instant | null;
}

/** Who is to have a token and has none that counts. Nobody, where the company has not applied. */
export async function listUnregistered(
  tools: Tools,
  act: Act,
  { account, company }: Person,
  asked: { readonly page: number; readonly per: number },
): Promise<{ readonly total: number; readonly page: number; readonly people: readonly Unregistered[] }> {
  const { otpAppliedAt } = company;
  if (company.otpApplication === 'none' || otpAppliedAt === null) return { total: 0, page: 1, people: [] };
  const found = await tools.store.tokensOfCompany.withoutToken({
    companyId: account.companyId,
    needing: whoNeedsToken(tools, company),
    now: act.now,
    ...asked,
  });
  return {
    ...found,
    people: found.people.map((one) => ({
      ...one,
      since: Math.max(otpAppliedAt, one.tokenEndedAt ?? one.createdAt),
      limit: personalGrace({ company, hadToken: one.hadToken }, tools.policy.grace),
    })),
  };
}

/** People whose registration limit runs and is at most `within` milliseconds ahead. */
export async function countDueSoon(
  tools: Tools,
  act: Act,
  { account, company }: Person,
  within: number,
): Promise<number> {
  const limit =
    company.otpApplication === 'none' ? null : personalGrace({ company, hadToken: false }, tools.policy.grace);
  if (limit === null || limit - act.now > within || !['open', 'last'].includes(graceState(limit, act.now))) return 0;
  return tools.store.tokensOfCompany.inGrace(account.companyId, whoNeedsToken(tools, company), act.now);
}

/** Those of these serial numbers that are the company's own, and those that look like none; the latter are written down. */
export async function ownSerials(
  tools: Tools,
  act: Act,
  person: Person,
  asked: { readonly for: string; readonly serials: readonly string[] },
): Promise<{ readonly own: readonly StockToken[]; readonly unknown: readonly string[] }> {
  const serials = [...new Set(asked.serials)];
  const found = await tools.store.tokenStock.bySerials(serials);
  const own = found.filter(({ companyId }) => companyId === person.account.companyId);
  const unknown = serials.filter((serial) => !own.some((token) => token.serial === serial));
  if (unknown.length > 0) await recordForeign(tools, act, person, { for: asked.for, ids: unknown });
  return { own, unknown };
}

export interface ArrivalResult extends Finished {
  readonly tokens: readonly { readonly serial: string; readonly why: StockWhy | 'already' | null }[];
  /** The limit for registering as it follows from the arrival. */
  readonly limit: Instant | null;
}

export type Arrived = Worked<'not-found' | 'not-allowed', ArrivalResult> | { readonly verdict: 'busy' };

/** Marks tokens as arrived, once for the page that `key` names; nothing more is asked for it (spec §5: it only brings a limit nearer). */
export async function markArrived(
  tools: Tools,
  act: Act,
  by: Administrator,
  asked: { readonly key: string; readonly serials: readonly string[] },
): Promise<Arrived> {
  const { person, login } = by;
  return actOnce(
    tools,
    act,
    login,
    asked.key,
    async (): Promise<Worked<'not-found' | 'not-allowed', ArrivalResult>> => {
      const { serials } = asked;
      const { own } = await ownSerials(tools, act, person, { for: 'report-arrival', serials });
      if (own.length === 0) return { verdict: 'refused', refused: 'not-found' };
      const moved = await reportArrival(
        tools,
        act,
        {
          actor: actorOf(person),
          audit: { kind: 'account', id: person.account.id },
          by: 'admin',
          still: (tables) => stillMay(tools, tables, act, by),
        },
        { serials, stale: new Set() },
      );
      if (moved.verdict === 'not-allowed') return { verdict: 'refused', refused: 'not-allowed' };
      const tokens = moved.tokens.map(({ serial, result, why, from }) => ({
        serial,
        // It has come already, or is in use: nothing is left to be said.
        why:
          result === 'done'
            ? null
            : why === 'not-shipped' && from !== 'ordered'
              ? ('already' as const)
              : (why ?? 'stale'),
      }));
      const limit = moved.limits[person.company.contractNumber] ?? null;
      return { verdict: 'finished', result: { at: act.now, reference: act.reference, tokens, limit } };
    },
  );
}

/** The login that acts still stands, and its person may do this by the role of now. */
async function stillMay(tools: Tools, tables: Tables, act: Act, { person, login }: Administrator): Promise<boolean> {
  const standing = await tables.login.standing(login.id, act.now);
  if (!standing) return false;
  const actor = actorOf({ ...person, account: { ...person.account, role: standing.told.role } });
  return allows(actor, 'report-arrival', companyOf(person), tools.policy);
}
