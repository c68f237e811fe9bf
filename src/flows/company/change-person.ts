// CON033: changing a person: basics, rights, accounts and passwords in one transaction, with everything that ends by it. What
// stood when the change was begun must still stand, or nothing is done (spec §8).
import { allows, type Act as ActName, type Proof } from '../../rules/permission.ts';
import type { WhichPassword } from '../../rules/password.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { actorOf, proofOf, proveAct, targetOf, type ProvenAct } from '../prove-act.ts';
import type { FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import type { By } from './create-person.ts';
import { issuePasswords, keepSheet } from './issue.ts';
import { isLastReleaser, releasersOf, warnOfLastReleaser } from './last-releaser.ts';
import {
  changesOf,
  standingOf,
  standingText,
  type PasswordChoice,
  type PersonDraft,
  type Standing,
} from './person-draft.ts';
import { issueAnew, nothingEnded, setPasswords, type Ended, type NewPassword } from './set-password.ts';
import { writeFields } from './write-fields.ts';

type NotDone =
  | Exclude<ProvenAct, { readonly verdict: 'proven' }>
  | { readonly verdict: 'stale' }
  /** A typed password is one that the person has or had: told after the proof, because the answer tells something of it. */
  | { readonly verdict: 'clash'; readonly errors: readonly FormError[] }
  | { readonly verdict: 'last'; readonly errors: readonly FormError[] };

type Choices = Readonly<Record<WhichPassword, Pick<PasswordChoice, 'how'> & { readonly force: boolean }>>;

/** What the result page shows; no password is in it. */
export interface ChangedPerson extends Finished {
  readonly accountId: string;
  readonly before: Standing;
  readonly after: Standing;
  readonly passwords: Choices;
  readonly ended: Ended;
}

export type Changed = Worked<NotDone, ChangedPerson> | { readonly verdict: 'busy' };

/** The acts that a draft asks for; the permission of each is judged. */
export function actsOf(draft: PersonDraft): readonly ActName[] {
  const { fields, passwords } = changesOf(draft);
  return [
    ...(fields.some((field) => field !== 'admin') ? (['change-user'] as const) : []),
    ...(fields.includes('admin') ? (['change-role'] as const) : []),
    ...(passwords.length > 0 ? (['change-password-of-others'] as const) : []),
  ];
}

const strongest: readonly Proof[] = ['token-needed', 'confirmation+otp', 'otp', 'confirmation'];

/** What the check page asks: the most that any of its acts asks. */
export function proofOfChange(tools: Tools, act: Act, by: Person, person: Person, draft: PersonDraft): Proof {
  const asked = actsOf(draft).map((name) => proofOf(tools, act, by, name, targetOf(person)));
  return strongest.find((proof) => asked.includes(proof)) ?? 'confirmation';
}

/** Changes the person of a draft, once for each draft. @param asked.seal as for a new person (create-person.ts) */
export async function changePerson(
  tools: Tools,
  act: Act,
  by: By,
  asked: { readonly draftId: string; readonly draft: PersonDraft; readonly seal: string },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<Changed> {
  const { draftId, draft, seal } = asked;
  const { companyId } = by.person.account;
  return actOnce(tools, act, by.login, draftId, async (): Promise<Worked<NotDone, ChangedPerson>> => {
    const stale = { verdict: 'refused', refused: { verdict: 'stale' } } as const;
    const now = await standingOf(tools.store, companyId, draft.personId);
    if (!now || !mayChange(tools, by.person, now, draft) || !(await areOwn(tools, tools.store, companyId, draft)))
      return stale;
    const proof = proofOfChange(tools, act, by.person, now.person, draft);
    const [name = 'change-user'] = actsOf(draft);
    const proven = await proveAct(tools, act, by, { act: name, proof, about: { account: draft.personId } }, typed);
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const errors = clashes(draft);
    if (errors.length > 0) return { verdict: 'refused', refused: { verdict: 'clash', errors } };

    const { passwords } = changesOf(draft);
    const issued = issuePasswords(
      tools,
      passwords.filter((which) => draft.passwords[which].how === 'issue'),
    );
    const fresh: NewPassword[] = [];
    for (const which of passwords) {
      const choice = draft.passwords[which];
      if (choice.how === 'typed') fresh.push({ which, hash: choice.hash, issued: false, force: choice.force });
      if (choice.how === 'issue')
        fresh.push({
          which,
          hash: await tools.secrets.hasher.hash(issued[which] ?? ''),
          issued: true,
          force: choice.force,
        });
    }
    if (Object.keys(issued).length > 0) await keepSheet(tools, act, by.login, draftId, seal, issued);
    const done = await tools.store.transaction((tables) => change(tools, tables, act, by, draft, fresh));
    if (done === 'stale') return stale;
    if (done === 'last') {
      const last = { field: null, key: 'last.block', values: { name: now.standing.name } };
      return { verdict: 'refused', refused: { verdict: 'last', errors: [last] } };
    }
    const choices = { login: choiceOf(draft.passwords.login), confirmation: choiceOf(draft.passwords.confirmation) };
    const result = { accountId: draft.personId, before: now.standing, passwords: choices, ...done };
    return { verdict: 'finished', result: { at: act.now, reference: act.reference, ...result } };
  });
}

const choiceOf = (choice: PasswordChoice) => ({ how: choice.how, force: choice.how !== 'keep' && choice.force });

const fieldOf = { login: 'new_password', confirmation: 'new_confirmation_password' } as const;

const clashes = ({ passwords }: PersonDraft): readonly FormError[] =>
  (['login', 'confirmation'] as const).flatMap((which) => {
    const choice = passwords[which];
    return choice.how === 'typed' && choice.clash !== null ? [{ field: fieldOf[which], key: choice.clash }] : [];
  });

/** The same stands as when the change was begun, and every act of it is still this administrator's to do. */
function mayChange(
  tools: Tools,
  by: Person,
  now: { readonly person: Person; readonly standing: Standing },
  draft: PersonDraft,
): boolean {
  const { account, company } = by;
  if (account.deletedAt !== null || account.stoppedAt !== null || company.suspendedAt !== null) return false;
  return (
    standingText(now.standing) === standingText(draft.before) &&
    actsOf(draft).every((name) => allows(actorOf(by), name, targetOf(now.person), tools.policy))
  );
}

/** Portals and accounts that are newly granted exist; what the person holds already may have left the configuration. */
async function areOwn(
  tools: Tools,
  tables: Pick<Tables, 'bankAccount'>,
  companyId: string,
  draft: PersonDraft,
): Promise<boolean> {
  const { portals = [], accounts = [] } = draft.before ?? {};
  const own = new Set((await tables.bankAccount.ofCompany(companyId)).map(({ id }) => id));
  return (
    draft.portals.every((id) => portals.includes(id) || tools.portals.get(id)?.open === false) &&
    draft.accounts.every((id) => accounts.includes(id) || own.has(id))
  );
}

async function change(
  tools: Tools,
  tables: Tables,
  act: Act,
  by: By,
  draft: PersonDraft,
  passwords: readonly NewPassword[],
): Promise<'stale' | 'last' | { readonly after: Standing; readonly ended: Ended }> {
  const actorId = by.person.account.id;
  const { companyId } = by.person.account;
  await tables.company.lock(companyId);
  for (const id of [actorId, draft.personId].toSorted()) await tables.account.lock(id);
  const actor = await tables.account.person(actorId);
  const now = await standingOf(tables, companyId, draft.personId);
  if (!actor || !now || !mayChange(tools, actor, now, draft) || !(await areOwn(tools, tables, companyId, draft)))
    return 'stale';
  // Signed out while the proof was compared: by others who set a password, or by oneself in another window.
  if (!(await tables.login.standing(by.login.id, act.now))) return 'stale';
  const demoted = now.standing.admin && !draft.admin;
  if (demoted && (await isLastReleaser(tables, now.person.account))) return 'last';
  const releasers = demoted ? await releasersOf(tables, companyId) : 0;

  const [first] = passwords;
  const anew = first?.issued === true && !now.person.account.loginNameChosen && now.standing.setUpAt === null;
  // Passwords first: their mail and that of the fields go to the address that was proven before.
  const ended =
    first === undefined
      ? nothingEnded
      : anew
        ? (await issueAnew(tools, tables, act, now.person, first.hash, actorId)).ended
        : await setPasswords(tools, tables, act, now.person, passwords, actorId);
  const left = await writeFields(tools, tables, act, now.person, draft, actorId);
  if (demoted) await warnOfLastReleaser(tools, tables, act, companyId, releasers);
  const after = await standingOf(tables, companyId, draft.personId);
  if (!after) throw new Error('a person who was changed is gone');
  const portals = [...new Set([...ended.portals, ...left.portals])];
  return { after: after.standing, ended: { ...ended, logins: ended.logins + left.logins, portals } };
}
