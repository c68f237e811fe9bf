// HDK001: the desk's first page – what waits, and the ways to its procedures.
import type Router from '@koa/router';
import { HelpdeskHomePage } from '../../../views/helpdesk/home.tsx';
import { deskCounts } from '../../flows/operator/counts.ts';
import { seeOther, show } from '../console.ts';
import type { Site } from '../site.ts';
import { mayDo } from './mover.ts';
import { openHelpdesk } from './visit.ts';

export function homePage(router: Router, site: Site): void {
  router.get('/helpdesk', async (ctx) => {
    const visit = await openHelpdesk(ctx, site);
    if (!visit) return;
    const counts = await deskCounts(site.tools, visit.act);
    show(ctx, HelpdeskHomePage({ frame: visit.frame, counts, imports: mayDo(visit, 'import-tokens') }));
  });
  // Where refusals and ends lead back to.
  router.post('/helpdesk', (ctx) => seeOther(ctx, '/helpdesk'));
}
