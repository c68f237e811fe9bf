// Issued IDs and passwords (spec §2): nine digits that nobody ever had, and a password that is shown once, on the printed
// sheet. Until then it lies sealed under a value that only the browser of the administrator can give.
import type { LoginRecord } from '../../rules/login.ts';
import type { WhichPassword } from '../../rules/password.ts';
import type { AccountRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

/** Gives the account an issued login ID: registered for ever before it is used, another one when it was ever given. */
export async function issueLoginId(tools: Tools, tables: Tables, act: Act, accountId: string): Promise<string> {
  for (;;) {
    const loginName = tools.secrets.digits(9);
    if (!(await tables.account.reserveLoginName(accountId, loginName, act.now))) continue;
    await tables.account.change(accountId, { loginName, loginNameReserved: null, loginNameChosen: false });
    return loginName;
  }
}

export type Issued = Partial<Readonly<Record<WhichPassword, string>>>;

/** Makes passwords for these; the two of one person differ. */
export function issuePasswords(tools: Tools, which: readonly WhichPassword[]): Issued {
  const issued: Partial<Record<WhichPassword, string>> = {};
  for (const one of which) {
    do issued[one] = tools.secrets.issuedPassword();
    while (issued.login === issued.confirmation);
  }
  return issued;
}

/** How long a sheet can be printed after the act, at most: milliseconds. */
const printable = 3_600_000;

const idOf = (key: string): string => `sheet.${key}`;

interface Sealed {
  readonly sealed: string;
}

/** Keeps what a sheet will show. `seal`: a value of this browser that no store knows. */
export async function keepSheet(
  tools: Tools,
  act: Act,
  login: LoginRecord,
  key: string,
  seal: string,
  issued: Issued,
): Promise<void> {
  const sealed: Sealed = { sealed: tools.secrets.sealUnder(seal, JSON.stringify(issued)) };
  await tools.consoleDrafts.keep(login.id, idOf(key), sealed, Math.min(act.now + printable, login.expiresAt));
}

/** Whether the sheet's passwords have not been shown yet. */
export async function sheetWaits(tools: Tools, login: LoginRecord, key: string): Promise<boolean> {
  return (await tools.consoleDrafts.find<Sealed>(login.id, idOf(key))) !== null;
}

/**
 * Takes the passwords for the one time they are shown, and writes down that they were. Null: they were shown before, or too
 * much time went by.
 */
export async function takeSheet(
  tools: Tools,
  act: Act,
  by: { readonly account: AccountRow; readonly login: LoginRecord },
  about: { readonly key: string; readonly accountId: string },
  seal: string,
): Promise<Issued | null> {
  const { account, login } = by;
  const found = await tools.consoleDrafts.take<Sealed>(login.id, idOf(about.key));
  const issued = found && openSheet(tools, seal, found);
  if (!found || !issued) return null;
  try {
    await tools.store.transaction((tables) =>
      writeRecord(tables, act, {
        event: 'account.sheet-printed',
        companyId: account.companyId,
        accountId: about.accountId,
        actor: { kind: 'account', id: account.id },
      }),
    );
  } catch (error) {
    // Not shown, so it may still be.
    await tools.consoleDrafts.keep(login.id, idOf(about.key), found, Math.min(act.now + printable, login.expiresAt));
    throw error;
  }
  return issued;
}

/** Null in another browser than the one that acted: what it gives opens nothing. */
function openSheet(tools: Tools, seal: string, { sealed }: Sealed): Issued | null {
  try {
    const opened: Issued = JSON.parse(tools.secrets.openUnder(seal, sealed));
    return opened;
  } catch {
    return null;
  }
}
