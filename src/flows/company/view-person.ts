// CON011: everything the company may know of one of its people, and which acts the one who looks may begin here. Nobody of
// another company is ever shown: to the one who asks they look like nobody.
import { allows, type Act as ActName } from '../../rules/permission.ts';
import type { Restriction } from '../../rules/cause.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import { tokenStateOf, type TokenState } from '../../rules/token-state.ts';
import { waitAfterRevocation } from '../../rules/waiting.ts';
import type { Person } from '../../store/account.ts';
import type { BankAccountRow } from '../../store/bank-account.ts';
import { actorOf, targetOf } from '../prove-act.ts';
import { listRecords, type ShownRecord } from '../records.ts';
import { ownDevices, type LiveDevice } from '../self-service/own-devices.ts';
import type { Act, Tools } from '../tools.ts';
import { guardOf, type GuardedIssue } from './allow-issue.ts';
import type { Listed } from './list-people.ts';
import { findRestricted } from './people-state.ts';
import { recordForeign } from './turn-away.ts';

/** Records of the person that are shown. */
const recent = 10;

/** What can be begun from a person's page. */
export type PersonJump =
  | 'change'
  | 'state'
  | 'otp-release'
  | 'token-revoke'
  | 'allow_issue'
  | 'unlink'
  | 'forget'
  | 'delete';

/** 再発行待ち: from when to when, and whether it is the night that makes it so long (rules/waiting.ts). */
export interface Waiting {
  readonly from: Instant;
  readonly until: Instant;
  readonly night: boolean;
}

export interface ViewedPerson {
  readonly listed: Listed;
  readonly person: Person;
  readonly restrictions: readonly Restriction[];
  readonly devices: readonly LiveDevice[];
  /** Open sign-ins. */
  readonly sessions: number;
  /** Bank accounts that the person may use. */
  readonly accounts: readonly BankAccountRow[];
  /** The newest first; null: the one who looks may not read them. */
  readonly records: readonly ShownRecord[] | null;
  readonly tokenState: TokenState;
  /** The wait that a revocation began; null: none stands. */
  readonly waiting: Waiting | null;
  /** No token is issued without a second administrator or the desk; null: nothing stands in the way. */
  readonly guarded: GuardedIssue | null;
  readonly jumps: readonly PersonJump[];
}

/** Null for whoever is not of the viewer's company (written down). */
export async function viewPerson(tools: Tools, act: Act, viewer: Person, id: string): Promise<ViewedPerson | null> {
  const [found] = await findRestricted(tools, act, viewer, [id]);
  const person = found ? await tools.store.account.person(found.account.id) : null;
  if (!found || !person || !allows(actorOf(viewer), 'view-person', targetOf(person), tools.policy)) {
    await recordForeign(tools, act, viewer, { for: 'view-person', ids: [id] });
    return null;
  }
  const { store, policy } = tools;
  const { account } = person;
  const guarded = await guardOf(tools, act, viewer, person);
  const tokenState = tokenStateOf(
    { waitsUntil: account.waitsUntil, token: person.token, issue: person.issue },
    act.now,
    policy.tokenExpiry.warnBefore,
  );
  const reads = allows(actorOf(viewer), 'view-records', targetOf(person), policy);
  const nothing = { period: { from: null, until: null }, kind: null, q: '' } as const;
  const [devices, logins, all, granted, records] = await Promise.all([
    ownDevices(tools, act, person),
    store.restriction.logins([account.id], act.now),
    store.bankAccount.ofCompany(account.companyId),
    store.bankAccount.granted(account.id),
    reads ? listRecords(tools, person, 'own', nothing, null, recent) : null,
  ]);
  return {
    listed: found,
    person,
    restrictions: found.restrictions,
    devices: devices.live,
    sessions: logins.get(account.id) ?? 0,
    accounts: all.filter((one) => granted.includes(one.id)),
    records: records && records.records,
    tokenState,
    waiting: waitingOf(tools, act, person),
    guarded,
    jumps: jumpsOf(tools, viewer, person, found, { tokenState, guarded }),
  };
}

function waitingOf({ policy }: Tools, { now }: Act, { account }: Person): Waiting | null {
  const { waitsUntil: until, waitsFrom } = account;
  if (until === null || until <= now) return null;
  const from = waitsFrom ?? until;
  return { from, until, night: waitAfterRevocation(policy.revoke, 'software', from)?.night ?? false };
}

/** One's own row is excluded: what belongs to oneself is changed in self-service (screens.md 4.2). */
function jumpsOf(
  tools: Tools,
  viewer: Person,
  person: Person,
  { self, link, devices, restrictions, otpRelease }: Awaited<ReturnType<typeof findRestricted>>[number],
  { tokenState, guarded }: Pick<ViewedPerson, 'tokenState' | 'guarded'>,
): readonly PersonJump[] {
  if (self) return [];
  const may = (...acts: readonly ActName[]): boolean =>
    acts.every((act) => allows(actorOf(viewer), act, targetOf(person), tools.policy));
  const stopped = person.account.otpStoppedAt !== null;
  const others = restrictions.some(({ state }) => state !== 'otp-stopped');
  const jumps: Readonly<Record<PersonJump, boolean>> = {
    'change': may('change-user'),
    'state':
      (may('stop-user') && person.account.stoppedAt === null) || (others && may('release-password', 'resume-user')),
    'otp-release': stopped && otpRelease === 'may',
    'token-revoke': (person.token !== null || tokenState.is === 'issued') && may('revoke-token'),
    'allow_issue': guarded?.verdict === 'may',
    'unlink': link !== null && may('unlink'),
    'forget': devices > 0 && may('forget-device'),
    'delete': may('delete-user'),
  };
  return personJumps.filter((jump) => jumps[jump]);
}

/** In the order of the page. */
export const personJumps: readonly PersonJump[] = [
  'change',
  'state',
  'otp-release',
  'allow_issue',
  'token-revoke',
  'unlink',
  'forget',
  'delete',
];
