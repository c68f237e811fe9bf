// No form of another site, another browser or an old page acts here: the token is bound to the browser cookie, and the
// browser's own word about where a post comes from must agree with it.
import type { Context, Middleware } from 'koa';
import { readForm } from './form.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

/** A post that did not come from our own page in this browser: 403, nothing done. */
export class CrossSite extends Error {
  override readonly name = 'CrossSite';
  readonly status = 403;
}

/**
 * `paths` that machines post to have their own proof (logout tokens). `uploads` take files: who posts must be known before
 * they are read, so their handlers judge the token themselves.
 */
export function refuseCrossSite(site: Site, paths: ReadonlySet<string>, uploads: ReadonlySet<string>): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || paths.has(ctx.path)) return next();
    refuseOtherSites(ctx, site);
    if (!uploads.has(ctx.path)) refuseWrongToken(ctx, site, readForm(ctx).text('csrf'));
    return next();
  };
}

/** @throws CrossSite for another token than this browser's */
export function refuseWrongToken(ctx: Context, site: Site, token: string): void {
  if (!site.sameText(token, askedOf(ctx).csrf)) throw new CrossSite('token');
}

/** What the browser itself says of where a post comes from; programs say nothing. @throws CrossSite */
export function refuseOtherSites(ctx: Context, site: Site): void {
  const fetchSite = ctx.get('sec-fetch-site');
  const origin = ctx.get('origin');
  if (fetchSite !== '' && fetchSite !== 'same-origin' && fetchSite !== 'none') throw new CrossSite('sec-fetch-site');
  // With Referrer-Policy no-referrer, Chromium sends `null` on forms of our own.
  const ownOrigin = origin === '' || origin === site.origin || (origin === 'null' && fetchSite === 'same-origin');
  if (!ownOrigin) throw new CrossSite('origin');
}
