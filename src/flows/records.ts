// Records for people: one's own, or those of one's company for whoever may read them. Who did what to whom is put into roles
// and names here: in one's own records nobody else is named.
import type { AuditEvent } from '../rules/audit-event.ts';
import { allows } from '../rules/permission.ts';
import type { Period } from '../rules/record-days.ts';
import { eventsOf, type RecordKind } from '../rules/record-kind.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Person } from '../store/account.ts';
import type { RecordPerson, RecordQuery, WrittenRecord } from '../store/records.ts';
import { actorOf, companyOf, targetOf } from './prove-act.ts';
import { readRecord, type Change, type ReadRecord } from './records/read.ts';
import { recordForeign } from './company/turn-away.ts';
import type { Act, Tools } from './tools.ts';

/** Whose records: of the one who asks, or of the whole company. */
export type RecordScope = 'own' | 'company';

export interface RecordFilter {
  readonly period: Period;
  readonly kind: RecordKind | null;
  /** Part of a name or login ID, or a reference number; the company's records only. */
  readonly q: string;
}

export type Doer =
  | { readonly who: 'self' | 'desk' | 'system' | 'stranger' }
  | { readonly who: 'master' | 'admin' | 'member'; readonly name: string | null };

export interface ShownRecord extends ReadRecord {
  readonly by: Doer;
  /** Whom it concerns, in the records of a company. */
  readonly person: { readonly name: string; readonly loginId: string } | null;
  /** The device that stood in for the code. */
  readonly device: string | null;
}

export interface RecordPage {
  readonly records: readonly ShownRecord[];
  /** Places in the chain from which the neighbouring pages go on; null where there is none. */
  readonly newer: number | null;
  readonly older: number | null;
  /** Since when there are records at all. */
  readonly since: Instant | null;
}

export type Place = { readonly before: number } | { readonly after: number } | null;

/** Whether this person may read these records: asked by every page and every export. */
export function mayRead(tools: Tools, person: Person, scope: RecordScope): boolean {
  const target = scope === 'own' ? targetOf(person) : companyOf(person);
  return allows(actorOf(person), 'view-records', target, tools.policy);
}

export function queryOf(tools: Tools, person: Person, scope: RecordScope, filter: RecordFilter): RecordQuery {
  const text = scope === 'company' ? filter.q : '';
  const events: readonly AuditEvent[] | null = filter.kind === null ? null : eventsOf(filter.kind);
  return {
    chain: person.account.companyId,
    accountId: scope === 'own' ? person.account.id : null,
    text,
    reference: text === '' ? null : tools.secrets.readReference(text),
    from: filter.period.from,
    until: filter.period.until,
    events,
    upTo: null,
  };
}

/** One page of records, newest first. */
export async function listRecords(
  tools: Tools,
  person: Person,
  scope: RecordScope,
  filter: RecordFilter,
  place: Place,
  limit: number,
): Promise<RecordPage> {
  const query = queryOf(tools, person, scope, filter);
  const found = await tools.store.records.page(query, place, limit);
  const backwards = place !== null && 'after' in place;
  const more = found.length > limit;
  const rows = backwards ? found.slice(-limit) : found.slice(0, limit);
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    records: await shown(tools, person, scope, rows),
    newer: first && (backwards ? more : place !== null) ? first.seq : null,
    older: last && (backwards || more) ? last.seq : null,
    since: await tools.store.records.first(query.chain, query.accountId),
  };
}

/** A record as it was written, with the people, devices and roles of whom it tells. */
export async function shown(
  tools: Tools,
  viewer: Person,
  scope: RecordScope,
  rows: readonly WrittenRecord[],
): Promise<readonly ShownRecord[]> {
  const records = rows.map(readRecord).filter((record) => record !== null);
  const ids = records.flatMap(({ accountId, actor }) => [accountId, actor.kind === 'account' ? actor.id : null]);
  const logins = records.flatMap(({ code, loginId }) => (code === 'skipped' && loginId !== null ? [loginId] : []));
  const [people, devices] = await Promise.all([
    tools.store.records.people(
      viewer.account.companyId,
      ids.filter((id) => id !== null),
    ),
    tools.store.records.devices(logins),
  ]);
  return records.map((record) => {
    const person = record.accountId === null ? undefined : people.get(record.accountId);
    return {
      ...record,
      by: doerOf(record, viewer, scope, people),
      person: scope === 'company' && person ? { name: person.name, loginId: person.loginName } : null,
      device: devices.get(record.loginId ?? '') ?? null,
    };
  });
}

function doerOf(
  { actor, accountId }: ReadRecord,
  viewer: Person,
  scope: RecordScope,
  people: ReadonlyMap<string, RecordPerson>,
): Doer {
  switch (actor.kind) {
    case 'operator':
      return { who: 'desk' };
    case 'system':
    case 'stranger':
      return { who: actor.kind };
    case 'account': {
      if (actor.id === (scope === 'own' ? viewer.account.id : accountId)) return { who: 'self' };
      const found = people.get(actor.id ?? '');
      if (!found) return { who: 'system' };
      return { who: found.role, name: scope === 'company' ? found.name : null };
    }
  }
}

/** Records of one transaction are few; an act upon many people writes one for each. */
const mostUnderOne = 1_000;

export interface RecordDetail {
  readonly records: readonly ShownRecord[];
  /** The last characters of the serial number of the token whose code was typed. */
  readonly last4: string | null;
  /** The same of every token that one of the records names, by its id. */
  readonly ends: ReadonlyMap<string, string>;
}

/** Everything under one reference number that this person may see; null, and written down, where there is nothing. */
export async function viewRecord(
  tools: Tools,
  act: Act,
  person: Person,
  scope: RecordScope,
  typed: string,
): Promise<RecordDetail | null> {
  const reference = tools.secrets.readReference(typed);
  const accountId = scope === 'own' ? person.account.id : null;
  const rows =
    reference === null
      ? []
      : await tools.store.records.under(person.account.companyId, reference, accountId, mostUnderOne);
  const records = await shown(tools, person, scope, rows);
  if (records.length === 0) {
    await recordForeign(tools, act, person, { for: 'view-record', ids: [typed] });
    return null;
  }
  const tokenId = records.find(({ receipt }) => receipt?.otp)?.receipt?.otp?.tokenId ?? null;
  const ids = [tokenId, ...records.map((record) => record.tokenId)].filter((id) => id !== null);
  const ends = await tools.store.records.serialEnds([...new Set(ids)]);
  return { records: await named(tools, person, records), last4: ends.get(tokenId ?? '') ?? null, ends };
}

/** Portals and bank accounts stand in records by their ids; people know them by name. What is gone since is told as such. */
async function named(
  tools: Tools,
  { account }: Person,
  records: readonly ShownRecord[],
): Promise<readonly ShownRecord[]> {
  const some = records.some(({ changes }) => changes.some(({ what }) => what === 'accounts'));
  const accounts = some ? await tools.store.bankAccount.ofCompany(account.companyId) : [];
  const numbers = new Map(
    accounts.map(({ id, branchName, kind, number }) => [id, `${branchName} ${kind} ${number}`] as const),
  );
  const names = ({ what, before, after }: Change): Change => {
    const name = (id: string): string =>
      what === 'portals' ? (tools.portals.get(id)?.name ?? id) : what === 'accounts' ? (numbers.get(id) ?? '—') : id;
    return { what, before: before.map(name), after: after.map(name) };
  };
  return records.map((record) => ({ ...record, changes: record.changes.map(names) }));
}
