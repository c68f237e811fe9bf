// CON024 and CON034, the results, and PRT001, the sheet. The passwords that were issued are shown by one press of the button,
// once: never by an address, and never again.
import type Router from '@koa/router';
import type { Context } from 'koa';
import { PersonChangedPage, PersonRegisteredPage } from '../../../views/company/person-result.tsx';
import { IdSheetPage, type IdSheetProps } from '../../../views/print/id-sheet.tsx';
import type { ChangedPerson } from '../../flows/company/change-person.ts';
import type { RegisteredPerson } from '../../flows/company/create-person.ts';
import { sheetWaits, takeSheet, type Issued } from '../../flows/company/issue.ts';
import { standingOf } from '../../flows/company/person-draft.ts';
import { mailPending, portalName, seeOther, show, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { ownDraftId, sealOf } from './person-visit.ts';
import { passwordViews, personView, stillStopped } from './person-views.ts';
import { notFound, openCompany } from './visit.ts';

interface Done {
  readonly visit: ConsoleVisit;
  readonly draftId: string;
  /** Address of the result page. */
  readonly path: string;
  readonly result: RegisteredPerson | ChangedPerson;
}

const isNewPerson = (result: Done['result']): result is RegisteredPerson => 'loginName' in result;

export function resultPages(router: Router, site: Site): void {
  for (const start of ['/company/people/new', '/company/people/:id/edit']) {
    const path = `${start}/:draft/result`;
    router.get(path, (ctx) => withResult(ctx, site, showResult));
    router.post(path, (ctx) => withResult(ctx, site, leave));
    router.get(`${path}/print`, (ctx) => withResult(ctx, site, showSheetAgain));
    router.post(`${path}/print`, (ctx) => withResult(ctx, site, leave));
  }
}

async function withResult(ctx: Context, site: Site, answer: (done: Done) => Promise<void>): Promise<void> {
  const visit = await openCompany(ctx, site);
  if (!visit) return undefined;
  const draftId = ownDraftId(visit);
  if (draftId === null) return notFound(visit);
  const result = await site.tools.consoleActivity.finished<RegisteredPerson | ChangedPerson>(visit.login.id, draftId);
  const id = ctx.params['id'];
  // Not done yet, or too long ago to be known: the procedure's own page says which.
  if (!result) return seeOther(ctx, ctx.path.replace(/\/result(\/print)?$/, ''));
  if (id !== undefined && id !== result.accountId) return notFound(visit);
  return answer({ visit, draftId, result, path: ctx.path.replace(/\/print$/, '') });
}

const issuedOf = (result: Done['result']): readonly ('login' | 'confirmation')[] =>
  isNewPerson(result)
    ? ['login']
    : (['login', 'confirmation'] as const).filter((which) => result.passwords[which].how === 'issue');

async function showResult({ visit, draftId, path, result }: Done): Promise<void> {
  const { ctx, site, login, act } = visit;
  const waits = await sheetWaits(site.tools, login, draftId);
  const shared = {
    frame: withReference(visit, result.reference),
    mailPending: await mailPending(site),
    action: `${path}/print`,
    sheet: waits ? ('waits' as const) : issuedOf(result).length > 0 ? ('shown' as const) : ('none' as const),
  };
  if (isNewPerson(result)) {
    const { name, loginName, issuedUntil } = result;
    return show(ctx, PersonRegisteredPage({ ...shared, name, loginId: loginName, until: issuedUntil }));
  }
  const { before, after, ended } = result;
  const now = await standingOf(site.tools.store, visit.person.account.companyId, result.accountId);
  return show(
    ctx,
    PersonChangedPage({
      ...shared,
      before: await personView(visit, before, { loginId: before.loginName, role: before.role }),
      after: await personView(visit, after, { loginId: after.loginName, role: after.role }),
      passwords: passwordViews(result.passwords, before, before.loginName !== after.loginName),
      ended: { ...ended, portals: ended.portals.map((id) => portalName(site, id)) },
      stopped: now ? stillStopped(now.person, result.passwords, act.now) : [],
    }),
  );
}

async function leave(done: Done): Promise<void> {
  const { visit, draftId, result } = done;
  const { ctx, site, act, login, person } = visit;
  switch (readForm(ctx).text('action')) {
    case 'print': {
      const about = { key: draftId, accountId: result.accountId };
      return showSheet(
        done,
        await takeSheet(site.tools, act, { account: person.account, login }, about, sealOf(visit)),
      );
    }
    case 'create':
      return seeOther(ctx, '/company/people/new');
    case 'top':
      return seeOther(ctx, '/');
    default:
      return seeOther(ctx, '/company/people-menu');
  }
}

/** By its address the sheet has no password on it; before it was printed, the way to it is the button. */
async function showSheetAgain(done: Done): Promise<void> {
  const { visit, draftId, path } = done;
  if (await sheetWaits(visit.site.tools, visit.login, draftId)) return seeOther(visit.ctx, path);
  return showSheet(done, null);
}

function showSheet({ visit, path, result }: Done, issued: Issued | null): void {
  const { ctx, site, person } = visit;
  const which = issuedOf(result);
  const secret = (one: 'login' | 'confirmation'): IdSheetProps['login'] => {
    if (!which.includes(one)) return null;
    const password = issued?.[one];
    return password === undefined ? 'shown' : { password };
  };
  const isNew = isNewPerson(result);
  const anew = !isNew && result.before.loginName !== result.after.loginName;
  const forced = !isNew && which.some((one) => result.passwords[one].force);
  const first = isNew || anew;
  show(
    ctx,
    IdSheetPage({
      frame: { ...visit.frame, path: `${path}/print` },
      company: person.company,
      name: isNew ? result.name : result.after.name,
      loginId: isNew ? result.loginName : result.after.loginName,
      first,
      forced,
      login: secret('login'),
      confirmation: secret('confirmation'),
      until: first || forced ? result.at + site.tools.policy.issuedValid : null,
      address: `${site.origin}/`,
      asked: person.account.name,
      back: path,
    }),
  );
}
