// What the provider's tests stand on: a gateway around the rim with faked questions, a browser that is a cookie jar, and a
// portal's back channel. HTTP is real; the clock is Date's, moved by the test.
import { createHash, generateKeyPairSync, randomBytes, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import Koa from 'koa';
import type { EndingReason, EndingSession, OidcOptions, RimEvent } from '../../src/oidc/options.ts';
import { createProvider, type OidcRim } from '../../src/oidc/rim.ts';
import { acrAndAmr } from '../../src/rules/acr.ts';
import type { Approved } from '../../src/rules/approval.ts';
import type { LoginRecord } from '../../src/rules/login.ts';
import type { PersonClaims, Portal } from '../../src/rules/portal.ts';
import type { LiveLogin, OtpProof, PortalRequest, Route } from '../../src/rules/sign-in-record.ts';
import type { Step } from '../../src/rules/sign-in.ts';
import { requestState } from '../../src/store/request-state.ts';
import { memoryState } from '../../src/store/state-memory.ts';
import { freePort } from '../support/ports.ts';

const minute = 60_000;
const realNow = Date.now.bind(Date);
let offset = 0;
/** Moves the clock of everything in this process forward. */
export const pass = (milliseconds: number): void => {
  offset += milliseconds;
};
export function moveClock(): void {
  Date.now = () => realNow() + offset;
}
/** Everything at one and the same millisecond, until moveClock or restoreClock. */
export function stopClock(): void {
  const now = Date.now();
  Date.now = () => now;
}
export function restoreClock(): void {
  Date.now = realNow;
  offset = 0;
}

const policy: OidcOptions['policy'] = {
  attempt: { lifetime: 30 * minute, setup: 60 * minute },
  session: { idle: 30 * minute, consoleIdle: 15 * minute, absolute: 600 * minute, perAccount: 5 },
};

const pair = (kid: string, type: 'ec' | 'rsa'): JsonWebKey => {
  const { privateKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid };
};
export const newKeys = (name: string): JsonWebKey[] => [pair(`${name}-es`, 'ec'), pair(`${name}-rs`, 'rsa')];
const keys = newKeys('first');

export const rules = {
  open: true,
  otp: 'asked',
  acr: null,
  consent: 'none',
  pkce: 'required',
  rotation: 'overlap',
  resourceServer: false,
} as const;
export const portalAt = (id: string, more: Partial<Portal> = {}): Portal => ({
  client_id: id,
  client_secret: `secret-of-${id}`,
  client_name: `Portal ${id}`,
  redirect_uris: [`https://${id}.example/cb`],
  post_logout_redirect_uris: [`https://${id}.example/out`],
  grant_types: ['authorization_code', 'refresh_token'],
  id_token_signed_response_alg: 'ES256',
  renkei: rules,
  ...more,
});

export const otpNow = (): OtpProof => ({
  at: Date.now(),
  tokenId: 't1',
  step: 1,
  kind: 'hardware',
  shared: false,
  by: 'code',
});

export type CountedState = ReturnType<typeof memoryState>;

export interface Gateway {
  readonly url: string;
  readonly issuer: string;
  readonly rim: OidcRim;
  readonly fakes: Fakes;
  readonly browser: () => Browser;
  close(): Promise<void>;
}

/** The rest of the house, as far as the rim asks it. */
export interface Fakes {
  readonly logins: Map<string, LoginRecord>;
  readonly ended: Set<string>;
  /** Portals whose permission is gone by the time they are entered. */
  readonly closed: Set<string>;
  readonly entered: { loginId: string; sessionUid: string; clientId: string; sid: string }[];
  readonly endings: { session: EndingSession; reason: EndingReason }[];
  readonly events: RimEvent[];
  readonly judged: { request: PortalRequest; live: LiveLogin }[];
  step: Step;
  opened: Awaited<ReturnType<OidcRim['openAttempt']>>;
  commands(): number;
}

let names = 0;
export function login(
  fakes: Fakes,
  accountId: string,
  more: { route?: Route; otp?: OtpProof | null; authTime?: number } = {},
): LoginRecord {
  names += 1;
  const route = more.route ?? 'federated';
  const otp = more.otp ?? null;
  const record: LoginRecord = {
    id: `login-${names}`,
    accountId,
    companyId: 'company',
    epoch: 1,
    linkId: route === 'federated' ? 'link' : null,
    route,
    passwordAt: route === 'direct' ? Date.now() : null,
    otp,
    deviceId: null,
    ...acrAndAmr({ route, otp, passwordProven: route === 'direct' }),
    authTime: more.authTime ?? Date.now(),
    startedAt: Date.now(),
    expiresAt: Date.now() + 600 * minute,
    displayName: '連携 花子',
    loginName: 'hanako01',
  };
  fakes.logins.set(record.id, record);
  return record;
}

export async function gateway(
  more: { portals?: Portal[]; allowedOrigins?: string[]; state?: CountedState; issuer?: string; fakes?: Fakes } = {},
): Promise<Gateway> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const issuer = more.issuer ?? url;
  const state = requestState(more.state ?? memoryState({ clock: () => Date.now() }), () => true);
  const fakes: Fakes = more.fakes ?? {
    logins: new Map(),
    ended: new Set(),
    closed: new Set(),
    entered: [],
    endings: [],
    events: [],
    judged: [],
    step: { to: 'finish' },
    opened: null,
    commands: () => state.commands,
  };
  const person = (accountId: string): PersonClaims => ({
    preferred_username: `name-of-${accountId}`,
    name: '連携 花子',
    email: `${accountId}@example.jp`,
    emailProven: true,
    company: { contract_number: '1234567890', name: '連携商事' },
    role: 'admin',
    link: { linked: true, since: '2026-11-22T08:50:00+09:00' },
    accounts: [{ branch_code: '100', branch_name: '本店', kind: '普通', number: '1234567' }],
  });
  const options: OidcOptions = {
    issuer,
    state,
    settle: state.settle,
    clock: () => Date.now(),
    policy,
    portals: more.portals ?? [
      portalAt('alpha'),
      portalAt('beta'),
      portalAt('watch', { renkei: { ...rules, resourceServer: true } }),
      portalAt('spa', { client_secret: undefined, token_endpoint_auth_method: 'none' }),
      portalAt('basic', {
        id_token_signed_response_alg: undefined,
        subject_type: 'public',
        renkei: { ...rules, pkce: 'optional' },
      }),
      portalAt('code-only', { grant_types: undefined, scope: 'openid profile' }),
      portalAt('strong', { renkei: { ...rules, otp: 'always' } }),
      portalAt('fed', { renkei: { ...rules, acr: 'urn:renkei:acr:federated' } }),
    ],
    jwks: keys,
    cookieKeys: ['cookie-key'],
    pairwiseSalt: 'salt',
    questions: {
      standing: async (id) => {
        const found = fakes.logins.get(id);
        return found && !fakes.ended.has(id) ? { accountId: found.accountId } : null;
      },
      login: async (id) => fakes.logins.get(id) ?? null,
      judge: async (request, live) => {
        fakes.judged.push({ request, live });
        return fakes.step;
      },
      person: async (accountId) => person(accountId),
      bindPortal: async ({ id: loginId }, sessionUid, clientId, sid) =>
        !fakes.closed.has(clientId) && fakes.entered.push({ loginId, sessionUid, clientId, sid }) > 0,
      sessionEnding: async (session, reason) => {
        fakes.endings.push({ session, reason });
        for (const id of session.loginIds) fakes.ended.add(id);
      },
    },
    pages: {
      confirmLogout: (ctx, view) => {
        ctx.body = { page: 'confirm', lang: ctx.state['lang'], ...view };
      },
      signedOut: (ctx, view) => {
        ctx.body = { page: 'signed-out', ...view };
      },
      error: (ctx, view) => {
        ctx.body = { page: 'error', ...view };
      },
    },
    egress: { allowedOrigins: more.allowedOrigins ?? [], demo: true },
    report: (event) => fakes.events.push(event),
  };
  const rim = await createProvider(options);

  const app = new Koa();
  app.use(async (ctx, next) => {
    ctx.state['lang'] = 'ja';
    await next();
  });
  app.use((_ctx, next) => state.during(next));
  app.use((ctx, next) => rim.middleware(ctx, next));
  app.use(async (ctx) => {
    const [, area, uid = '', act] = ctx.path.split('/');
    if (area === 'sign-in') {
      fakes.opened = await rim.openAttempt(ctx.req, ctx.res, uid);
      if (act === 'finish') {
        const done = fakes.logins.get(String(ctx.query['login']));
        const to = done && (await rim.finish(ctx.req, ctx.res, uid, done, approvedIn(ctx.query, fakes, done)));
        if (to) ctx.redirect(to);
        else ctx.status = 410;
      } else if (act === 'cancel') {
        const to = await rim.cancel(ctx.req, ctx.res, uid, String(ctx.query['error']), 'cancelled');
        if (to) ctx.redirect(to);
        else ctx.status = 410;
      } else {
        ctx.status = fakes.opened ? 200 : 410;
        ctx.body = fakes.opened ?? 'gone';
      }
    } else if (area === 'session') ctx.body = { session: await rim.currentSession(ctx.req, ctx.res) };
    else if (area === 'sign-out') ctx.body = { ended: await rim.endSession(ctx.req, ctx.res) };
    else if (area === 'signed-in') ctx.body = { back: ctx.query };
    else ctx.status = 404;
  });
  const server = createServer(app.callback()).listen(port, 'localhost');
  await once(server, 'listening');
  return { url, issuer, rim, fakes, browser: () => browser(url), close: () => closed(server) };
}

/** `approved=NUMBER`: what the request asked was approved under this number; `digest` names something else, `by` somebody else. */
function approvedIn(
  query: NodeJS.Dict<string | string[]>,
  { opened }: Fakes,
  { accountId }: LoginRecord,
): Approved | null {
  const { approved: reference, digest = opened?.request.approval?.digest, by = accountId } = query;
  if (typeof reference !== 'string') return null;
  return { at: Date.now(), accountId: String(by), digest: String(digest), reference };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

export interface Answer {
  readonly status: number;
  readonly location: URL | null;
  readonly headers: Headers;
  readonly text: string;
  json(): Record<string, unknown>;
}

/** The objects of a list, e.g. the keys of a JWKS. */
export const objects = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map((item: object) => Object.fromEntries(Object.entries(item))) : [];

export interface Browser {
  readonly jar: Map<string, { value: string; path: string; attributes: string }>;
  go(address: string, init?: RequestInit): Promise<Answer>;
}

/** Keeps cookies by name and path, as a browser does for one host, and follows nothing by itself. */
export function browser(base: string): Browser {
  const jar: Browser['jar'] = new Map();
  return {
    jar,
    async go(address, init = {}) {
      const url = new URL(address, base);
      const cookies = [...jar.entries()]
        .filter(
          ([, { path }]) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
        )
        .map(([key, { value }]) => `${key.split(';')[0]}=${value}`);
      const headers = new Headers(init.headers);
      headers.set('accept', headers.get('accept') ?? 'text/html');
      if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
      const response = await fetch(url, { ...init, headers, redirect: 'manual' });
      for (const line of response.headers.getSetCookie()) {
        const [first = '', ...attributes] = line.split('; ');
        const [name = '', value = ''] = [first.slice(0, first.indexOf('=')), first.slice(first.indexOf('=') + 1)];
        const path = attributes.find((item) => item.startsWith('path='))?.slice(5) ?? '/';
        if (value === '' || line.includes('expires=Thu, 01 Jan 1970')) jar.delete(`${name};${path}`);
        else jar.set(`${name};${path}`, { value, path, attributes: attributes.join('; ') });
      }
      const text = await response.text();
      const location = response.headers.get('location');
      return {
        status: response.status,
        headers: response.headers,
        location: location === null ? null : new URL(location, url),
        text,
        json: () => JSON.parse(text),
      };
    },
  };
}

export interface Asking {
  readonly client?: string;
  readonly params?: Record<string, string | undefined>;
}

export const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

/** The portal's authorization request. */
export function authorize(browser: Browser, { client = 'alpha', params = {} }: Asking = {}): Promise<Answer> {
  const own = client === 'renkei-web';
  const all = {
    client_id: client,
    response_type: own ? 'none' : 'code',
    redirect_uri: own ? undefined : `https://${client}.example/cb`,
    scope: own ? 'openid' : 'openid profile email',
    state: 'the-state',
    nonce: 'the-nonce',
    ...(own ? {} : { code_challenge: challenge, code_challenge_method: 'S256' }),
    ...params,
  };
  const entries = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return browser.go(`/oidc/authorize?${new URLSearchParams(entries)}`);
}

/** From the interaction's page to the portal's address, signed in with this login. */
export async function signIn(browser: Browser, page: Answer, record: LoginRecord): Promise<Answer> {
  const finished = await browser.go(`${page.location?.pathname}/finish?login=${record.id}`);
  return browser.go(finished.location?.href ?? '/nowhere');
}

/** A whole sign-in at a portal; the code. */
export async function codeFor(gate: Gateway, who: Browser, asking: Asking = {}, record?: LoginRecord): Promise<string> {
  const first = await authorize(who, asking);
  const last = first.location?.pathname.startsWith('/sign-in/')
    ? await signIn(who, first, record ?? login(gate.fakes, 'hanako'))
    : first;
  const code = last.location?.searchParams.get('code');
  if (!code) throw new Error(`no code: ${last.status} ${last.location?.href} ${last.text}`);
  return code;
}

/** A request of a portal's server, authenticated as registered. */
export async function back(gate: Gateway, path: string, client: string, form: Record<string, string>): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const body = new URLSearchParams(form);
  if (client === 'spa') body.set('client_id', client);
  else headers['authorization'] = `Basic ${Buffer.from(`${client}:secret-of-${client}`).toString('base64')}`;
  return browser(gate.url).go(path, { method: 'POST', headers, body });
}

export const redeem = (
  gate: Gateway,
  code: string,
  client = 'alpha',
  more: Record<string, string> = {},
): Promise<Answer> =>
  back(gate, '/oidc/token', client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: `https://${client}.example/cb`,
    code_verifier: verifier,
    ...more,
  });

export const refresh = (gate: Gateway, token: unknown, client = 'alpha'): Promise<Answer> =>
  back(gate, '/oidc/token', client, { grant_type: 'refresh_token', refresh_token: String(token) });

export const userinfo = (gate: Gateway, token: unknown): Promise<Answer> =>
  browser(gate.url).go('/oidc/userinfo', {
    headers: { accept: 'application/json', authorization: `Bearer ${String(token)}` },
  });

export const payload = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
export const header = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString());
