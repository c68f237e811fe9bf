// CON040–CON042 利用者停止・解除, and what it shares with the release of one-time passwords: list, check page, result.
import type Router from '@koa/router';
import { StateCheckPage } from '../../../views/company/state-check.tsx';
import { StatePage } from '../../../views/company/state.tsx';
import { seeOther } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { pickStates } from './selection.ts';
import { confirmStates, showStateCheck } from './state-check.ts';
import { noChoice, selectionAsked, selectionOf, showStateList, type StateProcedure } from './state-procedure.ts';
import { stateResultPages } from './state-result.ts';
import { openCompany } from './visit.ts';

const states: StateProcedure = {
  path: '/company/people/state',
  acts: ['available', 'stopped'],
  only: null,
  actOf(form) {
    const target = form.text('target_state');
    return target === 'available' || target === 'stopped' ? target : null;
  },
  listPage: (props, what) => StatePage({ ...props, target: what === 'otp-release' ? null : what }),
  checkPage: ({ open, ...shared }, what) =>
    StateCheckPage({
      ...shared,
      target: what === 'stopped' ? 'stopped' : 'available',
      people: open.map(({ id, person, after, logins }) => ({
        id,
        name: person?.account.name ?? '',
        loginId: person?.account.loginName ?? '',
        states: person?.states ?? [],
        after,
        logins,
        devices: person?.devices ?? 0,
      })),
    }),
};

export function statePages(router: Router, site: Site): void {
  procedurePages(router, site, states);
}

/** The routes of a procedure. */
export function procedurePages(router: Router, site: Site, procedure: StateProcedure): void {
  const { path } = procedure;
  router.get(path, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    // 「戻る」 keeps the choice.
    const kept = await selectionOf(visit, procedure, selectionAsked(visit));
    await showStateList(visit, procedure, kept ? { ids: kept.ids, scope: 'checked', what: kept.what } : noChoice);
  });
  router.post(path, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await pickStates(visit, procedure, readForm(ctx));
  });
  router.get(`${path}/check`, (ctx) => seeOther(ctx, path));
  router.get(`${path}/check/:selection`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showStateCheck(visit, procedure, ctx.params['selection'] ?? '');
  });
  router.post(`${path}/check/:selection`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await confirmStates(visit, procedure, ctx.params['selection'] ?? '');
  });
  stateResultPages(router, site, procedure);
}
