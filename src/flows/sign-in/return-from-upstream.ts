// The callback of an upstream: single use, of this browser, this attempt and this provider. Only what was verified here
// enters the record; a link found for it names the account, a remembered device may stand for the OTP.
import { mayUseDevice } from '../../rules/device.ts';
import { countsAsLinked } from '../../rules/link.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Rows } from './look.ts';
import { consultDevice } from './consult-device.ts';
import { prove } from './prove.ts';
import { ofOneCompany, recordTrouble } from './upstream-trouble.ts';
import type { Act, Tools } from '../tools.ts';

export type Returned =
  /** Go on with the dispatcher of this attempt. */
  | { readonly to: 'attempt'; readonly id: string; readonly rows?: Rows }
  /** Unknown or used state, or another browser's: one page that offers to start again. */
  | { readonly to: 'start-over' };

/**
 * @param cookie reads the device cookie of a link from this browser
 */
export async function returnFromUpstream(
  tools: Tools,
  act: Act,
  params: URLSearchParams,
  browser: string | null,
  cookie: (linkId: string) => string | null,
): Promise<Returned> {
  const state = params.get('state') ?? '';
  const pending = state === '' || state.length > 256 ? null : await tools.upstreamFlows.take(state);
  // Anybody can call this address with a state of their own making: that is told to the log, and writes no record.
  if (!pending) return { to: 'start-over' };
  const { attemptId, flow } = pending;
  const record = await tools.attempts.find(attemptId);
  const foreign = browser === null || record?.browser !== browser;
  if (!record || foreign || record.finished || record.expiresAt <= act.now) {
    const reason = record && foreign ? 'it came back in another browser' : 'its sign-in is over';
    await recordTrouble(tools, act, attemptId, flow.issuer, { kind: 'refused', reason });
    return { to: 'start-over' };
  }
  // The person chose another way meanwhile, or came back twice: the table answers with the present step.
  if (record.route !== 'federated' || record.upstream !== null || record.inherited)
    return { to: 'attempt', id: record.id };

  const enabled = tools.upstreams.list().some((upstream) => upstream.issuer === flow.issuer);
  const result = enabled
    ? await tools.upstreams.complete(flow, params)
    : ({ ok: false, kind: 'refused', reason: 'the upstream has been switched off', stale: false } as const);
  if (!result.ok) {
    if (result.stale && !record.retriedUpstream) {
      await prove(tools, act, record, '4', { retriedUpstream: true });
      return { to: 'attempt', id: record.id };
    }
    await recordTrouble(tools, act, record.id, flow.issuer, result);
    await prove(tools, act, record, '4', {
      upstreamTrouble: { word: `upstream-${result.kind}`, reference: act.reference, stale: result.stale },
    });
    return { to: 'attempt', id: record.id };
  }

  const { upstream } = result;
  const found = await tools.store.link.ofIdentity(upstream.issuer, upstream.subject);
  const link = found && countsAsLinked(found, tools.policy.link, act.now) ? found : null;
  const person = link && (await tools.store.account.person(link.accountId));
  // An ID that now belongs to another company is not the one that was linked: it runs the first-link check again.
  const stillTheirs = person && (await ofOneCompany(tools, act, record.id, upstream, person));
  const rows = link && person && stillTheirs ? { link, person } : null;
  await prove(tools, act, record, '4', {
    upstream,
    upstreamTrouble: null,
    ...(rows ? await throughLink(tools, act, record, rows, cookie) : {}),
  });
  return { to: 'attempt', id: record.id, ...(rows ? { rows } : {}) };
}

/** What a live link adds: the account with its epoch now, and what this browser's device cookie is worth. */
async function throughLink(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  { link, person }: Rows,
  cookie: (linkId: string) => string | null,
): Promise<Partial<SignInRecord>> {
  const proven = { linkId: link.id, account: { id: person.account.id, epoch: person.account.securityEpoch } };
  const value = cookie(link.id);
  const usable = mayUseDevice({
    route: 'federated',
    allowedByBank: tools.policy.device.allowed,
    allowedByCompany: person.company.rememberAllowed,
    otpDemanded: record.request.otpDemanded || record.request.approval !== null,
    reauthenticate: record.request.reauthenticate,
  });
  if (value === null || !usable) return proven;
  return { ...proven, ...(await consultDevice(tools, act, person, link, value)) };
}
