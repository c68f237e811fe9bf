// PWC003: which passwords were changed, until when they hold, and what ended (screens.md §8.5).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { date } from '../parts/format.ts';
import { textsOf } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';
import { Step, type Attempt } from './step.tsx';

export interface PasswordChangedProps extends Attempt {
  readonly loginId: string;
  readonly changed: readonly ('login' | 'confirmation')[];
  /** The earlier expiry of the two; null where passwords do not expire. */
  readonly expires: Instant | null;
}

export function PasswordChangedPage(props: PasswordChangedProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Step
      attempt={props}
      t={t}
      screen="PWC003"
      title={t.say('PWC003.title')}
      errors={tell(t, props.errors, {})}
      lead={t.say('PWC003.1')}
    >
      <Facts
        facts={[
          { term: t.say('field.login_id'), detail: props.loginId },
          { term: t.say('PWC003.2'), detail: props.changed.map((one) => t.say(`secret.${one}`)).join(' / ') },
          {
            term: t.say('PWC003.3'),
            detail: props.expires === null ? t.say('PWC003.6') : date(props.expires, t.language),
          },
          { term: t.say('PWC003.4'), detail: t.say('PWC003.5') },
        ]}
      />
      <Form frame={props.frame}>
        <Main label={t.say('button.continue')} />
      </Form>
      <Result t={t} frame={props.frame} />
    </Step>
  );
}
