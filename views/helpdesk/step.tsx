// HDK004: what follows an operator's right password – the code, and at the first sign-in an own password and an authenticator
// before it (screens.md §12). Who signs in, and how long the attempt lasts, stands on each of them.
import type { ComponentChildren, VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell, type Told } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';

export interface OperatorStepProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly name: string;
  readonly loginId: string;
  readonly until: Instant;
}

/** The frame of one step; `told` are its errors in words. */
export function OperatorStep(props: {
  readonly step: OperatorStepProps;
  readonly t: Texts;
  readonly told: readonly Told[];
  readonly title: string;
  readonly lead: string;
  readonly children: ComponentChildren;
}): VNode {
  const { step, t, told } = props;
  return (
    <Layout frame={step.frame} t={t} screen="HDK004" title={props.title} errors={told} lead={props.lead}>
      <Facts
        facts={[{ term: t.say('HDK004.2'), detail: t.say('frame.who', { name: step.name, login_id: step.loginId }) }]}
      />
      {props.children}
      <p class="until">
        <Sentence pieces={t.pieces('frame.until', { time: step.until })} />
      </p>
    </Layout>
  );
}

export function OperatorCodePage(props: OperatorStepProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <OperatorStep step={props} t={t} told={told} title={t.say('HDK004.title')} lead={t.say('HDK004.1')}>
      <Form frame={props.frame}>
        <Field t={t} name="otp" errors={told} hint={t.say('hint.otp.authenticator')} />
        <Main label={t.say('button.signin')} />
        <Ways>
          <Way action="cancel" look="link" label={t.say('button.cancel')} />
        </Ways>
      </Form>
    </OperatorStep>
  );
}
