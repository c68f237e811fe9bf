// Cookie names and the device cookies: one per link, at most five per browser (spec §6, §12).
import type { Context } from 'koa';
import type { DeviceCookie } from '../flows/sign-in/finish-device.ts';
import type { Site } from './site.ts';

/** `renkei_…`; with an https issuer `__Host-renkei_…`: Secure, path `/`, this host alone. */
export function cookieName(site: Pick<Site, 'https'>, name: string): string {
  return `${site.https ? '__Host-' : ''}renkei_${name}`;
}

/** Eight hex digits of an HMAC over the link's id: the name tells nobody which link it is. */
function deviceCookieName(site: Site, linkId: string): string {
  return cookieName(site, `device_${site.mark('device-cookie', linkId).slice(0, 8)}`);
}

/** A value that we could have made: 256 random bits. */
export const isValue = (value: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(value);

/** Every device value that this browser presents, whichever link it belongs to; more than it may hold are not looked at. */
export function deviceValues(ctx: Context, site: Site, perBrowser: number): readonly string[] {
  const prefix = cookieName(site, 'device_');
  return [...ctx.get('cookie').matchAll(/(?:^|;\s*)([^=;\s]+)=([^;]*)/g)]
    .flatMap(([, name = '', value = '']) => (name.startsWith(prefix) && isValue(value) ? [value] : []))
    .slice(0, perBrowser);
}

export function readDeviceCookie(ctx: Context, site: Site, linkId: string): string | null {
  const value = ctx.cookies.get(deviceCookieName(site, linkId));
  return value !== undefined && isValue(value) ? value : null;
}

/** Sets a device's value; a sixth link of this browser drops the cookie that the browser sends last. */
export function setDeviceCookie(ctx: Context, site: Site, cookie: DeviceCookie, now: number, perBrowser: number): void {
  const options = { httpOnly: true, sameSite: 'lax', secure: site.https, path: '/', overwrite: true } as const;
  const name = deviceCookieName(site, cookie.linkId);
  const prefix = cookieName(site, 'device_');
  const others = [...ctx.get('cookie').matchAll(/(?:^|;\s*)([^=;\s]+)=/g)].flatMap((match) =>
    match[1] !== undefined && match[1].startsWith(prefix) && match[1] !== name ? [match[1]] : [],
  );
  for (const surplus of others.slice(0, Math.max(0, others.length - (perBrowser - 1))))
    ctx.cookies.set(surplus, null, options);
  ctx.cookies.set(name, cookie.value, { ...options, maxAge: Math.max(0, cookie.expiresAt - now) });
}
