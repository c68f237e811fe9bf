// Process: the ceiling. The provider library alone with its in-memory adapter, ES256 and one trivial page to sign in; it
// asks for no password. Refresh tokens rotate as the gateway's do.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import { answer } from './answering.ts';

const { BENCH_PORT = '', BENCH_CLIENT = '' } = process.env;
const issuer = `http://127.0.0.1:${BENCH_PORT}`;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const hours = 3600;

/** The grant is there without asking, as it is at the gateway. */
async function grantWithoutAsking({ oidc }: KoaContextWithOIDC) {
  const { provider, client, session } = oidc;
  if (!client || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

const provider = new Provider(issuer, {
  clients: [JSON.parse(BENCH_CLIENT)],
  jwks: { keys: [{ ...key, kid: 'first', alg: 'ES256', use: 'sig' }] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  claims: { openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'], profile: ['name'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  scopes: ['openid'],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, introspection: { enabled: true } },
  findAccount: (_ctx, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, name: '山田 花子', email: 'hanako@example.jp', email_verified: true }),
  }),
  loadExistingGrant: grantWithoutAsking,
  interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  ttl: {
    AccessToken: 600,
    AuthorizationCode: 60,
    Grant: 10 * hours,
    IdToken: 600,
    Interaction: hours,
    RefreshToken: 10 * hours,
    Session: 10 * hours,
  },
});
const callback = provider.callback();

async function login(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const form = new URLSearchParams(await text(request));
    const accountId = form.get('login_id') ?? '';
    const amr = ['pwd'];
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId, acr: 'urn:renkei:acr:password', amr, remember: false } },
      { mergeWithLastSubmission: false },
    );
    return;
  }
  await provider.interactionDetails(request, response);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(
    '<!doctype html><title>Login</title><main data-screen="LOGIN"><form method="post"><input name="login_id"><button type="submit">Login</button></form></main>',
  );
}

const server = createServer((request, response) => {
  if (!request.url?.startsWith('/login/')) return void callback(request, response);
  void login(request, response).catch((error: unknown) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
server.listen(Number(BENCH_PORT), '127.0.0.1');
await once(server, 'listening');
answer(issuer);
