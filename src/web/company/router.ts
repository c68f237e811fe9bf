// 管理 → 利用者管理: what masters and admins see and do for the people of their own company (spec §8).
import Router from '@koa/router';
import { CompanyMenuPage, PeopleMenuPage } from '../../../views/company/menu.tsx';
import { companyCounts } from '../../flows/company/list-people.ts';
import { show } from '../console.ts';
import type { Site } from '../site.ts';
import { checkPages } from './check.ts';
import { peoplePages, personPages } from './people.ts';
import { openCompany } from './visit.ts';

export function companyRouter(site: Site): Router {
  const router = new Router();
  router.get('/company', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    const { act, person, frame } = visit;
    const { stopped, dueSoon, otherReleasers } = await companyCounts(site.tools, act, person);
    show(
      ctx,
      CompanyMenuPage({ frame, banners: otherReleasers === 0 ? [{ key: 'last.warn' }] : [], stopped, dueSoon }),
    );
  });
  router.get('/company/people-menu', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) show(ctx, PeopleMenuPage({ frame: visit.frame, banners: [] }));
  });
  peoplePages(router, site);
  checkPages(router, site);
  personPages(router, site);
  return router;
}
