// What was chosen on CON060 for its check page: kept on the server under a name of its own in the address, for the one login
// that chose it. No form carries it, so none can add to it.
import type { LoginRecord } from '../../rules/login.ts';
import type { RevocationReason } from '../token/revoke.ts';
import type { Tools } from '../tools.ts';

/** A reason in words is no longer than this (screens.md §5). */
export const longestReason = 200;

export interface TokenSelection {
  readonly people: readonly string[];
  /** The serial number of the device that is revoked for all; '': none. */
  readonly serial: string;
  /** Null: not chosen yet, where the list comes from a person's page. */
  readonly reason: RevocationReason | null;
  readonly words: string;
}

const draftOf = (id: string): string => `token-selection:${id}`;

/** Keeps a choice as long as the login lives; its name for the address. */
export async function keepTokens(tools: Tools, login: LoginRecord, selection: TokenSelection): Promise<string> {
  const id = tools.secrets.id();
  await tools.consoleDrafts.keep(login.id, draftOf(id), selection, login.expiresAt);
  return id;
}

/** A choice of this login; null when there is none of that name. */
export async function findTokenSelection(tools: Tools, login: LoginRecord, id: string): Promise<TokenSelection | null> {
  return tools.consoleDrafts.find<TokenSelection>(login.id, draftOf(id));
}
