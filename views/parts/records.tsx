// What the lists of records share: the filters (they live in the address), the cells of a row, the way to older and newer ones.
import type { ComponentChildren, VNode } from 'preact';
import type { RecordKind } from '../../src/rules/record-kind.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Sub } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, type Told } from './errors.tsx';
import { codeWords, doerWords, eventWords, routeWords, type RecordRow } from './record-words.ts';
import { Moment } from './sentence.tsx';
import { Table, type Column, type Row } from './table.tsx';

/** A filtered list as its address says it. */
export interface RecordsQuery {
  /** Path of the list: `/self-service/history` or `/company/records`. */
  readonly path: string;
  /** Search for people; null where there is none. */
  readonly q: string | null;
  /** As they were typed. */
  readonly from: string;
  readonly to: string;
  readonly kind: RecordKind | '';
  /** Places from which the neighbouring pages go on. */
  readonly newer: number | null;
  readonly older: number | null;
  /** Since when there are records. */
  readonly since: Instant | null;
}

const kinds: readonly Sub<'record.kind'>[] = ['sign-in', 'password', 'code', 'link', 'administration', 'other'];

function Day(props: {
  readonly t: Texts;
  readonly name: 'from' | 'to';
  readonly value: string;
  readonly errors: readonly Told[];
}): VNode {
  const { t, name, value, errors } = props;
  const wrong = errors.some(({ field }) => field === name);
  const shared = { id: name, name, class: 'input', value, autocomplete: 'off' } as const;
  return (
    <div>
      <label for={name}>{t.label(name)}</label>
      {/* A date field would hide what is no date. */}
      {wrong ? (
        <input type="text" {...shared} aria-invalid aria-describedby={`${name}-error`} />
      ) : (
        <input type="date" {...shared} />
      )}
      <FieldErrors errors={errors} name={name} />
    </div>
  );
}

export function RecordFilters(props: {
  readonly t: Texts;
  readonly query: RecordsQuery;
  readonly errors: readonly Told[];
}): VNode {
  const { t, query, errors } = props;
  const active = (query.q ?? '') !== '' || query.from !== '' || query.to !== '' || query.kind !== '';
  return (
    <search class="filters filters-many">
      <form method="get" action={query.path}>
        {query.q === null ? null : (
          <div>
            <label for="q">{t.say('field.q')}</label>
            <input
              id="q"
              name="q"
              type="search"
              class="input"
              value={query.q}
              autocomplete="off"
              aria-describedby="q-hint"
            />
            <p class="hint" id="q-hint">
              {t.say('CON100.2')}
            </p>
          </div>
        )}
        <Day t={t} name="from" value={query.from} errors={errors} />
        <Day t={t} name="to" value={query.to} errors={errors} />
        <div>
          <label for="state">{t.say('SLF060.6')}</label>
          <select id="state" name="state" class="input">
            <option value="" selected={query.kind === ''}>
              {t.say('choice.any')}
            </option>
            {kinds.map((kind) => (
              <option value={kind} selected={query.kind === kind}>
                {t.say(`record.kind.${kind}`)}
              </option>
            ))}
          </select>
        </div>
        <div class="filters-act">
          <button type="submit" class="button button-other">
            {t.say('button.show')}
          </button>
          <button type="submit" class="button button-other" name="action" value="csv">
            {t.say('button.csv')}
          </button>
          {active ? <a href={query.path}>{t.say('button.clear')}</a> : null}
        </div>
      </form>
    </search>
  );
}

/** The address of the same list from another place on. */
function hrefOf(query: RecordsQuery, place: 'before' | 'after', at: number): string {
  const { path, q, from, to, kind: state } = query;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ q: q ?? '', from, to, state }))
    if (value !== '') params.set(name, value);
  params.set(place, String(at));
  return `${path}?${params.toString()}`;
}

export function RecordPages({ t, query }: { readonly t: Texts; readonly query: RecordsQuery }): VNode | null {
  const { newer, older } = query;
  if (newer === null && older === null) return null;
  return (
    <nav class="pages" aria-label={t.say('SLF060.7')}>
      {newer === null ? null : <a href={hrefOf(query, 'after', newer)}>{t.say('SLF060.8')}</a>}
      {older === null ? null : <a href={hrefOf(query, 'before', older)}>{t.say('SLF060.9')}</a>}
    </nav>
  );
}

/** The heads of the columns of a file, in the order of its cells. */
export const recordHeads = (t: Texts, scope: 'own' | 'company'): readonly string[] => [
  t.say('SLF060.2'),
  ...(scope === 'company' ? [t.say('CON100.1')] : []),
  t.say('SLF060.3'),
  t.say('SLF061.15'),
  t.say('SLF055.4'),
  t.say('SLF055.5'),
  t.say('SLF060.4'),
  t.say('SLF060.5'),
];

const filled = (t: Texts, text: string): string => (text === '' ? t.say('frame.none') : text);

export function RecordTable(props: {
  readonly t: Texts;
  readonly scope: 'own' | 'company';
  /** Path to which a reference number is added. */
  readonly path: string;
  readonly records: readonly RecordRow[];
}): VNode {
  const { t, scope, records } = props;
  const whole = scope === 'company';
  const heads = [
    t.say('SLF060.2'),
    ...(whole ? [t.say('CON100.1')] : []),
    t.say('SLF060.3'),
    ...(whole ? [t.say('SLF061.15')] : []),
    t.say('SLF055.4'),
    t.say('SLF055.5'),
    t.say('SLF060.4'),
    t.say(whole ? 'CON100.4' : 'SLF060.5'),
  ];
  const columns = heads.map((head): Column => ({ head }));
  const rows = records.map((record): Row => {
    const cells: readonly ComponentChildren[] = [
      <Moment t={t} at={record.at} as="table" />,
      ...(whole ? [<Person t={t} person={record.person} />] : []),
      whole ? eventWords(t, record) : <Own t={t} record={record} />,
      ...(whole ? [doerWords(t, record.by)] : []),
      filled(t, routeWords(t, record.route)),
      filled(t, codeWords(t, record.code, record.device)),
      t.say(`record.outcome.${record.outcome}`),
      <a href={`${props.path}/${encodeURIComponent(record.reference)}`}>{record.reference}</a>,
    ];
    return { cells };
  });
  return (
    <div class="dense">
      <Table caption={t.say('SLF060.1', { n: records.length })} columns={columns} rows={rows} />
    </div>
  );
}

/** In one's own records the one who acted is named, by role, where it was somebody else. */
function Own({ t, record }: { readonly t: Texts; readonly record: RecordRow }): VNode {
  return (
    <>
      {eventWords(t, record)}
      {record.by.who === 'self' ? null : <span class="note-below">{doerWords(t, record.by)}</span>}
    </>
  );
}

function Person({ t, person }: { readonly t: Texts; readonly person: RecordRow['person'] }): VNode {
  if (person === null) return <>{t.say('frame.none')}</>;
  return (
    <>
      {person.name}
      <span class="login-id">{person.loginId}</span>
    </>
  );
}

/** Why the list is empty, and since when there are records. */
export const NoRecords = ({ t, since }: { readonly t: Texts; readonly since: Instant | null }): VNode => (
  <p class="empty">{since === null ? t.say('SLF060.10') : t.say('empty.records', { from: since })}</p>
);
