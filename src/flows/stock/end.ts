// 紛失・失効 of tokens as a whole, at the desk: out of everybody's hands at once by the one way a token is taken away
// (flows/token/revoke-device.ts), or out of the stock. Each token in a transaction of its own: all who share it, or nobody.
import { judgePermission } from '../../rules/permission.ts';
import type { Tables } from '../../store/store.ts';
import type { StockToken } from '../../store/token-stock.ts';
import { writeRecord } from '../record.ts';
import { revokeDevice } from '../token/revoke-device.ts';
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

export interface Ending {
  readonly move: 'lose' | 'revoke';
  readonly serials: readonly string[];
  /** Ids of those whom the page showed as holders, by serial number. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  readonly stale: ReadonlySet<string>;
  /** 理由 in words; never a secret. */
  readonly words: string;
}

export async function endTokens(
  tools: Tools,
  act: Act,
  mover: Mover,
  asked: Ending,
): Promise<MovedAll<{ readonly people: number }>> {
  const tokens: Moved[] = [];
  let people = 0;
  for (const serial of new Set(asked.serials)) {
    const done = await tools.store.transaction((tables) => endOne(tools, tables, act, mover, asked, serial));
    if (done === null) return tokens.length === 0 ? notAllowed : { verdict: 'moved', tokens, people };
    tokens.push(done.moved);
    people += done.people;
  }
  return { verdict: 'moved', tokens, people };
}

/** Null: who asks may not, or no longer. */
async function endOne(
  tools: Tools,
  tables: Tables,
  act: Act,
  mover: Mover,
  { move, holders, stale, words }: Ending,
  serial: string,
): Promise<{ readonly moved: Moved; readonly people: number } | null> {
  const [before] = await tables.tokenStock.bySerials([serial]);
  if (before && before.companyId !== null) await tables.company.lock(before.companyId);
  if (!(await mayMove(tools, tables, mover, 'move-tokens'))) return null;
  if (!before) return { moved: unknown(serial), people: 0 };
  const none = (token: StockToken, why: 'stale' | null = null) => ({
    moved: refused(tools, act, token, why ?? judgeMove(tools, act, move, token) ?? 'stale'),
    people: 0,
  });
  if (stale.has(serial)) return none(before, 'stale');
  if (judgeMove(tools, act, move, before) !== null) return none(before);
  const retiredWhy = move === 'lose' ? 'lost' : 'revoked';
  const done = (token: StockToken): Moved => {
    const { contractNumber, companyName } = token;
    const from = stateOf(tools, act, token);
    const moved = { serial, result: 'done', why: null, from, to: retiredWhy, contractNumber, companyName } as const;
    return { ...moved, fee: null, successor: null };
  };
  const shown = holders.get(serial) ?? [];
  if (before.holders > 0 || shown.length > 0) {
    const revoked = await revokeDevice(tools, tables, act, {
      tokenId: before.id,
      holders: shown,
      why: move === 'lose' ? 'lost' : 'other',
      words,
      actor: mover.audit,
      by: mover.by,
      still: async (account) => {
        const target = { companyId: account.companyId, accountId: account.id, role: account.role };
        return judgePermission(mover.actor, 'revoke-token', target, tools.policy) === null;
      },
    });
    return revoked === null ? none(before, 'stale') : { moved: done(before), people: revoked.size };
  }
  const [token] = await tables.tokenStock.lockBySerials([serial]);
  if (!token) return { moved: unknown(serial), people: 0 };
  // Registered, or given to a company, since it was read.
  if (token.holders > 0 || token.companyId !== before.companyId) return none(token, 'stale');
  if (judgeMove(tools, act, move, token) !== null) return none(token);
  await tables.token.retire(token.id, act.now, retiredWhy);
  await writeRecord(tables, act, {
    event: 'token.retired',
    companyId: token.companyId,
    accountId: null,
    actor: mover.audit,
    data: { token: token.id, serial, why: retiredWhy, words, from: stateOf(tools, act, token) },
  });
  return { moved: done(token), people: 0 };
}
