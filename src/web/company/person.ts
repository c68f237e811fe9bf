// CON011: one person with everything that is known, and the buttons that lead to each act for this person alone.
import type Router from '@koa/router';
import { PersonPage } from '../../../views/company/person.tsx';
import type { Banner } from '../../../views/messages/banners.ts';
import type { StateAct } from '../../flows/company/people-state.ts';
import { keepSelection } from '../../flows/company/selection.ts';
import { keepTokens } from '../../flows/company/token-selection.ts';
import { viewPerson, type ViewedPerson } from '../../flows/company/view-person.ts';
import { seeOther, show, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import { nightHours } from '../night.ts';
import type { Site } from '../site.ts';
import { checkPath } from './check-path.ts';
import { notFound, openCompany, rowOf } from './visit.ts';

/** After the paths that are words: every other name is a person's id. */
export function personPages(router: Router, site: Site): void {
  router.get('/company/people/:id', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showPerson(visit, ctx.params['id'] ?? '');
  });
  router.post('/company/people/:id', async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await jump(visit, ctx.params['id'] ?? '', readForm(ctx).text('action'));
  });
}

async function showPerson(visit: ConsoleVisit, id: string): Promise<void> {
  const { ctx, site, act, frame } = visit;
  const found = await viewPerson(site.tools, act, visit.person, id);
  if (!found) return notFound(visit);
  const { listed, person, guarded, tokenState } = found;
  const { account, token, login, confirmation } = person;
  const banners: readonly Banner[] = guarded === null ? [] : [{ key: 'issue.guard', values: { at: guarded.until } }];
  show(
    ctx,
    PersonPage({
      frame,
      banners,
      person: rowOf(listed, act.now, site.tools.policy.tokenExpiry.warnBefore),
      email: account.email === null ? null : { address: account.email, proven: account.emailProvenAt !== null },
      createdAt: account.createdAt,
      readsRecords: account.viewsRecords,
      restrictions: found.restrictions,
      expires: { login: login.expiresAt, confirmation: confirmation ? confirmation.expiresAt : undefined },
      token: token && {
        serial: token.serial,
        since: token.registeredAt,
        expires: token.expiresAt,
        holders: token.holders,
      },
      issueUntil: tokenState.is === 'issued' ? tokenState.until : null,
      waiting: found.waiting && {
        ...found.waiting,
        night: nightHours(site.tools.policy.revoke, found.waiting.night, frame.language),
      },
      changedThem: guarded?.verdict === 'changed',
      devices: found.devices,
      sessions: found.sessions,
      portals: [...site.tools.portals.values()]
        .filter(({ clientId, open }) => open || person.portals.includes(clientId))
        .map(({ name }) => name),
      accounts: found.accounts.map((one) => ({ ...one, granted: true })),
      records: found.records,
      jumps: found.jumps,
    }),
  );
  return undefined;
}

/** A button that the page would not show leads back to the page. */
async function jump(visit: ConsoleVisit, id: string, action: string): Promise<void> {
  const { ctx, site, act, person } = visit;
  const found = await viewPerson(site.tools, act, person, id);
  if (!found) return notFound(visit);
  const page = `/company/people/${found.person.account.id}`;
  switch (found.jumps.find((one) => one === action)) {
    case 'change':
      return seeOther(ctx, `${page}/edit`);
    case 'delete':
      return seeOther(ctx, `/company/people/delete/${found.person.account.id}`);
    case 'state':
      return toProcedure(visit, found, 'state', found.restrictions.length > 0 ? 'available' : 'stopped');
    case 'otp-release':
      return toProcedure(visit, found, 'otp-release', 'otp-release');
    case 'token-revoke':
      return toTokens(visit, found);
    case 'allow_issue':
      return seeOther(ctx, `${page}/allow-issue`);
    case 'unlink':
      return seeOther(ctx, checkPath('unlink', [found.person.account.id]));
    case 'forget':
      return seeOther(ctx, checkPath('forget-device', [found.person.account.id]));
    default:
      return seeOther(ctx, page);
  }
}

/** The list of tokens, narrowed to this person, who is chosen on it. */
async function toTokens({ ctx, site, login }: ConsoleVisit, { person: { account } }: ViewedPerson): Promise<void> {
  const choice = { people: [account.id], serial: '', reason: null, words: '' };
  const selection = await keepTokens(site.tools, login, choice);
  const query = new URLSearchParams({ q: account.loginName, selection });
  seeOther(ctx, `/company/people/token-revoke?${query.toString()}`);
}

/** The list of the procedure, narrowed to this person, who is chosen on it. */
async function toProcedure(
  { ctx, site, login }: ConsoleVisit,
  { person: { account } }: ViewedPerson,
  path: 'state' | 'otp-release',
  what: StateAct,
): Promise<void> {
  const selection = await keepSelection(site.tools, login, { what, ids: [account.id], count: null });
  const query = new URLSearchParams({ q: account.loginName, selection });
  seeOther(ctx, `/company/people/${path}?${query.toString()}`);
}
