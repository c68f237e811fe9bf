// SLF010: one's own passwords, each with 変更要否 (screens.md §10). A locked or stopped one is left out: its present value can't
// be compared.
import type { ComponentChildren, VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Ask } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { Radios } from '../parts/choice.tsx';
import { tell, type Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { date } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { currentLabels } from '../sign-in/expired-password.tsx';
import { NewConfirmationPassword, NewPassword, type PasswordRules } from '../sign-in/password-fields.tsx';

export interface ShownPassword {
  readonly expires: Instant | null;
  /** 変更要否 as it was chosen. */
  readonly chosen: 'change' | 'keep';
}

export interface OwnPasswordProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** Null leaves it out. */
  readonly login: ShownPassword | null;
  readonly confirmation: ShownPassword | null;
  readonly rules: PasswordRules;
  /** Who sets a forgotten one. */
  readonly ask: Ask;
  /** What the page showed, bound to its person. */
  readonly edit: string;
}

function Group(props: {
  readonly t: Texts;
  readonly of: 'login' | 'confirmation';
  readonly shown: ShownPassword;
  readonly errors: readonly Told[];
  readonly children: ComponentChildren;
}): VNode {
  const { t, of, shown } = props;
  const name = of === 'login' ? 'change_password' : 'change_confirmation_password';
  const field = of === 'login' ? 'password' : 'confirmation_password';
  return (
    <fieldset class="group">
      <legend>{t.say(`secret.${of}`)}</legend>
      <p class="note">
        {t.say('PWC003.3')}: {shown.expires === null ? t.say('PWC003.6') : date(shown.expires, t.language)}
      </p>
      <Radios
        t={t}
        name={name}
        label={t.label(name)}
        options={[
          { value: 'change', label: t.say('choice.change') },
          { value: 'keep', label: t.say('choice.keep') },
        ]}
        chosen={shown.chosen}
        errors={props.errors}
      />
      <Field
        t={t}
        name={field}
        label={currentLabels(t)[field]}
        errors={props.errors}
        hint={t.say(`hint.${field}`)}
        required={shown.chosen === 'change'}
      />
      {props.children}
    </fieldset>
  );
}

export function OwnPasswordPage(props: OwnPasswordProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, currentLabels(t));
  const { login, confirmation, rules } = props;
  const nothing = login === null && confirmation === null;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF010"
      title={t.say('SLF010.title')}
      errors={told}
      banners={props.banners}
      lead={nothing ? null : t.say('SLF010.1')}
    >
      {nothing ? (
        <Links items={[{ href: '/self-service', label: t.say('button.self-service') }]} />
      ) : (
        <>
          <p class="note">{t.say('SLF010.2')}</p>
          <Form frame={props.frame} hidden={[{ name: 'edit', value: props.edit }]}>
            {login === null ? null : (
              <Group t={t} of="login" shown={login} errors={told}>
                <NewPassword t={t} rules={rules} errors={told} required={login.chosen === 'change'} />
              </Group>
            )}
            {confirmation === null ? null : (
              <Group t={t} of="confirmation" shown={confirmation} errors={told}>
                <NewConfirmationPassword
                  t={t}
                  rules={rules}
                  errors={told}
                  required={confirmation.chosen === 'change'}
                />
              </Group>
            )}
            <Main label={t.say('button.apply')} />
            <Ways>
              <Way action="back" label={t.say('button.back')} />
            </Ways>
          </Form>
          <p class="note">
            <Sentence pieces={t.pieces('SLF010.3', { ask: props.ask })} />
          </p>
        </>
      )}
    </Layout>
  );
}
