// Where wrong passwords come from: failures and different login IDs per address, within a window (spec §2). Only failures
// are counted; a success costs one read.
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

export interface SourceLimits {
  readonly window: number;
  readonly failures: number;
  readonly ids: number;
}

export interface SourceStore {
  /** Until when an address is refused; null while it may try. */
  blockedUntil(source: string, now: Instant): Promise<Instant | null>;
  /** Says that this request will ask, so that it is read meanwhile. */
  foresee(source: string): void;
  failed(source: string, loginKey: string, limits: SourceLimits, now: Instant): Promise<void>;
}

export function sourceStore(state: State): SourceStore {
  const blockOf = (source: string): string => `source:{${source}}:blocked`;
  return {
    foresee(source) {
      state.get(blockOf(source)).catch(() => {});
    },
    async blockedUntil(source) {
      const until = await state.get(blockOf(source));
      return until === null ? null : Number(until);
    },
    async failed(source, loginKey, limits, now) {
      const end = now + limits.window;
      const [failures, different] = await Promise.all([
        state.count(`source:{${source}}:failures`, end),
        state.note(`source:{${source}}:ids`, loginKey, now, limits.window),
      ]);
      if (failures.count >= limits.failures || different.count >= limits.ids) {
        await state.put(blockOf(source), String(failures.expiresAt), failures.expiresAt);
      }
    },
  };
}
