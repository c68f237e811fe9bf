// CON020–CON023: the pages on which a person is registered, one after the other; what was entered is kept between them.
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Site } from '../site.ts';
import { postBasics, showBasics } from './person-first.ts';
import { postCheck, showCheck } from './person-last.ts';
import { postAccounts, postPermissions, showAccounts, showPermissions } from './person-steps.ts';
import { emptyDraft, openDraft, openPerson, type DraftVisit, type PersonVisit } from './person-visit.ts';

const start = '/company/people/new';

/** The empty first page, and that it is one to begin with. */
async function lost(opened: PersonVisit): Promise<void> {
  const errors = [{ field: null, key: 'form.stale' }];
  showBasics({ ...opened, draftId: null, draft: emptyDraft(opened) }, { errors, over: true });
}

export function newPersonPages(router: Router, site: Site): void {
  router.get(start, async (ctx) => {
    const opened = await openPerson(ctx, site, true);
    if (opened) showBasics({ ...opened, draftId: null, draft: emptyDraft(opened) });
  });
  router.post(start, async (ctx) => {
    const opened = await openPerson(ctx, site, true);
    if (opened) await postBasics({ ...opened, draftId: null, draft: emptyDraft(opened) });
  });
  const at = (answer: (visit: DraftVisit) => Promise<void>) => async (ctx: Context) => {
    const opened = await openDraft(ctx, site, true, lost);
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
