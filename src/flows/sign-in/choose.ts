// Choosing: which user, which route, which upstream. Nothing is proven here.
import { inherit } from './begin.ts';
import { anyhow, prove } from './prove.ts';
import { recordTrouble } from './upstream-trouble.ts';
import type { Act, Tools } from '../tools.ts';
import type { Route, SignInRecord } from '../../rules/sign-in-record.ts';

/** LGN004: go on as the live session's person, or as somebody else. */
export async function chooseUser(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  chosen: 'continue' | 'other',
): Promise<void> {
  await prove(tools, act, record, '2a', (newest) => {
    const patch = { userChosen: chosen };
    if (chosen === 'other' || newest.live === null || newest.request.reauthenticate) return patch;
    return { ...inherit(newest, newest.live), ...patch };
  });
}

/**
 * LGN001 and every "other way" button: takes a route. What another route proved in this attempt is dropped, so that no
 * proof of one way counts on the other.
 */
export async function chooseRoute(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  route: Route | null,
  issuer: string | null = null,
): Promise<void> {
  const afresh = (newest: SignInRecord): Partial<SignInRecord> => ({
    inherited: false,
    route,
    issuer: issuer ?? newest.issuer,
    lostRace: null,
    upstream: null,
    upstreamTrouble: null,
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
    consented: false,
    emailPending: null,
    userChosen: newest.userChosen ?? (newest.live ? 'other' : null),
  });
  await prove(tools, act, record, '3', afresh, anyhow);
}

/**
 * Row 4: the address at the upstream, its state kept on the server for one callback. Null when the upstream doesn't
 * answer: the attempt then shows why and offers the direct route.
 */
export async function beginUpstream(tools: Tools, act: Act, record: SignInRecord): Promise<string | null> {
  const issuer = record.issuer ?? tools.upstreams.list()[0]?.issuer ?? '';
  const begun = await tools.upstreams.begin(issuer, {
    reauthenticate: record.request.reauthenticate || record.retriedUpstream,
    maxAge: record.request.maxAge,
    language: record.request.language ?? act.language,
    // The callback reads the attempt and its interaction while it takes the state. The id is in the address of every page.
    place: record.id,
  });
  if (!begun.ok) {
    await recordTrouble(tools, act, record.id, issuer, begun);
    await prove(tools, act, record, '4', {
      upstreamTrouble: { word: `upstream-${begun.kind}`, reference: act.reference },
    });
    return null;
  }
  await tools.upstreamFlows.add(begun.flow.state, { attemptId: record.id, flow: begun.flow }, record.expiresAt);
  return begun.url;
}

/** 「別のログインIDを入力する」: the same verified Business Direct ID, another Web Service login ID. */
export async function chooseOtherLoginId(tools: Tools, act: Act, record: SignInRecord): Promise<void> {
  await prove(tools, act, record, '8', {
    account: null,
    passwordAt: null,
    otp: null,
    remember: false,
    registrationSkipped: false,
    issue: null,
    approved: null,
    lostRace: null,
    emailPending: null,
  });
}
