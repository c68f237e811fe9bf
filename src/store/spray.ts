// How many different people of one company strangers missed of late (spec §2). Misses alone are noted, with one command
// each, also for IDs that nobody has: what the store is asked tells nothing of who exists.
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

export interface SprayStore {
  /** @param whom null: an ID that nobody has, or no stranger's miss */
  missed(
    whom: { readonly companyId: string; readonly id: string } | null,
    window: number,
    now: Instant,
  ): Promise<{ readonly people: number; readonly since: Instant }>;
}

export function sprayStore(state: State): SprayStore {
  return {
    async missed(whom, window, now) {
      const { count, since } = await state.note(`spray:{${whom?.companyId ?? 'nobody'}}`, whom?.id ?? '-', now, window);
      return { people: count, since };
    },
  };
}
