// What every page of registering or changing a person begins with: the permission, the person as they stand now, and the
// draft that this login began. Drafts of others look like nothing; an own one that is lost is told, and begun again.
import type { Context } from 'koa';
import {
  findDraft,
  newPersonDraft,
  standingOf,
  type PersonDraft,
  type Standing,
} from '../../flows/company/person-draft.ts';
import { isId, recordForeign, recordNotAllowed } from '../../flows/company/turn-away.ts';
import { actorOf, companyOf, targetOf } from '../../flows/prove-act.ts';
import type { Person } from '../../flows/tools.ts';
import { allows, type Act as ActName } from '../../rules/permission.ts';
import { seeOther, type ConsoleVisit } from '../console.ts';
import { refuse } from '../refuse.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';
import { showList } from './people.ts';
import { notFound, openCompany } from './visit.ts';

export interface PersonVisit {
  readonly visit: ConsoleVisit;
  /** Address of the procedure without its draft. */
  readonly start: string;
  /** The person who is changed, as they stand; null for a new one. */
  readonly now: { readonly person: Person; readonly standing: Standing } | null;
}

export interface DraftVisit extends PersonVisit {
  readonly draftId: string;
  readonly draft: PersonDraft;
  /** Address of the procedure's first page; the others lie below it. */
  readonly base: string;
}

const markLength = 16;

/** The name of a new draft: it tells whose it is, and nobody can make one up. */
export function newDraftId({ site, person }: ConsoleVisit): string {
  const nonce = site.newValue().slice(0, 22);
  return `${nonce}${markOf(site, person.account.id, nonce)}`;
}

const markOf = (site: Site, accountId: string, nonce: string): string =>
  site.mark('edit', `draft ${accountId} ${nonce}`).slice(0, markLength);

const isOwn = ({ site, person }: ConsoleVisit, draftId: string): boolean =>
  site.sameText(draftId.slice(22), markOf(site, person.account.id, draftId.slice(0, 22)));

/** A value of this browser that no store knows: what is issued waits under it. */
export const sealOf = ({ ctx }: ConsoleVisit): string => askedOf(ctx).csrf;

/** Null when the answer is written. `new` or the id of a person in the path. */
export async function openPerson(ctx: Context, site: Site, isNew: boolean): Promise<PersonVisit | null> {
  const visit = await openCompany(ctx, site);
  if (!visit) return null;
  const { act, person } = visit;
  if (isNew) {
    if (!allows(actorOf(person), 'create-user', companyOf(person), site.tools.policy))
      return notAllowed(visit, 'create-user');
    return { visit, start: '/company/people/new', now: null };
  }
  const id = ctx.params['id'] ?? '';
  const now = isId(id) ? await standingOf(site.tools.store, person.account.companyId, id) : null;
  if (!now) {
    await recordForeign(site.tools, act, person, { for: 'change-user', ids: [id] });
    notFound(visit);
    return null;
  }
  if (now.person.account.id === person.account.id) {
    await showList(visit, '/company/people', [id], [{ field: 'people', key: 'self.edit' }]);
    return null;
  }
  const acts = ['change-user', 'change-role', 'change-password-of-others'] as const;
  if (!acts.some((name) => allows(actorOf(person), name, targetOf(now.person), site.tools.policy)))
    return notAllowed(visit, 'change-user');
  return { visit, start: `/company/people/${id}/edit`, now };
}

/** The role does not allow it, whatever a form says. */
export async function notAllowed(visit: ConsoleVisit, act: ActName): Promise<null> {
  const { ctx, site, person } = visit;
  await recordNotAllowed(site.tools, visit.act, person, { for: act });
  refuse(ctx, site, 'not-allowed', { screen: 'REF027', values: { who: 'administrators' } }, { action: '/' });
  return null;
}

/**
 * The draft that the path names. What was done is shown as done. `lost` writes the answer for an own draft that is no more:
 * the beginning, with the word that it is one.
 */
export async function openDraft(
  ctx: Context,
  site: Site,
  isNew: boolean,
  lost: (opened: PersonVisit) => Promise<void>,
): Promise<DraftVisit | null> {
  const opened = await openPerson(ctx, site, isNew);
  if (!opened) return null;
  const { visit, start } = opened;
  const draftId = ctx.params['draft'] ?? '';
  if (!isOwn(visit, draftId)) {
    notFound(visit);
    return null;
  }
  const base = `${start}/${draftId}`;
  if (await site.tools.consoleActivity.finished(visit.login.id, draftId)) {
    seeOther(ctx, `${base}/result`);
    return null;
  }
  const draft = await findDraft(site.tools, visit.login, draftId);
  const fits = draft !== null && (isNew ? draft.before === null : draft.personId === opened.now?.person.account.id);
  if (draft && !fits) {
    notFound(visit);
    return null;
  }
  if (draft) return { ...opened, draftId, draft, base };
  await lost(opened);
  return null;
}

/** An own draft's id with nothing known of it yet: for the first page of a new person. */
export const emptyDraft = (opened: PersonVisit): PersonDraft => newPersonDraft(opened.visit.site.tools);

/** The result of this login's draft that the path names. */
export const ownDraftId = (visit: ConsoleVisit): string | null => {
  const draftId = visit.ctx.params['draft'] ?? '';
  return isOwn(visit, draftId) ? draftId : null;
};
