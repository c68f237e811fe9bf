// What is told of a password that can't be compared now: a lock or stop of it blocks its own change, whoever brought it about,
// and is not lifted by it (spec §1, §2).
import { whomToAsk } from '../../rules/ask.ts';
import { lockState, type LockState } from '../../rules/lock.ts';
import type { WhichPassword } from '../../rules/password.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';

/** Where the present one of each password is typed. */
export const currentField = { login: 'password', confirmation: 'confirmation_password' } as const;

type Companies = Pick<Tables, 'company'>;

/** Those of `which` that are locked or stopped; empty when all can be compared. */
export async function closedPasswords(
  tools: Tools,
  tables: Companies,
  act: Act,
  person: Person,
  which: readonly WhichPassword[],
): Promise<readonly FormError[]> {
  const errors: FormError[] = [];
  for (const one of which) {
    const row = person[one];
    const state = row === null ? 'open' : lockState(row, act.now);
    if (state !== 'open')
      errors.push(await closedPassword(tools, tables, person, one, { state, until: row?.lockedUntil ?? null }));
  }
  return errors;
}

export async function closedPassword(
  tools: Tools,
  tables: Companies,
  { account }: Person,
  which: WhichPassword,
  { state, until }: { readonly state: LockState; readonly until: number | null },
): Promise<FormError> {
  const others = await tables.company.releasers(account.companyId, account.id);
  const ask = whomToAsk('password', others, tools.policy.release);
  const key = which === 'login' ? 'password' : 'confirm';
  return state === 'locked' && until !== null
    ? { field: currentField[which], key: `${key}.locked`, values: { until, ask } }
    : { field: currentField[which], key: `${key}.stopped`, values: { ask } };
}
