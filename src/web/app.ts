// The browser rim on one screen: what every request passes, in order, and who answers which address.
import type Router from '@koa/router';
import { join } from 'node:path';
import Koa, { type Context, type Middleware } from 'koa';
import { agentOf } from './agent.ts';
import { assetsRouter } from './assets.ts';
import { browserValue } from './browser.ts';
import { companyRouter } from './company/router.ts';
import { refuseCrossSite } from './csrf.ts';
import { endRouter } from './end.ts';
import { returnRouter } from './entry.ts';
import { toPage } from './errors.ts';
import { formParser } from './form.ts';
import { formsRouter } from './forms.ts';
import { securityHeaders } from './headers.ts';
import { healthRouter } from './health.ts';
import { importPath } from './helpdesk/import-page.ts';
import { helpdeskRouter } from './helpdesk/router.ts';
import { lastingValue } from './known-browser.ts';
import { languageOf, languageRouter } from './language.ts';
import { refuse } from './refuse.ts';
import { remember } from './request.ts';
import { resetRouter } from './reset.ts';
import { selfServiceRouter } from './self-service/router.ts';
import { signInRouter } from './sign-in/dispatcher.ts';
import type { Site } from './site.ts';
import { sourceReader } from './source.ts';
import { activationPath, tokenAppApi } from './token-app-api.ts';
import { tokenAppRouter } from './token-app.ts';
import { topRouter } from './top.ts';
import { upstreamLogoutPath, upstreamRouter } from './upstream.ts';

export function createApp(site: Site, views: string, demo: Router | null): Koa {
  const app = new Koa();
  // Every error became a page already; what is left is a connection that went away.
  app.silent = true;
  app.use(toPage(site));
  app.use((ctx, next) => site.answering(closed(ctx), next));
  app.use((_ctx, next) => site.during(next));
  app.use(securityHeaders(site.https));
  app.use(prepare(site));
  app.use(knownHost(site));
  app.use((ctx, next) => site.provider.handle(ctx, next));
  app.use(formParser());
  app.use(refuseCrossSite(site, new Set([upstreamLogoutPath, activationPath]), new Set([importPath])));
  const routers = [
    assetsRouter(join(views, 'assets')),
    tokenAppRouter(site, join(views, 'token-app')),
    tokenAppApi(site),
    healthRouter(site),
    signInRouter(site),
    upstreamRouter(site),
    returnRouter(site),
    endRouter(site),
    resetRouter(site),
    formsRouter(site),
    languageRouter(site),
    topRouter(site),
    selfServiceRouter(site),
    companyRouter(site),
    helpdeskRouter(site),
  ];
  for (const router of routers) app.use(router.routes());
  if (demo) app.use(demo.routes());
  app.use(async (ctx) => {
    refuse(ctx, site, 'not-found', { screen: 'REF024' }, { action: '/' });
  });
  return app;
}

/** Sent to its end, or given up by whoever asked. */
const closed = ({ res }: Context): Promise<void> => new Promise((resolve) => res.once('close', () => resolve()));

/** What portals and load balancers call, who keep no cookies, whatever they accept; and what caches may keep, cookie and all. */
const machines = /^\/(\.well-known|health|assets|token-app|oidc\/(token|jwks|userinfo|introspection|revocation))(\/|$)/;

/** Clock, reference number, browser cookie and language of one request. */
function prepare(site: Site): Middleware {
  const sourceOf = sourceReader(site.trustedProxies);
  return async (ctx, next) => {
    // TLS may end at the proxy before us: what the issuer's address says counts.
    ctx.cookies.secure = site.https;
    await site.followClock?.();
    const machine = machines.test(ctx.path) || ctx.accepts('html') === false;
    // One value for all of them would be a token that everybody knows.
    const value = machine ? site.newValue() : browserValue(ctx, site);
    const lasting = machine ? null : lastingValue(ctx, site);
    const act = {
      now: site.clock(),
      reference: site.newReference(),
      agent: agentOf(ctx.get('user-agent')),
      source: sourceOf(ctx.req),
      lasting: lasting === null ? null : site.digest(lasting),
      language: languageOf(ctx, site),
    };
    remember(ctx, { act, browser: site.digest(value), csrf: site.mark('csrf', value) });
    ctx.set('X-Renkei-Reference', act.reference);
    await next();
  };
}

/** Only our own names are answered: a forged Host never reaches an address that we build. Load balancers ask by address. */
function knownHost(site: Site): Middleware {
  return async (ctx: Context, next) => {
    if (site.hosts.includes(ctx.req.headers.host ?? '') || ctx.path.startsWith('/health')) return next();
    return refuse(ctx, site, 'malformed', { screen: 'REF025' });
  };
}
