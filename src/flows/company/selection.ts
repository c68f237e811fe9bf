// The people that were chosen on a list for a check page, up to 1,000: kept on the server under a name of their own in the
// address, for the one login that chose them. No form carries them, so none can add to them.
import type { LoginRecord } from '../../rules/login.ts';
import type { Tools } from '../tools.ts';
import type { StateAct } from './people-state.ts';

/** The most people of one act (screens.md 4.2). */
export const mostPeople = 1_000;

export interface Selection {
  readonly what: StateAct;
  readonly ids: readonly string[];
  /** How many the check page showed, where the number is typed; null before it was shown. */
  readonly count: number | null;
}

const draftOf = (id: string): string => `selection:${id}`;

/** Keeps a choice as long as the login lives; its name for the address. */
export async function keepSelection(tools: Tools, login: LoginRecord, selection: Selection): Promise<string> {
  const id = tools.secrets.id();
  await tools.consoleDrafts.keep(login.id, draftOf(id), selection, login.expiresAt);
  return id;
}

/** Keeps how many people the check page shows now. */
export async function keepCount(
  tools: Tools,
  login: LoginRecord,
  id: string,
  selection: Selection,
  count: number,
): Promise<void> {
  if (selection.count !== count)
    await tools.consoleDrafts.keep(login.id, draftOf(id), { ...selection, count }, login.expiresAt);
}

/** A choice of this login for one of these acts; null when there is none of that name. */
export async function findSelection(
  tools: Tools,
  login: LoginRecord,
  id: string,
  acts: readonly StateAct[],
): Promise<Selection | null> {
  const kept = await tools.consoleDrafts.find<Selection>(login.id, draftOf(id));
  return kept !== null && acts.includes(kept.what) ? kept : null;
}
