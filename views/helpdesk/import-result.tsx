// HDK043: what became of a seed file. A clean check is taken over from here; lines that need attention are named, never what
// they hold.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell, type Told } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { number } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Result } from '../parts/result.tsx';
import { Table } from '../parts/table.tsx';
import { FreshCode } from './fresh-code.tsx';
import { countFacts, fileFacts, registered, type ImportView, type ProblemView } from './import-words.ts';

export interface ImportResultProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly import: ImportView;
  /** The first lines that need attention. */
  readonly problems: readonly ProblemView[];
  /** A clean check, which may be taken over. */
  readonly ready: boolean;
  /** Its own address. */
  readonly path: string;
}

/** What is wrong with the file is told like a mistake of a form: it is the same person who mends it. */
function faults(t: Texts, { errors, import: of }: ImportResultProps): readonly Told[] {
  if (errors.length > 0) return tell(t, errors, {});
  const bad = of.state === 'failed' ? of.why === 'problems' : of.state === 'checked' && of.problems > 0;
  if (bad) return tell(t, [{ field: null, key: 'import.bad', values: { bad: of.problems } }], {});
  if (of.state !== 'failed') return [];
  if (of.why === 'conflict') return tell(t, [{ field: null, key: 'import.conflict' }], {});
  const why = of.why === null || of.why === 'problems' ? 'other' : of.why;
  return [{ field: null, pieces: t.pieces(`seed.refused.${why}`), word: 'form' }];
}

function headline(t: Texts, of: ImportView): string {
  if (of.state === 'done') return t.say('HDK043.done', { n: registered(of) });
  if (of.state === 'cancelled') return t.say('HDK043.cancelled');
  if (of.state === 'failed' && of.why !== 'problems') return t.say('HDK043.failed');
  if (of.problems > 0) return t.say('HDK043.bad', { n: registered(of), m: of.problems });
  return t.say('HDK043.checked', { n: of.tokens });
}

function Problems(props: {
  readonly t: Texts;
  readonly format: ImportView['format'];
  readonly total: number;
  readonly problems: readonly ProblemView[];
}): VNode {
  const { t, problems } = props;
  const lines = new Set(problems.map(({ line }) => line)).size;
  return (
    <>
      <p class="note">{t.say(props.format === 'csv' ? 'HDK043.line.csv' : 'HDK043.line.pskc')}</p>
      <Table
        caption={t.say('HDK043.problems', { total: Math.max(props.total, lines), n: lines })}
        columns={[
          { head: t.say('HDK043.line') },
          { head: t.say('HDK043.field') },
          { head: t.say('HDK043.why') },
          { head: t.say('HDK043.serial') },
        ]}
        rows={problems.map(({ line, field, why, serial }) => ({
          cells: [number(line), t.say(`seed.field.${field}`), t.say(`seed.why.${why}`), serial ?? t.say('frame.none')],
        }))}
      />
    </>
  );
}

export function ImportResultPage(props: ImportResultProps): VNode {
  const { frame, import: of, problems, ready, path } = props;
  const t = textsOf(frame);
  const told = faults(t, props);
  return (
    <Layout
      frame={frame}
      t={t}
      screen="HDK043"
      title={t.say('HDK043.title')}
      errors={told}
      lead={<strong>{headline(t, of)}</strong>}
      wide
    >
      <Facts
        facts={[
          ...fileFacts(t, of),
          ...countFacts(t, of),
          ...(of.digest === null
            ? []
            : [{ term: t.say('HDK043.digest'), detail: <code class="digest">{of.digest}</code> }]),
        ]}
      />
      {ready ? (
        <Form frame={frame} action={path}>
          <FreshCode t={t} errors={told} />
          <Main label={t.say('button.import-this')} />
          <Ways>
            <Way action="cancel" label={t.say('button.cancel')} />
          </Ways>
        </Form>
      ) : null}
      {problems.length === 0 ? null : (
        <>
          <Problems t={t} format={of.format} total={of.problems} problems={problems} />
          <Links items={[{ href: `${path}/problems.csv`, label: t.say('HDK043.download') }]} />
        </>
      )}
      {told.length > 0 ? null : <Result t={t} frame={frame} />}
      <Links
        items={[
          { href: '/helpdesk/tokens/import', label: t.say('HDK043.another') },
          { href: '/helpdesk/tokens', label: t.say('HDK043.stock') },
        ]}
      />
    </Layout>
  );
}
