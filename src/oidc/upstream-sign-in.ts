// One sign-in at one upstream: the address a person is sent to, and what their return proves. Everything kept in
// between is in the flow, on the server; that it is used once, by this browser in this attempt, is its keeper's part.
import * as client from 'openid-client';
import type { VerifiedUpstream } from '../rules/sign-in-record.ts';
import {
  checkIdToken,
  companyOf,
  displayOf,
  isStale,
  sidOf,
  upstreamAuthTime,
  type UpstreamFlow,
} from '../rules/upstream.ts';
import { readCallback } from './upstream-callback.ts';
import { configure, redeem, type UpstreamParts } from './upstream-redeem.ts';

export interface UpstreamAsk {
  readonly reauthenticate: boolean;
  /** Seconds; 0 is re-authentication too. */
  readonly maxAge: number | null;
  /** A word that comes back at the end of `state`, after a point; it says nothing by itself and proves nothing. */
  readonly place?: string;
  readonly language: 'ja' | 'en' | null;
  readonly loginHint?: string | undefined;
}

export interface UpstreamRefusal {
  readonly ok: false;
  readonly kind: 'cancelled' | 'refused' | 'down';
  /** For log and audit: no secret, and no text of the upstream or the browser. */
  readonly reason: string;
  /** The person did not sign in anew as was asked: retry once with `reauthenticate`, then `login_required`. */
  readonly stale: boolean;
}

export type UpstreamAnswer =
  | {
      readonly ok: true;
      readonly upstream: VerifiedUpstream;
      /** The upstream's name for this session of its own: its logout tokens may name that alone. */
      readonly sid: string | null;
    }
  | UpstreamRefusal;

export const refusal = (kind: UpstreamRefusal['kind'], reason: string, stale = false): UpstreamRefusal => ({
  ok: false,
  kind,
  reason,
  stale,
});

/** The address to send the person to, and the flow to keep. Rejects with an UpstreamFault. */
export async function begin(
  parts: UpstreamParts,
  ask: UpstreamAsk,
): Promise<{ readonly url: string; readonly flow: UpstreamFlow }> {
  const configuration = configure(parts, await parts.discovery.proven());
  const reauthenticated = ask.reauthenticate || ask.maxAge === 0;
  // Without max_age a provider need not say when the person signed in (OpenID Connect Core §2), and silence proves nothing.
  const maxAge = ask.maxAge ?? (reauthenticated && parts.upstream.renkei.trust.auth_time ? 0 : null);
  const flow: UpstreamFlow = {
    issuer: parts.upstream.issuer,
    state: client.randomState() + (ask.place === undefined ? '' : `.${ask.place}`),
    nonce: client.randomNonce(),
    codeVerifier: client.randomPKCECodeVerifier(),
    maxAge: ask.maxAge,
    reauthenticated,
    startedAt: parts.clock(),
  };
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: parts.callbackUrl,
    scope: parts.upstream.scope,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(flow.codeVerifier),
    code_challenge_method: 'S256',
    ...(reauthenticated && { prompt: 'login' }),
    ...(maxAge !== null && { max_age: String(maxAge) }),
    ...(ask.language && { ui_locales: ask.language }),
    ...(ask.loginHint && { login_hint: ask.loginHint }),
  });
  return { url: url.href, flow };
}

/** What the return of a person proves. Rejects with an UpstreamFault. */
export async function complete(
  parts: UpstreamParts,
  flow: UpstreamFlow,
  params: URLSearchParams,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const { upstream, clock } = parts;
  const reading = readCallback(params, flow);
  if (reading.says !== 'code') return refusal(reading.says, reading.reason);
  const metadata = await parts.discovery.reachable();
  // An announced iss that is missing is refused by openid-client before it sends the code (RFC 9207 §2.4).
  const callback = new URL(parts.callbackUrl);
  callback.search = new URLSearchParams({
    code: reading.code,
    state: flow.state,
    ...(reading.iss !== null && { iss: reading.iss }),
  }).toString();
  const { header, claims, userinfo } = await redeem(parts, metadata, flow, callback, signal);
  const now = clock();
  const failure = checkIdToken({
    header,
    claims,
    issuer: upstream.issuer,
    clientId: upstream.client_id,
    algorithms: metadata.algorithms,
    nonce: flow.nonce,
    now,
  });
  const subject = claims['sub'];
  if (failure !== null || typeof subject !== 'string') return refusal('refused', `the ID token is refused: ${failure}`);
  const authTime = upstreamAuthTime(claims['auth_time'], upstream.renkei.trust.auth_time, flow, now);
  if (isStale(flow, authTime)) return refusal('refused', 'the sign-in there is older than was asked', true);
  const { display_claim: displayClaim, company_claim: companyClaim } = upstream.renkei;
  const missing = [displayClaim, companyClaim].some((name) => name !== null && claims[name] === undefined);
  const profile = missing && metadata.userinfoEndpoint ? { ...(await userinfo(subject)), ...claims } : claims;
  const company = companyOf(companyClaim === null ? null : profile[companyClaim]);
  if (company === 'malformed') return refusal('refused', 'the company it names cannot be read');
  const display = displayOf(displayClaim === null ? null : profile[displayClaim], subject);
  const identity = { issuer: upstream.issuer, subject, display, company, authTime, at: now };
  return { ok: true, upstream: identity, sid: sidOf(claims['sid']) };
}
