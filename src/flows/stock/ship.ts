// 発送: ordered tokens leave the bank. Whoever of the company has no token yet, and has to register one, is told until when
// (screens.md MAI023), in the same transaction.
import { warnAtShipping } from '../token-warnings.ts';
import type { Act, Tools } from '../tools.ts';
import { mayMove, notAllowed, type MovedAll, type Mover } from './mover.ts';
import { moveOnTheWay, type OnTheWay } from './on-the-way.ts';

export async function shipTokens(
  tools: Tools,
  act: Act,
  mover: Mover,
  asked: OnTheWay,
): Promise<MovedAll<{ readonly mails: number }>> {
  return tools.store.transaction(async (tables) => {
    let mails = 0;
    const tokens = await moveOnTheWay(tools, tables, act, mover, {
      ...asked,
      move: 'ship',
      event: 'token.shipped',
      sees: () => true,
      may: () => mayMove(tools, tables, mover, 'move-tokens'),
      work: async ({ id }, open) => {
        const ids = open.map((token) => token.id);
        await tables.tokenStock.ship(ids, act.now);
        const told = await warnAtShipping(tools, tables, act, id);
        mails += told;
        return { told };
      },
    });
    return tokens === null ? notAllowed : { verdict: 'moved', tokens, mails };
  });
}
