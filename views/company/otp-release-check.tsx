// CON051: whose one-time password is released, why it was stopped and what to tell the person, and the proof for it.
import type { VNode } from 'preact';
import type { Restriction } from '../../src/rules/cause.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { States, type State } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface OtpReleaseTarget {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly State[];
  readonly after: readonly State[];
  /** The stop of the one-time password; null when nothing tells its cause. */
  readonly stop: Restriction | null;
}

export interface OtpReleaseCheckProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly people: readonly OtpReleaseTarget[];
  /** Chosen ones for whom nothing will be done. */
  readonly left: number;
  readonly code: AskedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

function advice(t: Texts, stop: Restriction | null): string {
  if (stop === null) return t.say('frame.none');
  const { cause, misses } = stop;
  return cause === 'drift' || cause === 'colleague' || cause === 'expired' || cause === 'spray'
    ? t.say(`CON051.${cause}`)
    : t.say('CON051.misses', { n: misses ?? 0 });
}

export function OtpReleaseCheckPage(props: OtpReleaseCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people } = props;
  const n = people.length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON051"
      title={t.say('CON051.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON051.1', { n })}
    >
      {props.left > 0 ? <p class="note">{t.say('CON040.6', { n: props.left })}</p> : null}
      <Table
        quiet
        caption={t.say('CON051.1', { n })}
        columns={[
          { head: t.say('field.people') },
          { head: t.say('CON041.1') },
          { head: t.say('CON041.2') },
          { head: t.say('CON051.2') },
        ]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.states,
          cells: [
            <Who name={person.name} loginId={person.loginId} />,
            <States t={t} states={person.states} />,
            <States t={t} states={person.after} />,
            advice(t, person.stop),
          ],
        }))}
      />
      <p>{t.say('CON051.3')}</p>
      <Form frame={props.frame} hidden={props.hidden}>
        <Proof t={t} errors={told} code={props.code} />
        <Main label={t.say('CON041.available.act', { n })} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
