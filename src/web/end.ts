// Signing out on our own pages, and what the provider's logout shows (OUT001, OUT002).
import Router from '@koa/router';
import { render } from '../../views/layout.tsx';
import { SignOutPage } from '../../views/end/sign-out.tsx';
import { SignedOutPage } from '../../views/end/signed-out.tsx';
import { readForm } from './form.ts';
import { frameOf } from './frame.ts';
import { askedOf, type Answerable } from './request.ts';
import type { Site } from './site.ts';

export function endRouter(site: Site): Router {
  const router = new Router();
  router.post('/logout', async (ctx) => {
    const session = await site.provider.session(ctx);
    const login = session && (await site.tools.logins.find(session.loginId));
    const ended = await site.provider.endSession(ctx);
    signedOut(ctx, site, {
      portals: ended ?? [],
      federated: login?.route === 'federated',
      device: (login?.deviceId ?? null) !== null,
      back: null,
    });
  });
  router.post('/signed-out', async (ctx) => {
    const [upstream] = site.upstreams();
    const url =
      readForm(ctx).text('action') === 'logout_upstream' && upstream
        ? await site.upstreamLogoutUrl(upstream.issuer, `${site.issuer}/`, askedOf(ctx).act.language)
        : null;
    ctx.status = 303;
    ctx.redirect(url ?? '/');
  });
  return router;
}

/** OUT002: what ended, and what goes on (the upstream's own session, a remembered device). */
export function signedOut(
  ctx: Answerable,
  site: Site,
  what: {
    readonly portals: readonly string[];
    readonly federated: boolean;
    readonly device: boolean;
    readonly back: { readonly portal: string; readonly href: string } | null;
  },
): void {
  ctx.type = 'html';
  ctx.body = render(
    SignedOutPage({
      frame: frameOf(ctx, site, { path: '/' }),
      at: askedOf(ctx).act.now,
      portals: what.portals.map((clientId) => ({
        name: site.tools.portals.get(clientId)?.name ?? clientId,
        done: false,
      })),
      upstreamGoesOn: what.federated,
      upstreamLogout: what.federated && site.upstreams().length > 0,
      deviceGoesOn: what.device,
      back: what.back,
      action: '/signed-out',
    }),
  );
}

/** OUT001: a portal asked for the end without proof of whose session it means. */
export function confirmSignOut(
  ctx: Answerable,
  site: Site,
  view: {
    readonly portals: readonly string[];
    readonly action: string;
    readonly hidden: Readonly<Record<string, string>>;
  },
): void {
  ctx.type = 'html';
  const hidden = Object.entries(view.hidden).map(([name, value]) => ({ name, value }));
  ctx.body = render(
    SignOutPage({ frame: frameOf(ctx, site, { path: '/' }), portals: view.portals, action: view.action, hidden }),
  );
}
