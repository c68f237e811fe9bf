// MAI029: masters and admins who may release a person are told that there is something to release (spec §2). They are not
// told what was typed.
import type { Cause } from '../rules/cause.ts';
import { judgeRelease } from '../rules/release.ts';
import type { AccountRow } from '../store/account.ts';
import type { TokenKind } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { oweMail } from './mail.ts';
import type { Act, Tools } from './tools.ts';

/** A lock or stop that was just set. `token`: the kind whose one-time password was stopped. */
export interface NewRestriction {
  readonly which: 'login' | 'confirmation' | 'otp';
  readonly state: 'locked' | 'stopped';
  readonly until: number | null;
  readonly cause: Exclude<Cause, 'admin' | 'desk'>;
  readonly token?: TokenKind | null;
}

export async function tellReleasers(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  { which, state, until, cause, token = null }: NewRestriction,
): Promise<void> {
  const facts = { who: account.name, loginName: account.loginName, which, state, until, cause };
  for (const admin of await tables.company.administrators(account.companyId)) {
    const { id, companyId, role, viewsRecords } = admin;
    // Somebody who cannot act now has nothing to do here either.
    if (admin.setUpAt === null || admin.stoppedAt !== null || admin.otpStoppedAt !== null) continue;
    const actor = { kind: 'account', id, companyId, role, viewsRecords } as const;
    const target = { companyId: account.companyId, accountId: account.id, role: account.role };
    if (judgeRelease(actor, target, which, token, tools.policy) === 'may')
      await oweMail(tools, tables, act, admin, 'user-stopped', facts, 'system');
  }
}
