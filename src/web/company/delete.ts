// CON090/CON091: the check page of a deletion, the deletion, and its result; the people stand in the address. Nothing is acted
// upon by address: that takes the page's own form.
import type Router from '@koa/router';
import { DeleteCheckPage } from '../../../views/company/delete-check.tsx';
import { DeleteResultPage, type DeleteResultRow } from '../../../views/company/delete-result.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { textsOf } from '../../../views/parts/frame.ts';
import { ResultSlipPage } from '../../../views/print/result.tsx';
import {
  chooseDeletions,
  deletePeople,
  seenDeletion,
  type ChosenDeletion,
  type DeletionResult,
} from '../../flows/company/delete-people.ts';
import { proofForNames } from '../../flows/company/release-people.ts';
import { statesById } from '../../flows/company/states-of.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { mailPending, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import { showNeedsToken } from '../self-service/needs-token.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import type { Site } from '../site.ts';
import { idsOf } from './check-path.ts';
import { newEdit, readEdit, type Shown } from './edit.ts';
import { bulkMost } from './people.ts';
import { portalsLeft } from './state-result.ts';
import { countErrors } from './typed-count.ts';
import { notFound, openCompany } from './visit.ts';

const path = '/company/people/delete';
const list = '/company/people';

/** Under which a result is kept: the page of one act never shows what another one did. */
const keyOf = (key: string): string => `delete-user:${key}`;

export function deletePages(router: Router, site: Site): void {
  router.get(path, (ctx) => seeOther(ctx, list));
  router.get(`${path}/:people`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showCheck(visit, idsOf(ctx.params['people'] ?? ''));
  });
  router.post(`${path}/:people`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await confirm(visit, idsOf(ctx.params['people'] ?? ''));
  });
  router.get(`${path}/result/:key`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showResult(visit, ctx.params['key'] ?? '');
  });
  router.get(`${path}/result/:key/print`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showSlip(visit, ctx.params['key'] ?? '');
  });
  router.post(`${path}/result/:key`, async (ctx) => {
    if (!(await openCompany(ctx, site))) return;
    const action = readForm(ctx).text('action');
    seeOther(ctx, action === 'top' ? '/' : action === 'list' ? list : '/company/people-menu');
  });
}

const isOpen = ({ verdict }: ChosenDeletion): boolean => verdict === 'act';
const shownOf = (chosen: readonly ChosenDeletion[]): readonly Shown[] =>
  chosen.map((one) => ({ id: one.id, seen: seenDeletion(one) }));

async function showCheck(
  visit: ConsoleVisit,
  ids: readonly string[],
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  if (ids.length === 0 || ids.length > bulkMost) return seeOther(ctx, list);
  const chosen = await chooseDeletions(site.tools, act, person, ids);
  if (chosen.every(({ verdict }) => verdict === 'unknown')) return notFound(visit);
  const open = chosen.filter(isOpen);
  if (open.length === 0) return seeOther(ctx, list);
  const proof = proofForNames(site.tools, act, person, ['delete-user']);
  if (proof === 'token-needed') return showNeedsToken(visit, 'delete-user');
  const failed = errors.length > 0;
  return show(
    ctx,
    DeleteCheckPage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: failed ? [] : await proofBanners(visit),
      people: open.flatMap(({ id, person: one, logins }) =>
        one === null
          ? []
          : [
              {
                id,
                name: one.account.name,
                loginId: one.account.loginName,
                role: one.account.role,
                states: one.states,
                bd: one.link?.display ?? null,
                token: one.token,
                devices: one.devices,
                logins,
              },
            ],
      ),
      left: chosen.length - open.length,
      code: codeOf(visit, proof),
      hidden: [{ name: 'edit', value: newEdit(site, login.id, 'delete-user', shownOf(chosen)) }],
    }),
    failed ? (status ?? 422) : 200,
  );
}

async function confirm(visit: ConsoleVisit, ids: readonly string[]): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const form = readForm(ctx);
  if (form.text('action') !== '' || ids.length === 0 || ids.length > bulkMost) return seeOther(ctx, list);
  // Pressed twice: whom the first press deleted is nobody now, and its result stands.
  const before = site.digest(form.text('edit'));
  if (await site.tools.consoleActivity.finished<DeletionResult>(login.id, keyOf(before)))
    return seeOther(ctx, `${path}/result/${before}`);
  const chosen = await chooseDeletions(site.tools, act, person, ids);
  const unique = chosen.map(({ id }) => id);
  const edit = readEdit(site, login.id, 'delete-user', unique, form.text('edit'), shownOf(chosen));
  if (!edit.ok || form.has('people')) return showCheck(visit, ids, [{ field: null, key: 'edit.tampered' }], 409);
  // Who was deleted meanwhile, by the other of two presses too, is gone from the store: what the page showed is counted.
  const errors = countErrors(form, chosen.filter((one) => isOpen(one) || edit.stale.has(one.id)).length);
  if (errors.length > 0) return showCheck(visit, ids, errors);
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const deleted = await deletePeople(
    site.tools,
    act,
    visit,
    { key: keyOf(edit.key), chosen, stale: edit.stale },
    typed,
  );
  switch (deleted.verdict) {
    case 'stale':
      return showCheck(visit, ids, [{ field: null, key: 'edit.stale' }], 409);
    case 'busy':
      return showCheck(visit, ids, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return deleted.refused.verdict === 'look-again'
        ? seeOther(ctx, ctx.path)
        : showCheck(visit, ids, deleted.refused.errors);
    case 'finished':
      return seeOther(ctx, `${path}/result/${edit.key}`);
  }
}

async function resultOf({ site, login }: ConsoleVisit, key: string): Promise<DeletionResult | null> {
  return isId(key) ? site.tools.consoleActivity.finished<DeletionResult>(login.id, keyOf(key)) : null;
}

async function showResult(visit: ConsoleVisit, key: string): Promise<void> {
  const { ctx, site, act, person } = visit;
  const done = await resultOf(visit, key);
  if (!done) return seeOther(ctx, list);
  const ids = done.people.map(({ id }) => id);
  const statesOf = await statesById(site.tools, act, person.company.id, ids);
  return show(
    ctx,
    DeleteResultPage({
      frame: withReference(visit, done.reference),
      people: done.people.map((one) => ({ ...rowOf(one), states: statesOf(one.id) })),
      portals: await portalsLeft(site, done),
      mailPending: await mailPending(site),
      print: `${path}/result/${key}/print`,
    }),
  );
}

async function showSlip(visit: ConsoleVisit, key: string): Promise<void> {
  const { ctx, person } = visit;
  const done = await resultOf(visit, key);
  if (!done) return seeOther(ctx, list);
  const frame = withReference(visit, done.reference);
  const t = textsOf(frame);
  const { name, contractNumber } = person.company;
  const m = done.people.filter(({ result }) => result === 'done').length;
  return show(
    ctx,
    ResultSlipPage({
      frame,
      company: { name, contractNumber },
      procedure: t.say('CON091.title'),
      headline: t.say('CON091.1', { n: done.people.length, m }),
      by: { name: person.account.name, loginId: person.account.loginName },
      at: done.at,
      people: done.people.map((one) => ({ ...rowOf(one), now: null })),
      back: `${path}/result/${key}`,
    }),
  );
}

function rowOf({
  id,
  name,
  loginName,
  result,
  why,
}: DeletionResult['people'][number]): Omit<DeleteResultRow, 'states'> {
  return { id, name, loginId: loginName, result, why: why && reasonOf(why, name) };
}

function reasonOf(why: NonNullable<DeletionResult['people'][number]['why']>, name: string): DeleteResultRow['why'] {
  switch (why) {
    case 'stale':
      return { key: 'edit.stale' };
    case 'self':
      return { key: 'CON070.3' };
    case 'master':
      return { key: 'CON090.8' };
    case 'unknown':
      return { key: 'REF024.text' };
    case 'last':
      return { key: 'last.block', values: { name } };
  }
}
