// What an administrator has entered for a person, over the pages of registering or changing one, until it is done. Kept for
// the login that entered it; nothing in it is in force, and of a typed password only its hash enters it.
import type { WhichPassword } from '../../rules/password.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { Tools } from '../tools.ts';

export type PasswordChoice =
  | { readonly how: 'keep' }
  /** Made by the system when the change is done, and shown once. */
  | { readonly how: 'issue'; readonly force: boolean }
  | {
      readonly how: 'typed';
      readonly force: boolean;
      readonly hash: string;
      /** It is one that the person has or had: told only to whoever has proven the act (set-password.ts). */
      readonly clash: string | null;
    };

export interface PersonChoice {
  readonly name: string;
  /** Null before anybody entered one. */
  readonly email: string | null;
  readonly admin: boolean;
  /** 操作履歴照会 for people who are no administrators. */
  readonly viewsRecords: boolean;
  /** Granted portals, without those that admit everybody. */
  readonly portals: readonly string[];
  /** Granted bank accounts. */
  readonly accounts: readonly string[];
}

/** What stood for a person when the change was begun: when something else stands, nothing is overwritten. */
export interface Standing extends PersonChoice {
  readonly role: Person['account']['role'];
  readonly loginName: string;
  readonly setUpAt: number | null;
  readonly passwordsSetAt: Readonly<Record<WhichPassword, number | null>>;
}

export interface PersonDraft extends PersonChoice {
  /** Whom it changes; a new person has this id from the first page on, so that nobody is registered twice. */
  readonly personId: string;
  /** Null for a new person. */
  readonly before: Standing | null;
  readonly passwords: Readonly<Record<WhichPassword, PasswordChoice>>;
}

const keep = { login: { how: 'keep' }, confirmation: { how: 'keep' } } as const;

/** The empty draft of a new person. */
export const newPersonDraft = (tools: Tools): PersonDraft => ({
  personId: tools.secrets.id(),
  before: null,
  name: '',
  email: null,
  admin: false,
  viewsRecords: false,
  portals: [],
  accounts: [],
  passwords: keep,
});

/** The draft of a change that changes nothing yet. */
export function changeDraft(id: string, before: Standing): PersonDraft {
  const { name, email, admin, viewsRecords, portals, accounts } = before;
  return { personId: id, before, name, email, admin, viewsRecords, portals, accounts, passwords: keep };
}

/** What stands for a person now; null when nobody of this id is left in the company. */
export async function standingOf(
  tables: Pick<Tables, 'account' | 'bankAccount'>,
  companyId: string,
  id: string,
): Promise<{ readonly person: Person; readonly standing: Standing } | null> {
  const person = await tables.account.person(id);
  if (!person || person.account.companyId !== companyId || person.account.deletedAt !== null) return null;
  const { account, login, confirmation, portals } = person;
  return {
    person,
    standing: {
      name: account.name,
      email: account.email,
      admin: account.role !== 'member',
      viewsRecords: account.viewsRecords,
      portals: portals.toSorted(),
      accounts: (await tables.bankAccount.granted(id)).toSorted(),
      role: account.role,
      loginName: account.loginName,
      setUpAt: account.setUpAt,
      passwordsSetAt: { login: login.setAt, confirmation: confirmation?.setAt ?? null },
    },
  };
}

/** Both as one text: it differs when anything differs that a change could overwrite. */
export const standingText = (standing: Standing | null): string =>
  JSON.stringify(
    standing === null ? null : Object.entries(standing).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const idOf = (draftId: string): string => `person.${draftId}`;

export async function keepDraft(tools: Tools, login: LoginRecord, draftId: string, draft: PersonDraft): Promise<void> {
  await tools.consoleDrafts.keep(login.id, idOf(draftId), draft, login.expiresAt);
}

export async function findDraft(tools: Tools, login: LoginRecord, draftId: string): Promise<PersonDraft | null> {
  return tools.consoleDrafts.find<PersonDraft>(login.id, idOf(draftId));
}

export async function endDraft(tools: Tools, login: LoginRecord, draftId: string): Promise<void> {
  await tools.consoleDrafts.end(login.id, idOf(draftId));
}

/** What the draft changes of what stood; for a new person everything that is not empty. */
export interface PersonChanges {
  readonly fields: readonly ('name' | 'email' | 'admin' | 'viewsRecords' | 'portals' | 'accounts')[];
  readonly passwords: readonly WhichPassword[];
}

export function changesOf({ before, passwords, ...draft }: PersonDraft): PersonChanges {
  const fields = ['name', 'email', 'admin', 'viewsRecords', 'portals', 'accounts'] as const;
  const text = (value: PersonChoice[(typeof fields)[number]]): string =>
    JSON.stringify(typeof value === 'object' && value !== null ? value.toSorted() : value);
  return {
    fields: before === null ? fields : fields.filter((field) => text(before[field]) !== text(draft[field])),
    passwords: (['login', 'confirmation'] as const).filter((which) => passwords[which].how !== 'keep'),
  };
}
