// Who moves tokens, and what becomes of each: the shape that all moves share. A refusal of one token never blocks the others.
import type { AuditActor } from '../../rules/audit-event.ts';
import { judgePermission, type Act as ActName, type Actor, bank } from '../../rules/permission.ts';
import { whyNot, type StockMove, type StockWhy } from '../../rules/stock-move.ts';
import { stockState, type StockState } from '../../rules/token-stock.ts';
import type { Tables } from '../../store/store.ts';
import type { StockToken } from '../../store/token-stock.ts';
import type { MailActor } from '../mail.ts';
import type { Act, Tools } from '../tools.ts';

export type { StockFilter, StockPlace, StockToken, TokenHand } from '../../store/token-stock.ts';

export interface Mover {
  readonly actor: Actor;
  readonly audit: AuditActor;
  readonly by: MailActor;
  /** Asked inside each transaction: whether who acts still may; a session that ended meanwhile moves nothing. */
  readonly still?: (tables: Tables) => Promise<boolean>;
}

export interface Moved {
  readonly serial: string;
  readonly result: 'done' | 'refused';
  readonly why: StockWhy | null;
  /** Null: there is no such token. */
  readonly from: StockState | null;
  /** The state after it. */
  readonly to: StockState | null;
  readonly contractNumber: string | null;
  readonly companyName: string | null;
  /** Yen; null where nothing was ordered. */
  readonly fee: number | null;
  /** The other one of a pair: the token that is sent to follow this one. */
  readonly successor: string | null;
}

/** `not-allowed`: who asked may not do it, or no longer. */
export type MovedAll<More = object> =
  | ({ readonly verdict: 'moved'; readonly tokens: readonly Moved[] } & More)
  | { readonly verdict: 'not-allowed' };

export const notAllowed = { verdict: 'not-allowed' } as const;

/** Whether the mover may do this to the bank's stock, judged with everything locked. */
export async function mayMove(tools: Tools, tables: Tables, mover: Mover, what: ActName): Promise<boolean> {
  if (judgePermission(mover.actor, what, bank, tools.policy) !== null) return false;
  return mover.still === undefined || mover.still(tables);
}

export const stateOf = (tools: Tools, act: Act, token: StockToken): StockState =>
  stockState(token, act.now, tools.policy.tokenExpiry.warnBefore);

/** Why this token can't be moved so; null: it can. */
export function judgeMove(tools: Tools, act: Act, move: StockMove, token: StockToken): StockWhy | null {
  const { holders, companySuspended, companyApplied, successor } = token;
  const followed = successor !== null;
  return whyNot(move, { state: stateOf(tools, act, token), holders, companySuspended, companyApplied, followed });
}

const nobodys = { contractNumber: null, companyName: null, fee: null, successor: null };

export const unknown = (serial: string): Moved => ({
  serial,
  result: 'refused',
  why: 'unknown',
  from: null,
  to: null,
  ...nobodys,
});

/** A token to which nothing was done. */
export function refused(tools: Tools, act: Act, token: StockToken, why: StockWhy): Moved {
  const from = stateOf(tools, act, token);
  const { serial, contractNumber, companyName } = token;
  return { serial, result: 'refused', why, from, to: from, contractNumber, companyName, fee: null, successor: null };
}

/** Companies of tokens, in the order in which they are locked. */
export const companiesOf = (tokens: readonly StockToken[]): readonly string[] =>
  [...new Set(tokens.flatMap(({ companyId }) => (companyId === null ? [] : [companyId])))].toSorted();
