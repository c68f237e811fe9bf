// HDK044: one token with its life. Serial numbers that there are not look alike, whatever they are.
import type Router from '@koa/router';
import { TokenPage } from '../../../views/helpdesk/token.tsx';
import { stockPath } from '../../../views/helpdesk/tokens-filters.tsx';
import { statesById } from '../../flows/company/states-of.ts';
import { judgeMove, stateOf } from '../../flows/stock/mover.ts';
import { stockMoves } from '../../rules/stock-move.ts';
import { show } from '../console.ts';
import type { Site } from '../site.ts';
import { mayDo, serialOf } from './mover.ts';
import { notAtDesk, openHelpdesk } from './visit.ts';

export function tokenPages(router: Router, site: Site): void {
  router.get(`${stockPath}/:serial`, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'view-stock');
    if (!visit) return;
    const { act, frame } = visit;
    const life = await site.tools.store.tokenStock.life(serialOf(ctx.params['serial'] ?? ''));
    if (!life) return notAtDesk(ctx, site);
    const moves = mayDo(visit, 'move-tokens')
      ? stockMoves.filter((move) => judgeMove(site.tools, act, move, life) === null)
      : [];
    const { people, lastStep, period, ...token } = life;
    const ids = people.map(({ id }) => id);
    const statesOf = await statesById(site.tools, act, token.companyId ?? '', ids);
    show(
      ctx,
      TokenPage({
        frame,
        moves,
        token: {
          ...token,
          period,
          state: stateOf(site.tools, act, life),
          lastUsedAt: lastStep === null ? null : lastStep * period * 1000,
          people: people.map(({ id, name, loginName, registeredAt, endedAt }) => ({
            id,
            name,
            loginId: loginName,
            from: registeredAt,
            until: endedAt,
            states: statesOf(id),
          })),
        },
      }),
    );
  });
}
