// SLF055: the sign-ins that are open, and those that ended lately with why; ending one asks no password, it only adds safety
// (screens.md §10).
import type { VNode } from 'preact';
import type { Instant, Route } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { codeWords, routeWords, whyWords, type RecordRow } from '../parts/record-words.ts';
import { Result } from '../parts/result.tsx';
import { Moment } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';

export interface ShownSession {
  readonly id: string;
  readonly startedAt: Instant;
  readonly route: Route;
  readonly code: NonNullable<RecordRow['code']>;
  readonly device: string | null;
  /** Browser and system in words. */
  readonly browser: string;
  readonly portals: readonly string[];
}

export interface SessionsProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly sessions: readonly (ShownSession & { readonly here: boolean })[];
  readonly ended: readonly (ShownSession & { readonly endedAt: Instant; readonly why: string })[];
  /** How many may be open at once. */
  readonly most: number;
  /** The one that the form had chosen (radio `session`), after a mistake. */
  readonly chosen: string | null;
}

function cellsOf(t: Texts, one: ShownSession) {
  return [
    routeWords(t, one.route),
    codeWords(t, one.code, one.device),
    one.browser,
    one.portals.length === 0 ? t.say('frame.none') : one.portals.join(t.language === 'ja' ? '、' : ', '),
  ];
}

const heads = (t: Texts) => [
  { head: t.say('SLF055.4') },
  { head: t.say('SLF055.5') },
  { head: t.say('SLF061.13') },
  { head: t.say('TOP001.6') },
];

function Ended({ t, ended }: { readonly t: Texts; readonly ended: SessionsProps['ended'] }): VNode {
  if (ended.length === 0) return <p class="empty">{t.say('empty.sessions')}</p>;
  return (
    <Table
      caption={t.say('SLF055.7')}
      columns={[{ head: t.say('SLF055.3') }, ...heads(t), { head: t.say('SLF055.8') }, { head: t.say('SLF061.14') }]}
      rows={ended.map((one) => ({
        cells: [
          <Moment t={t} at={one.startedAt} as="table" />,
          ...cellsOf(t, one),
          <Moment t={t} at={one.endedAt} as="table" />,
          whyWords(t, one.why),
        ],
      }))}
    />
  );
}

export function SessionsPage(props: SessionsProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { sessions } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF055"
      title={t.say('SLF055.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('SLF055.1')}
    >
      <Form frame={props.frame}>
        <Table
          caption={t.say('SLF055.2', { n: sessions.length })}
          columns={[{ head: t.say('SLF055.3') }, ...heads(t)]}
          rows={sessions.map((one, index) => ({
            cells: [
              <label class="radio">
                <input
                  type="radio"
                  id={index === 0 ? 'session' : undefined}
                  name="session"
                  value={one.id}
                  checked={one.id === props.chosen}
                />
                <span>
                  <Moment t={t} at={one.startedAt} as="table" />
                  {one.here ? <strong class="mark">{t.say('SLF055.6')}</strong> : null}
                </span>
              </label>,
              ...cellsOf(t, one),
            ],
          }))}
        />
        <FieldErrors errors={told} name="session" />
        <p class="note">{t.say('SLF055.9', { max: props.most })}</p>
        <Main action="end_session" label={t.say('button.end_session')} />
        {sessions.length > 1 ? (
          <Ways>
            <Way action="end_others" label={t.say('button.end_others')} />
          </Ways>
        ) : null}
      </Form>
      <Ended t={t} ended={props.ended} />
      <Result t={t} frame={props.frame} />
      <Links
        items={[
          { href: '/self-service/history', label: t.say('SLF060.title') },
          { href: '/self-service', label: t.say('button.self-service') },
        ]}
      />
    </Layout>
  );
}
