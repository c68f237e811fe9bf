// APR001: what a portal asks to have approved, exactly as it was verified, and then the code (screens.md §8.6). Everything that
// came from the portal is text in a list of terms.
import type { VNode } from 'preact';
import type { ApprovalItem } from '../../src/rules/approval.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { approvalFacts } from '../parts/approval.tsx';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { otpHint, type ShownToken } from './otp.tsx';
import { Step, type Attempt } from './step.tsx';

export interface ApproveProps extends Attempt {
  /** Name of the portal that asks, and who runs it when that is known. */
  readonly asking: string;
  readonly owner: string | null;
  readonly items: readonly ApprovalItem[];
  readonly name: string;
  readonly loginId: string;
  readonly validUntil: Instant;
  /** `afterLogin`: the code it shows now was used already. */
  readonly token: ShownToken & { readonly afterLogin: boolean };
  /** Goes back as found: what this page shows, and for which attempt. */
  readonly shown: string;
}

export function ApprovePage(props: ApproveProps): VNode {
  const t = textsOf(props.frame);
  const { items, token, asking, owner } = props;
  const told = tell(t, props.errors, {});
  const total = items.length;
  const hint = otpHint(t, token);
  return (
    <Step
      attempt={props}
      t={t}
      screen="APR001"
      title={t.say('APR001.title')}
      errors={told}
      lead={t.say('APR001.1', { portal: asking })}
    >
      {owner === null ? null : <p class="note">{t.say('APR001.2', { owner })}</p>}
      <section class="box" aria-labelledby="approval">
        <h2 id="approval">{t.say('APR001.3')}</h2>
        {total === 1 ? null : <p>{t.say('APR001.15', { n: total })}</p>}
        {items.map((item, index) => (
          <>
            {total === 1 ? null : <h3>{t.say('APR001.13', { n: index + 1, total })}</h3>}
            <Facts facts={approvalFacts(t, item)} />
          </>
        ))}
      </section>
      <p class="note">{t.say('APR001.4')}</p>
      <Facts
        facts={[
          { term: t.say('APR001.11'), detail: t.say('frame.who', { name: props.name, login_id: props.loginId }) },
        ]}
      />
      <p>
        <Sentence pieces={t.pieces('APR001.14', { until: props.validUntil })} />
      </p>
      <p>{t.say('APR001.16')}</p>
      {token.shared ? <p class="note">{t.say('OTP001.4')}</p> : null}
      <Form frame={props.frame} hidden={[{ name: 'approval', value: props.shown }]}>
        <Field
          t={t}
          name="otp"
          errors={told}
          hint={token.afterLogin ? `${hint}${t.gap}${t.say('otp.afterlogin')}` : hint}
        />
        <Main label={t.say('button.approve')} />
        <Ways>
          <Way action="decline" label={t.say('button.reject')} />
          <Way action="otp_help" look="link" label={t.say('button.otp_help')} />
        </Ways>
      </Form>
    </Step>
  );
}
