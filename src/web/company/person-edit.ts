// CON030–CON033: the pages on which a person is changed. Opening the first one keeps what stands then: it must still stand
// when the change is done.
import type Router from '@koa/router';
import type { Context } from 'koa';
import { seeOther } from '../console.ts';
import type { Site } from '../site.ts';
import { beginChange, postBasics, showBasics } from './person-first.ts';
import { postCheck, showCheck } from './person-last.ts';
import { postAccounts, postPermissions, showAccounts, showPermissions } from './person-steps.ts';
import { openDraft, openPerson, type DraftVisit, type PersonVisit } from './person-visit.ts';

const start = '/company/people/:id/edit';

/** The first page with what stands now, and that the change begins again. */
async function lost(opened: PersonVisit): Promise<void> {
  const first = await beginChange(opened);
  if (first) showBasics(first, { errors: [{ field: null, key: 'form.stale' }], over: true });
}

export function changePersonPages(router: Router, site: Site): void {
  const begin = async (ctx: Context): Promise<void> => {
    const opened = await openPerson(ctx, site, false);
    const first = opened && (await beginChange(opened));
    if (first) seeOther(ctx, `${first.start}/${first.draftId}`);
  };
  router.get(start, begin);
  router.post(start, begin);
  const at = (answer: (visit: DraftVisit) => Promise<void>) => async (ctx: Context) => {
    const opened = await openDraft(ctx, site, false, lost);
    if (opened) await answer(opened);
  };
  router.get(
    `${start}/:draft`,
    at(async (visit) => showBasics(visit)),
  );
  router.post(`${start}/:draft`, at(postBasics));
  router.get(`${start}/:draft/permissions`, at(showPermissions));
  router.post(`${start}/:draft/permissions`, at(postPermissions));
  router.get(`${start}/:draft/accounts`, at(showAccounts));
  router.post(`${start}/:draft/accounts`, at(postAccounts));
  router.get(
    `${start}/:draft/check`,
    at((visit) => showCheck(visit)),
  );
  router.post(`${start}/:draft/check`, at(postCheck));
}
