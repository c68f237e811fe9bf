// The switches of the hostile upstream: every way in which a provider, or somebody who stands in for it, can do wrong.
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export type Claims = Record<string, unknown>;

/** Wrong ID tokens whose signature is good. */
export const claimSwitches: Readonly<Record<string, (claims: Claims, now: number) => Claims>> = {
  'iss-of-another': (claims) => ({ ...claims, iss: 'https://other.example' }),
  'aud-of-another': (claims) => ({ ...claims, aud: 'another-client' }),
  'aud-list-without-azp': (claims) => ({ ...claims, aud: [claims['aud'], 'another-client'] }),
  'aud-ten-thousand': (claims) => ({
    ...claims,
    aud: [claims['aud'], ...Array.from({ length: 9_999 }, (_each, index) => `client-${index}`)],
    azp: claims['aud'],
  }),
  'aud-list-empty': (claims) => ({ ...claims, aud: [] }),
  'aud-object': (claims) => ({ ...claims, aud: { 0: claims['aud'], length: 1 } }),
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

/** Wrong answers and documents; wrong signatures, headers and bytes are hostile-upstream-tokens.ts. */
export const answerSwitches = [
  'replayed',
  'id-token-missing',
  'id-token-odd',
  'id-token-over-long',
  'token-type-odd',
  'access-token-missing',
  'token-answer-list',
  'token-answer-proto',
  'token-error-html',
  'userinfo-of-another',
  'ten-thousand-keys',
  'keys-without-kty',
  'keys-symmetric',
  'keys-rotated-before-signing',
  'same-kid-rotated-before-signing',
  'discovery-of-another-issuer',
  'discovery-names-metadata-service',
  'discovery-without-pkce',
  'discovery-only-hs256',
  'discovery-list',
  'discovery-proto',
  'iss-parameter-wrong',
  'iss-parameter-missing',
] as const;
/** What the browser brings back, as a provider or somebody on the way may spoil it; `iss-parameter-…` are above. */
export const callbackSwitches: Readonly<Record<string, (good: URLSearchParams) => void>> = {
  'callback-without-code': (good) => good.delete('code'),
  'callback-code-empty': (good) => good.set('code', ''),
  'callback-code-twice': (good) => good.append('code', 'another'),
  'callback-state-twice': (good) => good.append('state', good.get('state') ?? ''),
  'callback-iss-twice': (good) => good.append('iss', 'https://other.example'),
  'callback-code-of-nobody': (good) => good.set('code', 'of-nobody'),
  'callback-code-control': (good) => good.set('code', 'a\r\nb'),
  'callback-code-5-kB': (good) => good.set('code', 'x'.repeat(5_000)),
  'callback-code-10-kB': (good) => good.set('code', 'x'.repeat(10_000)),
  'callback-id-token-in-query': (good) => good.set('id_token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJiZC0wMDAxIn0.'),
  'callback-access-token-in-query': (good) => good.set('access_token', 'an-access-token'),
  'callback-jarm': (good) => good.set('response', 'eyJhbGciOiJub25lIn0.e30.'),
  'callback-error-and-code': (good) => good.set('error', 'invalid_scope'),
  'callback-error-html': (good) => {
    good.delete('code');
    good.set('error', hostileHtml);
    good.set('error_description', hostileHtml);
    good.set('error_uri', 'javascript:alert(1)');
  },
  'callback-error-over-long': (good) => {
    good.delete('code');
    good.set('error', 'x'.repeat(3_000));
    good.set('error_description', hostileHtml.repeat(40));
  },
  'callback-error-login-required': (good) => {
    good.delete('code');
    good.set('error', 'login_required');
    good.set('error_description', hostileHtml);
  },
  'callback-error-server': (good) => {
    good.delete('code');
    good.set('error', 'server_error');
    good.set('error_description', hostileHtml);
  },
  'callback-error-access-denied': (good) => {
    good.delete('code');
    good.set('error', 'access_denied');
    good.set('error_description', hostileHtml);
  },
};
/** Nothing can be found by these: they are answered as if nobody had begun. */
export const lostCallbacks: Readonly<Record<string, (good: URLSearchParams) => void>> = {
  'callback-state-missing': (good) => good.delete('state'),
  'callback-state-of-another': (good) => good.set('state', 'x'.repeat(43)),
  'callback-state-over-long': (good) => good.set('state', 'x'.repeat(300)),
  'callback-state-10-kB': (good) => good.set('state', 'x'.repeat(10_000)),
};

export const claimSwitchNames = Object.keys(claimSwitches);
export type Switch = (typeof answerSwitches)[number] | (string & {});

/** Ways to fail below the protocol, at one of the addresses. */
export const breakages = [
  'html-200',
  'html-400',
  'html-500',
  '503',
  '429',
  'redirect',
  'huge',
  'gzip-bomb',
  'headers-huge',
  'not-json',
  'empty',
  'cut-off',
  'slow',
  'hanging',
  'reset',
] as const;
export interface Breakage {
  readonly at: 'discovery' | 'jwks' | 'token' | 'userinfo';
  readonly how: (typeof breakages)[number];
}
/** Those that are an answer of sorts: where it is about a person it is refused, and says nothing about others. */
export const isAnswer = (how: Breakage['how']): boolean =>
  ['html-200', 'html-400', 'redirect', 'huge', 'gzip-bomb', 'not-json', 'empty'].includes(how);

export const addresses: Readonly<Record<string, Breakage['at']>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/token': 'token',
  '/userinfo': 'userinfo',
};

export const hostileHtml = '<script>alert("secret text of the provider")</script>';
const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));

export function fail(how: Breakage['how'], response: ServerResponse): void {
  const json = { 'content-type': 'application/json' };
  if (how === 'html-200' || how === 'html-400' || how === 'html-500') {
    const page = `<html><body>${hostileHtml}</body></html>`;
    response.writeHead(Number(how.slice(5)), { 'content-type': 'text/html' }).end(page);
  } else if (how === '503') response.writeHead(503).end();
  else if (how === '429') response.writeHead(429, { 'retry-after': '86400' }).end();
  else if (how === 'redirect') response.writeHead(302, { location: '/elsewhere' }).end();
  else if (how === 'reset') response.destroy();
  else if (how === 'gzip-bomb') response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb);
  else if (how === 'headers-huge') response.writeHead(200, { ...json, 'x-filler': 'x'.repeat(1_000_000) }).end('{}');
  else if (how === 'cut-off') {
    response.writeHead(200, { ...json, 'content-length': '1000' });
    response.write('{"access_token": ', () => response.destroy());
  } else if (how !== 'hanging') {
    response.writeHead(200, json);
    if (how === 'not-json') response.end('{"access_token": ');
    else if (how === 'empty') response.end();
    else if (how === 'huge') pour(response);
    else {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    }
  }
}

/** As much as anybody takes. */
function pour(response: ServerResponse): void {
  const filler = ' '.repeat(65_536);
  const more = (): void => {
    while (!response.destroyed && response.write(filler));
  };
  response.on('drain', more);
  more();
}
