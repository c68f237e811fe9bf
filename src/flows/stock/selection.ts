// What an operator chose on the stock for a check page: kept on the server under a name of its own in the address, for the one
// session that chose it. No form carries it, so none can add to it.
import type { StockMove } from '../../rules/stock-move.ts';
import type { OrderReason } from '../../rules/token-stock.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { Tools } from '../tools.ts';
import type { Pair } from './exchange.ts';

export interface StockSelection {
  readonly move: StockMove;
  readonly serials: readonly string[];
  /** For whom and why tokens are assigned; null: not said yet. */
  readonly order: {
    readonly companyId: string;
    readonly contractNumber: string;
    readonly reason: OrderReason;
    readonly formNumber: string | null;
  } | null;
  /** Old and new, as the check page shows them. */
  readonly pairs: readonly Pair[];
  /** The query of the list that it was chosen on. */
  readonly query: string;
}

type Session = Pick<LoginRecord, 'id' | 'expiresAt'>;

const draftOf = (id: string): string => `stock-selection:${id}`;

/** Keeps a choice as long as the session lives; its name for the address. */
export async function keepStockSelection(
  tools: Tools,
  session: Session,
  selection: StockSelection,
  id: string = tools.secrets.id(),
): Promise<string> {
  await tools.consoleDrafts.keep(session.id, draftOf(id), selection, session.expiresAt);
  return id;
}

/** A choice of this session; null when there is none of that name. */
export async function findStockSelection(tools: Tools, session: Session, id: string): Promise<StockSelection | null> {
  return tools.consoleDrafts.find<StockSelection>(session.id, draftOf(id));
}
