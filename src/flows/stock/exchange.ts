// 交換: for tokens in use that expire, successors out of the stock are ordered, free of charge (spec §5). Old and new are pairs,
// chosen with the page that shows them; people change to the new one themselves, and the old one works until then.
import type { StockWhy } from '../../rules/stock-move.ts';
import type { CompanyRow } from '../../store/account.ts';
import type { StockToken } from '../../store/token-stock.ts';
import { companyWhyNot } from '../../rules/stock-move.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import {
  companiesOf,
  judgeMove,
  mayMove,
  notAllowed,
  refused,
  stateOf,
  unknown,
  type Moved,
  type MovedAll,
  type Mover,
} from './mover.ts';

export interface Pair {
  readonly old: string;
  /** Null: the stock had none for it. */
  readonly next: string | null;
}

/** Pairs for those of these tokens that can be exchanged: each the one of the stock that lasts longest. */
export async function pairTokens(tools: Tools, act: Act, tokens: readonly StockToken[]): Promise<readonly Pair[]> {
  const open = tokens.filter((token) => judgeMove(tools, act, 'exchange', token) === null);
  const free = await tools.store.tokenStock.pick(open.length, act.now);
  // One that ends before the old one does helps nobody.
  const lasting = (token: StockToken, old: StockToken): boolean =>
    token.expiresAt === null || (old.expiresAt !== null && token.expiresAt > old.expiresAt);
  return open.map((old, place) => {
    const next = free[place];
    return { old: old.serial, next: next !== undefined && lasting(next, old) ? next.serial : null };
  });
}

export async function exchangeTokens(
  tools: Tools,
  act: Act,
  mover: Mover,
  asked: { readonly serials: readonly string[]; readonly pairs: readonly Pair[]; readonly stale: ReadonlySet<string> },
): Promise<MovedAll> {
  const serials = [...new Set(asked.serials)];
  const nextOf = new Map(asked.pairs.map(({ old, next }) => [old, next]));
  return tools.store.transaction(async (tables): Promise<MovedAll> => {
    const companies = new Map<string, CompanyRow>();
    for (const id of companiesOf(await tables.tokenStock.bySerials(serials)))
      companies.set(id, await tables.company.lock(id));
    const nexts = [...nextOf.values()].flatMap((next) => (next === null ? [] : [next]));
    const locked = new Map((await tables.tokenStock.lockBySerials([...serials, ...nexts])).map((t) => [t.serial, t]));
    if (!(await mayMove(tools, tables, mover, 'move-tokens'))) return notAllowed;
    const used = new Set<string>();
    const judged = serials.map((serial) => {
      const old = locked.get(serial) ?? null;
      const named = nextOf.get(serial) ?? null;
      const next = named === null ? null : (locked.get(named) ?? null);
      const company = companies.get(old?.companyId ?? '') ?? null;
      const why = old === null ? 'unknown' : asked.stale.has(serial) ? 'stale' : whyNotPair(old, next, company);
      if (why === null && next !== null) used.add(next.serial);
      return { serial, old, next, company, why };
    });

    for (const company of companies.values()) {
      const open = judged.flatMap(({ old, next, company: whose, why }) =>
        why === null && old && next && whose === company ? [{ old, next }] : [],
      );
      if (open.length === 0) continue;
      const orderId = tools.secrets.id();
      await tables.tokenOrder.add({
        id: orderId,
        companyId: company.id,
        reason: 'successor',
        tokens: open.length,
        free: 0,
        fee: 0,
        formNumber: null,
        orderedAt: act.now,
        orderedBy: mover.audit.id ?? mover.audit.kind,
      });
      for (const { old, next } of open) {
        const order = { companyId: company.id, orderId, fee: 0, orderedAt: act.now, successorTo: old.id };
        await tables.tokenStock.give(next.id, order);
      }
    }
    for (const company of companies.values()) {
      const pairs = judged.flatMap(({ old, next, company: whose, why }) =>
        why === null && old && next && whose === company ? [{ old: old.serial, next: next.serial }] : [],
      );
      if (pairs.length === 0) continue;
      await writeRecord(tables, act, {
        event: 'token.ordered',
        companyId: company.id,
        accountId: null,
        actor: mover.audit,
        data: { reason: 'successor', serials: pairs.map(({ next }) => next), pairs, free: 0, fee: 0 },
      });
    }
    const tokens = judged.map(({ serial, old, next, why }): Moved => {
      if (!old) return unknown(serial);
      if (why !== null || !next) return refused(tools, act, old, why ?? 'stale');
      const { contractNumber, companyName } = old;
      const state = stateOf(tools, act, old);
      const done = { serial, result: 'done', why: null, from: state, to: state } as const;
      return { ...done, contractNumber, companyName, fee: 0, successor: next.serial };
    });
    return { verdict: 'moved', tokens };

    function whyNotPair(old: StockToken, next: StockToken | null, company: CompanyRow | null): StockWhy | null {
      const why = judgeMove(tools, act, 'exchange', old);
      if (why !== null) return why;
      if (company === null) return 'stale';
      const closed = companyWhyNot(company);
      if (closed !== null) return closed;
      if (next === null) return (nextOf.get(old.serial) ?? null) === null ? 'no-stock' : 'stale';
      // Somebody else was given the successor meanwhile.
      return used.has(next.serial) || judgeMove(tools, act, 'assign', next) !== null ? 'stale' : null;
    }
  });
}
