// CON021 and CON022, CON031 and CON032: rights, portals and accounts of a person. Ids that are not the company's to give look
// like nothing, and are written down.
import { PersonAccountsPage } from '../../../views/company/person-accounts.tsx';
import { PersonPermissionsPage } from '../../../views/company/person-permissions.tsx';
import { keepDraft, type PersonDraft } from '../../flows/company/person-draft.ts';
import { recordForeign } from '../../flows/company/turn-away.ts';
import { seeOther, show } from '../console.ts';
import { readForm } from '../form.ts';
import type { DraftVisit } from './person-visit.ts';
import { accountsOf, portalsOf, readsRecords, roleOf } from './person-views.ts';
import { notFound } from './visit.ts';

export async function showPermissions({ visit, draft }: DraftVisit): Promise<void> {
  const role = roleOf(draft.admin, draft.before?.role ?? null);
  show(
    visit.ctx,
    PersonPermissionsPage({
      frame: visit.frame,
      errors: [],
      banners: [],
      isNew: draft.before === null,
      viewsRecords: readsRecords(visit, role, false) ? 'always' : draft.viewsRecords,
      portals: portalsOf(visit, draft.portals),
    }),
  );
}

export async function postPermissions(at: DraftVisit): Promise<void> {
  const { visit, draft, base } = at;
  const { ctx, site } = visit;
  const form = readForm(ctx);
  const chosen = [...new Set(form.all('portals'))];
  const unknown = chosen.filter((id) => !site.tools.portals.has(id));
  if (unknown.length > 0) return foreign(at, 'grant-portal', unknown);
  const offered = (id: string): boolean => site.tools.portals.get(id)?.open === false;
  const role = roleOf(draft.admin, draft.before?.role ?? null);
  await keep(at, {
    ...draft,
    // Where the role gives it anyway, the page has no box, and what stood stays.
    viewsRecords: readsRecords(visit, role, false)
      ? draft.viewsRecords
      : form.all('permissions').includes('view-records'),
    portals: [...draft.portals.filter((id) => !offered(id)), ...chosen.filter(offered)].toSorted(),
  });
  return seeOther(ctx, form.text('action') === 'back' ? base : `${base}/accounts`);
}

export async function showAccounts({ visit, draft }: DraftVisit): Promise<void> {
  show(
    visit.ctx,
    PersonAccountsPage({
      frame: visit.frame,
      errors: [],
      banners: [],
      isNew: draft.before === null,
      asInGuide: visit.site.tools.policy.bulkCheck === 'list',
      accounts: await accountsOf(visit, draft.accounts),
    }),
  );
}

export async function postAccounts(at: DraftVisit): Promise<void> {
  const { visit, draft, base } = at;
  const { ctx } = visit;
  const form = readForm(ctx);
  const chosen = [...new Set(form.all('accounts'))];
  const own = new Set((await accountsOf(visit, [])).map(({ id }) => id));
  const unknown = chosen.filter((id) => !own.has(id));
  if (unknown.length > 0) return foreign(at, 'grant-account', unknown);
  await keep(at, { ...draft, accounts: chosen.toSorted() });
  return seeOther(ctx, form.text('action') === 'back' ? `${base}/permissions` : `${base}/check`);
}

export const keep = ({ visit, draftId }: DraftVisit, draft: PersonDraft): Promise<void> =>
  keepDraft(visit.site.tools, visit.login, draftId, draft);

async function foreign({ visit }: DraftVisit, what: string, ids: readonly string[]): Promise<void> {
  await recordForeign(visit.site.tools, visit.act, visit.person, { for: what, ids });
  notFound(visit);
}
