// HDK011 ご契約先一覧: the companies of the bank by name or contract number.
import type Router from '@koa/router';
import { CompaniesPage } from '../../../views/helpdesk/companies.tsx';
import { graceEndsAt } from '../../rules/grace.ts';
import { withKeyFobs } from '../../rules/otp-application.ts';
import { show } from '../console.ts';
import type { Site } from '../site.ts';
import { pageOf, typedIn } from './mover.ts';
import { openHelpdesk } from './visit.ts';

const per = 50;

export function companyPages(router: Router, site: Site): void {
  router.get('/helpdesk/companies', async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'view-stock');
    if (!visit) return;
    const q = typedIn(visit, 'q');
    const found = await site.tools.store.companies.list({ text: q, page: pageOf(visit), per });
    const { grace } = site.tools.policy;
    show(
      ctx,
      CompaniesPage({
        frame: visit.frame,
        query: { q, page: found.page, per, total: found.total },
        companies: found.companies.map((company) => ({
          id: company.id,
          name: company.name,
          contractNumber: company.contractNumber,
          suspended: company.suspendedAt !== null,
          application: company.otpApplication,
          limit: withKeyFobs(company.otpApplication) ? graceEndsAt(company, grace) : null,
          people: company.people,
          withToken: company.withToken,
        })),
      }),
    );
  });
}
