// CON071/CON072 and CON080/CON081: the check page of an act for several people, the act, and its result per person.
import type Router from '@koa/router';
import { ForgetCheckPage } from '../../../views/company/forget-check.tsx';
import { ForgetResultPage, UnlinkResultPage, type PersonResult } from '../../../views/company/result.tsx';
import { UnlinkCheckPage, type UnlinkTarget } from '../../../views/company/unlink-check.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { textsOf } from '../../../views/parts/frame.ts';
import { actOnPeople, proofForPeople } from '../../flows/company/act-on-people.ts';
import { choose, seen, type Chosen, type PeopleAct } from '../../flows/company/choice.ts';
import { isId } from '../../flows/company/turn-away.ts';
import type { FinishedAct, FinishedPerson } from '../../flows/act-once.ts';
import {
  mailPending,
  notified,
  portalName,
  seeOther,
  show,
  told,
  withReference,
  type ConsoleVisit,
} from '../console.ts';
import { readForm } from '../form.ts';
import { showNeedsToken } from '../self-service/needs-token.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import type { Site } from '../site.ts';
import { actPath, checkPath, idsOf, resultPath } from './check-path.ts';
import { newEdit, readEdit, type Shown } from './edit.ts';
import { bulkMost, showList } from './people.ts';
import { notFound, openCompany } from './visit.ts';

const list = '/company/people/links';

/** Under which a result is kept: the page of one act never shows what another one did. */
const keyOf = (what: PeopleAct, key: string): string => `${what}:${key}`;

export function checkPages(router: Router, site: Site): void {
  for (const what of ['unlink', 'forget-device'] as const) {
    router.get(actPath(what), (ctx) => seeOther(ctx, list));
    router.get(`${actPath(what)}/:people`, async (ctx) => {
      const visit = await openCompany(ctx, site);
      if (visit) await showCheck(visit, what, idsOf(ctx.params['people'] ?? ''));
    });
    router.post(`${actPath(what)}/:people`, async (ctx) => {
      const visit = await openCompany(ctx, site);
      if (visit) await confirm(visit, what);
    });
    router.get(`${actPath(what)}/result/:key`, async (ctx) => {
      const visit = await openCompany(ctx, site);
      if (visit) await showResult(visit, what, ctx.params['key'] ?? '');
    });
    router.post(`${actPath(what)}/result/:key`, async (ctx) => {
      if (!(await openCompany(ctx, site))) return;
      seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/' : '/company/people-menu');
    });
  }
}

async function showCheck(
  visit: ConsoleVisit,
  what: PeopleAct,
  ids: readonly string[],
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person } = visit;
  if (ids.length === 0 || ids.length > bulkMost)
    return errors.length > 0 ? showList(visit, list, [], errors, status) : seeOther(ctx, list);
  const chosen = await choose(site.tools, act, person, what, ids);
  if (chosen.every(({ verdict }) => verdict === 'unknown')) return notFound(visit);
  const open = chosen.filter(({ verdict }) => verdict === 'act');
  if (open.length === 0) return errors.length > 0 ? showList(visit, list, ids, errors, status) : seeOther(ctx, list);

  const proof = proofForPeople(site.tools, act, person, what, open);
  if (proof === 'token-needed') return showNeedsToken(visit, what, checkPath(what, ids));
  const shared = {
    frame: {
      ...(errors.length === 0 ? visit.frame : withReference(visit)),
      path: checkPath(what, ids),
    },
    errors: told(visit, errors),
    banners: errors.length > 0 ? [] : await proofBanners(visit),
    hidden: [
      ...chosen.map(({ id }) => ({ name: 'people', value: id })),
      { name: 'edit', value: newEdit(site, visit.login.id, what, shownOf(what, chosen)) },
    ],
  };
  const view =
    what === 'unlink'
      ? UnlinkCheckPage({
          ...shared,
          people: await Promise.all(open.map((one) => unlinkTarget(visit, one))),
          code: codeOf(visit, proof),
        })
      : ForgetCheckPage({ ...shared, people: open.map(forgetTarget) });
  return show(ctx, view, errors.length > 0 ? (status ?? 422) : 200);
}

const shownOf = (what: PeopleAct, chosen: readonly Chosen[]): readonly Shown[] =>
  chosen.map((one) => ({ id: one.id, seen: seen(what, one) }));

const whoOf = ({ id, person }: Chosen) => ({
  id,
  name: person?.account.name ?? '',
  loginId: person?.account.loginName ?? '',
  states: person?.states ?? [],
});

async function unlinkTarget({ site, act }: ConsoleVisit, one: Chosen): Promise<UnlinkTarget> {
  const { login } = site.tools.store;
  const logins = await Promise.all(one.links.map(({ id }) => login.count({ linkId: id }, act.now)));
  const portals = await Promise.all(one.links.map(({ id }) => login.portals({ linkId: id })));
  return {
    ...whoOf(one),
    bd: one.links.map(({ display }) => display).join('、'),
    devices: one.devices.length,
    logins: logins.reduce((sum, n) => sum + n, 0),
    portals: [...new Set(portals.flat())].map((id) => portalName(site, id)),
  };
}

const forgetTarget = (one: Chosen) => ({
  ...whoOf(one),
  devices: one.devices.map(({ label, usedAt }) => ({ label, lastUsed: usedAt })),
});

async function confirm(visit: ConsoleVisit, what: PeopleAct): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  const ids = form.all('people');
  if (action === 'back') return showBack(visit, ids);
  if (action !== '') return seeOther(ctx, list);
  const wellFormed = ids.length <= bulkMost && ids.every(isId);
  const chosen = wellFormed ? await choose(site.tools, act, person, what, ids) : [];
  const edit = readEdit(site, login.id, what, ids, form.text('edit'), shownOf(what, chosen));
  if (!edit.ok) return showCheck(visit, what, ids.filter(isId), [{ field: null, key: 'edit.tampered' }], 409);

  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const acted = await actOnPeople(
    site.tools,
    act,
    visit,
    { what, key: keyOf(what, edit.key), chosen, stale: edit.stale },
    typed,
  );
  switch (acted.verdict) {
    case 'stale':
      return showCheck(visit, what, ids, [{ field: null, key: 'edit.stale' }], 409);
    case 'busy':
      return showCheck(visit, what, ids, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return acted.refused.verdict === 'look-again'
        ? seeOther(ctx, checkPath(what, ids))
        : showCheck(visit, what, ids, acted.refused.errors);
    case 'finished':
      return seeOther(ctx, resultPath(what, edit.key));
  }
}

/** 「戻る」 keeps the choice. */
function showBack({ ctx }: ConsoleVisit, ids: readonly string[]): void {
  const query = new URLSearchParams(
    ids
      .filter(isId)
      .slice(0, bulkMost)
      .map((id) => ['people', id]),
  );
  seeOther(ctx, `${list}?${query.toString()}`);
}

/** The result of an act of this login, as often as it is asked for; portals and mails as they stand now. */
async function showResult(visit: ConsoleVisit, what: PeopleAct, key: string): Promise<void> {
  const { ctx, site, login } = visit;
  const done: FinishedAct | null = await site.tools.consoleActivity.finished(login.id, keyOf(what, key));
  if (!done) return seeOther(ctx, list);
  const frame = withReference(visit, done.reference);
  const unlinked = textsOf(frame).say('CON072.4');
  const shared = {
    frame,
    people: done.people.map((person) => resultOf(person, what === 'unlink' ? unlinked : null)),
    mailPending: await mailPending(site),
    action: null,
  };
  show(
    ctx,
    what === 'unlink'
      ? UnlinkResultPage({ ...shared, portals: await notified(site, done.links, done.at) })
      : ForgetResultPage(shared),
  );
  return undefined;
}

const reasons = {
  stale: { key: 'edit.stale' },
  self: { key: 'self.link' },
  nothing: { key: 'CON070.4' },
  unknown: { key: 'REF024.text' },
} as const satisfies Record<NonNullable<FinishedPerson['why']>, PersonResult['why']>;

function resultOf(
  { id, name, loginName, states, result, why, linked }: FinishedPerson,
  after: string | null,
): PersonResult {
  const changed = result === 'done' && after !== null;
  return {
    id,
    name,
    loginId: loginName,
    states,
    result,
    why: why && reasons[why],
    before: changed ? linked : null,
    after: changed ? after : null,
  };
}
