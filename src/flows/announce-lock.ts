// Telling that a password is locked or stopped: the audit record, the mail to its owner and to those who may release it. Once,
// by whoever comes first: the process that counted the last miss, or the sweep after it died.
import { sharedLock, type Who } from '../rules/guess-budget.ts';
import { lockState } from '../rules/lock.ts';
import type { AccountRow } from '../store/account.ts';
import type { CredentialKind } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { oweMail } from './mail.ts';
import { writeRecord } from './record.ts';
import { tellReleasers } from './tell-releasers.ts';
import type { Act, Tools } from './tools.ts';

/**
 * Tells a lock or stop that stands. A right password of the same run may have cleared it meanwhile; then there is nothing to tell.
 * @param who whose own budget was used up: where strangers had locked the password before, it is locked as long as that now
 */
export async function announceLock(
  tools: Tools,
  act: Act,
  accountId: string,
  kind: CredentialKind,
  who: Who | null = null,
): Promise<void> {
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(accountId);
    if (kind === 'login' && who !== null)
      await tables.guessBudget.change(accountId, who, (row, own) => {
        const shared = own && sharedLock(row, own, act.now);
        return { row: shared && { ...shared, announcedAt: null }, own: null, verdict: null };
      });
    const told = await tables.credential.change(accountId, kind, (row) => {
      const state = lockState(row, act.now);
      if (state === 'open' || row.announcedAt !== null) return { keep: {}, verdict: null };
      return { keep: { announcedAt: act.now }, verdict: { state, until: state === 'locked' ? row.lockedUntil : null } };
    });
    if (!told) return;
    const about = { which: kind, until: told.until } as const;
    await oweMail(
      tools,
      tables,
      act,
      account,
      told.state === 'stopped' ? 'password-stopped' : 'password-locked',
      { ...about, linked: await linked(tables, account) },
      'system',
    );
    // Only the login password can be tried from outside.
    const sprayed = kind === 'login' && (await tables.alarm.standing(account.companyId, act.now)) !== null;
    await tellReleasers(tools, tables, act, account, {
      ...about,
      state: told.state,
      cause: sprayed ? 'spray' : 'misses',
    });
    await writeRecord(tables, act, {
      event: told.state === 'stopped' ? 'password.stopped' : 'password.locked',
      companyId: account.companyId,
      accountId,
      actor: { kind: 'system', id: null },
      data: about,
    });
  });
}

async function linked(tables: Tables, account: AccountRow): Promise<boolean> {
  return (await tables.link.ofAccount(account.id)).length > 0;
}
