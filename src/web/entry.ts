// Our own pages as a client of our own provider: who is signed in here, or off to the ordinary sign-in and back to the page
// that was asked for. The way back is bound to this browser.
import Router from '@koa/router';
import type { Context } from 'koa';
import type { Frame } from '../../views/parts/frame.ts';
import type { Person } from '../flows/tools.ts';
import type { LoginRecord } from '../rules/login.ts';
import { frameOf } from './frame.ts';
import { refuse } from './refuse.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

export interface SignedIn {
  readonly person: Person;
  readonly login: LoginRecord;
  readonly sessionUid: string;
  readonly frame: Frame;
}

/**
 * Who is signed in, read anew for every request; null after the browser was sent to sign in (the answer is written then).
 * Only GETs come back to where they were: a post that lost its session is not repeated.
 */
export async function signedIn(ctx: Context, site: Site): Promise<SignedIn | null> {
  const session = await site.provider.session(ctx);
  const login = session && (await site.tools.logins.find(session.loginId));
  const person = session && (await site.tools.store.account.person(session.accountId));
  if (!session || !login || !person) {
    enter(ctx, site, ctx.method === 'GET' ? ctx.path : parentOf(ctx.path));
    return null;
  }
  const { now } = askedOf(ctx).act;
  const until = Math.min(now + site.tools.policy.session.consoleIdle, login.expiresAt);
  const frame = frameOf(ctx, site, { signedIn: { name: person.account.name, company: person.company.name, until } });
  return { person, login, sessionUid: session.sessionUid, frame };
}

const parentOf = (path: string): string => `/${path.split('/')[1] ?? ''}`;

/** Sends the browser to the ordinary sign-in, for the way back to `path`. */
export function enter(ctx: Context, site: Site, path: string, upstream?: string): void {
  const { csrf, act } = askedOf(ctx);
  ctx.status = 303;
  ctx.redirect(
    site.signInUrl({
      state: stateFor(site, csrf, path),
      language: act.language,
      ...(upstream === undefined ? {} : { upstream }),
    }),
  );
}

/** The page to return to, with a MAC under this browser's own value: no other browser can be sent there with it. */
function stateFor(site: Site, browserMark: string, path: string): string {
  const place = Buffer.from(path, 'utf8').toString('base64url');
  return `${place}.${site.mark('return', `${browserMark} ${place}`)}`;
}

/** Where the provider sends the browser after the sign-in to our own pages. */
export function returnRouter(site: Site): Router {
  const router = new Router();
  router.get('/signed-in', (ctx) => {
    const [place = '', mac = ''] = String(ctx.query['state'] ?? '').split('.');
    const path = Buffer.from(place, 'base64url').toString('utf8');
    if (!site.sameText(mac, site.mark('return', `${askedOf(ctx).csrf} ${place}`)) || !isOwnPath(path)) {
      return refuse(ctx, site, 'start-over', { screen: 'REF001' }, { action: '/' });
    }
    // Refused sign-ins were told on their own page; what is left is to begin again.
    if (ctx.query['error'] !== undefined) return refuse(ctx, site, 'start-over', { screen: 'REF001' }, { action: '/' });
    ctx.status = 303;
    ctx.redirect(path);
  });
  router.post('/', (ctx) => {
    ctx.status = 303;
    ctx.redirect('/');
  });
  return router;
}

/** One slash, then nothing that a browser could read as another host. */
export function isOwnPath(path: string): boolean {
  return /^\/(?:[A-Za-z0-9_~.-]+(?:\/[A-Za-z0-9_~.-]+)*)?$/.test(path) && !path.includes('..');
}
