// CON071: whose links are removed, what ends for each, and the proof for it (screens.md §4.1, §11).
import type { VNode } from 'preact';
import { listed } from '../end/sign-out.tsx';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Table } from '../parts/table.tsx';

export interface UnlinkTarget {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly string[];
  readonly bd: string;
  /** What ends with the link. */
  readonly devices: number;
  readonly logins: number;
  readonly portals: readonly string[];
}

export interface UnlinkCheckProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly people: readonly UnlinkTarget[];
  /** null asks the confirmation password alone. */
  readonly code: AskedCode | null;
  /** Hidden inputs; they go back as found. Empty: one `people` for each person. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

/** A person in the tables of check and result pages. */
export const Who = (props: { readonly name: string; readonly loginId: string }): VNode => (
  <>
    {props.name}
    <span class="login-id">{props.loginId}</span>
  </>
);

export function UnlinkCheckPage(props: UnlinkCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people } = props;
  const n = people.length;
  const hidden = props.hidden.length > 0 ? props.hidden : people.map(({ id }) => ({ name: 'people', value: id }));
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON071"
      title={t.say('CON071.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON071.1', { n })}
    >
      <Table
        quiet
        caption={t.say('CON071.1', { n })}
        columns={[
          { head: t.say('field.people') },
          { head: t.say('CON071.2') },
          { head: t.say('CON071.3') },
          { head: t.say('CON071.4') },
        ]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.states,
          cells: [
            <Who name={person.name} loginId={person.loginId} />,
            person.bd,
            t.say('CON072.4'),
            <>
              {t.say('CON071.5', { devices: person.devices, logins: person.logins })}
              {person.portals.length === 0 ? null : (
                <>
                  <br />
                  {t.say('CON071.8', { list: listed(person.portals, t.language) })}
                </>
              )}
            </>,
          ],
        }))}
      />
      <p>{t.say('CON071.6')}</p>
      <Form frame={props.frame} hidden={hidden}>
        <Proof t={t} errors={told} code={props.code} />
        <Main label={t.say('CON071.7', { n })} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
