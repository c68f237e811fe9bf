// Renkei as a relying party of one or more Business Direct providers: who they are, and one door to each verb.
// Nothing is asked of anybody at start-up, and an upstream that fails is an answer, never an exception.
import { createHash } from 'node:crypto';
import type { Instant } from '../rules/sign-in-record.ts';
import type { UpstreamConfig, UpstreamFlow } from '../rules/upstream.ts';
import { createBreaker, type BreakerState } from './upstream-breaker.ts';
import { createDiscovery } from './upstream-discovery.ts';
import { createReach, readDocument, UpstreamFault, type EgressRule } from './upstream-fetch.ts';
import { createKeys } from './upstream-keys.ts';
import { endSession, verifyLogout, type UpstreamLogout } from './upstream-logout.ts';
import type { UpstreamParts } from './upstream-redeem.ts';
import {
  begin,
  complete,
  refusal,
  type UpstreamAnswer,
  type UpstreamAsk,
  type UpstreamRefusal,
} from './upstream-sign-in.ts';

export type { UpstreamAnswer, UpstreamAsk, UpstreamLogout, UpstreamRefusal };

/** Durations in milliseconds, sizes in bytes. */
export interface UpstreamLimits {
  /** One request, headers and body. */
  readonly request: number;
  /** Everything one begin, callback or logout token waits for. */
  readonly total: number;
  readonly body: number;
  readonly keys: number;
  readonly discoveryAge: number;
  readonly keysAge: number;
  /** Without a sign of life for this long, a provider is asked before somebody is sent to it. */
  readonly aliveFor: number;
  /** Failures in a row that open the circuit, and how long it stays open before one request tries. */
  readonly failures: number;
  readonly pause: number;
}

const defaults: UpstreamLimits = {
  request: 2500,
  total: 5000,
  body: 262_144,
  keys: 100,
  discoveryAge: 3_600_000,
  keysAge: 300_000,
  aliveFor: 10_000,
  failures: 3,
  pause: 10_000,
};

export interface UpstreamOptions {
  readonly upstreams: readonly UpstreamConfig[];
  readonly callbackUrl: string;
  readonly clock: () => Instant;
  /** Plain http between loopback hosts is accepted. */
  readonly demo: boolean;
  /** Keeps a key until a time and tells whether it was new, for all processes: no logout token counts twice. */
  readonly once: (key: string, expiresAt: Instant) => Promise<boolean>;
  /** Origins besides the issuer's that its endpoints may have; absent: any https name that is not only of our network. */
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly limits?: Partial<UpstreamLimits> | undefined;
  readonly log?: ((event: string, fields: Readonly<Record<string, string | number>>) => void) | undefined;
}

export interface Upstreams {
  /** The enabled ones, in the order of the configuration. `id` is stable, short and fit for a form's field name. */
  list(): readonly {
    readonly issuer: string;
    readonly id: string;
    readonly name: { readonly ja: string; readonly en: string };
  }[];
  begin(
    issuer: string,
    ask: UpstreamAsk,
  ): Promise<{ readonly ok: true; readonly url: string; readonly flow: UpstreamFlow } | UpstreamRefusal>;
  complete(flow: UpstreamFlow, params: URLSearchParams): Promise<UpstreamAnswer>;
  /** Null when it has no logout of its own, or does not answer. */
  endSessionUrl(
    issuer: string,
    options: { readonly returnTo: string | null; readonly language: 'ja' | 'en' | null },
  ): Promise<string | null>;
  verifyLogoutToken(jwt: string): Promise<UpstreamLogout | UpstreamRefusal>;
  /** The circuit breaker of this process; an unknown or disabled upstream is `down`. */
  state(issuer: string): BreakerState;
}

type Held = UpstreamParts & { readonly id: string; readonly state: () => BreakerState };

function hold(upstream: UpstreamConfig, options: UpstreamOptions, limits: UpstreamLimits): Held {
  const { clock, callbackUrl } = options;
  const { issuer } = upstream;
  const log = (event: string, fields: Record<string, string | number>): void =>
    options.log?.(event, { issuer, ...fields });
  const rule: EgressRule = { demo: options.demo, allowedOrigins: options.allowedOrigins ?? null };
  const changed = (state: BreakerState): void => log('upstream.state', { state });
  const breaker = createBreaker({ failures: limits.failures, pause: limits.pause, clock, changed });
  const reach = createReach({ issuer, rule, breaker, timeout: limits.request, limit: limits.body });
  const { discoveryAge: age, aliveFor } = limits;
  const discovery = createDiscovery({ upstream, rule, reach, breaker, clock, age, aliveFor });
  const keys = createKeys({
    read: async () => readDocument(reach, (await discovery.current()).jwksUri),
    clock,
    age: limits.keysAge,
    max: limits.keys,
    reread: (count) => log('upstream.keys', { count }),
  });
  const id = createHash('sha256').update(issuer).digest('hex').slice(0, 8);
  return { upstream, discovery, keys, reach, callbackUrl, clock, id, state: breaker.state };
}

/** Makes the relying party. Sends nothing until somebody comes. */
export function createUpstreams(options: UpstreamOptions): Upstreams {
  const limits = { ...defaults, ...options.limits };
  const enabled = options.upstreams.filter((upstream) => upstream.renkei.enabled);
  const held = new Map<unknown, Held>(enabled.map((upstream) => [upstream.issuer, hold(upstream, options, limits)]));

  /** Runs within the total time; every fault of the upstream becomes an answer, a fault of our own stays an exception. */
  async function bounded<T>(
    parts: Held | null,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | UpstreamRefusal> {
    const signal = AbortSignal.timeout(limits.total);
    const late = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new UpstreamFault('down', 'it took too long altogether')), {
        once: true,
      });
    });
    try {
      return await Promise.race([work(signal), late]);
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      if (error.kind === 'down') parts?.discovery.distrust();
      return refusal(error.kind, error.message);
    }
  }

  return {
    list: () => [...held.values()].map(({ upstream, id }) => ({ issuer: upstream.issuer, id, name: upstream.name })),
    async begin(issuer, ask) {
      const parts = held.get(issuer);
      if (!parts) return refusal('refused', 'no enabled upstream has this issuer');
      return bounded(parts, async () => ({ ok: true, ...(await begin(parts, ask)) }));
    },
    async complete(flow, params) {
      const parts = held.get(flow.issuer);
      if (!parts) return refusal('refused', 'no enabled upstream has this issuer');
      return bounded(parts, (signal) => complete(parts, flow, params, signal));
    },
    async endSessionUrl(issuer, ask) {
      const parts = held.get(issuer);
      const url = parts ? await bounded(parts, () => endSession(parts, ask)) : null;
      return typeof url === 'string' ? url : null;
    },
    verifyLogoutToken: (jwt) => bounded(null, () => verifyLogout(jwt, (issuer) => held.get(issuer), options.once)),
    state: (issuer) => held.get(issuer)?.state() ?? 'down',
  };
}
