// CON060–CON062 トークンの失効: the routes of the list, its check page and the result.
import type Router from '@koa/router';
import { findTokenSelection } from '../../flows/company/token-selection.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { seeOther } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { confirmTokens, showTokenCheck } from './token-check.ts';
import { noTokens, one, showTokenList, tokenPath } from './token-list.ts';
import { pickTokens } from './token-pick.ts';
import { tokenResultPages } from './token-result.ts';
import { openCompany } from './visit.ts';

export function tokenRevokePages(router: Router, site: Site): void {
  router.get(tokenPath, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    // 「戻る」 keeps the choice.
    const asked = one(ctx.query['selection']);
    const kept = isId(asked) ? await findTokenSelection(site.tools, visit.login, asked) : null;
    await showTokenList(visit, kept ?? noTokens);
  });
  router.post(tokenPath, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await pickTokens(visit, readForm(ctx));
  });
  router.get(`${tokenPath}/check`, (ctx) => seeOther(ctx, tokenPath));
  router.get(`${tokenPath}/check/:selection`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showTokenCheck(visit, ctx.params['selection'] ?? '');
  });
  router.post(`${tokenPath}/check/:selection`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await confirmTokens(visit, ctx.params['selection'] ?? '');
  });
  tokenResultPages(router, site);
}
