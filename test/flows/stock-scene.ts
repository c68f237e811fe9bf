// Who moves tokens in the tests of the desk, and tokens of the stock to move.
import type { Moved, MovedAll, Mover } from '../../src/flows/stock/mover.ts';
import type { CompanyRow } from '../../src/store/account.ts';
import type { TokenRow } from '../../src/store/token.ts';
import { addToken, newId, start } from '../support/rows.ts';
import type { Scene } from './scene.ts';

export const moverOf = (role: 'clerk' | 'supervisor' | 'auditor'): Mover => ({
  actor: { kind: 'operator', role },
  audit: { kind: 'operator', id: `the ${role}` },
  by: 'desk',
});

export const clerk = moverOf('clerk');
export const supervisor = moverOf('supervisor');

/** A serial number that nobody else has. */
export const newSerial = (prefix = 'T'): string => `${prefix}${newId().toUpperCase()}`;

/** Tokens of the stock, by their serial numbers. */
export async function stocked({ at }: Scene, count: number, patch: Partial<TokenRow> = {}): Promise<readonly string[]> {
  const serials = Array.from({ length: count }, () => newSerial());
  for (const serial of serials) await addToken(at.store, null, { serial, importedAt: start, ...patch });
  return serials;
}

export async function given({ at }: Scene, company: CompanyRow, patch: Partial<TokenRow> = {}): Promise<string> {
  const serial = newSerial();
  await addToken(at.store, company.id, { serial, importedAt: start, orderedAt: start, fee: 0, ...patch });
  return serial;
}

/** `serial → done`, or why not. */
export function told(all: MovedAll<unknown> | { readonly verdict: string }): readonly string[] {
  if (!('tokens' in all)) return [all.verdict];
  const tokens: readonly Moved[] = all.tokens;
  return tokens.map(({ result, why }) => (result === 'done' ? 'done' : String(why)));
}

export const none: ReadonlySet<string> = new Set();
