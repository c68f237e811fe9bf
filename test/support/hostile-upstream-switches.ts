// The switches of the hostile upstream: every way in which a provider, or somebody who stands in for it, can do wrong.
import type { ServerResponse } from 'node:http';

export type Claims = Record<string, unknown>;

/** Wrong ID tokens whose signature is good. */
export const claimSwitches: Readonly<Record<string, (claims: Claims, now: number) => Claims>> = {
  'iss-of-another': (claims) => ({ ...claims, iss: 'https://other.example' }),
  'aud-of-another': (claims) => ({ ...claims, aud: 'another-client' }),
  'aud-list-without-azp': (claims) => ({ ...claims, aud: [claims['aud'], 'another-client'] }),
  'azp-of-another': (claims) => ({ ...claims, azp: 'another-client' }),
  'aud-list-azp-of-another': (claims) => ({ ...claims, aud: [claims['aud'], 'another-client'], azp: 'another-client' }),
  'nonce-missing': ({ nonce: _nonce, ...claims }) => claims,
  'nonce-of-another': (claims) => ({ ...claims, nonce: 'another-nonce' }),
  'nonce-empty': (claims) => ({ ...claims, nonce: '' }),
  'sub-missing': ({ sub: _sub, ...claims }) => claims,
  'sub-null': (claims) => ({ ...claims, sub: null }),
  'sub-empty': (claims) => ({ ...claims, sub: '' }),
  'sub-number': (claims) => ({ ...claims, sub: 42 }),
  'sub-list': (claims) => ({ ...claims, sub: ['bd-0001'] }),
  'sub-control': (claims) => ({ ...claims, sub: 'bd-0001\u0000' }),
  'sub-newline': (claims) => ({ ...claims, sub: 'bd-0001\n' }),
  'sub-full-width': (claims) => ({ ...claims, sub: 'ｂｄ０００１' }),
  'sub-blank': (claims) => ({ ...claims, sub: ' ' }),
  'sub-over-long': (claims) => ({ ...claims, sub: 'x'.repeat(256) }),
  'exp-missing': ({ exp: _exp, ...claims }) => claims,
  'exp-past': (claims, now) => ({ ...claims, exp: now - 3600 }),
  'exp-text': (claims) => ({ ...claims, exp: 'tomorrow' }),
  'iat-missing': ({ iat: _iat, ...claims }) => claims,
  'iat-future': (claims, now) => ({ ...claims, iat: now + 3600 }),
  'iat-old': (claims, now) => ({ ...claims, iat: now - 3600 }),
  'nbf-future': (claims, now) => ({ ...claims, nbf: now + 3600 }),
  'events-inside': (claims) => ({ ...claims, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
};

/** Wrong signatures, headers, answers and documents. */
export const otherSwitches = [
  'unsigned',
  'hs256-with-public-key',
  'unknown-key',
  'forged-under-known-kid',
  'signature-cut',
  'logout-token-as-id-token',
  'critical-header',
  'replayed',
  'id-token-missing',
  'id-token-odd',
  'token-type-odd',
  'userinfo-of-another',
  'ten-thousand-keys',
  'keys-rotated-before-signing',
  'same-kid-rotated-before-signing',
  'discovery-of-another-issuer',
  'discovery-names-metadata-service',
  'discovery-without-pkce',
  'discovery-only-hs256',
  'iss-parameter-wrong',
  'iss-parameter-missing',
] as const;
export const claimSwitchNames = Object.keys(claimSwitches);
export type Switch = (typeof otherSwitches)[number] | (string & {});

/** Ways to fail below the protocol, at one of the addresses. */
export const breakages = [
  'html-200',
  'html-400',
  'html-500',
  '503',
  'redirect',
  'huge',
  'not-json',
  'slow',
  'hanging',
  'reset',
] as const;
export interface Breakage {
  readonly at: 'discovery' | 'jwks' | 'token' | 'userinfo';
  readonly how: (typeof breakages)[number];
}

export const addresses: Readonly<Record<string, Breakage['at']>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/token': 'token',
  '/userinfo': 'userinfo',
};

export function fail(how: Breakage['how'], response: ServerResponse): void {
  const html = '<html><script>alert("secret text of the provider")</script></html>';
  if (how === 'html-200' || how === 'html-400' || how === 'html-500') {
    response.writeHead(Number(how.slice(5)), { 'content-type': 'text/html' }).end(html);
  } else if (how === '503') response.writeHead(503).end();
  else if (how === 'redirect') response.writeHead(302, { location: '/elsewhere' }).end();
  else if (how === 'reset') response.destroy();
  else if (how !== 'hanging') {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (how === 'not-json') response.end('{"access_token": ');
    else if (how === 'huge') response.end(`{"filler": "${'x'.repeat(1_000_000)}"}`);
    else {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    }
  }
}
