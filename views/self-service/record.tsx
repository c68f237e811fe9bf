// SLF061: one record in words, and what to do if it wasn't oneself: end the other sign-ins, change the passwords, call.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { RecordDetails, type RecordDetailRow } from '../parts/record-detail.tsx';
import { Result } from '../parts/result.tsx';
import { Sentence } from '../parts/sentence.tsx';

export interface OwnRecordProps {
  /** Its reference is the record's. */
  readonly frame: Frame;
  readonly records: readonly RecordDetailRow[];
}

export function OwnRecordPage({ frame, records }: OwnRecordProps): VNode {
  const t = textsOf(frame);
  return (
    <Layout frame={frame} t={t} screen="SLF061" title={t.say('SLF061.title')}>
      <RecordDetails t={t} scope="own" records={records} />
      <Result t={t} frame={frame} />
      <h2>{t.say('SLF061.1')}</h2>
      <p>
        <Sentence pieces={t.pieces('SLF061.2')} />
      </p>
      <Form frame={frame} action="/self-service/sessions">
        <Main action="end_others" label={t.say('button.end_others')} quiet />
      </Form>
      <Links
        items={[
          { href: '/self-service/password', label: t.say('button.change-passwords') },
          { href: '/self-service/history', label: t.say('SLF060.title') },
          { href: '/self-service', label: t.say('button.self-service') },
        ]}
      />
    </Layout>
  );
}
