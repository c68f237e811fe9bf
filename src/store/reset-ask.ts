// What one browser has asked for on the pages of a forgotten password, until its code was typed; and how many codes a person is
// sent for it. The record looks the same whether anybody was found or not. Lost ones are asked for again.
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

export interface ResetAsk {
  /** What the limits count: the account, or nobody. */
  readonly subject: string;
  /** Null: the entries are nobody's. */
  readonly accountId: string | null;
  readonly address: string;
  readonly sentAt: Instant;
  readonly until: Instant;
  /** When the procedure ends. */
  readonly expiresAt: Instant;
  /** The code was right. */
  readonly done: { readonly number: string; readonly at: Instant; readonly reference: string } | null;
}

export interface ResetAskStore {
  /** @param browser hash of the browser's cookie */
  find(browser: string, now: Instant): Promise<ResetAsk | null>;
  keep(browser: string, ask: ResetAsk): Promise<void>;
  /** Counts one code of a subject within the hour; false past `limit`, whichever browsers asked. */
  mayBeSent(subject: string, limit: number, now: Instant): Promise<boolean>;
}

const hour = 3_600_000;

export function resetAskStore(state: State): ResetAskStore {
  const keyOf = (browser: string): string => `reset:${browser}`;
  return {
    async find(browser, now) {
      const text = await state.get(keyOf(browser));
      const ask: ResetAsk | null = text === null ? null : JSON.parse(text);
      return ask && now < ask.expiresAt ? ask : null;
    },
    async keep(browser, ask) {
      await state.put(keyOf(browser), JSON.stringify(ask), ask.expiresAt + hour);
    },
    async mayBeSent(subject, limit, now) {
      // Its own count: whoever asks here for somebody else takes nothing from the codes that person needs elsewhere.
      return (await state.count(`reset-sends:${subject}`, now + hour)).count <= limit;
    },
  };
}
