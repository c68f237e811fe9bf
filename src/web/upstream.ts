// Addresses that an upstream sends to: the callback of a sign-in, a sign-in it starts itself, and its logout tokens.
import Router from '@koa/router';
import { endThroughUpstream } from '../flows/upstream-logout.ts';
import { returnFromUpstream } from '../flows/sign-in/return-from-upstream.ts';
import { deviceValues, readDeviceCookie } from './cookie.ts';
import { enter, isOwnPath } from './entry.ts';
import { readForm } from './form.ts';
import { refuse } from './refuse.ts';
import { goOnFrom } from './sign-in/walk.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

export const upstreamLogoutPath = '/upstream/backchannel-logout';

export function upstreamRouter(site: Site): Router {
  const router = new Router();

  router.get('/upstream/callback', async (ctx) => {
    const { act, browser } = askedOf(ctx);
    for (const value of deviceValues(ctx, site, site.tools.policy.device.perBrowser))
      site.tools.deviceSecrets.foresee(site.digest(value));
    const params = new URLSearchParams(ctx.querystring);
    foresee(site, params.get('state') ?? '');
    const returned = await returnFromUpstream(site.tools, act, params, browser, (linkId) =>
      readDeviceCookie(ctx, site, linkId),
    );
    if (returned.to === 'start-over') return refuse(ctx, site, 'start-over', { screen: 'REF001' }, { action: '/' });
    return goOnFrom(ctx, site, returned.id, returned.rows);
  });

  // Third-party-initiated login (OIDC Core §4): to our own pages, or to a portal's registered initiate_login_uri.
  router.get('/initiate', (ctx) => {
    const issuer = String(ctx.query['iss'] ?? '');
    const target = String(ctx.query['target_link_uri'] ?? '');
    if (!site.upstreams().some((upstream) => upstream.issuer === issuer)) {
      return refuse(ctx, site, 'portal-request', { screen: 'REF023' });
    }
    const portal = target === '' ? undefined : site.initiateLoginUris.get(target);
    if (portal !== undefined) {
      const url = new URL(target);
      url.searchParams.set('iss', site.issuer);
      ctx.status = 303;
      return ctx.redirect(url.href);
    }
    const path = ownPathOf(site, target);
    if (path === null) return refuse(ctx, site, 'portal-request', { screen: 'REF023' });
    return enter(ctx, site, path, issuer);
  });

  router.post(upstreamLogoutPath, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const jwt = readForm(ctx).text('logout_token');
    const told = jwt === '' ? null : await site.verifyUpstreamLogout(jwt);
    ctx.type = 'json';
    if (told?.verdict !== 'good') {
      const down = told?.verdict === 'down';
      ctx.status = down ? 503 : 400;
      if (down) ctx.set('Retry-After', '10');
      ctx.body = { error: down ? 'temporarily_unavailable' : 'invalid_request' };
      return;
    }
    if (told.subject !== null)
      await endThroughUpstream(site.tools, askedOf(ctx).act, { issuer: told.issuer, subject: told.subject });
    ctx.status = 200;
    ctx.body = {};
  });
  return router;
}

/** What the callback will need, named at the end of the state it brings; whether that is so the kept state says. */
function foresee(site: Site, state: string): void {
  const place = /^[\w-]{43}\.([\w-]{1,64})$/.exec(state)?.[1];
  if (place === undefined) return;
  site.tools.attempts.foresee(place);
  site.provider.foresee(place);
}

/** The path of an address of our own; '/' when none was named; null for anything else. */
function ownPathOf(site: Site, target: string): string | null {
  if (target === '') return '/';
  if (!URL.canParse(target)) return null;
  const url = new URL(target);
  return url.origin === site.origin && url.search === '' && isOwnPath(url.pathname) ? url.pathname : null;
}
