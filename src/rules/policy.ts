// Every number and choice a bank may argue about, as one plain frozen value. The values live in config/policy.yaml and
// config/profiles/; the schema in config.ts must satisfy this type. Durations are milliseconds, times of day "HH:MM".
import type { Who } from './permission.ts';
import type { IssueKind } from './token-issue.ts';
import type { SharingMode } from './token-stock.ts';

/** Where a wrong secret leads: `tries` misses in a row lock for `lock`; the `stopAt`-th lock in a row stops (spec §2). */
export interface LockTiers {
  readonly tries: number;
  readonly lock: number;
  readonly stopAt: number;
}

/** What a chosen password must look like (spec §2). `printable` allows all printable ASCII, else letters and digits only. */
export interface PasswordForm {
  readonly min: number;
  readonly max: number;
  readonly printable: boolean;
  readonly refuseCommon: boolean;
  readonly history: number;
}

export interface Policy {
  /** Name of the profile and a hash of all values: stands in every login receipt. */
  readonly version: string;
  readonly loginId: { readonly min: number; readonly max: number };
  readonly password: PasswordForm & { readonly expiry: number | null; readonly warnBefore: number };
  readonly issuedValid: number;
  readonly locks: LockTiers;
  readonly firstLink: { readonly triesPerDay: number };
  readonly otp: {
    /** `login`: asked at sign-in; `operations`: only for sensitive operations (S4). */
    readonly at: 'login' | 'operations';
    readonly tries: number;
    readonly digits: number;
    readonly period: number;
    /** Steps searched each way when a drifted hardware token is repaired with two codes. */
    readonly resyncSteps: number;
  };
  readonly grace: {
    /** Days after arrival and after application; the earlier one ends the grace (spec §5). */
    readonly afterArrival: number;
    readonly afterApplication: number;
    readonly then: 'block-otp-operations' | 'block-login';
    /** A supervisor may set the limit once more, at most this far ahead. */
    readonly extension: number;
  };
  /** What key-fobs cost, in yen, tax included: the first `free` of a contract nothing (spec §5; guide S4). */
  readonly fees: { readonly free: number; readonly token: number; readonly reissue: number };
  /** How the people of a company may share key-fobs; each company chooses among these. */
  readonly sharing: readonly SharingMode[];
  /** A token's expiry is told from this long before it. */
  readonly tokenExpiry: { readonly warnBefore: number };
  readonly device: {
    readonly allowed: boolean;
    readonly absolute: number;
    readonly unused: number;
    /** How long a replaced value is still good after its successor came back. */
    readonly overlap: number;
    readonly perBrowser: number;
  };
  readonly link: { readonly linksPerAccount: number; readonly unused: number; readonly companyClaim: boolean };
  readonly emailCode: {
    readonly digits: number;
    readonly valid: number;
    readonly tries: number;
    readonly resendAfter: number;
    readonly perHour: number;
  };
  readonly source: { readonly window: number; readonly failures: number; readonly ids: number };
  readonly attempt: { readonly lifetime: number; readonly setup: number };
  readonly session: {
    readonly idle: number;
    readonly consoleIdle: number;
    readonly absolute: number;
    readonly perAccount: number;
  };
  /** Who may release what: policy data, judged by rules/permission.ts. */
  readonly release: {
    readonly softwareOtp: 'company' | 'operator';
    readonly hardwareOtp: 'company' | 'operator';
  };
  /** Software tokens: what proves an issue, how long it waits for its first right code, and who may hold them (spec §5). */
  readonly issue: {
    readonly proof: 'email-code+confirmation';
    readonly lapse: number;
    /** Wrong activation passwords in a row that void an issue. */
    readonly tries: number;
    /** The app that fetched the secret may fetch it again for this long. */
    readonly fetchAgain: number;
    readonly kinds: readonly IssueKind[];
  };
  /** Revoking a token: what it asks, and the wait before the next one; null: none. Times of day in Japan. */
  readonly revoke: {
    readonly proof: 'confirmation+otp' | 'confirmation';
    readonly wait: { readonly after: number; readonly nightFrom: string; readonly nightUntil: string } | null;
  };
  /** Acts that ask confirmation password and OTP; all others of rules/permission.ts ask the confirmation password. */
  readonly otpOperations: readonly string[];
  /** Rows laid over the table of rules/permission.ts: who may do an act. */
  readonly permissions: Readonly<Record<string, readonly Who[]>>;
  /** Where the acts on several people ask their proof: on a page of their own, or on the list (S2, S3). */
  readonly bulkCheck: 'page' | 'list';
  /** Whether 「ログイン時に強制変更する」 may be cleared (S3), or is fixed. */
  readonly forcedChange: 'fixed' | 'free';
  /** A spray over a company: this many of its people missed from strangers within the time raise one alarm (spec §2). */
  readonly spray: { readonly people: number; readonly window: number; readonly quiet: number };
  /** An address is used for tokens this long after its change; and the time of the takeover guard (spec §2). */
  readonly takeover: { readonly emailWait: number; readonly window: number };
  /** Daily service hours, Japan time; null: always open. */
  readonly hours: { readonly from: string; readonly to: string } | null;
}
