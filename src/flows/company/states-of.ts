// The states of people whom a table names, for lists whose own query has none: rows of people carry them (spec §12).
import { statesOf, type AccountState } from '../../rules/account.ts';
import type { Act, Tools } from '../tools.ts';

/** The states that hold now, by account; whoever is deleted, or of another company, has none. */
export async function statesById(
  { store, policy }: Tools,
  { now }: Act,
  companyId: string,
  ids: readonly string[],
): Promise<(id: string) => readonly AccountState[]> {
  const found = await store.people.of(companyId, [...new Set(ids)], { now, usedSince: now - policy.device.unused });
  const states = new Map(found.map((one) => [one.account.id, statesOf(one, now)]));
  return (id) => states.get(id) ?? [];
}
