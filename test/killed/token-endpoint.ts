// What the portal of these tests sends to the gateway as a client, to whichever gateway is named.
import { createHash } from 'node:crypto';
import { newId, type Scene } from './scene.ts';

/** One verifier for all: nobody here steals codes. */
const verifier = 'v'.repeat(43);
const challenge = createHash('sha256').update(verifier).digest('base64url');

export interface Answered {
  readonly status: number;
  readonly error: string | null;
  readonly refreshToken: string;
  readonly accessToken: string;
}

/** The address that begins a sign-in at the portal. */
export function authorizeUrl({ demo, portal }: Scene): string {
  const address = new URL(`${demo.gateway}/oidc/authorize`);
  address.search = new URLSearchParams({
    client_id: portal.clientId,
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: `${portal.url}/callback`,
    state: newId(),
    nonce: newId(),
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }).toString();
  return address.href;
}

export const redeem = (scene: Scene, at: string, code: string): Promise<Answered> =>
  token(scene, at, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: `${scene.portal.url}/callback`,
    code_verifier: verifier,
  });

export const refresh = (scene: Scene, at: string, refreshToken: string): Promise<Answered> =>
  token(scene, at, { grant_type: 'refresh_token', refresh_token: refreshToken });

async function token({ portal }: Scene, at: string, form: Readonly<Record<string, string>>): Promise<Answered> {
  const basic = Buffer.from(`${portal.clientId}:${String(portal.entry()['client_secret'])}`).toString('base64');
  const response = await fetch(`${at}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, connection: 'close' },
    body: new URLSearchParams({ ...form }),
  });
  const text = await response.text();
  if (!text.startsWith('{')) throw new Error(`the token endpoint answered ${response.status}: ${text.slice(0, 2_000)}`);
  const body: Readonly<Record<string, string>> = JSON.parse(text);
  return {
    status: response.status,
    error: body['error'] ?? null,
    refreshToken: body['refresh_token'] ?? '',
    accessToken: body['access_token'] ?? '',
  };
}
