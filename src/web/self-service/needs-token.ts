// TKN003: where an operation's proof is `token-needed`, this page stands in the place of its check page. Looked at, it is a page
// (200) like a wait's; what was posted to the operation is ended (403, `not-allowed`): nothing about it can be put right there.
import type Router from '@koa/router';
import type { Banner } from '../../../views/messages/banners.ts';
import { OperationNeedsTokenPage } from '../../../views/self-service/operation-needs-token.tsx';
import { ownToken, type OwnToken } from '../../flows/self-service/own-token.ts';
import type { Act as ActName } from '../../rules/permission.ts';
import { openConsole, seeOther, show, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { tokenNotice } from '../token-notice.ts';

const page = '/self-service/otp/needed';

/** Where its form goes, from whatever operation it was shown. */
export function neededPages(router: Router, site: Site): void {
  router.get(page, (ctx) => seeOther(ctx, '/self-service/otp'));
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (!visit) return;
    const own = ownToken(site.tools, visit.act, visit.person);
    seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/' : wayToToken(own));
  });
}

/** To the page on which a token is registered or issued; where neither can be now, to the one that says why. */
export function wayToToken({ may }: OwnToken): string {
  if (may.register) return '/self-service/otp/register';
  return may.issue ? '/self-service/otp/issue' : '/self-service/otp';
}

/** @param path of the page it stands for: where the language is changed, one comes back to it */
export function showNeedsToken(visit: ConsoleVisit, operation: ActName, path: string = visit.frame.path): void {
  const { ctx, site, act, person } = visit;
  const posted = ctx.method === 'POST';
  const notice: Banner | null = tokenNotice(site.tools, person, act.now);
  show(
    ctx,
    OperationNeedsTokenPage({
      frame: { ...(posted ? withReference(visit) : visit.frame), refusal: posted ? 'not-allowed' : null, path },
      banners: notice ? [notice] : [],
      operation,
      action: page,
    }),
    posted ? 403 : 200,
  );
}
