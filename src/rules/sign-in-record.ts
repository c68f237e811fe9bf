// The typed sign-in record: what one attempt has proven so far. It is the only memory of an attempt; nothing in it was
// ever taken from a hidden field, and `upstream` only from what was verified on the server in this very attempt.

import type { Approval, Approved } from './approval.ts';
import type { IssueProgress } from './token-issue.ts';

/** Milliseconds since the epoch, UTC. */
export type Instant = number;

export type Route = 'direct' | 'federated';

/** What the portal asked for, frozen when the attempt began. */
export interface PortalRequest {
  readonly clientId: string;
  readonly portalName: string;
  /** The built-in client of the consoles: no portal line, no permission asked. */
  readonly own: boolean;
  /** `acr_values`, essential `acr`, or the portal's registration demand an OTP of this session. */
  readonly otpDemanded: boolean;
  /** Routes that can give a demanded acr value; both when nothing was demanded. */
  readonly routes: readonly Route[];
  /** No offered route can give an essential value. */
  readonly unmeetable: boolean;
  /** Explicit re-authentication: prompt=login, max_age=0, or max_age exceeded by the live session. */
  readonly reauthenticate: boolean;
  readonly maxAge: number | null;
  /** prompt=select_account, or a hint that names somebody other than the live session's person. */
  readonly selectUser: boolean;
  readonly loginHint: string | null;
  readonly language: 'ja' | 'en' | null;
  /** An upstream named by its own third-party-initiated login. */
  readonly upstream: string | null;
  /** The facts the portal would learn, when it must ask before (renkei.consent: ask). */
  readonly consentAsked: boolean;
  /** What the portal asks the person to approve with a fresh code (authorization details); null: nothing. */
  readonly approval: Approval | null;
}

/** What a live session already holds when it meets a new request. */
export interface LiveLogin {
  readonly loginId: string;
  readonly sessionUid: string;
  readonly accountId: string;
  readonly displayName: string;
  readonly loginName: string;
  readonly epoch: number;
  readonly route: Route;
  readonly linkId: string | null;
  readonly authTime: Instant;
  readonly passwordAt: Instant | null;
  readonly otp: OtpProof | null;
  readonly deviceId: string | null;
}

export interface OtpProof {
  readonly at: Instant;
  readonly tokenId: string;
  readonly step: number;
  readonly kind: 'hardware' | 'software';
  /** The token is shared by several people: `mfa` is not claimed (spec §3). */
  readonly shared: boolean;
  /** The code registered or repaired the token: no `remember` was offered. */
  readonly by: 'code' | 'registration' | 'repair';
}

/** The identity asserted by the upstream, verified on the server in this attempt. */
export interface VerifiedUpstream {
  readonly issuer: string;
  readonly subject: string;
  /** What the screen calls this Business Direct ID. */
  readonly display: string;
  readonly company: { readonly contractNumber: string; readonly name: string | null } | null;
  /** When the person signed in there, when trusted; else the callback's time. */
  readonly authTime: Instant;
  readonly at: Instant;
}

/** A device cookie that was presented and judged good; rotated when the attempt finishes. */
export interface PresentedDevice {
  readonly deviceId: string;
  readonly generation: number;
  readonly secretHash: string;
}

/** A refusal of the table that has been recorded, and what tells it from another one of the same attempt. */
export interface RefusedTry {
  readonly reference: string;
  readonly facts: {
    readonly row: string;
    readonly word: string;
    /** When the stop was set that refuses. */
    readonly since: Instant | null;
    /** When a wait ends. */
    readonly until: Instant | null;
    readonly account: string;
    readonly route: Route | null;
    readonly link: string | null;
    readonly issuer: string | null;
    readonly subject: string | null;
  };
}

export interface SignInRecord {
  /** The OIDC interaction's uid; stands in the address of every page of the attempt. */
  readonly id: string;
  /** Hash of the browser cookie that began the attempt. */
  readonly browser: string;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  readonly request: PortalRequest;
  readonly live: LiveLogin | null;
  /** Route, account and proofs were taken over from the live login: no re-authentication was asked. */
  readonly inherited: boolean;
  readonly userChosen: 'continue' | 'other' | null;
  readonly route: Route | null;
  readonly upstream: VerifiedUpstream | null;
  /** Why the way through the upstream did not lead on; its page offers another try or the direct route. */
  readonly upstreamTrouble: {
    readonly word: 'upstream-cancelled' | 'upstream-refused' | 'upstream-down';
    readonly reference: string;
    /** Too old an answer although asked again: the portal is told `login_required`. */
    readonly stale?: boolean;
  } | null;
  /** The upstream's answer was too old once and it was asked again. */
  readonly retriedUpstream: boolean;
  readonly account: { readonly id: string; readonly epoch: number } | null;
  readonly linkId: string | null;
  readonly passwordAt: Instant | null;
  readonly otp: OtpProof | null;
  readonly device: PresentedDevice | null;
  /** Why a remembered device did not count, told on the OTP screen. */
  readonly deviceEnded: 'stolen' | 'ended' | null;
  readonly remember: boolean;
  readonly registrationSkipped: boolean;
  /** How far the issue of a token has come in this attempt; null: not begun. */
  readonly issue: IssueProgress | null;
  /** What the portal asked to be approved was, with its own fresh OTP. */
  readonly approved: Approved | null;
  /** The result page of a due password change that has not been acknowledged. */
  readonly passwordResult: { readonly changed: readonly ('login' | 'confirmation')[] } | null;
  /** The e-mail address waiting for its code. */
  readonly emailPending: string | null;
  readonly consented: boolean;
  /** Sentences told once at the top of the next page. */
  readonly banners: readonly { readonly key: string; readonly values: Readonly<Record<string, string>> }[];
  /** Rows of the table that decided, in order, for the receipt. */
  readonly log: readonly { readonly row: string; readonly at: Instant }[];
  /** The finishing transaction lost a race for the link: nothing was linked here, and the page says why. */
  readonly lostRace: { readonly word: 'link-taken' | 'link-limit'; readonly reference: string } | null;
  /** The refusal that was recorded last: its page goes on showing the reference number under which it was. */
  readonly refused: RefusedTry | null;
  /** The upstream that was chosen, when there are several. */
  readonly issuer: string | null;
  /** Set when the finishing transaction committed: the attempt can only be resumed to its portal. */
  readonly finished: { readonly loginId: string } | null;
}
