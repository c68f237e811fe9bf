// Writing a proof into the record of an attempt, with the row that had asked for it.
import { sameTry } from '../../rules/same-try.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Act, Tools } from '../tools.ts';

/**
 * Applies what a screen proved. Null when the attempt is gone. Banners told on an earlier page are dropped: a page tells
 * what the last act did.
 * @param record the attempt as it was when the proof was asked for
 * @param stands whether the newest record is still the one that was asked: else nothing is written, and the table answers
 * with the present step
 */
export async function prove(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  row: string,
  change: Partial<SignInRecord> | ((record: SignInRecord) => Partial<SignInRecord>),
  stands: (asked: SignInRecord, newest: SignInRecord) => boolean = sameTry,
): Promise<SignInRecord | null> {
  return tools.attempts.change(record.id, (newest) => {
    if (!stands(record, newest)) return newest;
    return {
      ...newest,
      banners: [],
      ...(typeof change === 'function' ? change(newest) : change),
      log: [...newest.log, { row, at: act.now }].slice(-60),
    };
  });
}

/** For what no other tab can take back: the choice of a way, and the end of the attempt. */
export const anyhow = (): boolean => true;
