// Opening an attempt: the typed record of one try, bound to the browser that began it. With a live session and no demand
// to prove anew, what that login proved is taken over.
import type { LiveLogin, PortalRequest, SignInRecord } from '../../rules/sign-in-record.ts';

export interface Opening {
  readonly id: string;
  /** Hash of the browser cookie. */
  readonly browser: string;
  readonly request: PortalRequest;
  readonly live: LiveLogin | null;
}

/** The record of a try that has proven nothing, or only what its live login holds. */
export function freshRecord({ id, browser, request, live }: Opening, now: number, lifetime: number): SignInRecord {
  const record: SignInRecord = {
    id,
    browser,
    startedAt: now,
    expiresAt: now + lifetime,
    request,
    live,
    inherited: false,
    userChosen: null,
    route: request.upstream === null ? null : 'federated',
    upstream: null,
    upstreamTrouble: null,
    retriedUpstream: false,
    account: null,
    linkId: null,
    passwordAt: null,
    otp: null,
    device: null,
    deviceEnded: null,
    remember: false,
    registrationSkipped: false,
    issue: null,
    approved: null,
    passwordResult: null,
    emailPending: null,
    consented: false,
    banners: [],
    log: [],
    lostRace: null,
    refused: null,
    issuer: request.upstream,
    finished: null,
  };
  return live && !request.reauthenticate && !request.selectUser ? inherit(record, live) : record;
}

/** Takes over what a live login proved. */
export function inherit(record: SignInRecord, live: LiveLogin): SignInRecord {
  return {
    ...record,
    inherited: true,
    route: live.route,
    account: { id: live.accountId, epoch: live.epoch },
    linkId: live.linkId,
    passwordAt: live.passwordAt,
    otp: live.otp,
  };
}
