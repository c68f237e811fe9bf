// CON090: who is deleted, what ends for each and what stays, the number of people typed, and the proof for it.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import type { State } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Icon } from '../parts/icon.tsx';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from './unlink-check.tsx';

export interface DeleteTarget {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly role: 'master' | 'admin' | 'member';
  readonly states: readonly State[];
  readonly bd: string | null;
  /** Serial number or kind of the token. */
  readonly token: { readonly kind: 'hardware' | 'software'; readonly serial: string | null } | null;
  readonly devices: number;
  readonly logins: number;
}

export interface DeleteCheckProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly people: readonly DeleteTarget[];
  /** Chosen ones for whom nothing will be done. */
  readonly left: number;
  readonly code: AskedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

const endsNothing = ({ bd, token, devices, logins }: DeleteTarget): boolean =>
  bd === null && token === null && devices + logins === 0;

export function DeleteCheckPage(props: DeleteCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people } = props;
  const n = people.length;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON090"
      title={t.say('CON090.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON090.1', { n })}
    >
      {props.left > 0 ? <p class="note">{t.say('CON040.6', { n: props.left })}</p> : null}
      <Table
        quiet
        caption={t.say('CON090.1', { n })}
        columns={[{ head: t.say('field.people') }, { head: t.say('CON010.3') }, { head: t.say('CON090.2') }]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.states,
          cells: [
            <Who name={person.name} loginId={person.loginId} />,
            t.say(`role.${person.role}`),
            <ul class="plain">
              {person.bd === null ? null : <li>{t.say('CON090.3', { bd: person.bd })}</li>}
              {person.token === null ? null : (
                <li>{t.say('CON090.4', { list: person.token.serial ?? t.say(`token.${person.token.kind}`) })}</li>
              )}
              {person.devices + person.logins === 0 ? null : (
                <li>{t.say('CON090.5', { devices: person.devices, logins: person.logins })}</li>
              )}
              {endsNothing(person) ? <li>{t.say('frame.none')}</li> : null}
            </ul>,
          ],
        }))}
      />
      <p>{t.say('CON090.6')}</p>
      <p class="undone">
        <Icon name="warning" />
        <strong>{t.say('CON090.7')}</strong>
      </p>
      <Form frame={props.frame} hidden={props.hidden}>
        <Field t={t} name="confirm_count" errors={told} hint={t.say('hint.confirm_count')} />
        <Proof t={t} errors={told} code={props.code} />
        <Main label={t.say('CON090.9')} danger />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
