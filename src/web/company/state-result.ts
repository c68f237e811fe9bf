// CON042 and CON052: the result of an act of this login, as often as it is asked for, and the same on paper (PRT006).
import type Router from '@koa/router';
import {
  headline,
  StateResultPage,
  type StateResultProps,
  type StateResultRow,
} from '../../../views/company/state-result.tsx';
import { ResultSlipPage } from '../../../views/print/result.tsx';
import { textsOf } from '../../../views/parts/frame.ts';
import type { NotifiedPortal } from '../../../views/parts/notified.tsx';
import type { StateResult } from '../../flows/company/release-people.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { mailPending, portalName, seeOther, show, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import type { StateProcedure } from './state-procedure.ts';
import { openCompany } from './visit.ts';

export function stateResultPages(router: Router, site: Site, procedure: StateProcedure): void {
  const { path } = procedure;
  router.get(`${path}/result/:key`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showResult(visit, procedure, ctx.params['key'] ?? '');
  });
  router.get(`${path}/result/:key/print`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showSlip(visit, procedure, ctx.params['key'] ?? '');
  });
  router.post(`${path}/result/:key`, async (ctx) => {
    if (!(await openCompany(ctx, site))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/' : '/company/people-menu');
  });
}

async function resultOf(
  { site, login }: ConsoleVisit,
  { acts }: StateProcedure,
  key: string,
): Promise<StateResult | null> {
  const done = isId(key) ? await site.tools.consoleActivity.finished<StateResult>(login.id, key) : null;
  return done && acts.includes(done.what) ? done : null;
}

async function showResult(visit: ConsoleVisit, procedure: StateProcedure, key: string): Promise<void> {
  const { ctx, site } = visit;
  const done = await resultOf(visit, procedure, key);
  if (!done) return seeOther(ctx, procedure.path);
  return show(
    ctx,
    StateResultPage({
      frame: withReference(visit, done.reference),
      what: done.what,
      people: done.people.map((person) => rowOf(done.what, person)),
      portals: await portalsLeft(site, done),
      mailPending: await mailPending(site),
      print: `${procedure.path}/result/${key}/print`,
    }),
  );
}

/** Portals that people left with what was done to them, and whether they know it by now. */
export async function portalsLeft(
  site: Site,
  {
    people,
    at,
  }: Pick<StateResult, 'at'> & { readonly people: readonly { readonly id: string; readonly result: string }[] },
): Promise<readonly NotifiedPortal[]> {
  const ids = people.filter(({ result }) => result === 'done').map(({ id }) => id);
  const left = await site.tools.store.login.left('accountId', ids, at);
  return left.map(({ clientId, told }) => ({ name: portalName(site, clientId), done: told }));
}

async function showSlip(visit: ConsoleVisit, procedure: StateProcedure, key: string): Promise<void> {
  const { ctx, person } = visit;
  const done = await resultOf(visit, procedure, key);
  if (!done) return seeOther(ctx, procedure.path);
  const frame = withReference(visit, done.reference);
  const t = textsOf(frame);
  const people = done.people.map((one) => rowOf(done.what, one));
  const { name, contractNumber } = person.company;
  return show(
    ctx,
    ResultSlipPage({
      frame,
      company: { name, contractNumber },
      procedure: t.say(done.what === 'otp-release' ? 'CON052.title' : 'CON042.title'),
      headline: headline(t, { what: done.what, people }),
      by: { name: person.account.name, loginId: person.account.loginName },
      at: done.at,
      people: people.map((one) => ({
        name: one.name,
        loginId: one.loginId,
        result: one.result,
        why: one.why,
        now: one.after.length === 0 ? null : one.after.map((state) => t.say(`state.${state}`)).join('、'),
      })),
      back: `${procedure.path}/result/${key}`,
    }),
  );
}

function rowOf(
  what: StateResultProps['what'],
  { id, name, loginName, result, why, before, after }: StateResult['people'][number],
): StateResultRow {
  return { id, name, loginId: loginName, result, why: why && reasonOf(what, why, name), before, after };
}

function reasonOf(
  what: StateResultProps['what'],
  why: NonNullable<StateResult['people'][number]['why']>,
  name: string,
): StateResultRow['why'] {
  switch (why) {
    case 'stale':
      return { key: 'edit.stale' };
    case 'self':
      return { key: 'CON070.3' };
    case 'nothing':
      return { key: what === 'stopped' ? 'CON042.7' : 'CON042.6' };
    case 'unknown':
      return { key: 'REF024.text' };
    case 'desk':
      return { key: 'release.desk' };
    case 'last':
      return { key: 'last.block', values: { name } };
  }
}
