// Releasing locks (利用停止解除): login password, confirmation password, one-time password, each on its own. Skipping the code
// does not come back with it (spec §2, §5, §6).
import { clearCounter, lockState } from '../rules/lock.ts';
import type { AuditActor } from '../rules/audit-event.ts';
import { oweMail, type MailActor } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

export type Lock = 'login' | 'confirmation' | 'otp';

/** Releases those of `locks` that stand; which ones did. Null for an unknown account. */
export async function release(
  tools: Tools,
  act: Act,
  asked: {
    readonly accountId: string;
    readonly locks: readonly Lock[];
    readonly actor: AuditActor;
    readonly by: MailActor;
  },
): Promise<readonly Lock[] | null> {
  return tools.store.transaction(async (tables) => {
    if (!(await tables.account.find(asked.accountId))) return null;
    const account = await tables.account.lock(asked.accountId);
    const released: Lock[] = [];
    for (const kind of ['login', 'confirmation'] as const) {
      if (!asked.locks.includes(kind)) continue;
      const was = await tables.credential.change(account.id, kind, (row) => {
        const state = lockState(row, act.now);
        return state === 'open'
          ? { keep: {}, verdict: false }
          : { keep: { ...clearCounter, announcedAt: null }, verdict: true };
      });
      if (was === true) released.push(kind);
    }
    if (asked.locks.includes('otp') && account.otpStoppedAt !== null) {
      await tables.account.change(account.id, { otpMisses: 0, otpStoppedAt: null });
      released.push('otp');
    }
    if (released.length === 0) return [];
    await oweMail(
      tools,
      tables,
      act,
      account,
      'released',
      Object.fromEntries(released.map((lock) => [lock, true])),
      asked.by,
    );
    await writeRecord(tables, act, {
      event: 'lock.released',
      companyId: account.companyId,
      accountId: account.id,
      actor: asked.actor,
      data: { locks: released },
    });
    return released;
  });
}
