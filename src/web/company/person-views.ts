// From drafts and rows to what the pages of a person show: portals and accounts by name, and which right is whose anyway.
import type { AccountView } from '../../../views/company/person-accounts.tsx';
import type { PasswordView, PersonView } from '../../../views/company/person-summary.tsx';
import type { PersonChoice, PersonDraft, Standing } from '../../flows/company/person-draft.ts';
import { companyOf } from '../../flows/prove-act.ts';
import type { Person } from '../../flows/tools.ts';
import { lockState } from '../../rules/lock.ts';
import type { WhichPassword } from '../../rules/password.ts';
import { allows } from '../../rules/permission.ts';
import type { ConsoleVisit } from '../console.ts';

type Role = Standing['role'];

/** The role that a choice gives; the master stays what the bank made them. */
export const roleOf = (admin: boolean, before: Role | null): Role =>
  before === 'master' ? 'master' : admin ? 'admin' : 'member';

/** The company's accounts, with those of a choice ticked. */
export async function accountsOf(
  { site, person }: ConsoleVisit,
  granted: readonly string[],
): Promise<readonly AccountView[]> {
  const rows = await site.tools.store.bankAccount.ofCompany(person.account.companyId);
  return rows.map(({ companyId: _companyId, ...row }) => ({ ...row, granted: granted.includes(row.id) }));
}

export const portalsOf = ({ site }: ConsoleVisit, granted: readonly string[]) =>
  [...site.tools.portals.values()].map(({ clientId, name, open }) => ({
    id: clientId,
    name,
    open,
    granted: granted.includes(clientId),
  }));

/** Whether somebody of this role reads the records of the whole company. */
export function readsRecords({ site, person }: ConsoleVisit, role: Role, viewsRecords: boolean): boolean {
  const actor = { kind: 'account', id: '', companyId: person.account.companyId, role, viewsRecords } as const;
  return allows(actor, 'view-records', companyOf(person), site.tools.policy);
}

export async function personView(
  visit: ConsoleVisit,
  choice: PersonChoice,
  who: { readonly loginId: string | null; readonly role: Role },
): Promise<PersonView> {
  return {
    loginId: who.loginId,
    name: choice.name,
    email: choice.email,
    role: who.role,
    records: readsRecords(visit, who.role, choice.viewsRecords),
    portals: portalsOf(visit, choice.portals),
    accounts: await accountsOf(visit, choice.accounts),
  };
}

/** How the passwords of a person are set. `anew`: the issued pair is replaced by another one. */
export function passwordViews(
  passwords: Readonly<Record<WhichPassword, { readonly how: PasswordView['how']; readonly force?: boolean }>>,
  before: Standing,
  anew: boolean,
): { readonly login: PasswordView; readonly confirmation: PasswordView } {
  const view = ({ how, force }: { readonly how: PasswordView['how']; readonly force?: boolean }): PasswordView => ({
    how: how === 'issue' && anew ? 'reissue' : how,
    force: force ?? false,
  });
  const none = before.passwordsSetAt.confirmation === null;
  return {
    login: view(passwords.login),
    confirmation: none ? { how: 'none', force: false } : view(passwords.confirmation),
  };
}

/** Passwords that are set and stay locked or stopped: their release is a step of its own. */
export function stillStopped(
  person: Person,
  passwords: Readonly<Record<WhichPassword, { readonly how: string }>>,
  now: number,
): readonly WhichPassword[] {
  return (['login', 'confirmation'] as const).filter((which) => {
    const row = person[which];
    return passwords[which].how !== 'keep' && row !== null && lockState(row, now) !== 'open';
  });
}

/** A draft whose issued ID and password are replaced, before the first-time setup. */
export const issuesAnew = ({ before, passwords }: PersonDraft, person: Person | null): boolean =>
  before !== null &&
  before.setUpAt === null &&
  person?.account.loginNameChosen === false &&
  passwords.login.how === 'issue';
