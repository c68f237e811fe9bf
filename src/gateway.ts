// THE wiring: every object of a gateway made once, every router mounted, on one screen. What is real in production and what
// is embedded in the demo is decided here and nowhere else.
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type Router from '@koa/router';
import type { Config } from './config.ts';
import { afterAnswers, startDeliveries } from './deliveries.ts';
import { endSession } from './flows/end-session.ts';
import { signingKeys } from './flows/first-keys.ts';
import { announceLock } from './flows/announce-lock.ts';
import { warnOfExpiries } from './flows/expiry-warnings.ts';
import { warnOfTokens } from './flows/token-warnings.ts';
import { judgeLive } from './flows/judge-live.ts';
import { noticeUnknownKeys } from './flows/rotate-sealing.ts';
import { personClaims, standingPerson } from './flows/person-claims.ts';
import { sweepImports } from './flows/token-import/sweep.ts';
import type { Act, Tools } from './flows/tools.ts';
import { ownSignIn } from './oidc/own-client.ts';
import { createProvider, type OidcRim } from './oidc/rim.ts';
import { createUpstreams } from './oidc/upstream.ts';
import { isOverloaded } from './secrets/password-hash.ts';
import { createTools, type Stores } from './stores.ts';
import { StoreUnavailable } from './store/unavailable.ts';
import { createApp } from './web/app.ts';
import { providerPages } from './web/provider-pages.ts';
import { providerVerbs } from './web/provider-verbs.ts';
import type { Site } from './web/site.ts';

export type Log = (event: string, fields: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface Gateway {
  readonly tools: Tools;
  readonly rim: OidcRim;
  listen(): Promise<void>;
  /** Does what answers left behind, and delivers what the outbox owes now; for tests and for the end of a command. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly config: Config;
  readonly stores: Stores;
  readonly clock: () => number;
  readonly log: Log;
  readonly root: string;
  readonly smtpUrl: string;
  /** Demo only: its pages, and the clock that all its processes share. */
  readonly demo: {
    readonly pages: (siteOf: () => Site) => Router;
    readonly followClock: () => Promise<void>;
    /** Seconds by which it runs ahead. */
    readonly offset: () => number;
  } | null;
}

export async function gateway(options: GatewayOptions): Promise<Gateway> {
  const { config, stores, clock, log } = options;
  const { state, store, secrets, database } = stores;
  const origin = new URL(config.issuer).origin;
  const demo = config.mode !== 'serve';

  const upstreams = createUpstreams({
    upstreams: config.upstreams,
    callbackUrl: `${config.issuer}/upstream/callback`,
    clock,
    demo,
    once: (key, until) => state.add(key, '1', until),
    log,
  });
  const later = afterAnswers((error) => log('after.failed', { error: messageOf(error) }));
  const tools = createTools(config, stores, upstreams, later.after, log);
  const systemAct = (): Act => ({
    now: clock(),
    reference: secrets.reference(),
    agent: '',
    source: '',
    language: 'ja',
  });

  const rim: OidcRim = await createProvider({
    issuer: config.issuer,
    state,
    settle: state.settle,
    clock,
    policy: config.policy,
    portals: config.portals,
    jwks: await signingKeys(store, secrets.keyMaker, clock()),
    cookieKeys: [secrets.cookieKey],
    pairwiseSalt: secrets.pairwiseSalt,
    questions: {
      standing: (loginId) => standingPerson(tools, loginId, clock()),
      login: (loginId) => tools.logins.find(loginId),
      judge: (request, live) => judgeLive(tools, clock(), request, live),
      person: (accountId) => personClaims(tools, accountId),
      bindPortal: async (login, sessionUid, clientId, sid) => {
        const { id: loginId, accountId, linkId } = login;
        const portal = { loginId, sessionUid, clientId, sid, accountId, linkId, at: clock() };
        // Looked at again where it takes effect: between the last page and here it may have been taken away.
        if (tools.portals.get(clientId)?.open !== true) return store.portalPermission.enter(portal);
        await store.login.enter(portal);
        return true;
      },
      sessionEnding: async (session, reason) => {
        await endSession(tools, systemAct(), session, reason);
      },
    },
    pages: providerPages(() => site),
    egress: { allowedOrigins: config.egress, demo },
    report: (event) => {
      const fields: Record<string, string | null> = {};
      for (const [name, value] of Object.entries(event))
        if (name !== 'kind') fields[name] = value instanceof Error ? (value.stack ?? value.message) : value;
      log(`oidc.${event.kind}`, fields);
    },
  });

  void later.after(() => noticeUnknownKeys(tools));
  const deliveries = startDeliveries({ config, stores, rim, clock, log, smtpUrl: options.smtpUrl });

  const site: Site = {
    tools,
    during: state.during,
    answering: later.answering,
    settle: state.settle,
    provider: providerVerbs(rim),
    issuer: config.issuer,
    origin,
    https: origin.startsWith('https:'),
    hosts: config.hosts,
    trustedProxies: config.trustedProxies,
    environment: config.mode === 'demo' ? 'demo' : null,
    brand: config.brand,
    serviceId: config.brand.serviceId,
    mailDomain: /@([^\s>]+)/.exec(config.mailFrom)?.[1] ?? config.mailFrom,
    deskHours: config.brand.opens,
    signInUrl: (ask) => `${config.issuer}/oidc/authorize?${ownSignIn(config.issuer, ask).toString()}`,
    clock,
    upstreams: () =>
      upstreams.list().map((upstream) => ({ ...upstream, down: upstreams.state(upstream.issuer) !== 'up' })),
    serviceHours: config.policy.hours && `${config.policy.hours.from}〜${config.policy.hours.to}`,
    newValue: secrets.value,
    newReference: secrets.reference,
    digest: secrets.digest,
    mark: secrets.mark,
    sameText: secrets.sameText,
    isUnavailable: (error) => error instanceof StoreUnavailable,
    isOverloaded,
    log,
    followClock: options.demo?.followClock ?? null,
    demoOffset: options.demo?.offset ?? null,
    health: async () => {
      const answers = async (part: () => Promise<void>): Promise<string> =>
        part().then(
          () => 'up',
          () => 'down',
        );
      const parts: Record<string, string> = {
        database: await answers(() => database.ping()),
        state: await answers(() => state.ping()),
      };
      for (const { issuer, id } of upstreams.list()) parts[`upstream-${id}`] = upstreams.state(issuer);
      return parts;
    },
    verifyUpstreamLogout: async (jwt) => {
      const told = await upstreams.verifyLogoutToken(jwt);
      if (told.ok) return { verdict: 'good', issuer: told.issuer, subject: told.subject };
      return { verdict: told.kind === 'down' ? 'down' : 'refused' };
    },
    initiateLoginUris: new Map(
      config.portals.flatMap((portal) =>
        portal.initiate_login_uri === undefined ? [] : [[portal.initiate_login_uri, portal.client_id]],
      ),
    ),
    portalCards: config.portals.flatMap((portal) => {
      const href = portal.initiate_login_uri ?? portal.client_uri;
      if (href === undefined) return [];
      const url = new URL(href);
      if (portal.initiate_login_uri !== undefined) url.searchParams.set('iss', config.issuer);
      return [
        {
          clientId: portal.client_id,
          open: portal.renkei.open,
          name: portal.client_name ?? portal.client_id,
          href: url.href,
          otp: portal.renkei.otp === 'always',
        },
      ];
    }),
    upstreamLogoutUrl: (issuer, returnTo, language) => upstreams.endSessionUrl(issuer, { returnTo, language }),
  };

  const app = createApp(site, join(options.root, 'views'), options.demo?.pages(() => site) ?? null);
  const server: Server = createServer(app.callback());
  // Locks set by a process that died before it could tell anybody; and passwords and tokens that end soon.
  const sweep = setInterval(() => {
    void tellUntold(tools, systemAct()).catch((error: unknown) => log('locks.untold', { error: messageOf(error) }));
    void warnOfExpiries(tools, systemAct()).catch((error: unknown) =>
      log('expiries.untold', { error: messageOf(error) }),
    );
    void warnOfTokens(tools, systemAct()).catch((error: unknown) => log('tokens.untold', { error: messageOf(error) }));
    void sweepImports(tools, systemAct()).catch((error: unknown) => log('imports.left', { error: messageOf(error) }));
  }, 60_000);
  sweep.unref();

  return {
    tools,
    rim,
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.listen.port, config.listen.host, resolve);
      }),
    deliver: async () => {
      await later.settled();
      await deliveries.drain();
    },
    close: async () => {
      clearInterval(sweep);
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await later.settled();
      await deliveries.stop();
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

async function tellUntold(tools: Tools, act: Act): Promise<void> {
  for (const { accountId, kind } of await tools.store.credential.unannounced(act.now, 100))
    await announceLock(tools, act, accountId, kind);
}
