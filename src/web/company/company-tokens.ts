// CON110 トークンの管理: the company's key-fobs, that some of them arrived, and who has not registered one; and the way to PRT003,
// the order form.
import type Router from '@koa/router';
import type { Context } from 'koa';
import { ArrivalResultPage } from '../../../views/company/tokens-arrived.tsx';
import { CompanyTokensPage, type CompanyTokenRow, type TokensQuery } from '../../../views/company/tokens.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import {
  companyStates,
  listCompanyTokens,
  listUnregistered,
  markArrived,
  quotaOf,
  type ArrivalResult,
  type CompanyToken,
} from '../../flows/company/company-tokens.ts';
import { statesById } from '../../flows/company/states-of.ts';
import { isId, recordNotAllowed } from '../../flows/company/turn-away.ts';
import { actorOf, companyOf } from '../../flows/prove-act.ts';
import { sharingOf } from '../../rules/company-settings.ts';
import { normalise } from '../../rules/normalise.ts';
import { allows } from '../../rules/permission.ts';
import { seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import { refuse } from '../refuse.ts';
import type { Site } from '../site.ts';
import { newEdit, readEdit } from './edit.ts';
import { bulkMost } from './people.ts';
import { tokenOrderPath, tokenOrderPages } from './token-order.ts';
import { notFound, openCompany } from './visit.ts';

export const companyTokensPath = '/company/tokens';
const results = `${companyTokensPath}/result`;
const what = 'report-arrival';

/** Under which a result is kept: the page of one act never shows what another one did. */
const keyOf = (key: string): string => `${what}:${key}`;

export function companyTokenPages(router: Router, site: Site): void {
  router.get(companyTokensPath, async (ctx) => {
    const visit = await openTokens(ctx, site);
    if (visit) await showTokens(visit, []);
  });
  router.post(companyTokensPath, async (ctx) => {
    const visit = await openTokens(ctx, site);
    if (visit) await arrive(visit);
  });
  router.get(results, (ctx) => seeOther(ctx, companyTokensPath));
  router.get(`${results}/:key`, async (ctx) => {
    const visit = await openTokens(ctx, site);
    if (visit) await showResult(visit, ctx.params['key'] ?? '');
  });
  router.post(`${results}/:key`, async (ctx) => {
    if (!(await openTokens(ctx, site))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/' : companyTokensPath);
  });
  tokenOrderPages(router, site, (ctx) => openTokens(ctx, site));
}

/** Null when the answer is written already: sign-in, the end by idleness, or a role that may not. */
async function openTokens(ctx: Context, site: Site): Promise<ConsoleVisit | null> {
  const visit = await openCompany(ctx, site);
  if (!visit) return null;
  const { person, act } = visit;
  if (allows(actorOf(person), what, companyOf(person), site.tools.policy)) return visit;
  await recordNotAllowed(site.tools, act, person, { for: what });
  refuse(ctx, site, 'not-allowed', { screen: 'REF027', values: { who: 'administrators' } }, { action: '/' });
  return null;
}

const one = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : '');
const sizes = [20, 50, 100] as const;

/** A serial number as it is kept: half-width, in capitals, without what stands between its groups and what no keyboard makes. */
const serialOf = (text: string): string =>
  normalise(text.replace(/\p{Cc}/gu, ''))
    .toUpperCase()
    .slice(0, 64);

/** The filters as they stand in the address; what is no filter of ours is as if it were not there. */
function queryOf({ ctx }: ConsoleVisit) {
  const { after, before, people } = ctx.query;
  const page = Number(one(people));
  return {
    q: serialOf(one(ctx.query['q'])),
    state: companyStates.find((state) => state === one(ctx.query['state'])) ?? null,
    per: sizes.find((per) => String(per) === one(ctx.query['per'])) ?? 50,
    place: one(before) === '' ? { after: serialOf(one(after)) } : { before: serialOf(one(before)) },
    waiting: Number.isInteger(page) && page > 0 && page <= 100_000 ? page : 1,
  };
}

async function showTokens(
  visit: ConsoleVisit,
  chosen: readonly string[],
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const { policy } = site.tools;
  const { company } = person;
  const asked = queryOf(visit);
  const { tokens, more } = await listCompanyTokens(site.tools, act, person, asked);
  const counts = await site.tools.store.tokensOfCompany.counts(company.id, act.now, policy.tokenExpiry.warnBefore);
  const unregistered = await listUnregistered(site.tools, act, person, { page: asked.waiting, per: asked.per });
  const unregisteredIds = unregistered.people.map(({ id }) => id);
  const statesOf = await statesById(site.tools, act, company.id, unregisteredIds);
  const back = 'before' in asked.place;
  const from = back || asked.place.after !== '';
  const query: TokensQuery = {
    path: companyTokensPath,
    q: asked.q,
    state: asked.state ?? '',
    per: asked.per,
    total: companyStates.reduce((sum, state) => sum + counts[state], 0),
    // Someone who came from a later page can go back to it.
    older: (back ? more : from) ? (tokens[0]?.serial ?? null) : null,
    newer: (back ? true : more) ? (tokens.at(-1)?.serial ?? null) : null,
    waiting: unregistered.page,
  };
  const failed = errors.length > 0;
  const frame = failed ? withReference(visit) : visit.frame;
  const { fees } = policy;
  show(
    ctx,
    CompanyTokensPage({
      frame: { ...frame, path: companyTokensPath, address: frame.address ?? companyTokensPath },
      errors: told(visit, errors),
      query,
      counts: companyStates.map((state) => ({ state, n: counts[state] })),
      applied: company.otpApplication === 'hardware' || company.otpApplication === 'both',
      tokens: tokens.map(rowOf),
      chosen,
      quota: { left: (await quotaOf(site.tools, person)).left, token: fees.token, reissue: fees.reissue },
      sharingMode: sharingOf(company, policy),
      unregistered: {
        ...unregistered,
        people: unregistered.people.map((one) => ({ ...one, states: statesOf(one.id) })),
      },
      blocks: policy.grace.then === 'block-login' ? 'login' : 'operations',
      form: tokenOrderPath,
      hidden: [{ name: 'edit', value: newEdit(site, login.id, what, []) }],
    }),
    failed ? (status ?? 422) : 200,
  );
}

const rowOf = (token: CompanyToken): CompanyTokenRow => ({
  serial: token.serial,
  state: token.state,
  stages: [
    ['ordered', token.orderedAt],
    ['shipped', token.shippedAt],
    ['arrived', token.arrivedAt],
    ['registered', token.firstRegisteredAt],
    [token.retiredWhy ?? 'revoked', token.retiredAt],
  ],
  expires: token.expiresAt,
  users: token.users,
  holders: token.holders,
  successor: token.successor,
  follows: token.follows,
});

async function arrive(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, act, login } = visit;
  const form = readForm(ctx);
  if (form.text('action') !== '') return seeOther(ctx, companyTokensPath);
  const serials = [...new Set(form.all('people').map(serialOf))].filter((serial) => serial !== '');
  const edit = readEdit(site, login.id, what, [], form.text('edit'), []);
  if (!edit.ok) return showTokens(visit, serials, [{ field: null, key: 'edit.tampered' }], 409);
  if (serials.length === 0) return showTokens(visit, [], [{ field: 'people', key: 'tokens.none' }]);
  if (serials.length > bulkMost)
    return showTokens(visit, [], [{ field: 'people', key: 'tokens.many', values: { max: bulkMost } }]);
  const key = keyOf(edit.key);
  const done = await markArrived(site.tools, act, visit, { key, serials });
  switch (done.verdict) {
    case 'busy':
      return showTokens(visit, serials, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return done.refused === 'not-found' ? notFound(visit) : seeOther(ctx, companyTokensPath);
    case 'finished':
      return seeOther(ctx, `${results}/${edit.key}`);
  }
}

async function showResult(visit: ConsoleVisit, key: string): Promise<void> {
  const { ctx, site, login } = visit;
  const done = isId(key) ? await site.tools.consoleActivity.finished<ArrivalResult>(login.id, keyOf(key)) : null;
  if (!done) return seeOther(ctx, companyTokensPath);
  const { tokens, limit } = done;
  return show(ctx, ArrivalResultPage({ frame: withReference(visit, done.reference), tokens, limit }));
}
