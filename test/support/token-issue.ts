// An issue of a software token as BOT002's confirmation leaves it, made by the store alone: for tests that begin where the
// token app does.
import type { Stores } from '../../src/stores.ts';

export interface AddedIssue {
  readonly id: string;
  readonly userId: string;
  /** 利用開始パスワード. */
  readonly password: string;
  /** Base32. */
  readonly secret: string;
  readonly bytes: Uint8Array;
}

const password = '739164';

/** Gives somebody a new issue; an open one of theirs ends. */
export async function addIssue(
  { store, secrets }: Pick<Stores, 'store' | 'secrets'>,
  loginName: string,
  now: number,
): Promise<AddedIssue> {
  const account = await store.account.byLoginName(loginName);
  if (!account) throw new Error(`nobody called ${loginName}`);
  const [id, tokenId, userId] = [secrets.id(), secrets.id(), secrets.tokenUserId()];
  const secret = secrets.newTokenSecret(tokenId);
  await store.transaction(async (tables) => {
    await tables.account.lock(account.id);
    const open = await tables.tokenIssue.lockOpen(account.id);
    if (open) await tables.tokenIssue.end(open.id, now, 'replaced');
    await tables.token.add({
      id: tokenId,
      companyId: account.companyId,
      kind: 'software',
      serial: null,
      secret,
      algorithm: 'SHA1',
      digits: 6,
      period: 60,
      drift: 0,
      lastStep: null,
      lastStepBy: null,
      expiresAt: null,
      retiredAt: null,
    });
    await tables.tokenIssue.add({
      id,
      tokenId,
      accountId: account.id,
      kind: 'app',
      userId,
      activation: secrets.mark('activation', `${id} ${password}`),
      address: 'phone@example.jp',
      issuedAt: now,
      expiresAt: now + 72 * 3_600_000,
    });
  });
  const bytes = secrets.openTokenSecret(secret, tokenId);
  return { id, userId, password, secret: secrets.base32(bytes), bytes };
}
