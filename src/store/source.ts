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
  failed(source: string, loginKey: string, limits: SourceLimits, now: Instant): Promise<void>;
}

export function sourceStore(state: State): SourceStore {
  return {
    async blockedUntil(source) {
      const until = await state.get(`source:{${source}}:blocked`);
      return until === null ? null : Number(until);
    },
    async failed(source, loginKey, limits, now) {
      const end = now + limits.window;
      const failures = await state.count(`source:{${source}}:failures`, end);
      const ids = `source:{${source}}:ids`;
      await state.join(ids, loginKey, end);
      const different = (await state.members(ids)).length;
      if (failures.count >= limits.failures || different >= limits.ids) {
        await state.put(`source:{${source}}:blocked`, String(failures.expiresAt), failures.expiresAt);
      }
    },
  };
}
