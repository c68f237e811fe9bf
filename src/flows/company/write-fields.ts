// Writing what changed of a person, field by field: address, rights, portals, accounts; who is told, what ends, and the
// records of before and after.
import type { AuditEvent } from '../../rules/audit-event.ts';
import { allows } from '../../rules/permission.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { actorOf, companyOf } from '../prove-act.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { changesOf, type PersonDraft, type Standing } from './person-draft.ts';

interface Left {
  readonly logins: number;
  readonly portals: readonly string[];
}

/** @param person as they stood before, with the rows locked; `draft.before` is what stood */
export async function writeFields(
  tools: Tools,
  tables: Tables,
  act: Act,
  person: Person,
  draft: PersonDraft,
  by: string,
): Promise<Left> {
  const { account } = person;
  const { before } = draft;
  const { fields } = changesOf(draft);
  if (before === null || fields.length === 0) return { logins: 0, portals: [] };
  const changed = new Set(fields);
  const role = changed.has('admin') ? (draft.admin ? 'admin' : 'member') : account.role;
  await tables.account.change(account.id, {
    name: draft.name,
    role,
    viewsRecords: draft.viewsRecords,
    ...(changed.has('email')
      ? { email: draft.email, emailProvenAt: null, emailChangedAt: act.now, emailByOtherAt: act.now, emailByOther: by }
      : {}),
  });
  const revoked = before.portals.filter((id) => !draft.portals.includes(id));
  const granted = draft.portals.filter((id) => !before.portals.includes(id));
  // Taken away first: what is entered meanwhile waits for it, or is found.
  await tables.portalPermission.revoke(account.id, revoked);
  const through = await tables.portalPermission.enteredThrough(account.id, revoked, act.now);
  await tables.portalPermission.grant(account.id, granted);
  const left = await endLogins(tools, tables, act, { ids: through }, 'permission-removed');
  if (changed.has('accounts')) await tables.bankAccount.grantOnly(account.id, draft.accounts);

  if (changed.has('email')) await tellOfAddress(tools, tables, act, person, draft.email);
  await tellOfRights(tools, tables, act, person, before, draft, { role, granted, revoked });

  const write = (event: AuditEvent, names: readonly (keyof typeof values)[]): Promise<void> =>
    writeRecord(tables, act, {
      event,
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: by },
      data: {
        before: Object.fromEntries(names.map((name) => [name, values[name][0]])),
        after: Object.fromEntries(names.map((name) => [name, values[name][1]])),
      },
    });
  const values = {
    name: [before.name, draft.name],
    email: [before.email, draft.email],
    role: [account.role, role],
    viewsRecords: [before.viewsRecords, draft.viewsRecords],
    portals: [before.portals, draft.portals],
    accounts: [before.accounts, draft.accounts],
  } as const;
  const rest = (['name', 'viewsRecords', 'portals', 'accounts'] as const).filter((name) => changed.has(name));
  if (rest.length > 0) await write('account.changed', rest);
  if (changed.has('admin')) await write('account.role-changed', ['role']);
  if (changed.has('email')) await write('email.changed', ['email']);
  return { logins: through.length, portals: left };
}

/** The old address is told at once, the new one what it is for; the other one stands masked in each. */
async function tellOfAddress(
  tools: Tools,
  tables: Tables,
  act: Act,
  { account }: Person,
  email: string | null,
): Promise<void> {
  const facts = { old: account.email, new: email, usableFrom: act.now + tools.policy.takeover.emailWait };
  if (account.setUpAt === null) {
    // Not a registered user's address yet: where it was mistyped, the news of the registration had gone astray.
    await oweMail(tools, tables, act, account, 'registered', {}, 'admin', email);
    return;
  }
  await oweMail(tools, tables, act, account, 'email-changed', { ...facts, masked: 'new' }, 'admin');
  await oweMail(tools, tables, act, account, 'email-changed', { ...facts, masked: 'old' }, 'admin', email);
}

async function tellOfRights(
  tools: Tools,
  tables: Tables,
  act: Act,
  person: Person,
  before: Standing,
  draft: PersonDraft,
  now: { readonly role: Standing['role']; readonly granted: readonly string[]; readonly revoked: readonly string[] },
): Promise<void> {
  const names = (ids: readonly string[]): readonly string[] => ids.map((id) => tools.portals.get(id)?.name ?? id);
  const { account } = person;
  const after = { ...person, account: { ...account, role: now.role, viewsRecords: draft.viewsRecords } };
  const reads = (who: Person): boolean => allows(actorOf(who), 'view-records', companyOf(who), tools.policy);
  const had = reads(person);
  const has = reads(after);
  const added = [...(has && !had ? ['records'] : []), ...names(now.granted)];
  const removed = [...(had && !has ? ['records'] : []), ...names(now.revoked)];
  const admin = { granted: draft.admin && !before.admin, removed: before.admin && !draft.admin };
  if (added.length + removed.length === 0 && !admin.granted && !admin.removed) return;
  await oweMail(
    tools,
    tables,
    act,
    account,
    'rights-changed',
    {
      added: added.join('\n'),
      removed: removed.join('\n'),
      adminGranted: admin.granted,
      adminRemoved: admin.removed,
    },
    'admin',
  );
}
