// The lasting cookie of a browser in which a password was right: its owner's guesses there are counted apart from strangers'
// (spec §2). It proves nothing, and signs nobody in.
import type { Context } from 'koa';
import { cookieName, isValue } from './cookie.ts';
import type { Site } from './site.ts';

/** As long as browsers keep a cookie at all. */
const kept = 400 * 86_400_000;

/** The value that this browser brought; null when it is none that we could have made. */
export function lastingValue(ctx: Context, site: Pick<Site, 'https'>): string | null {
  const sent = ctx.cookies.get(cookieName(site, 'known'));
  return sent !== undefined && isValue(sent) ? sent : null;
}

export function keepLasting(ctx: Context, site: Site, value: string): void {
  ctx.cookies.set(cookieName(site, 'known'), value, {
    httpOnly: true,
    sameSite: 'lax',
    secure: site.https,
    path: '/',
    overwrite: true,
    maxAge: kept,
  });
}
