// CON080: whose devices stop skipping the code; the confirmation password alone is asked (screens.md §11).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof } from '../parts/proof.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface ForgetTarget {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly string[];
  readonly devices: readonly { readonly label: string; readonly lastUsed: Instant }[];
}

export interface ForgetCheckProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly people: readonly ForgetTarget[];
  /** Hidden inputs; they go back as found. Empty: one `people` for each person. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

export function ForgetCheckPage(props: ForgetCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people } = props;
  const n = people.length;
  const hidden = props.hidden.length > 0 ? props.hidden : people.map(({ id }) => ({ name: 'people', value: id }));
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON080"
      title={t.say('CON080.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON080.1', { n })}
    >
      <Table
        quiet
        caption={t.say('CON080.1', { n })}
        columns={[{ head: t.say('field.people') }, { head: t.say('CON080.2') }]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.states,
          cells: [
            <Who name={person.name} loginId={person.loginId} />,
            <ul class="plain">
              {person.devices.map(({ label, lastUsed }) => (
                <li>
                  <Sentence pieces={t.pieces('CON080.5', { device: label, since: lastUsed })} />
                </li>
              ))}
            </ul>,
          ],
        }))}
      />
      <p>{t.say('CON080.4')}</p>
      <Form frame={props.frame} hidden={hidden}>
        <Proof t={t} errors={told} code={null} />
        <Main label={t.say('CON080.3', { n })} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
