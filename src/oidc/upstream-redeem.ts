// The exchange of a code with openid-client: how the library sees an upstream, and what it made of the code.
// Signature, nonce, issuer and times are checked in here; what it leaves unchecked is judged by rules/upstream.ts.
import { createHash } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Claims, UpstreamConfig, UpstreamFlow } from '../rules/upstream.ts';
import type { Discovery, UpstreamMetadata } from './upstream-discovery.ts';
import { UpstreamFault, type Reach } from './upstream-fetch.ts';
import type { UpstreamKeys } from './upstream-keys.ts';

export interface UpstreamParts {
  readonly upstream: UpstreamConfig;
  readonly discovery: Discovery;
  readonly keys: UpstreamKeys;
  readonly reach: Reach;
  readonly callbackUrl: string;
  readonly clock: () => Instant;
}

/** openid-client's view of an upstream. Its own reading of the clock is moved to ours. */
export function configure({ upstream, clock }: UpstreamParts, metadata: UpstreamMetadata): client.Configuration {
  const secret = upstream.client_secret;
  const configuration = new client.Configuration(
    {
      issuer: upstream.issuer,
      authorization_endpoint: metadata.authorizationEndpoint,
      token_endpoint: metadata.tokenEndpoint,
      jwks_uri: metadata.jwksUri,
      authorization_response_iss_parameter_supported: metadata.issAnnounced,
      id_token_signing_alg_values_supported: [...metadata.algorithms],
      ...(metadata.userinfoEndpoint && { userinfo_endpoint: metadata.userinfoEndpoint }),
      ...(metadata.endSessionEndpoint && { end_session_endpoint: metadata.endSessionEndpoint }),
    },
    upstream.client_id,
    { [client.clockSkew]: Math.round((clock() - Date.now()) / 1000) },
    upstream.token_endpoint_auth_method === 'client_secret_post'
      ? client.ClientSecretPost(secret)
      : client.ClientSecretBasic(secret),
  );
  // Which addresses may be plain http is decided by mayReach, on every address and every request.
  client.allowInsecureRequests(configuration);
  client.enableNonRepudiationChecks(configuration);
  return configuration;
}

interface Redeemed {
  readonly header: Claims;
  readonly claims: Claims;
  /** Only of this very subject. */
  readonly userinfo: (subject: string) => Promise<Claims>;
}

/**
 * Redeems the code. Keys are handed to openid-client as the set that has just verified this very token: left to itself
 * it does not read them again within a minute, and a provider may change them just before it signs.
 */
export async function redeem(
  parts: UpstreamParts,
  metadata: UpstreamMetadata,
  flow: UpstreamFlow,
  callback: URL,
  signal: AbortSignal,
): Promise<Redeemed> {
  const configuration = configure(parts, metadata);
  let idToken = '';
  configuration[client.customFetch] = async (url, { method, headers, body }) => {
    if (url === metadata.jwksUri) {
      await parts.keys.verify(idToken, metadata.algorithms, 'sign-in');
      return Response.json(parts.keys.held());
    }
    const form = body instanceof URLSearchParams ? body.toString() : null;
    const answer = await parts.reach({ url, method, headers, body: form, about: 'answer', signal });
    if (url === metadata.tokenEndpoint) idToken = idTokenIn(answer.text);
    return new Response(answer.text, { status: answer.status, headers: { 'content-type': 'application/json' } });
  };
  const checks = {
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    pkceCodeVerifier: flow.codeVerifier,
    idTokenExpected: true,
  };
  const tokens = await understood(client.authorizationCodeGrant(configuration, callback, checks));
  if (tokens.token_type !== 'bearer') throw new UpstreamFault('refused', 'its access token is of another type');
  const header = { ...decodeProtectedHeader(idToken) };
  const claims = { ...tokens.claims() };
  const beside = { at_hash: tokens.access_token, c_hash: callback.searchParams.get('code') ?? '' };
  for (const [name, value] of Object.entries(beside)) {
    if (claims[name] !== undefined && claims[name] !== halfHash(value, header.alg))
      throw new UpstreamFault('refused', 'its ID token belongs to another code or access token');
  }
  return {
    header,
    claims,
    userinfo: async (subject) => ({
      ...(await understood(client.fetchUserInfo(configuration, tokens.access_token, subject))),
    }),
  };
}

/** OpenID Connect Core §3.1.3.6: the left half of the hash that the token's algorithm uses. */
function halfHash(value: string, algorithm: string | undefined): string {
  const hash = createHash(algorithm?.startsWith('Ed') === true ? 'sha512' : 'sha256')
    .update(value)
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}

function idTokenIn(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('id_token' in answer)) return '';
    return typeof answer.id_token === 'string' ? answer.id_token : '';
  } catch {
    return '';
  }
}

/** Every rejection of openid-client is about the upstream's answer. */
async function understood<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw faultOf(error);
  }
}

/** The fault within an error of openid-client, which wraps what its fetch throws; what it found wrong itself is refused. */
function faultOf(error: unknown): UpstreamFault {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof UpstreamFault) return cause;
  if (error instanceof client.ResponseBodyError) {
    const code = /^[a-z_]{1,64}$/.test(error.error) ? error.error : 'an unreadable code';
    return new UpstreamFault('refused', `it refused the code or the token with ${code}`);
  }
  // The library's own sentences are constant; what it read stands in their causes and is left there.
  if (error instanceof client.ClientError) {
    const sentence = error.code && error.cause instanceof Error ? error.cause.message : error.message;
    return new UpstreamFault('refused', sentence.slice(0, 200));
  }
  return new UpstreamFault('refused', 'its answer cannot be processed');
}
