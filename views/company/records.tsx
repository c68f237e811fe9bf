// CON100: the records of the whole company, newest first, by person, period and kind (screens.md §11).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import type { RecordRow } from '../parts/record-words.ts';
import { NoRecords, RecordFilters, RecordPages, RecordTable, type RecordsQuery } from '../parts/records.tsx';

export interface CompanyRecordsProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly query: RecordsQuery;
  readonly records: readonly RecordRow[];
  /** Whoever may only read records has no other page of the console to go back to. */
  readonly console: boolean;
}

export function CompanyRecordsPage(props: CompanyRecordsProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { query, records } = props;
  const top = { href: '/', label: t.say('button.top') };
  return (
    <Layout frame={props.frame} t={t} screen="CON100" title={t.say('CON100.title')} errors={told} wide>
      <RecordFilters t={t} query={query} errors={told} />
      {told.length > 0 ? null : records.length === 0 ? (
        <NoRecords t={t} since={query.since} />
      ) : (
        <RecordTable t={t} scope="company" path={query.path} records={records} />
      )}
      <RecordPages t={t} query={query} />
      <Links items={props.console ? [{ href: '/company', label: t.say('CON001.title') }, top] : [top]} />
    </Layout>
  );
}
