// SLF030: taking one's own token, or one's open issue, out of use. What proves it follows from the reason that was sent, never
// from what a page showed; the act itself is token/revoke.ts, for everybody the same (spec §5).
import type { LoginRecord } from '../../rules/login.ts';
import { allows, type Proof } from '../../rules/permission.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import { kindsOffered, type ChosenKind } from '../../rules/token-issue.ts';
import { issueFactsOf, issueWaits } from '../../rules/sign-in-facts.ts';
import { codeAtLogin } from '../../rules/company-settings.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import { epochHolds } from '../../rules/standing.ts';
import { waitAfterRevocation, type Wait } from '../../rules/waiting.ts';
import type { Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { actorOf, proofOf, proveAct, targetOf, type ProvenAct } from '../prove-act.ts';
import { revocationReasons, revokeToken, type RevocationReason } from '../token/revoke.ts';
import type { Act, Tools } from '../tools.ts';
import { ownDevices } from './own-devices.ts';
import { ownSessions } from './own-sessions.ts';

type By = { readonly person: Person; readonly login: LoginRecord };

export const reasonOf = (typed: string): RevocationReason | null =>
  revocationReasons.find((reason) => reason === typed) ?? null;

/**
 * What a revocation for this reason asks. Somebody who lost the token and came through the link gives the confirmation
 * password alone; so does whoever has no token that could show a code: an open issue, one that has expired.
 */
export function proofForReason(tools: Tools, act: Act, { person, login }: By, reason: RevocationReason): Proof {
  const proof = proofOf(tools, act, person, 'revoke-token', targetOf(person));
  if (proof !== 'confirmation+otp') return 'confirmation';
  return reason === 'lost' && login.route === 'federated' && login.linkId !== null ? 'confirmation' : proof;
}

/** What stands: whoever sees the page confirms this and nothing else. */
export interface Revocable {
  readonly kind: 'hardware' | 'software';
  readonly last4: string | null;
  /** There is only an issue that waits for its set-up. */
  readonly issueOnly: boolean;
  readonly others: number;
  readonly wait: Wait | null;
  /** Which token and which issue: other words for others. */
  readonly seen: string;
}

/** Null without a token and without an issue. */
export function ownRevocable({ policy }: Pick<Tools, 'policy'>, { now }: Act, person: Person): Revocable | null {
  const { token, issue } = person;
  if (!token && !issue) return null;
  const kind = token?.kind ?? 'software';
  const wait = waitAfterRevocation(policy.revoke, kind, now);
  return {
    kind,
    last4: token?.serial?.slice(-4) ?? null,
    issueOnly: token === null,
    others: token ? token.holders - 1 : 0,
    wait,
    seen: `${token?.id ?? '-'} ${issue?.id ?? '-'}`,
  };
}

/** What there is afterwards. */
export interface Afterwards {
  /** From when the next one is issued, where not the wait but the address or the guard holds it up. */
  readonly issueFrom: Instant | null;
  /** Nobody signs in without a token here. */
  readonly blocksLogin: boolean;
  readonly kinds: readonly ChosenKind[];
}

export function afterwards({ policy }: Pick<Tools, 'policy'>, { now }: Act, person: Person): Afterwards {
  return {
    issueFrom: issueWaits(person.account, policy, now)?.until ?? null,
    blocksLogin: person.company.otpApplication !== 'none' && codeAtLogin(person.company, policy),
    kinds: kindsOffered(issueFactsOf(null, person, policy, now)),
  };
}

/** How many devices and sign-ins end with it, this one included. */
export async function endedWith(
  tools: Tools,
  act: Act,
  { person, login }: By,
): Promise<{ readonly devices: number; readonly logins: number }> {
  const devices = await ownDevices(tools, act, person);
  const sessions = await ownSessions(tools, act, person, login);
  return { devices: devices.live.length, logins: sessions.live.length };
}

export interface OwnRevoked extends Finished {
  readonly kind: 'hardware' | 'software';
  /** Of a key-fob. */
  readonly serial: string | null;
  readonly reason: RevocationReason;
  readonly until: Instant | null;
  readonly night: boolean;
}

export type NotRevoked = Exclude<ProvenAct, { readonly verdict: 'proven' }>;

/**
 * Revokes after the proof that the reason asks; everything of the person ends with it, this login too.
 * @param key of the check page: sent twice, it acts once
 */
export function revokeOwnToken(
  tools: Tools,
  act: Act,
  by: By,
  asked: { readonly reason: RevocationReason; readonly key: string; readonly seen: string },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<Worked<NotRevoked, OwnRevoked> | { readonly verdict: 'busy' }> {
  const { person, login } = by;
  const { reason } = asked;
  const lookAgain = { verdict: 'refused', refused: { verdict: 'look-again' } } as const;
  return actOnce(tools, act, login, asked.key, async (): Promise<Worked<NotRevoked, OwnRevoked>> => {
    if (!allows(actorOf(person), 'revoke-token', targetOf(person), tools.policy)) return lookAgain;
    const proof = proofForReason(tools, act, by, reason);
    const about = { people: 1, own: true, why: reason, usable: hasUsableToken(person, act.now) };
    const proven = await proveAct(tools, act, by, { act: 'revoke-token', proof, about }, typed);
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const result = await tools.store.transaction((tables) => revoke(tools, tables, act, by, asked));
    return result === null ? lookAgain : { verdict: 'finished', result };
  });
}

async function revoke(
  tools: Tools,
  tables: Tables,
  act: Act,
  { person, login }: By,
  { reason, seen }: { readonly reason: RevocationReason; readonly seen: string },
): Promise<OwnRevoked | null> {
  const account = await tables.account.lock(person.account.id);
  const now = await tables.account.person(account.id);
  // Somebody else was first, or another token was registered since: what was confirmed is not what would end.
  if (!now || !epochHolds(login, account) || ownRevocable(tools, act, now)?.seen !== seen) return null;
  const revoked = await revokeToken(tools, tables, act, account, {
    why: reason,
    actor: { kind: 'account', id: account.id },
    by: 'self',
  });
  if (!revoked) return null;
  const { kind, serial, wait } = revoked;
  return {
    at: act.now,
    reference: act.reference,
    kind,
    serial,
    reason,
    until: wait?.until ?? null,
    night: wait?.night ?? false,
  };
}
