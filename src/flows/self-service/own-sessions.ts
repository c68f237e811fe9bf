// A person's own sign-ins: the open ones, those that ended lately with why, and ending them. Nothing more is asked for that:
// it only adds safety (spec §8). The rows permit, so every process knows at once; portals are told by the outbox.
import type { LoginRecord } from '../../rules/login.ts';
import type { Instant, Route } from '../../rules/sign-in-record.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { Person } from '../../store/account.ts';
import type { SignInRow } from '../../store/sign-ins.ts';
import { isId, recordForeign } from '../company/turn-away.ts';
import { endLogins } from '../logout.ts';
import { codeOfReceipt, type CodeAnswer } from '../records/read.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

/** How long a sign-in that ended is listed; and how many of all are. */
const shownFor = 30 * 86_400_000;
const most = 60;

export interface OwnSession {
  readonly id: string;
  readonly startedAt: Instant;
  readonly route: Route;
  readonly code: CodeAnswer;
  readonly browser: string;
  /** Names of the portals that were entered. */
  readonly portals: readonly string[];
  /** The sign-in that asks. */
  readonly here: boolean;
}

export interface EndedSession extends Omit<OwnSession, 'here'> {
  readonly endedAt: Instant;
  /** As it was stored, or what the clock or a change of the person ended. */
  readonly why: string;
}

export interface OwnSessions {
  readonly live: readonly OwnSession[];
  readonly ended: readonly EndedSession[];
}

/** @returns both lists: the open ones newest first, the ended ones by their end */
export async function ownSessions(tools: Tools, act: Act, person: Person, login: LoginRecord): Promise<OwnSessions> {
  const rows = await tools.store.signIns.list(person.account.id, act.now, act.now - shownFor, most);
  const live: OwnSession[] = [];
  const ended: EndedSession[] = [];
  for (const row of rows) {
    const shown = {
      id: row.id,
      startedAt: row.startedAt,
      route: row.route,
      code: codeOfReceipt(row.receipt, row.device),
      browser: row.receipt.browser,
      portals: row.portals.map((clientId) => tools.portals.get(clientId)?.name ?? clientId),
    };
    const end = endOf(row, person, act.now);
    if (end === null) live.push({ ...shown, here: row.id === login.id });
    else ended.push({ ...shown, endedAt: end.at, why: end.why });
  }
  return { live, ended: ended.toSorted((one, other) => other.endedAt - one.endedAt) };
}

function endOf(
  row: SignInRow,
  { account }: Person,
  now: Instant,
): { readonly at: Instant; readonly why: string } | null {
  if (row.endedAt !== null) return { at: row.endedAt, why: row.endedWhy ?? 'other' };
  if (row.expiresAt <= now) return { at: row.expiresAt, why: 'expired' };
  return epochHolds(row, account) ? null : { at: row.startedAt, why: 'changed' };
}

export type EndedOwn =
  | { readonly verdict: 'ended' }
  /** The sign-in that asks is the one: its session ends with it, as by signing out. */
  | { readonly verdict: 'this-one' }
  /** Somebody else's, or nobody's: both alike (screens.md 4.8, group E); written down. */
  | { readonly verdict: 'unknown' };

/** Ends one sign-in of the person. One that has ended before is what was asked for. */
export async function endOwnSession(
  tools: Tools,
  act: Act,
  by: { readonly person: Person; readonly login: LoginRecord },
  id: string,
): Promise<EndedOwn> {
  const { person, login } = by;
  if (id === login.id) return { verdict: 'this-one' };
  const row = isId(id) ? await tools.store.login.find(id) : null;
  if (row?.accountId !== person.account.id) {
    await recordForeign(tools, act, person, { for: 'end-session', ids: [id] });
    return { verdict: 'unknown' };
  }
  await end(tools, act, person, login, (open) => open.filter((one) => one === row.id));
  return { verdict: 'ended' };
}

/** Ends all sign-ins of the person but the one that asks. */
export async function endOtherSessions(
  tools: Tools,
  act: Act,
  { person, login }: { readonly person: Person; readonly login: LoginRecord },
): Promise<void> {
  await end(tools, act, person, login, (open) => open.filter((one) => one !== login.id));
}

/** Ends those of the open ones that are chosen. Where nothing is open any more, nothing is written down either. */
async function end(
  tools: Tools,
  act: Act,
  person: Person,
  login: LoginRecord,
  chosen: (open: readonly string[]) => readonly string[],
): Promise<void> {
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(person.account.id);
    const logins = chosen(await tables.login.surplus(account.id, 0, act.now));
    if (logins.length === 0) return;
    const portals = await endLogins(tools, tables, act, { ids: logins }, 'ended-by-self');
    await writeRecord(tables, act, {
      event: 'session.ended',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { logins, count: logins.length, by: login.id, why: 'ended-by-self', portals },
    });
  });
}
