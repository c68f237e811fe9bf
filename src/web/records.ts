// What the pages of records share: the filter as it stands in the address, and the rows as pages and files show them. Whose
// records they are, and who may read them, is the pages' own.
import type { FormError } from '../../views/messages/errors.ts';
import type { Texts } from '../../views/messages/texts.ts';
import { codeWords, doerWords, eventWords, routeWords } from '../../views/parts/record-words.ts';
import type { RecordDetailRow } from '../../views/parts/record-detail.tsx';
import { recordHeads, type RecordsQuery } from '../../views/parts/records.tsx';
import { textsOf } from '../../views/parts/frame.ts';
import { exportRecords } from '../flows/records/export.ts';
import {
  listRecords,
  type Place,
  type RecordDetail,
  type RecordFilter,
  type RecordScope,
  type ShownRecord,
} from '../flows/records.ts';
import { japanIso } from '../rules/japan-time.ts';
import { readPeriod } from '../rules/record-days.ts';
import { recordKinds } from '../rules/record-kind.ts';
import { portalName, type ConsoleVisit } from './console.ts';
import { sendCsv } from './csv.ts';
import type { Site } from './site.ts';

/** The client under which these pages themselves are entered: no portal to whoever reads a record. */
const ownPages = 'renkei-web';

/** Records of one page (screens.md 4.3). */
const perPage = 50;

/** A parameter that stands once in the address, as a text of one line. */
function typed({ ctx }: ConsoleVisit, name: string): string {
  const value = ctx.query[name];
  return typeof value === 'string'
    ? value
        .replace(/\p{Cc}/gu, '')
        .toWellFormed()
        .trim()
        .slice(0, 100)
    : '';
}

function placeOf(visit: ConsoleVisit): Place {
  const number = (name: string): number | null => {
    const value = typed(visit, name);
    return /^\d{1,15}$/.test(value) ? Number(value) : null;
  };
  const [before, after] = [number('before'), number('after')];
  return before !== null ? { before } : after !== null ? { after } : null;
}

export type FoundRecords =
  | { readonly errors: readonly FormError[]; readonly query: RecordsQuery; readonly records: readonly ShownRecord[] }
  /** The file was answered. */
  | null;

/** The list that the address asks for; mistakes in its dates leave it empty, and what was typed stays. */
export async function findRecords(
  visit: ConsoleVisit,
  scope: RecordScope,
  list: { readonly path: string; readonly file: string },
): Promise<FoundRecords> {
  const { site, person } = visit;
  const [from, to] = [typed(visit, 'from'), typed(visit, 'to')];
  const kind = recordKinds.find((known) => known === typed(visit, 'state')) ?? null;
  const q = scope === 'company' ? typed(visit, 'q') : null;
  const query = { path: list.path, q, from, to, kind: kind ?? '', newer: null, older: null, since: null } as const;
  const read = readPeriod({ from, to });
  if (!read.ok) {
    const errors = read.wrong.map((field): FormError => ({ field, key: 'form.date' }));
    return { errors, query, records: [] };
  }
  const filter: RecordFilter = { period: read.period, kind, q: q ?? '' };
  if (typed(visit, 'action') === 'csv') {
    await sendFile(visit, scope, filter, list.file);
    return null;
  }
  const { records, newer, older, since } = await listRecords(
    site.tools,
    person,
    scope,
    filter,
    placeOf(visit),
    perPage,
  );
  return { errors: [], query: { ...query, newer, older, since }, records };
}

async function sendFile(visit: ConsoleVisit, scope: RecordScope, filter: RecordFilter, name: string): Promise<void> {
  const { site, act, person, ctx, frame } = visit;
  const t = textsOf(frame);
  const parts = await exportRecords(site.tools, act, person, scope, filter);
  const heads = recordHeads(t, scope);
  const head = scope === 'company' ? [...heads.slice(0, 2), t.say('field.login_id'), ...heads.slice(2)] : heads;
  sendCsv(ctx, `${name}-${japanIso(act.now).slice(0, 10)}`, head, lines(visit, scope, parts));
}

/** A file that breaks off is told by its connection, which ends before its time; its status had gone out already. */
async function* lines(
  { site, act, frame }: ConsoleVisit,
  scope: RecordScope,
  parts: AsyncIterable<readonly ShownRecord[]>,
): AsyncGenerator<readonly (readonly string[])[]> {
  const t = textsOf(frame);
  try {
    for await (const part of parts) yield part.map((record) => cells(t, scope, record));
  } catch (error) {
    site.log('file.broken', { reference: act.reference, error: error instanceof Error ? error.message : 'unknown' });
    throw error;
  }
}

/** One line, in the order of `recordHeads`; times to the second. */
function cells(t: Texts, scope: RecordScope, record: ShownRecord): readonly string[] {
  const { person } = record;
  return [
    japanIso(record.at).slice(0, 19).replace('T', ' '),
    ...(scope === 'company' ? [person?.name ?? '', person?.loginId ?? ''] : []),
    eventWords(t, record),
    doerWords(t, record.by),
    routeWords(t, record.route),
    codeWords(t, record.code, record.device),
    t.say(`record.outcome.${record.outcome}`),
    record.reference,
  ];
}

/** The records under one number, with the names that pages give to portals. */
export function detailsOf(site: Site, { records, last4, ends }: RecordDetail): readonly RecordDetailRow[] {
  return records.map((record) => ({
    ...record,
    portals: record.portals.filter((clientId) => clientId !== ownPages).map((clientId) => portalName(site, clientId)),
    last4: record.receipt === null ? (ends.get(record.tokenId ?? '') ?? null) : last4,
  }));
}
