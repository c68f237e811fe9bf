// Passwords that a company's administrator sets for somebody else (spec §2): the person must change them at the next sign-in,
// and whatever was signed in with the old ones ends. A lock or stop of that password stays: its release is a step of its own
// (guide S3, 2.2 and 2.3), with a proof and a mail of its own.
import { expiresAt, keepHistory, type WhichPassword } from '../../rules/password.ts';
import type { AccountRow, CredentialRow, Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import { endOpenIssue } from '../token/end-issue.ts';
import type { Act, Tools } from '../tools.ts';
import { issueLoginId } from './issue.ts';

export interface NewPassword {
  readonly which: WhichPassword;
  readonly hash: string;
  readonly issued: boolean;
  readonly force: boolean;
}

/** What ended for the person. */
export interface Ended {
  readonly devices: number;
  readonly logins: number;
  /** Client ids. */
  readonly portals: readonly string[];
}

export const nothingEnded: Ended = { devices: 0, logins: 0, portals: [] };

/**
 * Stores them in the caller's transaction, with the account's row locked.
 * @param person as they stood before: the mail goes to the address that was proven then
 */
export async function setPasswords(
  tools: Tools,
  tables: Tables,
  act: Act,
  person: Person,
  passwords: readonly NewPassword[],
  by: string,
): Promise<Ended> {
  const { account } = person;
  for (const { which, hash, issued, force } of passwords) {
    await tables.credential.change(account.id, which, (row) => ({
      keep: {
        hash,
        setAt: act.now,
        // One that its person will keep expires like any other; one that was issued for once lapses.
        expiresAt: issued && force ? null : expiresAt(act.now, tools.policy.password),
        issued: issued && force,
        issuedUntil: issued && force ? act.now + tools.policy.issuedValid : null,
        forced: force,
        history: historyAfter(tools, row),
        // One that is on its way by post is void: this one took its place.
        letterHash: null,
        letterUntil: null,
      },
      verdict: true,
    }));
  }
  await tables.account.change(account.id, { passwordByOtherAt: act.now, passwordByOther: by });
  const ended = await endAll(tools, tables, act, account, by);
  const has = (which: WhichPassword): boolean => passwords.some((one) => one.which === which);
  await oweMail(
    tools,
    tables,
    act,
    account,
    'password-set',
    { login: has('login'), confirmation: has('confirmation'), forced: passwords.some(({ force }) => force) },
    'admin',
  );
  await writeRecord(tables, act, {
    event: 'password.set-by-other',
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: by },
    data: {
      which: passwords.map(({ which }) => which),
      issued: passwords.filter(({ issued }) => issued).map(({ which }) => which),
      forced: passwords.filter(({ force }) => force).map(({ which }) => which),
      devices: ended.devices,
      portals: ended.portals,
    },
  });
  return ended;
}

/** An issued password was never the person's own: it is refused as such, not remembered. */
const historyAfter = ({ policy }: Tools, { issued, hash, history }: CredentialRow): readonly string[] =>
  issued ? history : keepHistory(hash, history, policy.password);

/** A new ID and password in place of the issued ones that were never used. */
export async function issueAnew(
  tools: Tools,
  tables: Tables,
  act: Act,
  { account }: Person,
  hash: string,
  by: string,
): Promise<{ readonly loginName: string; readonly ended: Ended }> {
  await tables.credential.change(account.id, 'login', () => ({
    keep: { hash, setAt: act.now, expiresAt: null, issued: true, issuedUntil: act.now + tools.policy.issuedValid },
    verdict: true,
  }));
  const loginName = await issueLoginId(tools, tables, act, account.id);
  const ended = await endAll(tools, tables, act, account, by);
  await writeRecord(tables, act, {
    event: 'password.set-by-other',
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: by },
    data: {
      which: ['login'],
      issued: ['login'],
      before: { loginId: account.loginName },
      after: { loginId: loginName },
    },
  });
  return { loginName, ended };
}

async function endAll(tools: Tools, tables: Tables, act: Act, account: AccountRow, by: string): Promise<Ended> {
  const { id: accountId } = account;
  const logins = (await tables.login.surplus(accountId, 0, act.now)).length;
  await tables.account.raiseEpoch(accountId, null);
  await endOpenIssue(tables, act, account, { kind: 'account', id: by });
  const devices = await tables.device.end({ accountId }, act.now, 'password');
  const portals = await endLogins(tools, tables, act, { accountId, but: null }, 'password-set');
  return { devices: devices.length, logins, portals };
}
