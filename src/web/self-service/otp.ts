// BOT010: one's own one-time password, from which everything about the token begins. Each procedure has a file of its own.
import type Router from '@koa/router';
import type { Banner } from '../../../views/messages/banners.ts';
import { OwnTokenPage, type TokenAct } from '../../../views/self-service/token.tsx';
import type { Person } from '../../flows/tools.ts';
import { ownToken, type OwnToken } from '../../flows/self-service/own-token.ts';
import { repaired } from '../../flows/self-service/resync-token.ts';
import { issueEndedBy } from '../../flows/token/end-issue.ts';
import { replacedBy } from '../../flows/token/replace.ts';
import { mailPending, openConsole, seeOther, show, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { endsSoon } from '../token-notice.ts';
import { broughtIntoUse, otpIssuePages, withoutLapsed } from './otp-issue.ts';
import { neededPages } from './needs-token.ts';
import { otpReplacePages } from './otp-replace.ts';
import { otpResyncPages } from './otp-resync.ts';
import { otpRevokePages } from './otp-revoke.ts';

const page = '/self-service/otp';

export function otpPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showToken(visit);
  });
  router.post(page, async (ctx) => {
    if (await openConsole(ctx, site)) seeOther(ctx, wayOf(readForm(ctx).text('action')));
  });
  otpRevokePages(router, site);
  otpResyncPages(router, site);
  otpReplacePages(router, site);
  neededPages(router, site);
  otpIssuePages(router, site);
}

const ways: Readonly<Record<TokenAct, string>> = {
  issue: `${page}/issue`,
  register: `${page}/register`,
  verify: `${page}/activate`,
  replace: `${page}/replace`,
  resync: `${page}/resync`,
  revoke: `${page}/revoke`,
  lost: `${page}/revoke?reason=lost`,
};

const isWay = (action: string): action is TokenAct => Object.hasOwn(ways, action);

/** Each page judges for itself whether it can begin. */
const wayOf = (action: string): string => (isWay(action) ? ways[action] : page);

async function showToken(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, act, login } = visit;
  const person = await withoutLapsed(visit);
  const token = ownToken(site.tools, act, person);
  const ended = token.state === 'none' ? await issueEndedBy(site.tools, act, { person }) : null;
  const repair = await repaired(site.tools, login, String(ctx.query['resync'] ?? '').slice(0, 64));
  const replaced = await replacedBy(site.tools, login, String(ctx.query['replaced'] ?? '').slice(0, 64));
  const begun = ctx.query['activated'] === undefined ? null : await broughtIntoUse(visit, token.registeredAt);
  const inUse = begun ?? replaced;
  const changed = repair ?? inUse;
  const done: readonly (Banner | null)[] = [
    repair && { key: 'otp.resync.done' },
    begun && { key: token.kind === 'hardware' ? 'token.registered' : 'token.activated' },
    replaced && { key: 'token.replaced' },
    ended && { key: `issue.${ended}` },
  ];
  show(
    ctx,
    OwnTokenPage({
      frame: changed ? withReference(visit, changed.reference) : visit.frame,
      banners: [...done.filter((banner) => banner !== null), ...bannersOf(token, person)],
      state: token.state,
      kind: (await isAuthenticator(site, person, token)) ? 'authenticator' : token.kind,
      last4: token.last4,
      registeredAt: token.registeredAt,
      expiresAt: token.expiresAt,
      others: token.others,
      issueUntil: token.issue?.until ?? null,
      from: token.waits?.until ?? null,
      acts: actsOf(token),
      mailPending: inUse !== null && (await mailPending(site)),
    }),
  );
}

/** The issue of a token says who keeps its secret. */
async function isAuthenticator({ tools }: Site, person: Person, { kind, issue }: OwnToken): Promise<boolean> {
  if (issue || kind !== 'software') return issue?.kind === 'authenticator';
  const newest = await tools.store.tokenIssue.newest(person.account.id);
  return newest?.kind === 'authenticator' && newest.tokenId === person.token?.id;
}

function bannersOf(token: OwnToken, person: Person): readonly Banner[] {
  const banners: Banner[] = [];
  if (token.waits) banners.push(waitBanner(token.waits));
  if (token.state === 'expiring' && token.expiresAt !== null) banners.push(endsSoon(person, token.expiresAt));
  return banners;
}

/** From when a token can be issued again, and why. */
export function waitBanner({ until: at, for: why }: NonNullable<OwnToken['waits']>): Banner {
  switch (why) {
    case 'guard':
      return { key: 'issue.guard', values: { at } };
    case 'email':
      return { key: 'BOT010.email', values: { at } };
    case 'revocation':
      return { key: 'token.waiting', values: { at } };
  }
}

function actsOf({ may, last4, kind, state }: OwnToken): readonly TokenAct[] {
  const acts: TokenAct[] = [];
  if (may.verify) acts.push('verify');
  if (may.issue) acts.push('issue');
  if (may.register) acts.push('register');
  if (may.replace) acts.push('replace');
  if (may.resync) acts.push('resync');
  if (may.revoke) acts.push('revoke');
  if (may.revoke && (last4 !== null || (kind === 'software' && state !== 'issued'))) acts.push('lost');
  return acts;
}
