// The stores of one deployment and what flows are given, made from the configuration: by a gateway, by the demo's seed, and
// by commands that act on the stores alone.
import { cpus } from 'node:os';
import type { Config } from './config.ts';
import type { Tools } from './flows/tools.ts';
import { demandsOtp } from './rules/portal.ts';
import { createSecrets, type GatewaySecrets } from './secrets/gateway-secrets.ts';
import { seedFiles } from './seed-files/seed-files.ts';
import { attemptStore } from './store/attempt.ts';
import { consoleActivityStore } from './store/console-activity.ts';
import { consoleDraftStore } from './store/console-draft.ts';
import { type Database, openDatabase } from './store/database.ts';
import { deviceSecretStore } from './store/device-secret.ts';
import { emailCodeStore } from './store/email-code.ts';
import { liveLoginStore } from './store/live-login.ts';
import { operatorSessionStore } from './store/operator-session.ts';
import { resetAskStore } from './store/reset-ask.ts';
import { sourceStore } from './store/source.ts';
import { sprayStore } from './store/spray.ts';
import { compactState } from './store/compact-state.ts';
import { requestState, type RequestState } from './store/request-state.ts';
import { memoryState } from './store/state-memory.ts';
import { redisState } from './store/state-redis.ts';
import { createStore, type Store } from './store/store.ts';
import { upstreamFlowStore } from './store/upstream-flow.ts';

/** The stores of one deployment, opened before anything else: the demo seeds them, commands use them alone. */
export interface Stores {
  readonly database: Database;
  readonly state: RequestState;
  readonly store: Store;
  readonly secrets: GatewaySecrets;
  /** Rung when a committed change owes a mail or a logout; the gateway that delivers sets what it does. */
  readonly bell: { ring: () => void };
  close(): Promise<void>;
}

/** Records of one browser's way through a sign-in, and who may not try; all else (counters, mailed codes) is never kept back. */
const ofOneSignIn = (key: string): boolean => /^(attempt|device|login|oidc|upstream):|^source:.*:blocked$/.test(key);

/** Records that stay while a session lives: a bank has many. */
const ofOneSession = (key: string): boolean => /^(login|oidc:(Session|Grant|RefreshToken|AccessToken)):/.test(key);

export async function openStores(config: Config, clock: () => number): Promise<Stores> {
  const secrets = createSecrets(config.secret(), cpus().length, clock, config.sealingKeys());
  const database = await openDatabase({ url: config.databaseUrl, folder: config.dataDir });
  await database.migrate();
  const kept = config.redisUrl === null ? memoryState({ clock }) : redisState({ url: config.redisUrl, clock });
  const state = requestState(compactState(kept, ofOneSession), ofOneSignIn);
  const bell = { ring: (): void => {} };
  const store = createStore(database, secrets.chainMac, () => bell.ring());
  return {
    database,
    state,
    store,
    secrets,
    bell,
    close: async () => {
      await state.close();
      await database.close();
    },
  };
}

/**
 * What flows are given; commands that act on the stores alone make it too.
 * @param after who runs what an answer must not wait for: a command waits
 * @param notice writes a line of the log; a command has none
 */
export function createTools(
  config: Config,
  stores: Stores,
  upstreams: Tools['upstreams'],
  after: Tools['after'] = (work) => work(),
  notice: Tools['notice'] = () => {},
): Tools {
  const { state, store, secrets } = stores;
  return {
    store,
    attempts: attemptStore(state),
    logins: liveLoginStore(state),
    upstreamFlows: upstreamFlowStore(state),
    deviceSecrets: deviceSecretStore(state),
    emailCodes: emailCodeStore(state),
    sources: sourceStore(state),
    sprays: sprayStore(state),
    consoleActivity: consoleActivityStore(state),
    consoleDrafts: consoleDraftStore(state),
    operatorSessions: operatorSessionStore(state),
    resetAsks: resetAskStore(state),
    secrets,
    seedFiles,
    policy: config.policy,
    deskMail: config.brand.deskMail,
    after,
    notice,
    upstreams,
    companyNamedBy: new Set(
      config.upstreams.flatMap((upstream) => (upstream.renkei.company_claim === null ? [] : [upstream.issuer])),
    ),
    portals: new Map(
      config.portals.map((portal) => [
        portal.client_id,
        {
          clientId: portal.client_id,
          name: portal.client_name ?? portal.client_id,
          open: portal.renkei.open,
          demandsOtp: demandsOtp(portal),
        },
      ]),
    ),
  };
}
