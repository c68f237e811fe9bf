// The confirmation password where a token is issued (BOT002, BOT005): the one counter of that password, whoever asks.
import { judgeTypedPassword } from '../../rules/password.ts';
import type { Person } from '../../store/account.ts';
import { guess } from '../guess.ts';
import { confirmationTrouble } from '../prove-act.ts';
import { writeRecord } from '../record.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';

/** What is wrong with the form of it, before anything is compared or counted. */
export function readConfirmation(typed: string): FormError | null {
  const mistake = judgeTypedPassword(typed);
  return mistake ? { field: 'confirmation_password', key: mistake } : null;
}

/** Compares it; null: it was right. A miss is counted, recorded, and told with what is left. */
export async function askConfirmation(
  tools: Tools,
  act: Act,
  { account }: Person,
  typed: string,
  about: string,
): Promise<FormError | null> {
  const guessed = await guess(tools, act, account.id, 'confirmation', typed);
  if (guessed.verdict === 'right') return null;
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: 'confirmation.missed',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { for: about, compared: guessed.verdict === 'wrong' },
    }),
  );
  const now = await tools.store.account.person(account.id);
  const closed = guessed.state === 'open' || now === null ? null : await confirmationTrouble(tools, act, now);
  const n = guessed.verdict === 'wrong' ? guessed.remaining : 0;
  return closed ?? { field: 'confirmation_password', key: 'confirm.wrong', values: { n } };
}
