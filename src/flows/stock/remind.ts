// お知らせを送る: whom a line of the due list concerns is told now (screens.md HDK047): holders of tokens that expire in its
// days, or those who have not registered one before the company's limit.
import { bank, judgePermission } from '../../rules/permission.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import { remind } from '../token-warnings.ts';
import type { Act, Tools } from '../tools.ts';
import type { Mover } from './mover.ts';

export type { DueFilter, DueLine } from '../../store/token-due.ts';

export interface DueToTell {
  readonly about: 'limit' | 'expiry';
  readonly companyId: string;
  /** The days of an expiry; before `until`. */
  readonly from: Instant;
  readonly until: Instant;
}

/** How many mails were owed; null: who asks may not, or no longer. Each company by itself. */
export async function remindDue(
  tools: Tools,
  act: Act,
  mover: Mover,
  lines: readonly DueToTell[],
): Promise<number | null> {
  if (judgePermission(mover.actor, 'remind', bank, tools.policy) !== null) return null;
  if (mover.still !== undefined && !(await tools.store.transaction(mover.still))) return null;
  let sent = 0;
  const told = new Set<string>();
  for (const { about, companyId, from, until } of lines) {
    if (about === 'expiry') {
      const serials = await tools.store.tokenDue.expiring(companyId, from, until);
      if (serials.length > 0) sent += await remind(tools, act, mover.audit, { about, companyId, serials });
    } else if (!told.has(companyId)) {
      told.add(companyId);
      sent += await remind(tools, act, mover.audit, { about, companyId });
    }
  }
  return sent;
}
