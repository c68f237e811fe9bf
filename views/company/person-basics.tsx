// CON020 and CON030: name, address, administration, and for a person who is there already the passwords (screens.md §11).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { Radios } from '../parts/choice.tsx';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Passwords, type PasswordsAsked } from './person-passwords.tsx';

export interface PersonBasicsProps extends PasswordsAsked {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
  /** Null: a new person. */
  readonly person: {
    readonly name: string;
    readonly loginId: string;
    readonly role: 'master' | 'admin' | 'member';
  } | null;
  readonly name: string;
  readonly email: string;
  readonly admin: 'grant' | 'none' | null;
  /** Administration may be given and taken here. */
  readonly mayAdmin: boolean;
}

export function PersonBasicsPage(props: PersonBasicsProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { person } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen={person === null ? 'CON020' : 'CON030'}
      title={t.say(person === null ? 'CON020.title' : 'CON030.title')}
      errors={told}
      banners={props.banners}
      progress="basics"
      lead={person === null ? t.say('CON020.1') : t.say('CON030.1', { name: person.name, login_id: person.loginId })}
    >
      <Form frame={props.frame} action={props.action}>
        <Field t={t} name="person_name" errors={told} value={props.name} hint={t.say('hint.person_name')} />
        <Field t={t} name="email" errors={told} value={props.email} hint={t.say('hint.email.person')} />
        {props.mayAdmin ? (
          <Radios
            t={t}
            name="admin"
            label={t.label('admin')}
            hint={t.say('hint.admin')}
            options={[
              { value: 'grant', label: t.say('choice.grant') },
              { value: 'none', label: t.say('choice.none') },
            ]}
            chosen={props.admin}
            errors={told}
          />
        ) : person === null ? null : (
          <Facts facts={[{ term: t.label('role'), detail: t.say(`role.${person.role}`) }]} />
        )}
        <Passwords t={t} page={props} told={told} />
        <Main label={t.say('button.next')} />
        <Ways>
          <Way action="cancel" label={t.say('button.cancel')} />
        </Ways>
      </Form>
    </Layout>
  );
}
