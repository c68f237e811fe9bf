// What the moves of tokens that a company has already share: its row first, then the tokens by id, each judged by itself, and one
// record for each company.
import type { AuditEvent } from '../../rules/audit-event.ts';
import { movedTo, type StockMove } from '../../rules/stock-move.ts';
import type { CompanyRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { StockToken } from '../../store/token-stock.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { companiesOf, judgeMove, refused, stateOf, unknown, type Moved, type Mover } from './mover.ts';

export interface OnTheWay {
  readonly serials: readonly string[];
  /** Serial numbers for which something else stands than the page showed. */
  readonly stale: ReadonlySet<string>;
}

interface Move extends OnTheWay {
  readonly move: Extract<StockMove, 'ship' | 'arrive'>;
  readonly event: AuditEvent;
  /** Whose tokens there are for this mover at all; others look like none. */
  readonly sees: (token: StockToken) => boolean;
  /** Asked with everything locked, before anything is done. */
  readonly may: () => Promise<boolean>;
  /** Does it to tokens of one company, and tells what its record says of it. */
  readonly work: (company: CompanyRow, tokens: readonly StockToken[]) => Promise<Readonly<Record<string, unknown>>>;
}

/** Null: the mover may not, or no longer. */
export async function moveOnTheWay(
  tools: Tools,
  tables: Tables,
  act: Act,
  mover: Mover,
  asked: Move,
): Promise<readonly Moved[] | null> {
  const { move } = asked;
  const serials = [...new Set(asked.serials)];
  const before = (await tables.tokenStock.bySerials(serials)).filter(asked.sees);
  const companies = new Map<string, CompanyRow>();
  for (const id of companiesOf(before)) companies.set(id, await tables.company.lock(id));
  const locked = await tables.tokenStock.lockBySerials(before.map(({ serial }) => serial));
  if (!(await asked.may())) return null;
  const found = new Map(locked.map((token) => [token.serial, token]));
  const whyOf = (token: StockToken) => {
    // Given to another company between reading and locking.
    const known = token.companyId === null || companies.has(token.companyId);
    return asked.stale.has(token.serial) || !known ? 'stale' : judgeMove(tools, act, move, token);
  };
  for (const company of companies.values()) {
    const open = locked.filter((token) => token.companyId === company.id && whyOf(token) === null);
    if (open.length === 0) continue;
    const data = await asked.work(company, open);
    await writeRecord(tables, act, {
      event: asked.event,
      companyId: company.id,
      accountId: null,
      actor: mover.audit,
      data: { serials: open.map(({ serial }) => serial), ...data },
    });
  }
  return serials.map((serial): Moved => {
    const token = found.get(serial);
    if (!token) return unknown(serial);
    const why = whyOf(token);
    if (why !== null) return refused(tools, act, token, why);
    const { contractNumber, companyName } = token;
    const from = stateOf(tools, act, token);
    const done = { serial, result: 'done', why: null, from, to: movedTo[move] } as const;
    return { ...done, contractNumber, companyName, fee: null, successor: null };
  });
}
