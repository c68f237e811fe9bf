// Whether what was proven earlier still stands: epochs and link ids instead of remembered deletes. Pure.

/** What an attempt or login carries from its beginning. */
export interface Stamp {
  readonly id: string;
  readonly epoch: number;
}

/** What the account says now. */
export interface EpochState {
  readonly securityEpoch: number;
  readonly epochSpares: string | null;
  readonly epochSparesFrom: number | null;
}

/**
 * An attempt or login stands while the epoch is the one it saw, or while it made every rise since (spec §3: a change made
 * inside an attempt re-stamps that attempt, all others are void).
 */
export function epochHolds(stamp: Stamp, account: EpochState): boolean {
  if (stamp.epoch === account.securityEpoch) return true;
  return account.epochSpares === stamp.id && account.epochSparesFrom !== null && stamp.epoch >= account.epochSparesFrom;
}
