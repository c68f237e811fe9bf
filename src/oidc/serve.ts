// Lets the provider answer a request of the outer application in a koa context of its own, so that nothing outside
// changes what it believes about address and cookies; and puts our logout in place of the library's.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { readForm } from './form.ts';
import type { logoutPages } from './logout.ts';
import type { OidcOptions } from './options.ts';
import { SessionMoved } from './session-records.ts';

/** The part of the outer koa context that is used. */
export interface OuterContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  readonly state: object;
  respond?: boolean | undefined;
  type: string;
  body: unknown;
}

/** Seconds after which a store that does not answer may be asked again. */
const retryAfter = '5';

/** Routes that programs call: an error is JSON (RFC 6749 §5.2), whatever the caller accepts. */
const programs = new Set(['pushed_authorization_request', 'token', 'introspection', 'revocation', 'userinfo']);

/** Documents that are the same for everybody until the keys change. */
const documents = new Set(['discovery', 'jwks']);

interface Document {
  readonly type: string;
  readonly bytes: Buffer;
}

/** More than any request says that fits into an address, in bytes. */
const longestRequest = 8_192;

/**
 * Both endpoints of people take POST as well (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2). A post of another site
 * comes without our Lax cookies, so it goes on as GET, which has them: the live session counts, whoever asks.
 */
async function goOnAsGet(ctx: KoaContextWithOIDC): Promise<void> {
  const request = await readForm(ctx, longestRequest);
  ctx.set('cache-control', 'no-store');
  ctx.body = null;
  ctx.status = 303;
  ctx.redirect(`${ctx.path}?${request.toString()}`);
}

/** By then the browser has the cookie of its new session: none of this answer's may take its place. */
function askAgain(ctx: KoaContextWithOIDC): void {
  ctx.remove('set-cookie');
  ctx.set('cache-control', 'no-store');
  ctx.body = null;
  ctx.status = 303;
  ctx.redirect(ctx.url);
}

/** Every address the provider states is the issuer's, whatever Host or X-Forwarded-* a request carries. */
export function fixAddress(provider: Provider, issuer: URL): void {
  Object.defineProperties(provider.request, {
    host: { get: () => issuer.host },
    hostname: { get: () => issuer.hostname },
    protocol: { get: () => issuer.protocol.slice(0, -1) },
  });
}

/** Another person signed in here while the answer of a finished sign-in was on its way. */
function isAnothers({ oidc }: KoaContextWithOIDC): boolean {
  const present = oidc.session?.accountId;
  const finished = oidc.entities.Interaction?.result?.login?.accountId;
  return present !== undefined && finished !== undefined && present !== finished;
}

export function serve(
  provider: Provider,
  logout: ReturnType<typeof logoutPages>,
  options: Pick<OidcOptions, 'pages' | 'report' | 'settle'>,
): (outer: OuterContext) => Promise<void> {
  const states = new WeakMap<IncomingMessage, object>();
  const prepared = new Map<string, Document>();
  const confirmPath = provider.pathFor('end_session_confirm');
  const peoplesPaths = new Set([provider.pathFor('authorization'), provider.pathFor('end_session')]);

  const failed = async (ctx: KoaContextWithOIDC, error: Error): Promise<void> => {
    // Nothing of what was about to be answered: it may rest on a record that is not there.
    for (const name of ['location', 'set-cookie']) ctx.remove(name);
    const status: unknown = Reflect.get(error, 'statusCode');
    ctx.status = typeof status === 'number' ? status : 500;
    if (ctx.status >= 500) options.report({ kind: 'unexpected', error });
    const description: unknown = Reflect.get(error, 'error_description');
    const word = ctx.status >= 500 ? 'server_error' : error.message;
    if (programs.has(ctx.oidc?.route ?? '')) {
      ctx.body = { error: word, error_description: description };
      return;
    }
    await options.pages.error(
      ctx,
      { error: word, description: typeof description === 'string' ? description : null, portal: null },
      error,
    );
  };

  // Put before the library's own routes by its `use`.
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    Object.assign(ctx.state, states.get(ctx.req));
    try {
      if (ctx.method === 'POST' && peoplesPaths.has(ctx.path)) {
        await goOnAsGet(ctx);
      } else if (ctx.method === 'POST' && ctx.path === confirmPath) {
        ctx.set('cache-control', 'no-store');
        await logout.confirm(ctx, provider);
      } else {
        await next();
        if (ctx.oidc?.route === 'end_session' && ctx.status === 200 && !ctx.oidc.session?.accountId) logout.nobody(ctx);
        if (ctx.oidc?.route === 'resume' && isAnothers(ctx)) await logout.makeRoom(ctx);
      }
      await options.settle();
    } catch (error) {
      if (error instanceof SessionMoved) askAgain(ctx);
      else await failed(ctx, error instanceof Error ? error : new Error(String(error)));
    }
    if (ctx.status === 503) ctx.set('retry-after', retryAfter);
    if (ctx.method === 'GET' && ctx.status === 200 && documents.has(ctx.oidc?.route ?? ''))
      prepared.set(ctx.path, { type: ctx.response.get('content-type'), bytes: Buffer.from(JSON.stringify(ctx.body)) });
    // The library lets every site's scripts read discovery and errors; no portal of ours lives in a page.
    for (const name of Object.keys(ctx.response.headers)) if (name.startsWith('access-control-')) ctx.remove(name);
  });

  const answer = provider.callback();
  return async (outer) => {
    const document = outer.req.method === 'GET' ? prepared.get(outer.path) : undefined;
    if (document) {
      outer.type = document.type;
      outer.body = document.bytes;
      return;
    }
    outer.respond = false;
    // A target with an address of its own would be taken for ours.
    const { url = '/' } = outer.req;
    if (!url.startsWith('/')) outer.req.url = outer.path + (URL.parse(url)?.search ?? '');
    states.set(outer.req, outer.state);
    await answer(outer.req, outer.res);
  };
}
