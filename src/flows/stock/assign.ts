// 割当: tokens of the stock become one company's, by an order that says why and what it costs (spec §5, §11.6). One transaction:
// the company first, so that the free ones of its contract are counted once; then the tokens by id.
import { companyWhyNot } from '../../rules/stock-move.ts';
import { orderFee, type OrderFee, type OrderReason } from '../../rules/token-stock.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import {
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

export interface Assignment {
  readonly companyId: string;
  readonly serials: readonly string[];
  readonly reason: OrderReason;
  /** 依頼書番号; null: none. */
  readonly formNumber: string | null;
  /** Free tokens of the contract used up before, as the page showed it: another number means another fee. */
  readonly freeUsed: number;
  /** Serial numbers for which something else stands than the page showed. */
  readonly stale: ReadonlySet<string>;
}

export type Assigned =
  | MovedAll<{ readonly fee: OrderFee }>
  /** The company can't be given any, or its fee is another one by now: nothing was done. */
  | { readonly verdict: 'refused'; readonly why: 'suspended' | 'not-applied' | 'fee-changed' };

export async function assignTokens(tools: Tools, act: Act, mover: Mover, asked: Assignment): Promise<Assigned> {
  const { reason, serials } = asked;
  return tools.store.transaction(async (tables): Promise<Assigned> => {
    const company = await tables.company.lock(asked.companyId);
    const tokens = await tables.tokenStock.lockBySerials(serials);
    if (!(await mayMove(tools, tables, mover, 'move-tokens'))) return notAllowed;
    const why = companyWhyNot(company);
    if (why !== null) return { verdict: 'refused', why };
    const had = await tables.tokenOrder.freeUsed(company.id);
    if (reason === 'application' && had !== asked.freeUsed) return { verdict: 'refused', why: 'fee-changed' };

    const found = new Map(tokens.map((token) => [token.serial, token]));
    const open = [...new Set(serials)].flatMap((serial) => {
      const token = found.get(serial);
      return token && !asked.stale.has(serial) && judgeMove(tools, act, 'assign', token) === null ? [token] : [];
    });
    const fee = orderFee(reason, open.length, had, tools.policy.fees);
    const orderId = tools.secrets.id();
    if (open.length > 0) {
      await tables.tokenOrder.add({
        id: orderId,
        companyId: company.id,
        reason,
        tokens: open.length,
        free: fee.free,
        fee: fee.total,
        formNumber: asked.formNumber,
        orderedAt: act.now,
        orderedBy: mover.audit.id ?? mover.audit.kind,
      });
    }
    const fees = new Map<string, number>();
    for (const [place, { id, serial }] of open.entries()) {
      const each = fee.each[place] ?? 0;
      const { id: companyId } = company;
      await tables.tokenStock.give(id, { companyId, orderId, fee: each, orderedAt: act.now, successorTo: null });
      fees.set(serial, each);
    }
    if (open.length > 0) {
      const data = {
        order: orderId,
        reason,
        serials: open.map(({ serial }) => serial),
        free: fee.free,
        fee: fee.total,
        form: asked.formNumber,
      };
      const entry = {
        event: 'token.ordered',
        companyId: company.id,
        accountId: null,
        actor: mover.audit,
        data,
      } as const;
      await writeRecord(tables, act, entry);
    }
    const { contractNumber, name: companyName } = company;
    const moved = [...new Set(serials)].map((serial): Moved => {
      const token = found.get(serial);
      if (!token) return unknown(serial);
      const each = fees.get(serial);
      if (each === undefined)
        return refused(
          tools,
          act,
          token,
          asked.stale.has(serial) ? 'stale' : (judgeMove(tools, act, 'assign', token) ?? 'stale'),
        );
      const from = stateOf(tools, act, token);
      return {
        serial,
        result: 'done',
        why: null,
        from,
        to: 'ordered',
        contractNumber,
        companyName,
        fee: each,
        successor: null,
      };
    });
    return { verdict: 'moved', tokens: moved, fee };
  });
}
