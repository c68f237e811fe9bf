// 管理 → 利用者管理: what masters and admins see and do for the people of their own company (spec §8).
import Router from '@koa/router';
import type { Banner } from '../../../views/messages/banners.ts';
import { CompanyMenuPage, PeopleMenuPage } from '../../../views/company/menu.tsx';
import { companyCounts } from '../../flows/company/list-people.ts';
import { show } from '../console.ts';
import type { Site } from '../site.ts';
import { checkPages } from './check.ts';
import { companyTokenPages } from './company-tokens.ts';
import { deletePages } from './delete.ts';
import { otpReleasePages } from './otp-release.ts';
import { peoplePages } from './people.ts';
import { personPages } from './person.ts';
import { changePersonPages } from './person-edit.ts';
import { newPersonPages } from './person-new.ts';
import { recordPages } from './records.ts';
import { resultPages } from './sheet.ts';
import { settingsPages } from './settings.ts';
import { statePages } from './state.ts';
import { tokenAllowPages } from './token-allow.ts';
import { tokenRevokePages } from './token-revoke.ts';
import { openCompany } from './visit.ts';

export function companyRouter(site: Site): Router {
  const router = new Router();
  router.get('/company', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    const { act, person, frame } = visit;
    const { stopped, dueSoon, waiting, otherReleasers } = await companyCounts(site.tools, act, person);
    const alarm = await site.tools.store.alarm.standing(person.account.companyId, act.now);
    const banners: Banner[] = alarm ? [{ key: 'spray.alarm', values: { from: alarm.since } }] : [];
    if (otherReleasers === 0) banners.push({ key: 'last.warn' });
    show(ctx, CompanyMenuPage({ frame, banners, stopped, dueSoon, waiting }));
  });
  router.get('/company/people-menu', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) show(ctx, PeopleMenuPage({ frame: visit.frame, banners: [] }));
  });
  peoplePages(router, site);
  checkPages(router, site);
  statePages(router, site);
  otpReleasePages(router, site);
  tokenRevokePages(router, site);
  companyTokenPages(router, site);
  deletePages(router, site);
  settingsPages(router, site);
  recordPages(router, site);
  newPersonPages(router, site);
  changePersonPages(router, site);
  resultPages(router, site);
  tokenAllowPages(router, site);
  personPages(router, site);
  return router;
}
