// PRT005: the list of people on paper, with its filters, count and date (screens.md §11).
import type { VNode } from 'preact';
import { activeFilters, hrefOf } from '../company/people-filters.tsx';
import { columnsOfPeople, type PeopleQuery, type PersonRow } from '../company/people-list.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Table } from '../parts/table.tsx';
import { Paper, Sheet, SheetFacts } from './sheet.tsx';

export interface PeopleSheetProps {
  readonly frame: Frame;
  readonly company: { readonly name: string; readonly contractNumber: string };
  readonly query: PeopleQuery;
  /** The first of them, as many as go on paper. */
  readonly people: readonly PersonRow[];
}

export function PeopleSheetPage(props: PeopleSheetProps): VNode {
  const t = textsOf(props.frame);
  const { frame, query, people } = props;
  const title = t.say('PRT005.title');
  const columns = columnsOfPeople(t);
  const active = activeFilters(t, query);
  const none = t.say('frame.none');
  return (
    <Paper
      frame={frame}
      t={t}
      screen="PRT005"
      title={title}
      back={[{ href: hrefOf(query), label: t.say('button.back') }]}
    >
      <Sheet t={t} frame={frame} screen="PRT005" title={title} company={props.company}>
        <SheetFacts
          facts={[
            {
              term: t.say('PRT005.1'),
              detail: active.length === 0 ? none : active.map(({ term, value }) => `${term}: ${value}`).join(' / '),
            },
            { term: t.say('PRT005.2'), detail: t.say('PRT005.3', { n: query.total }) },
          ]}
        />
        {people.length < query.total ? <p>{t.say('PRT005.4', { n: people.length })}</p> : null}
        {people.length === 0 ? (
          <p>{t.say('CON010.8')}</p>
        ) : (
          <div class="dense">
            <Table
              quiet
              caption={title}
              columns={columns.map(({ head }) => ({ head }))}
              rows={people.map((person) => ({ cells: columns.map(({ text }) => text(person)) }))}
            />
          </div>
        )}
      </Sheet>
    </Paper>
  );
}
