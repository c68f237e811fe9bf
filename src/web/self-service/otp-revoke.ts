// SLF030 and SLF031: revoking one's own token. The page tells what stands now and asks what the chosen reason needs; what is
// needed is judged again from the reason that comes back.
import type Router from '@koa/router';
import type { LooseError } from '../../../views/messages/stored.ts';
import { TokenResultPage } from '../../../views/self-service/token-result.tsx';
import { TokenRevokePage, type WaysToToken } from '../../../views/self-service/token-revoke.tsx';
import type { RevocationReason } from '../../flows/token/revoke.ts';
import {
  afterwards,
  endedWith,
  ownRevocable,
  proofForReason,
  reasonOf,
  revokeOwnToken,
  type OwnRevoked,
  type Revocable,
} from '../../flows/self-service/revoke-token.ts';
import { ownToken } from '../../flows/self-service/own-token.ts';
import { judgeTypedPassword } from '../../rules/password.ts';
import type { ChosenKind } from '../../rules/token-issue.ts';
import { newEdit, readEdit } from '../company/edit.ts';
import { lossForm } from '../forms.ts';
import {
  mailPending,
  openConsole,
  portalName,
  seeOther,
  show,
  told,
  withReference,
  type ConsoleVisit,
} from '../console.ts';
import { readForm } from '../form.ts';
import { nightHours } from '../night.ts';
import type { Site } from '../site.ts';
import { afterResult, endedAction } from './ended.ts';
import { codeOf, proofBanners } from './proof.ts';

const page = '/self-service/otp/revoke';
const result = '/self-service/otp/revoke/result';
const above = '/self-service/otp';

export function otpRevokePages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showCheck(visit, reasonOf(String(ctx.query['reason'] ?? '')));
  });
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await revoke(visit);
  });
  router.get(result, (ctx) => seeOther(ctx, above));
  router.post(result, (ctx) => afterResult(ctx, site, 'token', above));
}

/** What the page's hidden value remembers: the token, and whether the night makes the wait longer. */
const shown = ({ seen, wait }: Revocable) => [
  { id: 'token', seen },
  { id: 'night', seen: wait?.night === true ? String(wait.until) : 'no' },
];
const shownIds = ['token', 'night'];

async function showCheck(
  visit: ConsoleVisit,
  reason: RevocationReason | null,
  errors: readonly LooseError[] = [],
  status: 409 | 422 = 422,
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const revocable = ownRevocable(site.tools, act, person);
  if (!revocable || !ownToken(site.tools, act, person).may.revoke) return seeOther(ctx, above);
  const { kinds, ...after } = afterwards(site.tools, act, person);
  const failed = errors.length > 0;
  show(
    ctx,
    TokenRevokePage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: failed ? [] : await proofBanners(visit),
      ...revocable,
      ...after,
      ...(await endedWith(site.tools, act, visit)),
      wait: revocable.wait && {
        until: revocable.wait.until,
        night: nightHours(site.tools.policy.revoke, revocable.wait.night, visit.frame.language),
      },
      ways: waysOf(site, revocable.kind, kinds, null),
      reason,
      code: codeFor(visit, reason),
      hidden: [{ name: 'edit', value: newEdit(site, login.id, 'revoke-own', shown(revocable)) }],
    }),
    failed ? status : 200,
  );
  return undefined;
}

/** What the page asks: of a reason that is chosen exactly what it needs, before that what one of them may need. */
function codeFor(visit: ConsoleVisit, reason: RevocationReason | null) {
  const { site, act } = visit;
  const asks = (one: RevocationReason) => codeOf(visit, proofForReason(site.tools, act, visit, one));
  const code = asks(reason ?? 'other');
  return code && { ...code, unlessLost: reason === null && asks('lost') === null };
}

function waysOf(
  { tools }: Site,
  kind: 'hardware' | 'software',
  kinds: readonly ChosenKind[],
  form: string | null,
): WaysToToken {
  return {
    hardwareFee: kind === 'hardware' || kinds.includes('hardware') ? tools.policy.fees.reissue : null,
    form,
    software: kinds.some((one) => one !== 'hardware'),
  };
}

async function revoke(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  if (action !== '') return seeOther(ctx, action === 'back' ? above : page);
  const revocable = ownRevocable(site.tools, act, person);
  if (!revocable) return seeOther(ctx, above);
  const reason = reasonOf(form.text('reason'));
  const edit = readEdit(site, login.id, 'revoke-own', shownIds, form.text('edit'), shown(revocable));
  if (!edit.ok) return showCheck(visit, reason, [{ field: null, key: 'edit.tampered' }], 409);
  if (edit.stale.size > 0) return showCheck(visit, reason, [changed(revocable, edit.stale)], 409);
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  if (reason === null) {
    const mistake = judgeTypedPassword(typed.confirmation);
    const also = mistake === null ? [] : [{ field: 'confirmation_password', key: mistake }];
    return showCheck(visit, null, [{ field: 'reason', key: 'form.choose' }, ...also]);
  }
  const worked = await revokeOwnToken(site.tools, act, visit, { reason, key: edit.key, seen: revocable.seen }, typed);
  switch (worked.verdict) {
    case 'busy':
      return showCheck(visit, reason, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return worked.refused.verdict === 'look-again'
        ? seeOther(ctx, page)
        : showCheck(visit, reason, worked.refused.errors);
    case 'finished':
      return showResult(visit, worked.result);
  }
}

/** Between the page and its confirmation: another token, or the night began or ended, and with it another time. */
function changed({ wait }: Revocable, stale: ReadonlySet<string>): LooseError {
  return wait === null || stale.has('token')
    ? { field: null, key: 'edit.stale' }
    : { field: null, key: 'revoke.later', values: { at: wait.until } };
}

/** The answer to the post itself: everything of the person is over, and could show no other page. */
async function showResult(visit: ConsoleVisit, done: OwnRevoked): Promise<void> {
  const { ctx, site, act, person } = visit;
  await site.provider.endSession(ctx);
  const { kinds, issueFrom } = afterwards(site.tools, act, person);
  const left = await site.tools.store.login.left('accountId', [person.account.id], done.at);
  show(
    ctx,
    TokenResultPage({
      frame: { ...visit.frame, reference: done.reference, path: '/', signedIn: null },
      until: done.until,
      night: nightHours(site.tools.policy.revoke, done.night, visit.frame.language),
      issueFrom,
      ways: done.reason === 'lost' ? waysOf(site, done.kind, kinds, formOf(visit, done)) : null,
      portals: left.map(({ clientId, told: known }) => ({ name: portalName(site, clientId), done: known })),
      mailPending: await mailPending(site),
      action: endedAction(ctx, site, result, done.at),
    }),
  );
}

/** A key-fob that was lost is asked for anew on paper; nobody is signed in any more who could open the console's form. */
const formOf = ({ ctx, site }: ConsoleVisit, { kind, serial }: OwnRevoked): string | null =>
  kind === 'hardware' ? lossForm(ctx, site, serial) : null;
