// What the table's refusals say: the page of each word with its facts, told only after the proof that the row stands behind.
// Each is recorded, and its page shows the record's reference number.
import { render } from '../../../views/layout.tsx';
import type { Refusal as Shown } from '../../../views/refused/refusals.ts';
import { WaitingPage, type WaitingFor } from '../../../views/sign-in/waiting.tsx';
import { recordRefusal } from '../../flows/sign-in/refused.ts';
import type { RefusalWord } from '../../rules/sign-in.ts';
import { whomToAsk } from '../../rules/ask.ts';
import { refusalPage, type Refusal, type RefusalVariant } from '../../rules/refusal.ts';
import { waitAfterRevocation } from '../../rules/waiting.ts';
import { nightHours } from '../night.ts';
import { refuse, refuseStatically } from '../refuse.ts';
import type { Visit } from './visit.ts';

/** Answers with the refusal of the table's row. */
export async function refuseVisit(visit: Visit, word: RefusalWord): Promise<void> {
  const { ctx, site, act, look, record } = visit;
  if (word === 'closed') {
    const opens = look.facts.closedUntil ?? act.now;
    refuseStatically(
      ctx,
      site,
      { screen: 'REF018', opens, reason: 'hours', serviceHours: companyHours(visit) ?? site.serviceHours ?? '' },
      act.now,
      act.reference,
    );
    return;
  }
  const variant = await variantOf(visit, word);
  refuse(ctx, site, variant, variant === 'no-releaser' ? { screen: 'REF028' } : await shown(visit, word), {
    // REF022 leads back to the portal by its main button.
    cancel: !record.request.own && word !== 'approval-gone',
    action: `/sign-in/${record.id}`,
    reference: await recordRefusal(site.tools, act, look),
  });
}

/** A company's own hours, once it is known whose they are. */
function companyHours({ look }: Visit): string | null {
  const { hoursFrom, hoursTo } = look.person?.company ?? { hoursFrom: null, hoursTo: null };
  return hoursFrom === null || hoursTo === null ? null : `${hoursFrom}〜${hoursTo}`;
}

/** A stopped master or admin has nobody to ask when nobody in the company can release others: the paper form is left. */
async function variantOf(
  { site, look, record }: Visit,
  word: Exclude<RefusalWord, 'closed'>,
): Promise<Refusal | RefusalVariant> {
  if (word === 'link-limit' && record.lostRace !== null) return 'link-limit-race';
  const account = look.person?.account;
  if (word !== 'account-stopped' || !account || account.role === 'member') return word;
  const releasers = await site.tools.store.company.releasers(account.companyId, account.id);
  return releasers === 0 ? 'no-releaser' : word;
}

/** Answers with the time from which the person may sign in (row 11). */
export async function refuseUntil(visit: Visit, until: number): Promise<void> {
  const { ctx, site, act, look, attempt } = visit;
  const reference = await recordRefusal(site.tools, act, look);
  ctx.status = 200;
  ctx.type = 'html';
  ctx.set('X-Renkei-Reference', reference);
  const frame = { ...attempt.frame, reference };
  ctx.body = render(WaitingPage({ ...attempt, frame, at: until, why: whyWaiting(visit), ask: await askOf(visit) }));
}

/** What the wait is for, by the rows of the person who waits. */
function whyWaiting({ site, look, attempt }: Visit): WaitingFor {
  const { waitingFor, waitingUntil } = look.facts;
  if (waitingFor !== 'revocation') return { for: waitingFor === 'guard' ? 'guard' : 'email' };
  const { revoke } = site.tools.policy;
  const from = look.person?.account.waitsFrom ?? (waitingUntil ?? 0) - (revoke.wait?.after ?? 0);
  const wait = waitAfterRevocation(revoke, 'software', from);
  const hours = nightHours(revoke, wait?.night ?? false, attempt.frame.language);
  return { for: 'revocation', revokedAt: from, night: wait && hours !== null ? { hours, until: wait.until } : null };
}

/** Who can help sooner, as far as anybody can: an administrator of the company, else the desk. */
async function askOf({ site, look }: Visit): Promise<ReturnType<typeof whomToAsk>> {
  const { store, policy } = site.tools;
  const account = look.person?.account;
  return whomToAsk(
    'account',
    account ? await store.company.releasers(account.companyId, account.id) : null,
    policy.release,
  );
}

/** The moment as portals are told it: ISO 8601 with Japan's offset. */
const machineMoment = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+09:00');

/** Why the portal is told that the person left: from a wait, with the time until which it lasts. */
export function leaving({ look: { step } }: Visit): string {
  if (step.to === 'waiting') return `signing in is possible again from ${machineMoment(step.until)}`;
  return step.to === 'page' && step.slug === 'approve' ? 'the person did not approve' : 'the person left the sign-in';
}

/** Why the way through the upstream did not lead on. A portal that asked for more than it gave is told so at once (spec §3). */
export async function refuseUpstream(
  visit: Visit,
  trouble: NonNullable<Visit['record']['upstreamTrouble']>,
): Promise<void> {
  const { ctx, site, record } = visit;
  if (trouble.stale === true && !record.request.own) {
    const why = 'the end-user did not authenticate as recently as was asked';
    const url = await site.provider.cancel(ctx, record.id, 'login_required', why);
    if (url !== null) {
      ctx.status = 303;
      return ctx.redirect(url);
    }
  }
  const screen = { 'upstream-cancelled': 'REF012', 'upstream-refused': 'REF013', 'upstream-down': 'REF014' } as const;
  refuse(
    ctx,
    site,
    trouble.word,
    { screen: screen[trouble.word] },
    // The number of the callback or the redirect that failed: the audit record stands under it, and a reload tells it again.
    { cancel: !record.request.own, action: `/sign-in/${record.id}`, reference: trouble.reference },
  );
}

/** What the portal is told when the person leaves from here. */
export function errorForPortal(visit: Visit): string {
  const { step } = visit.look;
  if (step.to === 'waiting') return refusalPage('waiting').portal ?? 'access_denied';
  return (step.to === 'refuse' ? refusalPage(step.word).portal : null) ?? 'access_denied';
}

async function shown(visit: Visit, word: Exclude<RefusalWord, 'closed'>): Promise<Shown> {
  const { site, act, look, record } = visit;
  const { person } = look;
  const { store, policy } = site.tools;
  const ask = async (what: Parameters<typeof whomToAsk>[0]) =>
    whomToAsk(
      what,
      person ? await store.company.releasers(person.account.companyId, person.account.id) : null,
      policy.release,
    );
  const name = person?.account.name ?? '';
  const loginId = person?.account.loginName ?? '';
  const bd = record.upstream?.display ?? '';
  const portal = record.request.portalName;
  switch (word) {
    case 'start-over':
      return { screen: 'REF001' };
    case 'account-stopped':
      return { screen: 'REF005', values: { ask: await ask('account') } };
    case 'company-suspended':
      return { screen: 'REF006' };
    case 'no-permission':
      return { screen: 'REF007', values: { portal, name } };
    case 'link-limit':
      return { screen: 'REF008', values: { login_id: loginId, bdMasked: masked(await otherLink(visit)) } };
    case 'link-taken':
      return { screen: 'REF009', values: { bd, ask: await ask('account') } };
    case 'company-mismatch': {
      const companyA = record.upstream?.company?.name ?? record.upstream?.company?.contractNumber ?? '—';
      return { screen: 'REF010', values: { bd, companyA, login_id: loginId, companyB: person?.company.name ?? '' } };
    }
    case 'not-planned':
      return { screen: 'REF011', values: { bd, login_id: loginId } };
    case 'otp-stopped': {
      const kind = person?.token?.kind ?? (person?.issue ? 'software' : 'hardware');
      const what = kind === 'hardware' ? 'hardware-otp' : 'software-otp';
      return { screen: 'REF004', values: { at: person?.account.otpStoppedAt ?? act.now, ask: await ask(what) } };
    }
    case 'otp-unreachable': {
      const why = !look.facts.acrMeetable
        ? 'route'
        : person?.company.otpApplication === 'none'
          ? 'none'
          : 'unregistered';
      return { screen: 'REF015', values: { portal, name, unreachable: why, ask: await ask('account') } };
    }
    case 'approval-gone':
      return { screen: 'REF022', values: { portal } };
    case 'conflict':
      return { screen: 'REF017', values: { what: await whatChanged(visit), ask: await ask('account') } };
  }
}

/** The Business Direct ID that the account is linked with already. */
async function otherLink(visit: Visit): Promise<string> {
  const { person } = visit.look;
  const links = person ? await visit.site.tools.store.link.ofAccount(person.account.id) : [];
  return links[0]?.display ?? '';
}

const masked = (display: string): string =>
  display.length < 5 ? '***' : `${display.slice(0, 2)}***${display.slice(-2)}`;

/** What happened since the attempt began, as far as the rows tell (REF017); a token that was taken away leaves none behind. */
async function whatChanged({ look, record }: Visit): Promise<'unlink' | 'stop' | 'password' | 'token' | 'settings'> {
  if (record.linkId !== null && look.link?.endedAt !== null) return 'unlink';
  if (!look.person) return 'settings';
  const { account, login, confirmation, token } = look.person;
  const since = (moments: readonly (number | null | undefined)[]): boolean =>
    moments.some((at) => typeof at === 'number' && at >= record.startedAt);
  if (since([account.stoppedAt, account.otpStoppedAt, login.stoppedAt])) return 'stop';
  if (since([login.setAt, confirmation?.setAt])) return 'password';
  return since([token?.registeredAt, token?.retiredAt, account.tokenLostAt]) ? 'token' : 'settings';
}
