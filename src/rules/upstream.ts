// What must be true of what an upstream (Business Direct) asserts about a person before a word of it is believed.
// Types and pure judgements only: signatures are verified by oidc/upstream-keys.ts before these checks mean anything.
import type { Instant, VerifiedUpstream } from './sign-in-record.ts';

export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** One entry of upstreams.yaml, with every default filled in (spec §12). */
export interface UpstreamConfig {
  readonly issuer: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly token_endpoint_auth_method: 'client_secret_basic' | 'client_secret_post';
  /** Space-separated; holds `openid`. */
  readonly scope: string;
  readonly name: { readonly ja: string; readonly en: string };
  /** Pins one algorithm; else every allowed one that the upstream announces. */
  readonly id_token_signed_response_alg?: SigningAlgorithm | undefined;
  readonly renkei: {
    readonly enabled: boolean;
    /** Claim with the Business Direct ID as its owner knows it; null: a masked `sub` is shown. */
    readonly display_claim: string | null;
    readonly company_claim: string | null;
    readonly trust: { readonly auth_time: boolean; readonly otp: 'none' };
  };
}

/** One way to the upstream and back, kept on the server under its `state`; single use, plain JSON. */
export interface UpstreamFlow {
  readonly issuer: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Seconds, as OpenID Connect counts them; null: nothing was asked. */
  readonly maxAge: number | null;
  /** `prompt=login` was sent. */
  readonly reauthenticated: boolean;
  readonly startedAt: Instant;
}

export type Claims = Readonly<Record<string, unknown>>;

/** Clocks of two banks may differ by this much, in milliseconds. */
export const clockSkew = 30_000;
/** An assertion older than this was not made for this sign-in, in milliseconds. */
const assertionAge = 600_000;
/** A list of audiences is ours and perhaps a few neighbours'. */
const maxAudiences = 10;

interface Assertion {
  readonly header: Claims;
  readonly claims: Claims;
  readonly issuer: string;
  readonly clientId: string;
  readonly algorithms: readonly SigningAlgorithm[];
  readonly now: Instant;
}

const seconds = (value: unknown): Instant | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value * 1000 : null;
const typed = (header: Claims, ...types: readonly string[]): boolean =>
  header['typ'] === undefined || (typeof header['typ'] === 'string' && types.includes(header['typ'].toLowerCase()));
const audience = (claims: Claims): readonly unknown[] =>
  Array.isArray(claims['aud']) ? claims['aud'] : [claims['aud']];
const text = (value: unknown, max: number): value is string =>
  typeof value === 'string' &&
  value.length <= max &&
  /^[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*$/u.test(value);

/** OpenID Connect Core §2: at most 255 ASCII characters; nothing that cannot be printed, and no space at either end. */
export const isSubject = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(value);

type Check = readonly [failure: string, holds: (a: Assertion) => boolean];

/** True of every assertion, ID token or logout token. */
const common: readonly Check[] = [
  ['its algorithm is not allowed', (a) => a.algorithms.some((allowed) => allowed === a.header['alg'])],
  ['iss is not this upstream', (a) => a.claims['iss'] === a.issuer],
  ['aud names too many', (a) => audience(a.claims).length <= maxAudiences],
  ['aud does not name us', (a) => audience(a.claims).includes(a.clientId)],
  ['iat is in the future', (a) => (seconds(a.claims['iat']) ?? 0) <= a.now + clockSkew],
  ['iat is missing, no time or too old', (a) => (seconds(a.claims['iat']) ?? 0) >= a.now - assertionAge],
  [
    'nbf is in the future',
    (a) => a.claims['nbf'] === undefined || (seconds(a.claims['nbf']) ?? Infinity) <= a.now + clockSkew,
  ],
];

const failed = (checks: readonly Check[], assertion: Assertion): string | null =>
  checks.find(([, holds]) => !holds(assertion))?.[0] ?? null;

/**
 * Judges the claims of an ID token whose signature is good (OpenID Connect Core §3.1.3.7, stricter: `azp` is ours when
 * present, `iat` is recent, `sub` is sane). Returns why it is refused, or null.
 */
export function checkIdToken(assertion: Assertion & { readonly nonce: string }): string | null {
  const { claims } = assertion;
  return failed(
    [
      ['its type is not that of an ID token', (a) => typed(a.header, 'jwt', 'application/jwt', 'id_token+jwt')],
      ...common,
      ['several audiences and no azp', () => audience(claims).length === 1 || claims['azp'] !== undefined],
      ['azp is somebody else', (a) => claims['azp'] === undefined || claims['azp'] === a.clientId],
      ['exp is missing or past', (a) => (seconds(claims['exp']) ?? 0) > a.now - clockSkew],
      ['nonce is missing or another', () => assertion.nonce !== '' && claims['nonce'] === assertion.nonce],
      ['sub is missing, empty, over-long or not printable', () => isSubject(claims['sub'])],
      ['it carries events', () => claims['events'] === undefined],
    ],
    assertion,
  );
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const isObject = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Judges the claims of a logout token whose signature is good (OpenID Connect Back-Channel Logout §2.6); null: good. */
export function checkLogoutToken(assertion: Assertion): string | null {
  const { sub, sid, jti, nonce, events, exp } = assertion.claims;
  return failed(
    [
      ['its type is not that of a logout token', (a) => typed(a.header, 'logout+jwt', 'application/logout+jwt', 'jwt')],
      ...common,
      ['exp is past', (a) => exp === undefined || (seconds(exp) ?? 0) > a.now - clockSkew],
      ['it carries a nonce', () => nonce === undefined],
      ['it is no logout event', () => isObject(events) && isObject(events[logoutEvent])],
      ['jti is missing or odd', () => text(jti, 255)],
      ['it names neither sub nor sid', () => sub !== undefined || sid !== undefined],
      ['sub is odd', () => sub === undefined || isSubject(sub)],
      ['sid is odd', () => sid === undefined || text(sid, 255)],
    ],
    assertion,
  );
}

/** A logout token can be replayed for as long as its `iat` is accepted: until then its `jti` has to be remembered. */
export const replayableUntil = (now: Instant): Instant => now + assertionAge + 2 * clockSkew;

/** The upstream's own session, when it names one readably. */
export const sidOf = (claim: unknown): string | null => (text(claim, 255) ? claim : null);

type Demand = Pick<UpstreamFlow, 'reauthenticated' | 'maxAge'>;
const demands = (flow: Demand): boolean => flow.reauthenticated || flow.maxAge !== null;

/** Older than anything that can be asked for; not zero, which reads as absent elsewhere. */
const longAgo: Instant = 1000;

/**
 * When the person signed in there (spec §3): what the upstream says if it is trusted; the callback (`now`) where it is not,
 * or where nothing was asked and nothing said. A trusted upstream that says what cannot be, or nothing although asked,
 * has said the least there is.
 */
export function upstreamAuthTime(claim: unknown, trusted: boolean, flow: Demand, now: Instant): Instant {
  if (!trusted || (claim === undefined && !demands(flow))) return now;
  const said = seconds(claim);
  return said === null || said > now + clockSkew ? longAgo : Math.max(longAgo, Math.min(Math.floor(said), now));
}

/** The sign-in there is older than was asked: retry once with `prompt=login`, then `login_required` (spec §3). */
export function isStale(flow: UpstreamFlow, authTime: Instant): boolean {
  if (!demands(flow)) return false;
  const allowed = flow.reauthenticated ? 0 : (flow.maxAge ?? 0) * 1000;
  return authTime + allowed + clockSkew < flow.startedAt;
}

const masked = (subject: string): string =>
  subject.length < 8 ? `${subject.slice(0, 1)}***` : `${subject.slice(0, 2)}***${subject.slice(-2)}`;

/** The Business Direct ID as screens show it: the claim when it is at most 64 printable characters, else a masked `sub`. */
export const displayOf = (claim: unknown, subject: string): string =>
  text(claim, 64) ? claim.trim() : masked(subject);

/** The company an upstream names: a contract number, alone or with a name. Present but unreadable is `malformed`. */
export function companyOf(claim: unknown): VerifiedUpstream['company'] | 'malformed' {
  if (claim === undefined || claim === null) return null;
  if (text(claim, 64)) return { contractNumber: claim.trim(), name: null };
  if (!isObject(claim) || !text(claim['contract_number'], 64)) return 'malformed';
  return {
    contractNumber: claim['contract_number'].trim(),
    name: text(claim['name'], 200) ? claim['name'].trim() : null,
  };
}
