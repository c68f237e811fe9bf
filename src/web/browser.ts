// The browser cookie: random, for this browser session only. Attempts and CSRF tokens are bound to it; it proves nothing.
import type { Context } from 'koa';
import { cookieName } from './cookie.ts';
import type { Site } from './site.ts';

/** The value of this browser's cookie, set now when there is none (or none that we could have made). */
export function browserValue(ctx: Context, site: Site): string {
  const name = cookieName(site, 'browser');
  const sent = ctx.cookies.get(name);
  if (sent !== undefined && /^[A-Za-z0-9_-]{43}$/.test(sent)) return sent;
  const fresh = site.newValue();
  // A post of another site comes without it (Lax): a new one would end every attempt that this browser has open.
  const foreign = ctx.method === 'POST' && ctx.get('sec-fetch-site') === 'cross-site';
  if (!foreign)
    ctx.cookies.set(name, fresh, { httpOnly: true, sameSite: 'lax', secure: site.https, path: '/', overwrite: true });
  return fresh;
}
