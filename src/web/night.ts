// The night in which revoking a token makes the wait longer, as pages show it (spec §5, policy `revoke.wait`).
import { timeRange, type Language } from '../../views/parts/format.ts';
import type { Policy } from '../rules/policy.ts';

/** `20:50〜8:10`; null outside of it, or where nobody waits. */
export function nightHours({ wait }: Policy['revoke'], night: boolean, language: Language): string | null {
  return night && wait !== null ? timeRange({ from: wait.nightFrom, to: wait.nightUntil }, language) : null;
}
