// CON063 and CON064: somebody's token is held up because others changed the password and the address; an administrator who did
// neither allows it, with proof.
import type Router from '@koa/router';
import { TokenAllowedPage, TokenAllowPage } from '../../../views/company/token-allow.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import {
  allowIssue,
  guardOf,
  seenGuard,
  type GuardedIssue,
  type IssueAllowed,
} from '../../flows/company/allow-issue.ts';
import { findPeople } from '../../flows/company/list-people.ts';
import { isId, recordForeign } from '../../flows/company/turn-away.ts';
import { tokenCodesFrom } from '../../rules/takeover.ts';
import { statesOf } from '../../rules/account.ts';
import { mailPending, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import { showNeedsToken } from '../self-service/needs-token.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import type { Site } from '../site.ts';
import { newEdit, readEdit } from './edit.ts';
import { notFound, openCompany } from './visit.ts';

const personPath = (id: string): string => `/company/people/${id}`;
const markOf = (id: string): string => `allow-issue ${id}`;
/** Under which a result is kept: the page of one act never shows what another one did. */
const keyOf = (key: string): string => `allow-issue:${key}`;

export function tokenAllowPages(router: Router, site: Site): void {
  const path = '/company/people/:id/allow-issue';
  router.get(path, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showCheck(visit, ctx.params['id'] ?? '');
  });
  router.post(path, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await confirm(visit, ctx.params['id'] ?? '');
  });
  router.get(`${path}/result/:key`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (visit) await showResult(visit, ctx.params['id'] ?? '', ctx.params['key'] ?? '');
  });
  router.post(`${path}/result/:key`, async (ctx) => {
    if (!(await openCompany(ctx, site))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/' : '/company/people-menu');
  });
}

/** Null when the answer is written: nobody of the company, or nothing that this one may allow. */
async function guardedBy(visit: ConsoleVisit, id: string): Promise<GuardedIssue | null> {
  const { ctx, site, act, person } = visit;
  const [found] = await findPeople(site.tools, act, person, [id]);
  const whose = found ? await site.tools.store.account.person(found.account.id) : null;
  if (!whose) {
    await recordForeign(site.tools, act, person, { for: 'allow-issue', ids: [id] });
    notFound(visit);
    return null;
  }
  const guarded = await guardOf(site.tools, act, person, whose);
  if (guarded?.verdict === 'may') return guarded;
  seeOther(ctx, personPath(whose.account.id));
  return null;
}

async function showCheck(
  visit: ConsoleVisit,
  id: string,
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, login } = visit;
  const guarded = await guardedBy(visit, id);
  if (!guarded) return;
  const { person, proof } = guarded;
  const { account } = person;
  if (proof === 'token-needed') return showNeedsToken(visit, 'allow-issue');
  const failed = errors.length > 0;
  const shown = [{ id: account.id, seen: seenGuard(account) }];
  const view = TokenAllowPage({
    frame: failed ? withReference(visit) : visit.frame,
    errors: told(visit, errors),
    banners: failed ? [] : await proofBanners(visit),
    person: { id: account.id, name: account.name, loginId: account.loginName, states: statesOf(person, act.now) },
    password: guarded.password,
    email: guarded.email,
    until: guarded.until,
    code: codeOf(visit, proof),
    hidden: [{ name: 'edit', value: newEdit(site, login.id, markOf(account.id), shown) }],
  });
  show(ctx, view, failed ? (status ?? 422) : 200);
}

async function confirm(visit: ConsoleVisit, id: string): Promise<void> {
  const { ctx, site, act, login } = visit;
  const form = readForm(ctx);
  if (form.text('action') !== '') return seeOther(ctx, isId(id) ? personPath(id) : '/company/people');
  // Pressed twice: the guard that the first press lifted stands no more, and its result does.
  const key = site.digest(form.text('edit'));
  if (await site.tools.consoleActivity.finished<IssueAllowed>(login.id, keyOf(key)))
    return seeOther(ctx, `${personPath(id)}/allow-issue/result/${key}`);
  const guarded = await guardedBy(visit, id);
  if (!guarded) return;
  const { account } = guarded.person;
  const shown = [{ id: account.id, seen: seenGuard(account) }];
  const edit = readEdit(site, login.id, markOf(account.id), [account.id], form.text('edit'), shown);
  if (!edit.ok) return showCheck(visit, id, [{ field: null, key: 'edit.tampered' }], 409);
  if (edit.stale.size > 0) return showCheck(visit, id, [{ field: null, key: 'edit.stale' }], 409);
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const asked = { key: keyOf(edit.key), guarded, seen: seenGuard(account) };
  const allowed = await allowIssue(site.tools, act, visit, asked, typed);
  switch (allowed.verdict) {
    case 'busy':
      return showCheck(visit, id, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      if (allowed.refused.verdict === 'look-again') return seeOther(ctx, ctx.path);
      return allowed.refused.verdict === 'stale'
        ? showCheck(visit, id, [{ field: null, key: 'edit.stale' }], 409)
        : showCheck(visit, id, allowed.refused.errors);
    case 'finished':
      return seeOther(ctx, `${personPath(account.id)}/allow-issue/result/${edit.key}`);
  }
}

async function showResult(visit: ConsoleVisit, id: string, key: string): Promise<void> {
  const { ctx, site, act, login } = visit;
  const kept = isId(key) ? await site.tools.consoleActivity.finished<IssueAllowed>(login.id, keyOf(key)) : null;
  const done = kept?.accountId === id ? kept : null;
  if (!done) return isId(id) ? seeOther(ctx, personPath(id)) : notFound(visit);
  const account = await site.tools.store.account.find(done.accountId);
  const from = account && tokenCodesFrom(account, site.tools.policy.takeover);
  show(
    ctx,
    TokenAllowedPage({
      frame: withReference(visit, done.reference),
      person: { id: done.accountId, name: done.name, loginId: done.loginName },
      issueFrom: from !== null && from > act.now ? from : null,
      mailPending: await mailPending(site),
    }),
  );
  return undefined;
}
