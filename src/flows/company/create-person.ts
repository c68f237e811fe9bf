// CON023: registering a person. ID and first password are issued; the address is unproven until its owner proves it; nothing
// is in force before the proof, and one transaction makes all of it (spec §2, §8).
import { allows } from '../../rules/permission.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { oweMail } from '../mail.ts';
import { actorOf, companyOf, proofOf, proveAct, type ProvenAct } from '../prove-act.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { issueLoginId, issuePasswords, keepSheet } from './issue.ts';
import type { PersonDraft } from './person-draft.ts';

export interface By {
  readonly person: Person;
  readonly login: LoginRecord;
}

type Stale = { readonly verdict: 'stale' };
type NotDone = Exclude<ProvenAct, { readonly verdict: 'proven' }> | Stale;

/** What the result page shows; the password is not in it. */
export interface RegisteredPerson extends Finished {
  readonly accountId: string;
  readonly loginName: string;
  readonly name: string;
  readonly issuedUntil: number;
}

export type Registered = Worked<NotDone, RegisteredPerson> | { readonly verdict: 'busy' };

/**
 * Registers the person of a draft, once for each draft.
 * @param seal a value of the administrator's browser, under which the password waits for its sheet
 */
export async function createPerson(
  tools: Tools,
  act: Act,
  by: By,
  asked: { readonly draftId: string; readonly draft: PersonDraft; readonly seal: string },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<Registered> {
  const { draftId, draft, seal } = asked;
  return actOnce(tools, act, by.login, draftId, async (): Promise<Worked<NotDone, RegisteredPerson>> => {
    if (!(await mayBe(tools.store, tools, by.person, draft)))
      return { verdict: 'refused', refused: { verdict: 'stale' } };
    const proof = proofOf(tools, act, by.person, 'create-user', companyOf(by.person));
    const proven = await proveAct(
      tools,
      act,
      by,
      { act: 'create-user', proof, about: { account: draft.personId } },
      typed,
    );
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const issued = issuePasswords(tools, ['login']);
    const hash = await tools.secrets.hasher.hash(issued.login ?? '');
    await keepSheet(tools, act, by.login, draftId, seal, issued);
    const loginName = await tools.store.transaction((tables) => register(tools, tables, act, by, draft, hash));
    if (loginName === null) return { verdict: 'refused', refused: { verdict: 'stale' } };
    return {
      verdict: 'finished',
      result: {
        at: act.now,
        reference: act.reference,
        accountId: draft.personId,
        loginName,
        name: draft.name,
        issuedUntil: act.now + tools.policy.issuedValid,
      },
    };
  });
}

/** Whether the administrator may still register this person as the draft says, with portals and accounts that exist. */
async function mayBe(
  tables: Pick<Tables, 'bankAccount'>,
  tools: Tools,
  by: Person,
  draft: PersonDraft,
): Promise<boolean> {
  const { account, company } = by;
  if (account.deletedAt !== null || account.stoppedAt !== null || company.suspendedAt !== null) return false;
  const target = companyOf(by);
  if (!allows(actorOf(by), 'create-user', target, tools.policy)) return false;
  if (draft.admin && !allows(actorOf(by), 'change-role', target, tools.policy)) return false;
  if (draft.portals.some((id) => tools.portals.get(id)?.open !== false)) return false;
  const own = new Set((await tables.bankAccount.ofCompany(account.companyId)).map(({ id }) => id));
  return draft.accounts.every((id) => own.has(id));
}

async function register(
  tools: Tools,
  tables: Tables,
  act: Act,
  { person, login }: By,
  draft: PersonDraft,
  hash: string,
): Promise<string | null> {
  const { companyId } = person.account;
  await tables.company.lock(companyId);
  await tables.account.lock(person.account.id);
  const actor = await tables.account.person(person.account.id);
  if (!actor || !(await mayBe(tables, tools, actor, draft))) return null;
  // Signed out while the proof was compared: by others who set a password, or by oneself in another window.
  if (!(await tables.login.standing(login.id, act.now))) return null;
  const id = draft.personId;
  // The process that was asked first died after it had done it: the sheet that nobody has seen has another password now.
  const before = await tables.account.find(id);
  if (before) {
    if (before.companyId !== companyId || before.loginNameChosen) return null;
    await tables.credential.change(id, 'login', () => ({ keep: { hash }, verdict: true }));
    return before.loginName;
  }

  const account = {
    id,
    companyId,
    role: draft.admin ? 'admin' : 'member',
    name: draft.name,
    email: draft.email,
    emailProvenAt: null,
    emailChangedAt: act.now,
    // Registered is not changed: the takeover guard begins with the first change that others make (spec §2).
    emailByOtherAt: null,
    emailByOther: null,
    // No login ID looks like this; the issued one is given once the account is there to own it.
    loginName: id,
    loginNameReserved: null,
    loginNameChosen: false,
    setUpAt: null,
    stoppedAt: null,
    otpStoppedAt: null,
    waitsUntil: null,
    securityEpoch: 1,
    epochSpares: null,
    epochSparesFrom: null,
    language: null,
    viewsRecords: !draft.admin && draft.viewsRecords,
    createdAt: act.now,
  } as const;
  await tables.account.add(account);
  const loginName = await issueLoginId(tools, tables, act, id);
  await tables.credential.put({
    accountId: id,
    kind: 'login',
    hash,
    setAt: act.now,
    expiresAt: null,
    issued: true,
    issuedUntil: act.now + tools.policy.issuedValid,
    forced: false,
    misses: 0,
    locks: 0,
    lockedUntil: null,
    stoppedAt: null,
    announcedAt: null,
    history: [],
  });
  await tables.portalPermission.grant(id, draft.portals);
  await tables.bankAccount.grantOnly(id, draft.accounts);
  await oweMail(tools, tables, act, account, 'registered', {}, 'admin', draft.email);
  await writeRecord(tables, act, {
    event: 'account.created',
    companyId,
    accountId: id,
    actor: { kind: 'account', id: actor.account.id },
    data: {
      after: {
        loginId: loginName,
        name: draft.name,
        email: draft.email,
        role: account.role,
        viewsRecords: account.viewsRecords,
        portals: draft.portals,
        accounts: draft.accounts,
      },
    },
  });
  return loginName;
}
