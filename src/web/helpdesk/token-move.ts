// From a confirmed check page to the one flow that does it.
import { reportArrival } from '../../flows/stock/arrive.ts';
import { assignTokens } from '../../flows/stock/assign.ts';
import { endTokens } from '../../flows/stock/end.ts';
import { exchangeTokens } from '../../flows/stock/exchange.ts';
import type { Moved, MovedAll } from '../../flows/stock/mover.ts';
import { shipTokens } from '../../flows/stock/ship.ts';
import { moverOf } from './mover.ts';
import type { Stands } from './token-check.ts';
import type { HelpdeskVisit } from './visit.ts';

export interface Done {
  readonly tokens: readonly Moved[];
  /** Yen in all; null where nothing was ordered. */
  readonly fee: number | null;
  readonly mails: number;
  readonly limits: readonly { readonly company: string; readonly at: number }[];
  readonly people: number;
}

const nothingMore = { fee: null, mails: 0, limits: [], people: 0 } as const;

/** `stale`: the order is another by now, and nothing was done. `not-allowed`: not, or no longer. */
export async function moveNow(
  visit: HelpdeskVisit,
  { selection, company, freeUsed, hands, tokens }: Stands,
  stale: ReadonlySet<string>,
  words: string,
): Promise<Done | 'stale' | 'not-allowed'> {
  const { tools } = visit.site;
  const { act } = visit;
  const { move, serials, order, pairs } = selection;
  const mover = moverOf(visit);
  const asked = { serials, stale };
  switch (move) {
    case 'assign': {
      if (order === null || company === null) return 'stale';
      const { reason, formNumber } = order;
      const given = { ...asked, companyId: company.id, reason, formNumber, freeUsed };
      const done = await assignTokens(tools, act, mover, given);
      if (done.verdict === 'refused') return 'stale';
      return done.verdict === 'moved' ? { ...nothingMore, tokens: done.tokens, fee: done.fee.total } : done.verdict;
    }
    case 'ship': {
      const done = await shipTokens(tools, act, mover, asked);
      return done.verdict === 'moved' ? { ...nothingMore, tokens: done.tokens, mails: done.mails } : done.verdict;
    }
    case 'arrive': {
      const done = await reportArrival(tools, act, mover, asked);
      if (done.verdict !== 'moved') return done.verdict;
      return { ...nothingMore, tokens: done.tokens, limits: limitsOf(done) };
    }
    case 'exchange': {
      const done = await exchangeTokens(tools, act, mover, { ...asked, pairs });
      return done.verdict === 'moved' ? { ...nothingMore, tokens: done.tokens } : done.verdict;
    }
    case 'lose':
    case 'revoke': {
      const holders = new Map(
        tokens.map(({ id, serial }) => [serial, hands.filter(({ tokenId }) => tokenId === id).map((one) => one.id)]),
      );
      const done = await endTokens(tools, act, mover, { ...asked, move, holders, words });
      return done.verdict === 'moved' ? { ...nothingMore, tokens: done.tokens, people: done.people } : done.verdict;
    }
  }
}

type Arrived = Extract<Awaited<ReturnType<typeof reportArrival>>, MovedAll & { readonly verdict: 'moved' }>;

/** Each company's limit, by its name. */
function limitsOf({ tokens, limits }: Arrived): Done['limits'] {
  return Object.entries(limits).flatMap(([contractNumber, at]) => {
    const company = tokens.find((token) => token.contractNumber === contractNumber)?.companyName ?? null;
    return at === null || company === null ? [] : [{ company, at }];
  });
}
