// What an upstream says of its endpoints: read when first needed (never at start-up), judged, and kept for an hour.
// Only the members listed here are taken over; nothing else of the document reaches the rest.
import type { Instant } from '../rules/sign-in-record.ts';
import { signingAlgorithms, type SigningAlgorithm, type UpstreamConfig } from '../rules/upstream.ts';
import type { Breaker } from './upstream-breaker.ts';
import { mayReach, readDocument, UpstreamFault, type EgressRule, type Reach } from './upstream-fetch.ts';

export interface UpstreamMetadata {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly userinfoEndpoint: string | null;
  readonly endSessionEndpoint: string | null;
  /** It always sends the `iss` response parameter (RFC 9207): a callback without it is refused. */
  readonly issAnnounced: boolean;
  readonly algorithms: readonly SigningAlgorithm[];
}

/** Judges a discovery document (OpenID Connect Discovery §4.3); a string says why it is refused. */
export function readMetadata(document: unknown, upstream: UpstreamConfig, rule: EgressRule): UpstreamMetadata | string {
  if (typeof document !== 'object' || document === null) return 'its discovery document is no object';
  const said = new Map<string, unknown>(Object.entries(document));
  if (said.get('issuer') !== upstream.issuer) return 'its discovery document names another issuer';
  const endpoint = (name: string): string | null => {
    const value = said.get(name);
    // In the form in which openid-client will ask for it.
    return typeof value === 'string' && mayReach(value, upstream.issuer, rule) ? new URL(value).href : null;
  };
  const lacks = (name: string, value: string): boolean => {
    const list = said.get(name);
    return Array.isArray(list) && !list.includes(value);
  };
  const authorizationEndpoint = endpoint('authorization_endpoint');
  const tokenEndpoint = endpoint('token_endpoint');
  const jwksUri = endpoint('jwks_uri');
  if (!authorizationEndpoint || !tokenEndpoint || !jwksUri) return 'an endpoint it names is missing or not allowed';
  const userinfoEndpoint = endpoint('userinfo_endpoint');
  const endSessionEndpoint = endpoint('end_session_endpoint');
  if (said.has('userinfo_endpoint') && !userinfoEndpoint) return 'its userinfo endpoint is not allowed';
  if (said.has('end_session_endpoint') && !endSessionEndpoint) return 'its end-session endpoint is not allowed';
  if (lacks('response_types_supported', 'code')) return 'it does not offer the code flow';
  if (lacks('code_challenge_methods_supported', 'S256')) return 'it does not offer PKCE with S256';
  const pinned = upstream.id_token_signed_response_alg;
  const algorithms = signingAlgorithms.filter((name) =>
    pinned ? name === pinned : !lacks('id_token_signing_alg_values_supported', name),
  );
  if (algorithms.length === 0) return 'it offers no signing algorithm that is allowed';
  const issAnnounced = said.get('authorization_response_iss_parameter_supported') === true;
  return {
    authorizationEndpoint,
    tokenEndpoint,
    jwksUri,
    userinfoEndpoint,
    endSessionEndpoint,
    issAnnounced,
    algorithms,
  };
}

export interface Discovery {
  /** At most an hour old. Rejects with an UpstreamFault, like `proven`. */
  current(): Promise<UpstreamMetadata>;
  /** The same, but with a sign of life within the last seconds: nobody is sent to a provider that is down. */
  proven(): Promise<UpstreamMetadata>;
  /** The same, but while the circuit is not closed this reading is the one that tries. */
  reachable(): Promise<UpstreamMetadata>;
  /** Something failed since: read it anew next time, but no more often than signs of life are asked for. */
  distrust(): void;
}

/** `age` and `aliveFor` in milliseconds. */
export function createDiscovery(options: {
  readonly upstream: UpstreamConfig;
  readonly rule: EgressRule;
  readonly reach: Reach;
  readonly breaker: Breaker;
  readonly clock: () => Instant;
  readonly age: number;
  readonly aliveFor: number;
}): Discovery {
  const { upstream, clock, breaker } = options;
  const address = `${upstream.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let held: { readonly metadata: UpstreamMetadata; readonly at: Instant } | null = null;
  let pending: Promise<UpstreamMetadata> | null = null;

  async function read(): Promise<UpstreamMetadata> {
    // Refused or gone now: what it said an hour ago is no longer its word either.
    held = null;
    const metadata = readMetadata(await readDocument(options.reach, address), upstream, options.rule);
    if (typeof metadata === 'string') throw new UpstreamFault('refused', metadata);
    held = { metadata, at: clock() };
    return metadata;
  }

  function refresh(): Promise<UpstreamMetadata> {
    pending ??= read().finally(() => {
      pending = null;
    });
    return pending;
  }

  async function current(): Promise<UpstreamMetadata> {
    return held && clock() - held.at < options.age ? held.metadata : refresh();
  }

  return {
    current,
    async proven() {
      const heardAt = breaker.heardAt();
      const alive = breaker.state() === 'up' && heardAt !== null && clock() - heardAt < options.aliveFor;
      return alive ? current() : refresh();
    },
    reachable: () => (breaker.state() === 'up' ? current() : refresh()),
    distrust() {
      if (held && clock() - held.at >= options.aliveFor) held = null;
    },
  };
}
