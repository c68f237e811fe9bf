// 「1個のトークンを全員分失効する」: a key-fob taken out of everybody's hands at once, because the device itself is gone (spec
// §11.3). All who share it, or nobody: in the caller's transaction.
import type { AccountRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { revokeToken, type Revoked } from './revoke.ts';

type Revocation = Parameters<typeof revokeToken>[4];

interface Asked extends Revocation {
  readonly tokenId: string;
  /** Whom the page showed as its holders. */
  readonly holders: readonly string[];
  /** Asked with everybody locked: whether it may still be done to each. */
  readonly still?: (account: AccountRow) => Promise<boolean>;
}

export type RevokedDevice = ReadonlyMap<string, Revoked>;

/**
 * Revokes the device and each holder's use of it. Null when somebody else holds it than was shown, it is out of use already,
 * or it may not be done to one of them: nothing is done then.
 */
export async function revokeDevice(
  tools: Tools,
  tables: Tables,
  act: Act,
  { tokenId, holders, still, ...revocation }: Asked,
): Promise<RevokedDevice | null> {
  // Lock order: accounts by id, then the token. Whoever registers it meanwhile waits for the token's lock.
  const accounts: AccountRow[] = [];
  for (const id of holders.toSorted()) accounts.push(await tables.account.lock(id));
  const token = await tables.token.lock(tokenId);
  if (!token || token.retiredAt !== null) return null;
  const now = await tables.token.heldBy(tokenId);
  if (now.toSorted().join(' ') !== accounts.map(({ id }) => id).join(' ')) return null;
  if (still) for (const account of accounts) if (!(await still(account))) return null;
  const revoked = new Map<string, Revoked>();
  await tables.token.retire(tokenId, act.now, revocation.why === 'lost' ? 'lost' : 'revoked');
  for (const account of accounts) {
    const done = await revokeToken(tools, tables, act, account, revocation);
    if (done) revoked.set(account.id, done);
  }
  await writeRecord(tables, act, {
    event: 'token.revoked',
    companyId: token.companyId,
    accountId: null,
    actor: revocation.actor,
    data: { token: tokenId, serial: token.serial, kind: token.kind, why: revocation.why, holders: now },
  });
  return revoked;
}
