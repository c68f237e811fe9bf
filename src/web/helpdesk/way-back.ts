// The page of the desk that was asked for before the sign-in: kept in the address of the sign-in with a MAC under this browser's own
// value, so that nobody is led anywhere by an address that somebody else made.
import type { Context } from 'koa';
import { isOwnPath } from '../entry.ts';
import { isOfHelpdesk } from '../frame.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';

export const signInPath = '/helpdesk/sign-in';
const home = '/helpdesk';

/** Pages that are the way in themselves. */
const noPlace = /^\/helpdesk\/(?:sign-in|sign-out|enter)(?:\/|$)/;

/** What a filter of a list can be, as browsers write it. */
const isQuery = (query: string): boolean => /^[A-Za-z0-9_~.%+=&*-]{0,500}$/.test(query);

function isPlace(address: string): boolean {
  const [path = '', query = '', ...more] = address.split('?');
  return isOwnPath(path) && isOfHelpdesk(path) && !noPlace.test(path) && isQuery(query) && more.length === 0;
}

/** The address of the page that was asked for, its filters with it; a post's alone. */
export const askedFor = (ctx: Context): string => (ctx.method === 'POST' || !isPlace(ctx.url) ? ctx.path : ctx.url);

/** The address of the sign-in that leads to `address` afterwards. */
export function signInFor(ctx: Context, site: Site, address: string): string {
  if (address === home || !isPlace(address)) return signInPath;
  const place = Buffer.from(address, 'utf8').toString('base64url');
  return `${signInPath}?to=${place}.${macOf(ctx, site, place)}`;
}

/** Where a sign-in leads; the desk's first page when the address names no place of ours, or was made for another browser. */
export function backOf(ctx: Context, site: Site): string {
  const [place = '', mac = ''] = String(ctx.query['to'] ?? '').split('.');
  const path = Buffer.from(place, 'base64url').toString('utf8');
  return place !== '' && site.sameText(mac, macOf(ctx, site, place)) && isPlace(path) ? path : home;
}

const macOf = (ctx: Context, site: Site, place: string): string =>
  site.mark('return', `helpdesk ${askedOf(ctx).csrf} ${place}`);
