// A Business Direct provider of these tests: signs in at once whom the browser's cookie names, so that hundreds of people may
// come and each is somebody else.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const bankCookie = 'bank_person';

export interface Bank {
  readonly issuer: string;
  /** Its entry of upstreams.yaml. */
  readonly entry: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** @param clock what it calls now, in milliseconds: the clock of the demo */
export async function openBank(clock: () => number): Promise<Bank> {
  const secret = randomUUID();
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bank', alg: 'ES256', use: 'sig' };
  const codes = new Map<string, { readonly nonce: string; readonly subject: string }>();

  async function tokens(request: IncomingMessage): Promise<unknown> {
    const known = codes.get(new URLSearchParams(await text(request)).get('code') ?? '');
    const subject = known?.subject ?? '';
    const at = Math.floor(clock() / 1000);
    const claims = { nonce: known?.nonce ?? '', business_direct_id: subject, auth_time: at };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'bank' })
      .setIssuer(issuer)
      .setAudience('renkei')
      .setSubject(subject)
      .setIssuedAt(at)
      .setExpirationTime(at + 600)
      .sign(privateKey);
    return { access_token: 'one', token_type: 'Bearer', id_token: token };
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const json = (body: unknown): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/authorize') {
      const subject = new RegExp(`\\b${bankCookie}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1] ?? 'nobody';
      const code = randomUUID();
      codes.set(code, { nonce: url.searchParams.get('nonce') ?? '', subject });
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.search = String(new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', iss: issuer }));
      response.writeHead(303, { location: back.href }).end();
    } else if (url.pathname === '/token') {
      void tokens(request).then(json, () => response.destroy());
    } else if (url.pathname === '/jwks') json({ keys: [jwk] });
    else
      json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['ES256'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
      });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const issuer = `http://localhost:${typeof bound === 'object' && bound ? bound.port : 0}`;
  return {
    issuer,
    entry: {
      issuer,
      client_id: 'renkei',
      client_secret: secret,
      renkei: { display_claim: 'business_direct_id', trust: { auth_time: true } },
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
