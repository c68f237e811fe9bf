// What flows are given: stores, secrets, policy. Types only; gateway.ts makes the objects. And what every act carries.
import type { Policy } from '../rules/policy.ts';
import type { Instant, VerifiedUpstream } from '../rules/sign-in-record.ts';
import type { UpstreamFlow } from '../rules/upstream.ts';
import type { AttemptStore } from '../store/attempt.ts';
import type { ConsoleActivityStore } from '../store/console-activity.ts';
import type { ConsoleDraftStore } from '../store/console-draft.ts';
import type { deviceSecretStore } from '../store/device-secret.ts';
import type { emailCodeStore } from '../store/email-code.ts';
import type { LiveLoginStore } from '../store/live-login.ts';
import type { OperatorSessionStore } from '../store/operator-session.ts';
import type { ResetAskStore } from '../store/reset-ask.ts';
import type { SeedFiles } from '../seed-files/seed-files.ts';
import type { SourceStore } from '../store/source.ts';
import type { SprayStore } from '../store/spray.ts';
import type { Store } from '../store/store.ts';
import type { upstreamFlowStore } from '../store/upstream-flow.ts';

/** One request that wants something done: the clock is read once, the reference number is the page's. */
export interface Act {
  readonly now: Instant;
  readonly reference: string;
  /** Browser and system in words, for mails and device labels. */
  readonly agent: string;
  /** Address the request came from, for throttling only. */
  readonly source: string;
  /** Hash of this browser's lasting cookie, if it brought one: whether it is known to an account, the stores say. */
  readonly lasting?: string | null;
  readonly language: 'ja' | 'en';
}

export interface HashWork {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
  /** The same work as a verification, with nothing to compare. */
  dummy(password: string): Promise<false>;
}

export interface PasswordHasher extends HashWork {
  /** Takes a place in the queue before anything is counted; throws when too many wait. */
  admit<T>(work: (hasher: HashWork) => Promise<T>): Promise<T>;
  needsRehash(hash: string): boolean;
}

interface CodeInWindow {
  readonly secret: Uint8Array;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  readonly period: number;
  readonly code: string;
  readonly fromStep: number;
  readonly toStep: number;
}

export interface Secrets {
  readonly hasher: PasswordHasher;
  id(): string;
  /** 256 random bits, base64url. */
  value(): string;
  digits(count: number): string;
  /** Half-width letters and digits that paper does not make alike. */
  issuedPassword(): string;
  /** A reference number as somebody typed or dictated it, in the form in which it is kept; null when it is none. */
  readReference(typed: string): string | null;
  digest(value: string): string;
  /** HMAC under a key of its own for this purpose. */
  mark(purpose: 'device-cookie' | 'email-code' | 'activation' | 'nonce' | 'outbox', value: string): string;
  /** A new software token's secret, sealed for the token of this id. */
  newTokenSecret(tokenId: string): string;
  openTokenSecret(sealed: string, tokenId: string): Uint8Array;
  /** A secret that came from elsewhere, sealed for the token of this id. */
  sealTokenSecret(secret: Uint8Array, tokenId: string): string;
  readonly sealing: {
    /** Ids of the keys that seal at rest, newest first. */
    readonly keys: readonly string[];
    /** The same secret under the newest key; null when it does not open. */
    reseal(sealed: string, aad: string): string | null;
  };
  /** As apps and people read it: Base32 without padding. */
  base32(secret: Uint8Array): string;
  /** ユーザID of a software token: twelve random characters that paper does not make alike. */
  tokenUserId(): string;
  /** Compares two marks without telling by its time how far they agree. */
  sameMark(one: string, other: string): boolean;
  matchStep(asked: CodeInWindow): number | null;
  /** The step of `code` when `nextCode` is the next step's. */
  matchPair(asked: CodeInWindow & { readonly nextCode: string }): number | null;
  sealUnder(value: string, next: string): string;
  openUnder(value: string, sealed: string): string;
}

/** The relying party of the upstreams (oidc/upstream.ts), as far as a sign-in asks. */
export interface Upstreams {
  list(): readonly { readonly issuer: string; readonly id: string }[];
  begin(
    issuer: string,
    ask: {
      readonly reauthenticate: boolean;
      readonly maxAge: number | null;
      readonly language: 'ja' | 'en' | null;
      readonly place: string;
    },
  ): Promise<{ readonly ok: true; readonly url: string; readonly flow: UpstreamFlow } | UpstreamRefusal>;
  complete(
    flow: UpstreamFlow,
    params: URLSearchParams,
  ): Promise<{ readonly ok: true; readonly upstream: VerifiedUpstream } | UpstreamRefusal>;
}

export interface UpstreamRefusal {
  readonly ok: false;
  readonly kind: 'cancelled' | 'refused' | 'down';
  /** For log and audit: no secret. */
  readonly reason: string;
  /** The person did not sign in anew as was asked. */
  readonly stale: boolean;
}

/** What the configuration says of a portal, as far as a sign-in asks. */
export interface PortalFacts {
  readonly clientId: string;
  readonly name: string;
  readonly open: boolean;
  /** It takes nobody in without a one-time password, or asks for approvals: its people need one (rules/otp-rights.ts). */
  readonly demandsOtp: boolean;
}

export interface Tools {
  readonly store: Store;
  readonly attempts: AttemptStore;
  readonly logins: LiveLoginStore;
  readonly upstreamFlows: ReturnType<typeof upstreamFlowStore>;
  readonly deviceSecrets: ReturnType<typeof deviceSecretStore>;
  readonly emailCodes: ReturnType<typeof emailCodeStore>;
  readonly sources: SourceStore;
  readonly sprays: SprayStore;
  readonly consoleActivity: ConsoleActivityStore;
  readonly consoleDrafts: ConsoleDraftStore;
  readonly operatorSessions: OperatorSessionStore;
  readonly resetAsks: ResetAskStore;
  readonly secrets: Secrets;
  readonly seedFiles: SeedFiles;
  readonly policy: Policy;
  /** Where the desk is told of alarms; null: it is not. */
  readonly deskMail: string | null;
  /**
   * Runs what the answer must not wait for, because its time would tell something: a gateway soon after, by itself, with
   * failures logged. What must not be lost is found again by the gateway's sweep.
   */
  readonly after: (work: () => Promise<void>) => Promise<void>;
  /** A line of the log, for whoever watches over the gateway: no secret, nobody's name. */
  readonly notice: (event: string, fields: Readonly<Record<string, string | number | boolean | null>>) => void;
  readonly upstreams: Upstreams;
  /** Upstreams that are configured to name the person's company. */
  readonly companyNamedBy: ReadonlySet<string>;
  readonly portals: ReadonlyMap<string, PortalFacts>;
}

/** Rows as handlers see them: they reach web through the flows that read them. */
export type { Person } from '../store/account.ts';
export type { LoginRow } from '../store/login.ts';
export type { ResetAsk } from '../store/reset-ask.ts';
