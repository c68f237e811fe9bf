// CON041: who is stopped or made available, what stands now and after, what else happens, and the proof for it.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { States, type State } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface StateTarget {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly State[];
  readonly after: readonly State[];
  /** What ends with a stop. */
  readonly logins: number;
  readonly devices: number;
}

export interface StateCheckProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly target: 'available' | 'stopped';
  readonly people: readonly StateTarget[];
  /** Chosen ones for whom nothing will be done. */
  readonly left: number;
  /** The number of people is typed. */
  readonly counted: boolean;
  readonly code: AskedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

function Else({
  t,
  target,
  person,
}: {
  readonly t: Texts;
  readonly target: string;
  readonly person: StateTarget;
}): VNode {
  if (target === 'stopped' && person.logins + person.devices === 0) return <>{t.say('frame.none')}</>;
  if (target === 'stopped')
    return (
      <>
        {t.say('CON041.6', { logins: person.logins, devices: person.devices })}
        {person.logins > 0 ? (
          <>
            <br />
            {t.say('CON041.7')}
          </>
        ) : null}
      </>
    );
  if (!person.after.includes('otp-stopped')) return <>{t.say('frame.none')}</>;
  return (
    <>
      {t.say('CON041.4')}
      <br />
      <a href="/company/people/otp-release">
        {t.say('CON041.5')}
        <span class="hidden">{` ${person.name}`}</span>
      </a>
    </>
  );
}

export function StateCheckPage(props: StateCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, target } = props;
  const n = people.length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON041"
      title={t.say('CON041.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say(`CON041.${target}`, { n })}
    >
      {props.left > 0 ? <p class="note">{t.say('CON040.6', { n: props.left })}</p> : null}
      <Table
        quiet
        caption={t.say(`CON041.${target}`, { n })}
        columns={[
          { head: t.say('field.people') },
          { head: t.say('CON041.1') },
          { head: t.say('CON041.2') },
          { head: t.say('CON041.3') },
        ]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.states,
          cells: [
            <Who name={person.name} loginId={person.loginId} />,
            <States t={t} states={person.states} />,
            <States t={t} states={person.after} />,
            <Else t={t} target={target} person={person} />,
          ],
        }))}
      />
      <Form frame={props.frame} hidden={props.hidden}>
        {props.counted ? <Field t={t} name="confirm_count" errors={told} hint={t.say('hint.confirm_count')} /> : null}
        <Proof t={t} errors={told} code={props.code} />
        <Main label={t.say(`CON041.${target}.act`, { n })} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
