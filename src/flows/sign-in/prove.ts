// Writing a proof into the record of an attempt, with the row that had asked for it.
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Act, Tools } from '../tools.ts';

/**
 * Applies what a screen proved. Null when the attempt is gone. Banners told on an earlier page are dropped: a page tells
 * what the last act did.
 */
export async function prove(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  row: string,
  change: Partial<SignInRecord> | ((record: SignInRecord) => Partial<SignInRecord>),
): Promise<SignInRecord | null> {
  return tools.attempts.change(record.id, (newest) => ({
    ...newest,
    banners: [],
    ...(typeof change === 'function' ? change(newest) : change),
    log: [...newest.log, { row, at: act.now }].slice(-60),
  }));
}
