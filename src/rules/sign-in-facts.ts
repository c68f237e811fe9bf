// From the record of an attempt and the rows of today to the facts of the sign-in table. Pure: whatever is asked again is
// derived again, so a stop, an unlink or a changed password is seen at the next click.
import { usability } from './account.ts';
import { approvalOf } from './approval.ts';
import { personalGrace, registrationDue } from './grace.ts';
import { closedUntil } from './japan-time.ts';
import { codeAtLogin, companyClosedUntil } from './company-settings.ts';
import { mayLink } from './link.ts';
import { passwordsDue, type DueFacts } from './password.ts';
import { hasUsableToken, type CredentialFacts, type PersonFacts } from './person-facts.ts';
import type { Policy } from './policy.ts';
import type { Facts } from './sign-in.ts';
import type { Instant, SignInRecord } from './sign-in-record.ts';
import { epochHolds, type Stamp } from './standing.ts';
import { issueGuardUntil, tokenCodesFrom } from './takeover.ts';
import {
  hasLapsed,
  kindsOffered,
  registrationPage,
  standingProgress,
  type IssueFacts,
  type IssueProgress,
} from './token-issue.ts';

export interface Sources {
  readonly now: Instant;
  readonly policy: Policy;
  /** Null: unknown, foreign, finished or expired. */
  readonly record: SignInRecord | null;
  /** The account of the record, read now; null while nobody is known. */
  readonly person: PersonFacts | null;
  /** The upstream that vouched in this attempt is not switched off. */
  readonly upstreamOn: boolean;
  /** The link that brought the person here is live. */
  readonly linkLive: boolean;
  /** Other live links of this account with the same upstream. */
  readonly otherLinks: number;
  /** The verified upstream is configured to name the company. */
  readonly companyExpected: boolean;
  /** The portal admits everybody. */
  readonly portalOpen: boolean;
  readonly consentGiven: boolean;
  /** The person's rights need one-time passwords (otp-rights.ts): asked where only operations ask them. */
  readonly otpRights: boolean;
}

const nothing: Facts = {
  closedUntil: null,
  attempt: 'gone',
  chooseUser: false,
  route: 'none',
  upstreamVerified: false,
  linked: false,
  passwordProven: false,
  account: 'usable',
  pair: 'may-link',
  portal: 'granted',
  otpStopped: false,
  waitingUntil: null,
  waitingFor: null,
  token: 'none',
  otpNeeded: false,
  otpProven: false,
  setup: 'done',
  registration: 'not-due',
  registrationPage: 'register-token',
  otpDemanded: false,
  acrMeetable: true,
  passwordDue: 'none',
  consent: 'not-asked',
  approval: 'not-asked',
  standing: 'unchanged',
};

/** Who carries the epoch: the attempt, or the live login whose proofs it took over. */
export function stampOf(record: SignInRecord): Stamp | null {
  if (record.inherited && record.live) return { id: record.live.loginId, epoch: record.live.epoch };
  return record.account && { id: record.id, epoch: record.account.epoch };
}

/** The facts of the sign-in table at this moment (spec §3). */
export function factsOf(sources: Sources): Facts {
  const { now, policy, record, person } = sources;
  const closed = closedUntil(policy.hours, now);
  if (record === null || record.finished !== null || record.expiresAt <= now)
    return { ...nothing, closedUntil: closed };

  const { request } = record;
  const known: Facts = {
    ...nothing,
    closedUntil: closed,
    attempt: 'open',
    chooseUser: record.live !== null && request.selectUser && record.userChosen === null,
    route: record.route ?? 'none',
    upstreamVerified:
      (record.upstream !== null && sources.upstreamOn) || (record.inherited && record.route === 'federated'),
    linked: record.linkId !== null,
    passwordProven: record.passwordAt !== null,
    otpProven: record.otp !== null,
    otpDemanded: request.otpDemanded,
    acrMeetable: !request.unmeetable,
  };
  if (person === null) return known;

  const stamp = stampOf(record);
  const unchanged = stamp !== null && epochHolds(stamp, person.account) && (record.linkId === null || sources.linkLive);
  const judged: Facts = {
    ...known,
    closedUntil: companyClosedUntil(person.company, policy.hours, now),
    account: usability(person.account.stoppedAt, person.company.suspendedAt),
    pair: pairOf(sources, person),
    portal:
      request.own || sources.portalOpen || person.portals.includes(request.clientId) ? 'granted' : 'no-permission',
    otpStopped: person.account.otpStoppedAt !== null,
    standing: unchanged ? 'unchanged' : 'changed',
  };
  // Nothing more is asked of an attempt that can't finish any more.
  if (!unchanged) return { ...judged, otpDemanded: false, acrMeetable: true };

  const registration = registrationOf(sources, record, person);
  const wait = waitOf(record, person, policy, now, registration);
  const usable = hasUsableToken(person, now);
  return {
    ...judged,
    waitingUntil: wait?.until ?? null,
    waitingFor: wait?.for ?? null,
    token: usable ? 'usable' : 'none',
    otpNeeded:
      // An approval asks a code of its own; whoever signs in for it has given the policy's first.
      (request.otpDemanded && request.approval === null) ||
      (codeAtLogin(person.company, policy) && !record.inherited && record.device === null),
    setup: setupOf(record, person),
    registration,
    registrationPage: registrationPage(issueFactsOf(record.issue, person, policy, now)),
    passwordDue: dueOf(record, person, policy, now),
    consent: !request.consentAsked ? 'not-asked' : sources.consentGiven || record.consented ? 'given' : 'missing',
    approval: approvalOf(record, now),
  };
}

function pairOf({ policy, record, otherLinks, companyExpected }: Sources, person: PersonFacts): Facts['pair'] {
  if (record === null || record.upstream === null || record.linkId !== null || record.passwordAt === null)
    return 'may-link';
  // What a lost race said stays said, whatever happened to the winner since.
  if (record.lostRace !== null) return record.lostRace.word;
  return mayLink({
    otherLinks,
    linksPerAccount: policy.link.linksPerAccount,
    companyExpected,
    companyClaimed: record.upstream.company?.contractNumber ?? null,
    contractNumber: person.company.contractNumber,
    plan: 'none',
  });
}

function setupOf(record: SignInRecord, person: PersonFacts): Facts['setup'] {
  const { account } = person;
  if (account.setUpAt === null) {
    if (!account.loginNameChosen) return account.loginNameReserved === null ? 'login-id' : 'password';
    if (person.confirmation === null) return 'confirmation-password';
  }
  if (account.emailProvenAt !== null) return 'done';
  return record.emailPending === null ? 'email' : 'email-code';
}

function registrationOf(sources: Sources, record: SignInRecord, person: PersonFacts): Facts['registration'] {
  const { otpRights, policy, now } = sources;
  return registrationDue(
    {
      applied: person.company.otpApplication !== 'none',
      tokenUsable: hasUsableToken(person, now),
      demanded: record.request.otpDemanded || approvalOf(record, now) === 'missing',
      // A session that stands has answered this at its sign-in.
      asked: (codeAtLogin(person.company, policy) || otpRights) && !record.inherited,
      skipped: record.registrationSkipped,
      endsAt: personalGrace(person, policy.grace),
      then: policy.grace.then,
    },
    now,
  );
}

/** What the pages of an issue are judged by, at a sign-in and in the self-service. */
export function issueFactsOf(
  progress: IssueProgress | null,
  person: Pick<PersonFacts, 'account' | 'company' | 'issue'>,
  { issue: { kinds } }: Pick<Policy, 'issue'>,
  now: Instant,
): IssueFacts {
  const { issue } = person;
  const open = issue && !hasLapsed(issue, now) ? issue.kind : null;
  return {
    application: person.company.otpApplication,
    kinds,
    lost: person.account.tokenLostAt !== null,
    open,
    progress: standingProgress(progress, open),
  };
}

/**
 * Row 11: after a revocation everybody waits; where an issue is due now and nothing else leads to a token, one waits with it
 * for a changed address or the takeover guard (spec §2, §3).
 */
function waitOf(
  record: SignInRecord,
  person: PersonFacts,
  policy: Policy,
  now: Instant,
  registration: Facts['registration'],
): { readonly until: Instant; readonly for: NonNullable<Facts['waitingFor']> } | null {
  const { account } = person;
  if (account.waitsUntil !== null && account.waitsUntil > now) return { until: account.waitsUntil, for: 'revocation' };
  const facts = issueFactsOf(record.issue, person, policy, now);
  const kinds = kindsOffered(facts);
  if (registration !== 'required' || facts.open !== null || (kinds.includes('hardware') && !facts.lost)) return null;
  return issueWaits(account, policy, now, !kinds.includes('hardware'));
}

/** How long the issue of a token waits for its holder's address or the guard; null: not at all. */
export function issueWaits(
  account: PersonFacts['account'],
  { takeover }: Pick<Policy, 'takeover'>,
  now: Instant,
  guarded = true,
): { readonly until: Instant; readonly for: 'email' | 'guard' } | null {
  const guard = guarded ? issueGuardUntil(account, takeover, now) : null;
  const codes = tokenCodesFrom(account, takeover);
  const email = codes !== null && codes > now ? codes : null;
  if (guard !== null && guard >= (email ?? 0)) return { until: guard, for: 'guard' };
  return email === null ? null : { until: email, for: 'email' };
}

/** The password itself was asked in this attempt: direct route, or the first-link check (spec §2). */
export function passwordWasAsked(record: SignInRecord): boolean {
  return !record.inherited && record.passwordAt !== null;
}

/** What row 16 is judged by, for the table, its pages and the change itself. */
export function dueFactsOf(
  record: SignInRecord,
  { login, confirmation }: Pick<PersonFacts, 'login' | 'confirmation'>,
  { locks }: Pick<Policy, 'locks'>,
): DueFacts {
  const asked = passwordWasAsked(record);
  return { login, confirmation, asked, inSpite: asked && beganBefore(login, record.passwordAt ?? 0, locks.lock) };
}

function beganBefore({ lockedUntil, stoppedAt }: CredentialFacts, at: Instant, lock: number): boolean {
  if (stoppedAt !== null) return stoppedAt < at;
  return lockedUntil !== null && lockedUntil - lock < at;
}

function dueOf(record: SignInRecord, person: PersonFacts, policy: Policy, now: Instant): Facts['passwordDue'] {
  if (record.passwordResult !== null) return 'result';
  return passwordsDue(dueFactsOf(record, person, policy), now).why;
}
