// Leaving an upstream, in both directions: the address of its own logout, and its logout tokens (back-channel).
// Whose sessions end is decided by flows; a token that fails any check ends nothing.
import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import type { Instant } from '../rules/sign-in-record.ts';
import { checkLogoutToken, replayableUntil, sidOf, type Claims } from '../rules/upstream.ts';
import { configure, type UpstreamParts } from './upstream-redeem.ts';
import { refusal, type UpstreamRefusal } from './upstream-sign-in.ts';

/** The address of the upstream's logout, or null when it has none. Rejects with an UpstreamFault. */
export async function endSession(
  parts: UpstreamParts,
  options: { readonly returnTo: string | null; readonly language: 'ja' | 'en' | null },
): Promise<string | null> {
  const metadata = await parts.discovery.current();
  if (!metadata.endSessionEndpoint) return null;
  return client.buildEndSessionUrl(configure(parts, metadata), {
    ...(options.returnTo && { post_logout_redirect_uri: options.returnTo }),
    ...(options.language && { ui_locales: options.language }),
  }).href;
}

export interface UpstreamLogout {
  readonly ok: true;
  readonly issuer: string;
  readonly subject: string | null;
  readonly sid: string | null;
}

const maxToken = 16_384;

function read(jwt: string): { readonly header: Claims; readonly claims: Claims } | null {
  try {
    return { header: { ...decodeProtectedHeader(jwt) }, claims: { ...decodeJwt(jwt) } };
  } catch {
    return null;
  }
}

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout §2.6). `partsOf` gives the enabled upstream of an issuer;
 * `once` keeps a key until a time and tells whether it was new. Rejects with an UpstreamFault, or as `once` does.
 */
export async function verifyLogout(
  jwt: string,
  partsOf: (issuer: unknown) => UpstreamParts | undefined,
  once: (key: string, expiresAt: Instant) => Promise<boolean>,
): Promise<UpstreamLogout | UpstreamRefusal> {
  const token = jwt.length <= maxToken ? read(jwt) : null;
  if (!token) return refusal('refused', 'it is no logout token');
  // The issuer only chooses whose keys to try; it is believed once they verified the signature.
  const parts = partsOf(token.claims['iss']);
  if (!parts) return refusal('refused', 'no enabled upstream has this issuer');
  const { upstream, clock } = parts;
  const { algorithms } = await parts.discovery.current();
  const now = clock();
  const assertion = { ...token, issuer: upstream.issuer, clientId: upstream.client_id, algorithms, now };
  // Judged before the signature as well: junk must not cost a verification or a reading of keys.
  const failure = checkLogoutToken(assertion);
  if (failure) return refusal('refused', `the logout token is refused: ${failure}`);
  await parts.keys.verify(jwt, algorithms, 'logout');
  const { sub, sid, jti } = token.claims;
  const name = createHash('sha256')
    .update(JSON.stringify([upstream.issuer, jti]))
    .digest('hex');
  const fresh = await once(`upstream-logout:${name}`, replayableUntil(now));
  if (!fresh) return refusal('refused', 'the logout token was used before');
  return { ok: true, issuer: upstream.issuer, subject: typeof sub === 'string' ? sub : null, sid: sidOf(sid) };
}
