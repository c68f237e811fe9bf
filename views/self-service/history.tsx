// SLF060: one's own records, newest first, with period and kind (screens.md §10). Filters and pages are addresses; the same
// filter gives the file.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import type { RecordRow } from '../parts/record-words.ts';
import { NoRecords, RecordFilters, RecordPages, RecordTable, type RecordsQuery } from '../parts/records.tsx';

export interface HistoryProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly query: RecordsQuery;
  readonly records: readonly RecordRow[];
}

export function HistoryPage(props: HistoryProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { query, records } = props;
  return (
    <Layout frame={props.frame} t={t} screen="SLF060" title={t.say('SLF060.title')} errors={told} wide>
      <RecordFilters t={t} query={query} errors={told} />
      {told.length > 0 ? null : records.length === 0 ? (
        <NoRecords t={t} since={query.since} />
      ) : (
        <RecordTable t={t} scope="own" path={query.path} records={records} />
      )}
      <RecordPages t={t} query={query} />
      <Links items={[{ href: '/self-service', label: t.say('button.self-service') }]} />
    </Layout>
  );
}
