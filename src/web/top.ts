// TOP001: where a person lands whom no portal sent – the previous login, what needs attention, the portals, the menus.
import Router from '@koa/router';
import type { Banner } from '../../views/messages/banners.ts';
import { render } from '../../views/layout.tsx';
import { TopPage, type TopPortal } from '../../views/top/top.tsx';
import type { LoginRow, Person } from '../flows/tools.ts';
import { mayRead } from '../flows/records.ts';
import { ownToken } from '../flows/self-service/own-token.ts';
import { whomToAsk } from '../rules/ask.ts';
import { lockState } from '../rules/lock.ts';
import { earlierExpiry, expirySoon } from '../rules/password.ts';
import { refusedForHours } from './closed.ts';
import { signedIn, type SignedIn } from './entry.ts';
import { askedOf } from './request.ts';
import { waitBanner } from './self-service/otp.ts';
import type { Site } from './site.ts';
import { wayToToken } from './self-service/needs-token.ts';
import { endsSoon, tokenNotice } from './token-notice.ts';

export function topRouter(site: Site): Router {
  const router = new Router();
  router.get('/', async (ctx) => {
    const here = refusedForHours(ctx, site) ? null : await signedIn(ctx, site);
    if (!here) return;
    const { person, login, frame } = here;
    const { now } = askedOf(ctx).act;
    const previous = await site.tools.store.login.previous(person.account.id, login.startedAt);
    const since = await site.tools.store.audit.missesSince(
      person.account.companyId,
      person.account.id,
      previous?.startedAt ?? person.account.createdAt,
    );
    ctx.type = 'html';
    ctx.body = render(
      TopPage({
        frame,
        banners: await banners(site, here, now, since.copiedAt !== null),
        name: person.account.name,
        loginId: person.account.loginName,
        company: person.company.name,
        role: person.account.role,
        lastLogin: previous && {
          at: previous.startedAt,
          route: previous.route,
          code: codeOf(previous),
          reference: previous.receipt.reference,
        },
        failures: previous ? since.misses : 0,
        lockedAt: previous ? since.lockedAt : null,
        records: mayRead(site.tools, person, 'company'),
        portals: portalsOf(site, person),
        notices: [],
      }),
    );
  });
  return router;
}

const codeOf = ({ receipt }: LoginRow): 'otp' | 'device' | 'none' =>
  receipt.otpAnswer === 'asked' ? 'otp' : receipt.otpAnswer === 'skipped-by-device' ? 'device' : 'none';

function portalsOf(site: Site, person: Person): readonly TopPortal[] {
  return site.portalCards
    .filter(({ clientId, open }) => open || person.portals.includes(clientId))
    .map(({ name, href, otp }) => ({ name, about: '', href, otp }));
}

/**
 * Worst first: locks of the passwords, the grace, expiries (screens.md §9); and once, what this sign-in made.
 * @param copied a remembered device of the person was found copied since the sign-in before this one
 */
async function banners(
  site: Site,
  { person, login }: SignedIn,
  now: number,
  copied: boolean,
): Promise<readonly Banner[]> {
  const { policy, store } = site.tools;
  const found: Banner[] = [];
  const others = await store.company.releasers(person.account.companyId, person.account.id);
  const ask = whomToAsk('password', others, policy.release);
  const ownLock = lockState(person.login, now);
  if (ownLock === 'locked')
    found.push({ key: 'password.locked', values: { until: person.login.lockedUntil ?? now, ask } });
  if (ownLock === 'stopped')
    found.push(
      others === 0
        ? { key: 'password.stopped.paper', href: '/forms/initialisation' }
        : { key: 'password.stopped', values: { ask } },
    );
  const confirmLock = person.confirmation ? lockState(person.confirmation, now) : 'open';
  if (confirmLock === 'locked')
    found.push({ key: 'confirm.locked', values: { until: person.confirmation?.lockedUntil ?? now, ask } });
  if (confirmLock === 'stopped') found.push({ key: 'confirm.stopped', values: { ask } });
  const alarm = person.account.role === 'member' ? null : await store.alarm.standing(person.account.companyId, now);
  if (alarm) found.push({ key: 'spray.alarm', values: { from: alarm.since } });
  if (copied) found.push({ key: 'remember.stolen' });
  if (person.account.role !== 'member' && others === 0) found.push({ key: 'last.warn', href: '/company/people/new' });
  found.push(...tokenBanners(site, person, now));
  const expires = earlierExpiry(person.login.expiresAt, person.confirmation?.expiresAt ?? null);
  if (expires !== null && expirySoon(expires, policy.password, now))
    found.push({ key: 'expiry.soon', values: { date: expires }, href: '/self-service/password' });
  const row = await store.login.find(login.id);
  const link = row && row.linkId !== null ? await store.link.find(row.linkId) : null;
  if (link && link.madeAt === row?.startedAt) {
    found.push({ key: 'link.done', values: { bd: link.display, login_id: person.account.loginName } });
  }
  const device = row?.receipt.rememberedHere && row.deviceId !== null ? await store.device.find(row.deviceId) : null;
  if (device && device.endedAt === null) found.push({ key: 'remember.done', values: { until: device.expiresAt } });
  if (row?.receipt.otp?.by === 'repair') found.push({ key: 'otp.resync.done' });
  return found;
}

/** 再発行待ち, an issue that waits for its set-up, the grace, and the token's end to come. All of it stands in the person. */
function tokenBanners({ tools }: Site, person: Person, now: number): readonly Banner[] {
  const own = ownToken(tools, { now }, person);
  const { waits, issue, state, expiresAt } = own;
  const found: Banner[] = [];
  if (waits && waits.for !== 'email') found.push({ ...waitBanner(waits), href: '/self-service/otp' });
  if (issue) found.push({ key: 'issue.done', values: { until: issue.until }, href: '/self-service/otp/activate' });
  const notice = tokenNotice(tools, person, now);
  if (notice && !issue) found.push({ ...notice, href: wayToToken(own) });
  if (state === 'expiring' && expiresAt !== null)
    found.push({ ...endsSoon(person, expiresAt), href: '/self-service/otp' });
  return found;
}
