// ビジネスヘルプデスク: what the bank's own staff see and do, behind a sign-in of their own (spec §8).
import Router from '@koa/router';
import { leaveOperatorSignIn, signOutOperator } from '../../flows/operator/sign-in.ts';
import { lookAtOperator } from '../../flows/operator/look.ts';
import { seeOther } from '../console.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';
import { bringing, setOperatorCookie } from './cookie.ts';
import { homePage } from './home.ts';
import { importPages } from './import.ts';
import { operatorSignInPages, showSignIn } from './sign-in.ts';
import { tokenDeskPages } from './token-desk.ts';
import { notAtDesk } from './visit.ts';
import { backOf, signInFor } from './way-back.ts';

export function helpdeskRouter(site: Site): Router {
  const router = new Router();
  homePage(router, site);
  importPages(router, site);
  tokenDeskPages(router, site);
  operatorSignInPages(router, site);
  router.post('/helpdesk/enter', (ctx) => seeOther(ctx, signInFor(ctx, site, backOf(ctx, site))));
  router.post('/helpdesk/sign-out', async (ctx) => {
    const { act } = askedOf(ctx);
    const standing = await lookAtOperator(site.tools, act, bringing(ctx, site));
    if (standing.is === 'signed-in') await signOutOperator(site.tools, act, standing.session);
    // Another tab may have begun to sign in: what it has proven is over too.
    if (standing.is === 'signing-in') await leaveOperatorSignIn(site.tools, standing.attempt);
    setOperatorCookie(ctx, site, null);
    showSignIn(ctx, site, { banners: [{ key: 'operator.signed-out' }] });
  });
  router.all(/^\/helpdesk(?:\/|$)/, (ctx) => notAtDesk(ctx, site));
  return router;
}
