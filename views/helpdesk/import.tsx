// HDK041: choosing a seed file. The file is the last of the form's fields: what is judged before a byte of it is read must
// arrive before it.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { Tick } from '../parts/choice.tsx';
import { FieldErrors, tell, type Told } from '../parts/errors.tsx';
import { Field, Need } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { number, tableTime } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Table } from '../parts/table.tsx';
import { registered, stateWords, type ImportView } from './import-words.ts';

export interface ImportProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly dryRun: boolean;
  /** What a column that is left out stands for. */
  readonly usual: { readonly digits: number; readonly period: number };
  /** Newest first. */
  readonly last: readonly ImportView[];
}

const path = '/helpdesk/tokens/import';

function FileField({ t, errors }: { readonly t: Texts; readonly errors: readonly Told[] }): VNode {
  const wrong = errors.some(({ field }) => field === 'file');
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <p class="label">
        <label for="file">{t.label('file')}</label> <Need t={t} required />
      </p>
      <p class="hint" id="file-hint">
        {t.say('hint.file')}
      </p>
      <input
        type="file"
        id="file"
        name="file"
        class="input input-file"
        accept=".csv,.xml,.pskcxml,text/csv,text/xml,application/xml,application/pskc+xml"
        required
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? 'file-hint file-error' : 'file-hint'}
        data-sending={t.say('HDK041.sending')}
        data-reading={t.say('HDK041.reading')}
      />
      <FieldErrors errors={errors} name="file" />
    </div>
  );
}

function Columns({ t, usual }: { readonly t: Texts; readonly usual: ImportProps['usual'] }): VNode {
  const none = t.say('HDK041.none');
  const required = t.say('HDK041.9');
  const rows: readonly (readonly [string, string, string])[] = [
    ['serial', t.say('HDK041.serial'), required],
    ['secret_base32 / secret_hex', t.say('HDK041.secret'), required],
    ['secret + encoding', t.say('HDK041.encoding'), none],
    ['algorithm', t.say('HDK041.algorithm'), 'SHA1'],
    ['digits', t.say('HDK041.digits'), String(usual.digits)],
    ['period', t.say('HDK041.period'), String(usual.period)],
    ['expires', t.say('HDK041.expires'), none],
    ['model', t.say('HDK041.model'), none],
  ];
  return (
    <Table
      quiet
      caption={t.say('HDK041.5')}
      columns={[{ head: t.say('HDK041.6') }, { head: t.say('HDK041.7') }, { head: t.say('HDK041.8') }]}
      rows={rows.map(([name, content, without]) => ({ cells: [<code>{name}</code>, content, without] }))}
    />
  );
}

function Last({ t, last }: { readonly t: Texts; readonly last: readonly ImportView[] }): VNode {
  if (last.length === 0) return <p>{t.say('HDK041.13')}</p>;
  return (
    <Table
      quiet
      caption={t.say('HDK041.12')}
      columns={[
        { head: t.say('HDK043.file') },
        { head: t.say('HDK043.state') },
        { head: t.say('HDK042.tokens'), number: true },
        { head: t.say('HDK042.problems'), number: true },
        { head: t.say('HDK043.by') },
        { head: t.say('HDK043.started') },
      ]}
      rows={last.map((one) => ({
        cells: [
          <a href={`${path}/${one.id}`}>{one.fileName}</a>,
          stateWords(t, one),
          number(one.state === 'done' ? registered(one) : one.tokens),
          number(one.problems),
          one.by ?? t.say('HDK043.command'),
          tableTime(one.startedAt),
        ],
      }))}
    />
  );
}

export function ImportPage(props: ImportProps): VNode {
  const { frame } = props;
  const t = textsOf(frame);
  const told = tell(t, props.errors, {});
  return (
    <Layout
      frame={frame}
      t={t}
      screen="HDK041"
      title={t.say('HDK041.title')}
      errors={told}
      lead={t.say('HDK041.1')}
      wide
    >
      <h2>{t.say('HDK041.2')}</h2>
      <ul class="list">
        <li>{t.say('HDK041.3')}</li>
        <li>{t.say('HDK041.4')}</li>
      </ul>
      <Links items={[{ href: `${path}/sample.csv`, label: t.say('HDK041.10') }]} />
      <Form frame={frame} action={path} file>
        <Field t={t} name="transport_key" errors={told} hint={t.say('hint.transport_key')} required={false} />
        <Tick name="dry_run" label={t.label('dry_run')} hint={t.say('hint.dry_run')} checked={props.dryRun} />
        <Field
          t={t}
          name="otp"
          errors={told}
          hint={`${t.say('HDK041.11')}${t.gap}${t.say('otp.afterlogin')}`}
          required={false}
        />
        <FileField t={t} errors={told} />
        <div class="act either">
          <button type="submit" class="button button-main">
            {t.say('button.check-file')}
          </button>
          <button type="submit" class="button button-other">
            {t.say('button.import')}
          </button>
        </div>
      </Form>
      <h2>{t.say('HDK041.5')}</h2>
      <Columns t={t} usual={props.usual} />
      <h2>{t.say('HDK041.12')}</h2>
      <Last t={t} last={props.last} />
      <Links items={[{ href: '/helpdesk/tokens', label: t.say('HDK043.stock') }]} />
    </Layout>
  );
}
