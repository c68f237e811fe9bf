// SLF040–SLF042: one's own link, its removal, and where that leaves a sign-in that came through it (spec §7).
import type Router from '@koa/router';
import { LinkRemovePage } from '../../../views/self-service/link-remove.tsx';
import { LinkResultPage } from '../../../views/self-service/link-result.tsx';
import { OwnLinkPage } from '../../../views/self-service/link.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { ownLink, removeOwnLink, type OwnLink } from '../../flows/self-service/remove-link.ts';
import {
  mailPending,
  notified,
  openConsole,
  portalName,
  seeOther,
  show,
  told,
  withReference,
  type ConsoleVisit,
} from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { afterResult, endedAction } from './ended.ts';
import { showNeedsToken } from './needs-token.ts';
import { codeOf, proofBanners } from './proof.ts';

const page = '/self-service/link';
const check = '/self-service/link/remove';
const result = '/self-service/link/result';

export function linkPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showLink(visit);
  });
  router.post(page, async (ctx) => {
    if (!(await openConsole(ctx, site))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'unlink' ? check : page);
  });
  router.get(check, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showCheck(visit);
  });
  router.post(check, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await remove(visit);
  });
  router.get(result, (ctx) => seeOther(ctx, page));
  router.post(result, (ctx) => afterResult(ctx, site, 'unlink', page));
}

const shown = ({ links }: OwnLink): string => links.map(({ display }) => display).join('、');

async function showLink(visit: ConsoleVisit): Promise<void> {
  const { site, person, frame, ctx } = visit;
  const links = await site.tools.store.link.ofAccount(person.account.id);
  const [link] = links;
  show(
    ctx,
    OwnLinkPage({
      frame,
      banners: [],
      loginId: person.account.loginName,
      link: link
        ? { bd: links.map(({ display }) => display).join('、'), since: link.madeAt, lastUsed: link.usedAt }
        : null,
    }),
  );
}

async function showCheck(visit: ConsoleVisit, errors: readonly LooseError[] = []): Promise<void> {
  const { site, act, person, login, ctx } = visit;
  const link = await ownLink(site.tools, act, person, login);
  if (!link) return seeOther(ctx, page);
  if (link.proof === 'token-needed') return showNeedsToken(visit, 'unlink', check);
  const failed = errors.length > 0;
  show(
    ctx,
    LinkRemovePage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: failed ? [] : await proofBanners(visit),
      bd: shown(link),
      loginId: person.account.loginName,
      devices: link.devices,
      logins: link.logins,
      portals: link.portals.map((id) => portalName(site, id)),
      endsThis: link.endsThis,
      code: codeOf(visit, link.proof),
    }),
    failed ? 422 : 200,
  );
  return undefined;
}

async function remove(visit: ConsoleVisit): Promise<void> {
  const { site, act, ctx } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  if (action !== '') return seeOther(ctx, action === 'back' ? page : check);
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const removed = await removeOwnLink(site.tools, act, visit, typed);
  switch (removed.verdict) {
    case 'none':
      return seeOther(ctx, page);
    case 'busy':
      return showCheck(visit, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return removed.refused.verdict === 'look-again' ? seeOther(ctx, check) : showCheck(visit, removed.refused.errors);
    case 'finished':
      return showResult(visit, removed.result);
  }
}

/** The answer to the post itself: a sign-in that came through the link is over, and could show no other page. */
async function showResult(
  visit: ConsoleVisit,
  done: {
    readonly at: number;
    readonly reference: string;
    readonly links: readonly string[];
    readonly endedItself: boolean;
  },
): Promise<void> {
  const { site, ctx, frame } = visit;
  if (done.endedItself) await site.provider.endSession(ctx);
  show(
    ctx,
    LinkResultPage({
      frame: {
        ...frame,
        reference: done.reference,
        path: done.endedItself ? '/' : page,
        signedIn: done.endedItself ? null : frame.signedIn,
      },
      portals: await notified(site, done.links, done.at),
      endsThis: done.endedItself,
      mailPending: await mailPending(site),
      action: done.endedItself ? endedAction(ctx, site, result, done.at) : result,
    }),
  );
}
