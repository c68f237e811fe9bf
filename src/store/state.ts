// What Redis (or its embedded stand-in) can do for us: few verbs, each one command or one script on one key, so that the
// layout fits a Cluster. Every value carries its expiry and is judged by the caller's clock; key lifetimes are housekeeping.
import type { Instant } from '../rules/sign-in-record.ts';

/** What a change makes of the present value (null: nothing is there); null leaves it as it is. */
export type ChangeRule = (now: string | null) => { readonly value: string; readonly expiresAt: Instant } | null;

export interface State {
  /**
   * The value, or null when absent or past its time.
   * @param anew not what the present request has read before
   */
  get(key: string, anew?: boolean): Promise<string | null>;
  /** Writes whatever was there before. */
  put(key: string, value: string, expiresAt: Instant): Promise<void>;
  /** Writes only when nothing (or something expired) is there; true when it did. */
  add(key: string, value: string, expiresAt: Instant): Promise<boolean>;
  /** Reads and removes in one step: of many callers one gets the value. */
  take(key: string): Promise<string | null>;
  /** Replaces `before` by `after` only if `before` is still there; true when it did. */
  swap(key: string, before: string, after: string, expiresAt: Instant): Promise<boolean>;
  /** Applies a pure rule to the present value by compare-and-swap, as often as others come between; what stands there then. */
  change(key: string, rule: ChangeRule): Promise<string | null>;
  /**
   * Whether a record is still what the present request read. What the request changed of it is written by then, on what
   * others made of it. True outside a request.
   */
  stands(key: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Adds one to a counter that begins anew at `expiresAt` of its first call; the new count and when it begins anew. */
  count(key: string, expiresAt: Instant): Promise<{ readonly count: number; readonly expiresAt: Instant }>;
  /**
   * Notes a member at a time: how many different ones were noted within `window` milliseconds up to then, this one with
   * them, and when the one that was noted longest ago was.
   */
  note(
    key: string,
    member: string,
    at: Instant,
    window: number,
  ): Promise<{ readonly count: number; readonly since: Instant }>;
  /** Rejects within the command timeout when the store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Parallel writers of one record are tabs of one browser: few. */
const rounds = 50;

/** `change` by the other verbs. Rejects when too many others came between. */
export async function changeBySwap(
  state: Pick<State, 'get' | 'add' | 'swap'>,
  key: string,
  rule: ChangeRule,
): Promise<string | null> {
  for (let round = 0; round < rounds; round += 1) {
    const before = await state.get(key);
    const next = rule(before);
    if (next === null || next.value === before) return before;
    const { value, expiresAt } = next;
    if (await (before === null ? state.add(key, value, expiresAt) : state.swap(key, before, value, expiresAt)))
      return value;
  }
  throw new Error('a record was changed by too many requests at once');
}
