// The provider's signing keys: made at the first start, sealed in the database, read at every start.
import type { SigningKeyRow } from '../store/signing-key.ts';
import type { Store } from '../store/store.ts';

export interface KeyMaker {
  make(alg: 'ES256' | 'RS256', now: number): Promise<SigningKeyRow>;
  open(row: SigningKeyRow): Readonly<Record<string, unknown>>;
}

/** The private keys, newest first; one of each algorithm is made when there are none. */
export async function signingKeys(
  store: Store,
  keys: KeyMaker,
  now: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  if ((await store.signingKey.list()).length === 0) {
    const first = [await keys.make('ES256', now), await keys.make('RS256', now)];
    await store.transaction((tables) => tables.signingKey.addFirst(first));
  }
  return (await store.signingKey.list())
    .filter((row) => row.retiredAt === null || row.retiredAt > now)
    .map((row) => keys.open(row));
}
