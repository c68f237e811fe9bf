// CON062 and its slip (PRT006): the result of a revocation of this login, as often as it is asked for. Where oneself shared the device the login that
// acted is over: the result is the answer to the post itself then, and OUT004 follows it.
import type Router from '@koa/router';
import {
  revokedHeadline,
  TokenRevokeResultPage,
  type TokenRevokeResultRow,
} from '../../../views/company/token-revoke-result.tsx';
import { textsOf } from '../../../views/parts/frame.ts';
import { ResultSlipPage } from '../../../views/print/result.tsx';
import type { RevocationResult, RevokedPerson } from '../../flows/company/revoke-tokens.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { mailPending, seeOther, show, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import { afterResult, endedAction } from '../self-service/ended.ts';
import type { Site } from '../site.ts';
import { lossForm } from '../forms.ts';
import { portalsLeft } from './state-result.ts';
import { tokenKey, tokenPath } from './token-list.ts';
import { tokenOrderHref } from './token-order.ts';
import { openCompany } from './visit.ts';

const results = `${tokenPath}/result`;

export function tokenResultPages(router: Router, site: Site): void {
  // Nobody is signed in any more who came here from a result that ended it.
  router.post(results, (ctx) => afterResult(ctx, site, 'token', tokenPath));
  router.get(results, (ctx) => seeOther(ctx, tokenPath));
  router.get(`${results}/:key`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    const done = await findResult(visit, ctx.params['key'] ?? '');
    if (done) await showTokenResult(visit, done);
    else seeOther(ctx, tokenPath);
  });
  router.get(`${results}/:key/print`, async (ctx) => {
    const visit = await openCompany(ctx, site);
    if (!visit) return;
    const key = ctx.params['key'] ?? '';
    const done = await findResult(visit, key);
    if (done) showSlip(visit, done, `${results}/${key}`);
    else seeOther(ctx, tokenPath);
  });
  router.post(`${results}/:key`, async (ctx) => {
    if (!(await openCompany(ctx, site))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/' : '/company/people-menu');
  });
}

async function findResult({ site, login }: ConsoleVisit, key: string): Promise<RevocationResult | null> {
  return isId(key) ? site.tools.consoleActivity.finished<RevocationResult>(login.id, tokenKey(key)) : null;
}

export async function showTokenResult(visit: ConsoleVisit, done: RevocationResult): Promise<void> {
  const { ctx, site } = visit;
  const portals = await portalsLeft(site, done);
  if (done.endedItself) await site.provider.endSession(ctx);
  const frame = withReference(visit, done.reference);
  show(
    ctx,
    TokenRevokeResultPage({
      frame: done.endedItself ? { ...frame, path: '/', signedIn: null } : frame,
      people: done.people.map(rowOf),
      serial: done.serial,
      lost: lostOf(visit, done),
      endsThis: done.endedItself,
      portals,
      mailPending: await mailPending(site),
      action: done.endedItself ? endedAction(ctx, site, results, done.at) : null,
      print: done.endedItself ? null : `${ctx.path}/print`,
    }),
  );
}

function showSlip(visit: ConsoleVisit, done: RevocationResult, back: string): void {
  const { ctx, person } = visit;
  const frame = withReference(visit, done.reference);
  const t = textsOf(frame);
  const { name, contractNumber } = person.company;
  const device = done.serial === null ? '' : `${t.gap}${t.say('CON062.4', { number: done.serial })}`;
  show(
    ctx,
    ResultSlipPage({
      frame,
      company: { name, contractNumber },
      procedure: t.say('CON062.title'),
      headline: `${revokedHeadline(t, done.people)}${device}`,
      by: { name: person.account.name, loginId: person.account.loginName },
      at: done.at,
      people: done.people.map((one) => ({ ...rowOf(one), now: null })),
      back,
    }),
  );
}

/** Where key-fobs were lost: what others cost, and the form that asks for them with the serial numbers filled in. */
function lostOf({ ctx, site }: ConsoleVisit, done: RevocationResult): { fee: number; form: string } | null {
  if (done.why !== 'lost') return null;
  const serials = new Set(
    done.people.flatMap(({ result, kind, serial }) =>
      result === 'done' && kind === 'hardware' && serial !== null ? [serial] : [],
    ),
  );
  if (serials.size === 0) return null;
  const [first = null] = serials;
  // Nobody is signed in any more who could open the console's form.
  const form = done.endedItself ? lossForm(ctx, site, first) : tokenOrderHref('lost', [...serials]);
  return { fee: site.tools.policy.fees.reissue, form };
}

const reasons = {
  stale: { key: 'edit.stale' },
  self: { key: 'CON070.3' },
  nothing: { key: 'CON062.5' },
  unknown: { key: 'REF024.text' },
} as const;

function rowOf({ id, name, loginName, states, result, why, kind, serial, until }: RevokedPerson): TokenRevokeResultRow {
  return {
    id,
    name,
    loginId: loginName,
    states,
    result,
    why: why && reasons[why],
    token: kind && { kind, serial },
    until,
  };
}
