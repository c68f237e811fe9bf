// Releasing locks (利用停止解除): login password, confirmation password, one-time password, each on its own. Skipping the code
// does not come back with it (spec §2, §5, §6). Who may is judged by rules/release.ts before.
import { statesOf } from '../rules/account.ts';
import type { AuditActor } from '../rules/audit-event.ts';
import { restrictionStates } from '../rules/cause.ts';
import { clearCounter, lockState } from '../rules/lock.ts';
import type { AccountRow } from '../store/account.ts';
import type { Tables } from '../store/store.ts';
import { oweMail, type MailActor } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

export type Lock = 'login' | 'confirmation' | 'otp';

interface Release {
  readonly locks: readonly Lock[];
  readonly actor: AuditActor;
  readonly by: MailActor;
}

/** Releases those of `locks` that stand; which ones did. Null for an unknown account. */
export async function release(
  tools: Tools,
  act: Act,
  asked: Release & { readonly accountId: string },
): Promise<readonly Lock[] | null> {
  return tools.store.transaction(async (tables) => {
    if (!(await tables.account.find(asked.accountId))) return null;
    return releaseLocks(tools, tables, act, await tables.account.lock(asked.accountId), asked);
  });
}

/** The same inside the caller's transaction, which holds the account's lock. */
export async function releaseLocks(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  asked: Release,
): Promise<readonly Lock[]> {
  const released: Lock[] = [];
  for (const kind of ['login', 'confirmation'] as const) {
    if (!asked.locks.includes(kind)) continue;
    const was = await tables.credential.change(account.id, kind, (row) => {
      const state = lockState(row, act.now);
      return state === 'open'
        ? { keep: {}, verdict: false }
        : { keep: { ...clearCounter, announcedAt: null }, verdict: true };
    });
    if (was !== true) continue;
    // Those who are no strangers have budgets of their own, which begin anew with it.
    if (kind === 'login') await tables.guessBudget.clear(account.id);
    released.push(kind);
  }
  if (asked.locks.includes('otp') && account.otpStoppedAt !== null) {
    await tables.account.change(account.id, { otpMisses: 0, otpStoppedAt: null });
    released.push('otp');
  }
  if (released.length === 0) return [];
  const now = await tables.account.person(account.id);
  const remaining = now === null ? [] : statesOf(now, act.now).filter((state) => restricts(state));
  await oweMail(
    tools,
    tables,
    act,
    account,
    'released',
    { ...Object.fromEntries(released.map((lock) => [lock, true])), remaining: remaining.join(' ') },
    asked.by,
  );
  await writeRecord(tables, act, {
    event: 'lock.released',
    companyId: account.companyId,
    accountId: account.id,
    actor: asked.actor,
    data: { locks: released, remaining },
  });
  return released;
}

const restricts = (state: string): boolean => restrictionStates.some((one) => one === state);
