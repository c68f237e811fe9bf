// What Redis (or its embedded stand-in) can do for us: few verbs, each one command or one script on one key, so that the
// layout fits a Cluster. Every value carries its expiry and is judged by the caller's clock; key lifetimes are housekeeping.
import type { Instant } from '../rules/sign-in-record.ts';

export interface State {
  /** The value, or null when absent or past its time. */
  get(key: string): Promise<string | null>;
  /** Writes whatever was there before. */
  put(key: string, value: string, expiresAt: Instant): Promise<void>;
  /** Writes only when nothing (or something expired) is there; true when it did. */
  add(key: string, value: string, expiresAt: Instant): Promise<boolean>;
  /** Reads and removes in one step: of many callers one gets the value. */
  take(key: string): Promise<string | null>;
  /** Replaces `before` by `after` only if `before` is still there; true when it did. */
  swap(key: string, before: string, after: string, expiresAt: Instant): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Adds one to a counter that begins anew at `expiresAt` of its first call; the new count and when it begins anew. */
  count(key: string, expiresAt: Instant): Promise<{ readonly count: number; readonly expiresAt: Instant }>;
  /** Adds a member to a set that lives until `expiresAt` (the latest one given). */
  join(key: string, member: string, expiresAt: Instant): Promise<void>;
  members(key: string): Promise<readonly string[]>;
  /** Rejects within the command timeout when the store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
