// The activation service of token apps, as JSON for programs (docs/activation-api.md): no cookie, no form, no page of another
// site. Ours or anybody's app fetches a secret here, and measures its telephone's clock.
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { fetchToken } from '../flows/token/fetch.ts';
import { readFetch, type FetchField } from '../rules/activation.ts';
import { CrossSite, refuseOtherSites } from './csrf.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

export const activationPath = '/token-app/api/activate';

/** Four short fields: more is not read. */
const bodyLimit = 4_096;

const statuses = {
  'malformed': 400,
  'cross-site': 403,
  'activate.mismatch': 403,
  'not-found': 404,
  'method': 405,
  'too-large': 413,
  'content-type': 415,
  'form': 422,
  'too-many': 429,
  'unexpected': 500,
  'unavailable': 503,
} as const;

type Trouble = keyof typeof statuses;

export function tokenAppApi(site: Site): Router {
  const router = new Router({ prefix: '/token-app/api' });
  router.use(toJson(site));
  router.get('/time', (ctx) => {
    // What codes are judged by. The demo's runs ahead of what a telephone can be measured by.
    const ahead = site.demoOffset?.();
    ctx.body = { now: askedOf(ctx).act.now, ...(ahead === undefined ? {} : { demo_offset_seconds: ahead }) };
  });
  router.post('/activate', async (ctx) => {
    refuseOtherSites(ctx, site);
    if (!/^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i.test(ctx.get('content-type')))
      return trouble(ctx, site, 'content-type');
    const body = await bodyOf(ctx);
    if (body === null) return trouble(ctx, site, 'too-large');
    const typed = typedOf(body);
    if (!typed) return trouble(ctx, site, 'malformed');
    const read = readFetch(typed);
    if (!read.ok) return trouble(ctx, site, 'form', { fields: read.fields });
    const { act } = askedOf(ctx);
    const fetched = await fetchToken(site.tools, act, site.serviceId, read.request);
    if (fetched.verdict === 'refused') return trouble(ctx, site, 'activate.mismatch');
    if (fetched.verdict === 'too-many') {
      ctx.set('Retry-After', String(Math.max(1, Math.ceil((fetched.until - act.now) / 1000))));
      return trouble(ctx, site, 'too-many');
    }
    ctx.body = {
      secret: fetched.secret,
      algorithm: fetched.algorithm,
      digits: fetched.digits,
      period: fetched.period,
      service_id: site.serviceId,
      user_id: fetched.userId,
      service: site.brand.web,
      expires_at: fetched.expiresAt,
      fetch_again_until: fetched.againUntil,
    };
  });
  router.all('/*rest', (ctx) => {
    const known = ctx.path === activationPath ? 'POST' : ctx.path === '/token-app/api/time' ? 'GET, HEAD' : null;
    if (known !== null) ctx.set('Allow', known);
    trouble(ctx, site, known === null ? 'not-found' : 'method');
  });
  return router;
}

function trouble(
  ctx: Context,
  site: Site,
  error: Trouble,
  more: { readonly fields?: readonly FetchField[] } = {},
): void {
  const { reference } = askedOf(ctx).act;
  ctx.status = statuses[error];
  ctx.body = { error, ...more, reference };
  site.log('refused', { word: error, screen: 'APP002', reference, path: ctx.path });
}

/** Programs get no page, whatever went wrong; nothing of a request stands in the log. */
function toJson(site: Site): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (error instanceof CrossSite) return trouble(ctx, site, 'cross-site');
      const away = site.isUnavailable(error) || site.isOverloaded(error);
      if (away) ctx.set('Retry-After', '10');
      site.log(away ? 'unavailable' : 'unexpected', {
        reference: askedOf(ctx).act.reference,
        path: ctx.path,
        error: error instanceof Error ? `${error.name}: ${away ? error.message : (error.stack ?? '')}` : 'unknown',
      });
      return trouble(ctx, site, away ? 'unavailable' : 'unexpected');
    }
    return undefined;
  };
}

/** The body as text; null when it is too large, in which case the connection ends with the answer. */
async function bodyOf(ctx: Context): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of ctx.req) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > bodyLimit) {
      ctx.set('Connection', 'close');
      return null;
    }
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The four fields, '' for what is missing; null when it is not an object, or a field is no text. */
function typedOf(body: string): Record<FetchField, string> | null {
  const parsed = parse(body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const text = (name: FetchField): string | null => {
    const value = fields.get(name) ?? '';
    return typeof value === 'string' ? value : null;
  };
  const [service_id, user_id, activation_password, nonce] = [
    text('service_id'),
    text('user_id'),
    text('activation_password'),
    text('nonce'),
  ];
  if (service_id === null || user_id === null || activation_password === null || nonce === null) return null;
  return { service_id, user_id, activation_password, nonce };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
