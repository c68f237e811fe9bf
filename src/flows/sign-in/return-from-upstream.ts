// The callback of an upstream: single use, of this browser, this attempt and this provider. Only what was verified here
// enters the record; a link found for it names the account, a remembered device may stand for the OTP.
import { mayUseDevice } from '../../rules/device.ts';
import { countsAsLinked } from '../../rules/link.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { LinkRow } from '../../store/link.ts';
import { consultDevice } from './consult-device.ts';
import { prove } from './prove.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

export type Returned =
  /** Go on with the dispatcher of this attempt. */
  | { readonly to: 'attempt'; readonly id: string }
  /** Unknown or used state, or another browser's: one page that offers to start again. */
  | { readonly to: 'start-over' }
  /** Too old an answer although asked again: the portal is told `login_required`. */
  | { readonly to: 'login-required'; readonly id: string };

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
  const record = pending ? await tools.attempts.find(pending.attemptId) : null;
  if (
    !pending ||
    !record ||
    record.finished ||
    record.expiresAt <= act.now ||
    browser === null ||
    record.browser !== browser
  ) {
    return { to: 'start-over' };
  }
  // The person chose another way meanwhile, or came back twice: the table answers with the present step.
  if (record.route !== 'federated' || record.upstream !== null || record.inherited)
    return { to: 'attempt', id: record.id };

  const enabled = tools.upstreams.list().some((upstream) => upstream.issuer === pending.flow.issuer);
  const result = enabled
    ? await tools.upstreams.complete(pending.flow, params)
    : ({ ok: false, kind: 'refused', reason: 'the upstream has been switched off', stale: false } as const);
  if (!result.ok) {
    if (result.stale && !record.retriedUpstream) {
      await prove(tools, act, record, '4', { retriedUpstream: true });
      return { to: 'attempt', id: record.id };
    }
    await refuse(tools, act, record, pending.flow.issuer, result.kind, result.reason);
    return result.stale ? { to: 'login-required', id: record.id } : { to: 'attempt', id: record.id };
  }

  const { upstream } = result;
  const found = await tools.store.link.ofIdentity(upstream.issuer, upstream.subject);
  const link = found && countsAsLinked(found, tools.policy.link, act.now) ? found : null;
  await prove(tools, act, record, '4', {
    upstream,
    upstreamTrouble: null,
    ...(link ? await throughLink(tools, act, record, link, cookie) : {}),
  });
  return { to: 'attempt', id: record.id };
}

/** What a live link adds: the account with its epoch now, and what this browser's device cookie is worth. */
async function throughLink(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  link: LinkRow,
  cookie: (linkId: string) => string | null,
): Promise<Partial<SignInRecord>> {
  const person = await tools.store.account.person(link.accountId);
  if (!person) return {};
  const proven = { linkId: link.id, account: { id: person.account.id, epoch: person.account.securityEpoch } };
  const value = cookie(link.id);
  const usable = mayUseDevice({
    route: 'federated',
    allowedByBank: tools.policy.device.allowed,
    allowedByCompany: person.company.rememberAllowed,
    otpDemanded: record.request.otpDemanded,
    reauthenticate: record.request.reauthenticate,
  });
  if (value === null || !usable) return proven;
  return { ...proven, ...(await consultDevice(tools, act, person, link, value)) };
}

async function refuse(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  issuer: string,
  kind: 'cancelled' | 'refused' | 'down',
  reason: string,
): Promise<void> {
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: `upstream.${kind}`,
      companyId: null,
      accountId: null,
      actor: { kind: 'stranger', id: null },
      data: { issuer, reason, attempt: record.id },
    }),
  );
  await prove(tools, act, record, '4', { upstreamTrouble: { word: `upstream-${kind}`, reference: act.reference } });
}
