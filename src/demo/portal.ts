// The demo's portal: a relying party that shows what the gateway told it. An outsider: knows the gateway by its issuer only,
// and starts before it. Sessions live in this process.
import Router from '@koa/router';
import type { Context } from 'koa';
import { sendPage } from './frame.tsx';
import { field, languageOf, outsiderApp, query, readForm, serve } from './outsider.ts';
import type { Outsider } from './outsider.ts';
import { gatewayClient } from './portal-gateway.ts';
import { logoutTokens } from './portal-logout-token.ts';
import { MissingPage, PortalPage } from './portal-pages.tsx';
import { portalSessions } from './portal-session.ts';
import { begin, beginTransfer, failed, finish, refresh, signOut } from './portal-sign-in.ts';
import { readTransfer } from './portal-transfer.ts';
import { TransferPage } from './portal-transfer-page.tsx';

export interface PortalOptions {
  /** Its own address; the port is taken from it. */
  readonly url: string;
  /** Issuer of the gateway. */
  readonly issuer: string;
  readonly client_id: string;
  readonly client_secret: string;
  /** Scopes asked for; default `openid profile email company`. */
  readonly scope?: string;
  /** Algorithm the portal is registered with; default ES256. */
  readonly id_token_signed_response_alg?: string;
  readonly host?: string;
  readonly clock?: () => number;
}

/** What each button of PTL001 asks of the gateway (spec §12). */
const asks = new Map<string, Readonly<Record<string, string>>>([
  ['login', {}],
  ['login_otp', { acr_values: 'urn:renkei:acr:federated-otp urn:renkei:acr:password-otp' }],
  ['login_again', { prompt: 'login' }],
  ['login_silent', { prompt: 'none' }],
]);

/** Makes the portal; the gateway is looked for at the first sign-in, and again until it is found. */
export function portal(options: PortalOptions): Outsider {
  const {
    issuer,
    client_id: clientId,
    client_secret: clientSecret,
    host = '127.0.0.1',
    clock = () => Date.now(),
  } = options;
  const url = options.url.replace(/\/$/, '');
  const sessions = portalSessions();
  const tokens = logoutTokens(clientId, clock);
  const gateway = gatewayClient({
    issuer,
    clientId,
    clientSecret,
    redirectUri: `${url}/callback`,
    scope: options.scope ?? 'openid profile email company',
    idTokenAlg: options.id_token_signed_response_alg ?? 'ES256',
  });
  const language = (ctx: Context) => languageOf(ctx, 'portal_lang');
  const router = new Router();

  router.get('/', (ctx) => {
    const session = sessions.of(ctx);
    if (session && query(ctx, 'view') === 'session') session.error = null;
    const returned = session !== null && session.logoutState !== null && query(ctx, 'state') === session.logoutState;
    sendPage(ctx, 200, PortalPage({ language: language(ctx), session, returned }));
  });

  router.post('/', readForm, async (ctx) => {
    const action = field(ctx, 'action');
    const session = sessions.open(ctx);
    if (action === 'logout') return seeOther(ctx, await signOut(gateway, session, `${url}/`));
    if (action === 'refresh') return seeOther(ctx, await refresh(gateway, session, clock()));
    const extra = asks.get(action);
    seeOther(ctx, extra ? await begin(gateway, session, extra) : '/');
  });

  router.get('/callback', async (ctx) => {
    const session = sessions.open(ctx);
    const { signedIn, to } = await finish(gateway, session, new URL(ctx.originalUrl, url));
    if (signedIn) sessions.renew(ctx, session);
    seeOther(ctx, to);
  });

  router.get('/transfer', (ctx) => {
    const session = sessions.of(ctx);
    if (session && query(ctx, 'new') !== '') session.transfer = null;
    const state = session?.transfer ?? null;
    const typed = state?.sent ?? { payee: '', amount: '', date: tomorrow(clock()) };
    // One that was sent and did not come back is no result.
    const told = state?.approved || state?.error ? state : null;
    sendPage(ctx, 200, TransferPage({ language: language(ctx), typed, wrong: [], state: told }));
  });

  router.post('/transfer', readForm, async (ctx) => {
    const typed = { payee: field(ctx, 'payee'), amount: field(ctx, 'amount'), date: field(ctx, 'date') };
    const read = readTransfer(typed);
    if (!read.ok)
      return sendPage(ctx, 422, TransferPage({ language: language(ctx), typed, wrong: read.fields, state: null }));
    seeOther(ctx, await beginTransfer(gateway, sessions.open(ctx), read.transfer));
  });

  // OIDC Core §4: the gateway (or Business Direct through it) asks us to begin.
  const initiate = async (ctx: Context, told: (name: string) => string): Promise<void> => {
    const session = sessions.open(ctx);
    const hint = told('login_hint');
    const next =
      told('iss') === issuer
        ? await begin(gateway, session, hint === '' ? {} : { login_hint: hint })
        : failed(session, { error: 'unknown_issuer', error_description: 'iss is not the gateway' });
    seeOther(ctx, next);
  };
  router.get('/initiate-login', (ctx) => initiate(ctx, (name) => query(ctx, name)));
  router.post('/initiate-login', readForm, (ctx) => initiate(ctx, (name) => field(ctx, name)));

  router.post('/backchannel-logout', readForm, async (ctx) => {
    try {
      const { sub, sid } = await tokens.judge(field(ctx, 'logout_token'), issuer, await gateway.jwksUri());
      for (const session of sessions.matching(sid, sub)) {
        session.login = null;
        session.refresh = null;
        session.lastLogoutToken = { at: clock(), sub, sid };
      }
      ctx.status = 200;
      ctx.body = '';
    } catch (error) {
      ctx.status = 400;
      ctx.body = {
        error: 'invalid_request',
        error_description: error instanceof Error ? error.message : 'not accepted',
      };
    }
  });

  router.get('/session.json', (ctx) => {
    const session = sessions.of(ctx);
    const claims = session?.login?.claims;
    const last = session?.lastLogoutToken ?? null;
    ctx.body = {
      signedIn: claims !== undefined,
      sub: claims?.sub ?? null,
      sid: claims?.sid ?? null,
      lastLogoutToken: last && { ...last, at: new Date(last.at).toISOString() },
    };
  });

  const app = outsiderApp();
  app.use(router.routes());
  app.use((ctx) => sendPage(ctx, 404, MissingPage({ language: language(ctx) })));
  return { url, ...serve(() => app.callback(), Number(new URL(url).port || 80), host) };
}

/** The day after `now` in Japan, `2026-11-23`. */
const tomorrow = (now: number): string => new Date(now + 33 * 3_600_000).toISOString().slice(0, 10);

function seeOther(ctx: Context, to: string): void {
  ctx.redirect(to);
  ctx.status = 303;
}
