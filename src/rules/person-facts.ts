// What the rules need to know of one person; the store's rows satisfy it.
import type { Instant } from './sign-in-record.ts';
import type { IssueKind } from './token-issue.ts';

export interface CredentialFacts {
  readonly expiresAt: Instant | null;
  readonly issued: boolean;
  readonly issuedUntil: Instant | null;
  readonly forced: boolean;
  readonly lockedUntil: Instant | null;
  readonly stoppedAt: Instant | null;
}

export interface PersonFacts {
  readonly account: {
    readonly id: string;
    readonly role: 'master' | 'admin' | 'member';
    readonly emailProvenAt: Instant | null;
    readonly loginNameReserved: string | null;
    readonly loginNameChosen: boolean;
    readonly setUpAt: Instant | null;
    readonly stoppedAt: Instant | null;
    readonly otpStoppedAt: Instant | null;
    readonly emailChangedAt: Instant | null;
    readonly emailByOtherAt: Instant | null;
    readonly passwordByOtherAt: Instant | null;
    readonly issueAllowedAt: Instant | null;
    readonly tokenLostAt: Instant | null;
    readonly waitsUntil: Instant | null;
    readonly securityEpoch: number;
    readonly epochSpares: string | null;
    readonly epochSparesFrom: number | null;
  };
  readonly company: {
    readonly contractNumber: string;
    readonly otpApplication: 'none' | 'software' | 'hardware' | 'both';
    readonly otpAppliedAt: Instant | null;
    readonly tokenArrivedAt: Instant | null;
    readonly graceExtendedTo: Instant | null;
    readonly rememberAllowed: boolean;
    readonly otpAtLogin: boolean;
    readonly hoursFrom: string | null;
    readonly hoursTo: string | null;
    readonly suspendedAt: Instant | null;
  };
  readonly login: CredentialFacts;
  readonly confirmation: CredentialFacts | null;
  readonly token: { readonly expiresAt: Instant | null; readonly retiredAt: Instant | null } | null;
  /** The software token that waits for its first right code; it may have lapsed. */
  readonly issue: { readonly kind: IssueKind; readonly expiresAt: Instant } | null;
  /** A token was theirs under the company's present application: its grace is used (spec §5, once per application). */
  readonly hadToken: boolean;
  readonly portals: readonly string[];
}

/** A password that is neither locked nor stopped now. */
export function isOpen(credential: CredentialFacts, now: Instant): boolean {
  return credential.stoppedAt === null && (credential.lockedUntil === null || credential.lockedUntil <= now);
}

/** A token that can prove something now: held, not retired, not expired, and the company has applied for OTP. */
export function hasUsableToken(person: PersonFacts, now: Instant): boolean {
  const { token } = person;
  if (token === null || token.retiredAt !== null || person.company.otpApplication === 'none') return false;
  return token.expiresAt === null || token.expiresAt > now;
}
