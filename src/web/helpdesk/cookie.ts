// The operators' cookie: for this browser session only, of this host alone. Its value names an attempt or a session, by its hash;
// a new one at every step up. No page of the customers reads it, and no operators' page reads theirs.
import type { Context } from 'koa';
import type { Bringing } from '../../flows/operator/look.ts';
import { cookieName, isValue } from '../cookie.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';

/** What this browser brings. */
export function bringing(ctx: Context, site: Site): Bringing {
  const sent = ctx.cookies.get(cookieName(site, 'operator'));
  return { value: sent !== undefined && isValue(sent) ? sent : null, browser: askedOf(ctx).browser };
}

/** @param value null: the browser forgets it */
export function setOperatorCookie(ctx: Context, site: Site, value: string | null): void {
  ctx.cookies.set(cookieName(site, 'operator'), value, {
    httpOnly: true,
    // Links in mails lead to the desk; what changes anything is a post, and has a token of its own.
    sameSite: 'lax',
    secure: site.https,
    path: '/',
    overwrite: true,
  });
}
