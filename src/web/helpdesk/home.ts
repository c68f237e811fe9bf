// HDK001: the desk's first page – what waits, and the ways to its procedures.
import type Router from '@koa/router';
import { HelpdeskHomePage } from '../../../views/helpdesk/home.tsx';
import { deskCounts } from '../../flows/operator/counts.ts';
import { seeOther, show } from '../console.ts';
import type { Site } from '../site.ts';
import { openHelpdesk } from './visit.ts';

export function homePage(router: Router, site: Site): void {
  router.get('/helpdesk', async (ctx) => {
    const visit = await openHelpdesk(ctx, site);
    if (!visit) return;
    show(ctx, HelpdeskHomePage({ frame: visit.frame, counts: await deskCounts(site.tools, visit.act) }));
  });
  // Where refusals and ends lead back to.
  router.post('/helpdesk', (ctx) => seeOther(ctx, '/helpdesk'));
}
