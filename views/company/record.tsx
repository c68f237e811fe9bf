// CON101: everything under one reference number of the company's records: receipt, who, for whom, before and after.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { RecordDetails, type RecordDetailRow } from '../parts/record-detail.tsx';
import { Result } from '../parts/result.tsx';

export interface CompanyRecordProps {
  /** Its reference is the record's. */
  readonly frame: Frame;
  readonly records: readonly RecordDetailRow[];
}

export function CompanyRecordPage({ frame, records }: CompanyRecordProps): VNode {
  const t = textsOf(frame);
  return (
    <Layout frame={frame} t={t} screen="CON101" title={t.say('CON101.title')}>
      <RecordDetails t={t} scope="company" records={records} />
      <Result t={t} frame={frame} />
      <Links
        items={[
          { href: '/company/records', label: t.say('button.back') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
