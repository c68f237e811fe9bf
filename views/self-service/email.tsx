// SLF020: another e-mail address of one's own, asked with the confirmation password (screens.md §10).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof } from '../parts/proof.tsx';

export interface OwnEmailProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** The registered address, masked; null without one. */
  readonly present: { readonly masked: string; readonly proven: boolean } | null;
  /** What was typed. */
  readonly email: string;
  /** Hours in which no token is issued with a new address. */
  readonly hours: number;
}

export function OwnEmailPage(props: OwnEmailProps): VNode {
  const t = textsOf(props.frame);
  const label = t.say('SLF020.4');
  const told = tell(t, props.errors, { email: label });
  const { present } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF020"
      title={t.say('SLF020.title')}
      errors={told}
      banners={props.banners}
      lead={t.say('SLF020.1')}
    >
      <Facts
        facts={[
          {
            term: t.say('SLF020.2'),
            detail:
              present === null
                ? t.say('SLF001.8')
                : present.proven
                  ? present.masked
                  : `${present.masked} (${t.say('SLF001.7')})`,
          },
        ]}
      />
      <p class="note">{t.say('SLF020.3', { n: props.hours })}</p>
      <Form frame={props.frame}>
        <Field t={t} name="email" label={label} errors={told} hint={t.say('hint.email')} value={props.email} />
        <Proof t={t} errors={told} code={null} />
        <Main label={t.say('button.send')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
