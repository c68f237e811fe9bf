// HDK042: an import that is being read or taken over. It goes on by itself; its page may be left and returned to.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { countFacts, fileFacts, readSoFar, type ImportView } from './import-words.ts';

export interface ImportingProps {
  readonly frame: Frame;
  readonly import: ImportView;
  /** Its own address. */
  readonly path: string;
}

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1024);

export function ImportingPage({ frame, import: of, path }: ImportingProps): VNode {
  const t = textsOf(frame);
  const title = t.say('HDK042.title');
  // What is taken over is there at once or not at all: only a reading has a share of it to show.
  const so = of.state === 'reading' ? readSoFar(of) : null;
  return (
    <Layout
      frame={frame}
      t={t}
      screen="HDK042"
      title={title}
      lead={t.say(of.state === 'reading' ? 'HDK042.1' : 'HDK042.2')}
    >
      <div class="running">
        {so === null ? (
          <progress aria-label={title} />
        ) : (
          <>
            <progress aria-label={title} value={so.read} max={so.size} />
            <p>{t.say('HDK042.read', { n: so.percent, m: kilobytes(so.read), total: kilobytes(so.size) })}</p>
          </>
        )}
        <p class="note">{t.say('HDK042.3')}</p>
      </div>
      <Facts facts={[...fileFacts(t, of), ...countFacts(t, of)]} />
      {of.state === 'reading' ? (
        <Form frame={frame} action={path}>
          <Main label={t.say('button.cancel')} action="cancel" quiet />
        </Form>
      ) : null}
      <Links
        items={[
          { href: path, label: t.say('HDK042.again') },
          { href: '/helpdesk/tokens/import', label: t.say('HDK041.title') },
        ]}
      />
    </Layout>
  );
}
