// SLF030: what revoking one's own token ends, from when there can be another one, and the proof for it (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { Radios } from '../parts/choice.tsx';
import { tell, type Told } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Icon } from '../parts/icon.tsx';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Sentence } from '../parts/sentence.tsx';

/** How one comes to another token. */
export interface WaysToToken {
  /** Yen, tax included; null where no key-fob is used. */
  readonly hardwareFee: number | null;
  /** Address of the form that asks for another key-fob (PRT003); null where it comes later. */
  readonly form: string | null;
  readonly software: boolean;
}

export interface TokenRevokeProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly kind: 'hardware' | 'software';
  readonly last4: string | null;
  /** Only an issue that was not set up. */
  readonly issueOnly: boolean;
  readonly others: number;
  /** From when there is another one, after the wait; `night` says why it is so long, as a range of times. */
  readonly wait: { readonly until: Instant; readonly night: string | null } | null;
  /** From when it can be issued, where the address or the guard holds it up. */
  readonly issueFrom: Instant | null;
  readonly blocksLogin: boolean;
  readonly devices: number;
  readonly logins: number;
  readonly ways: WaysToToken;
  readonly reason: 'phone' | 'lost' | 'other' | null;
  /** Null asks no code for the chosen reason; `unlessLost`: not for a lost token. */
  readonly code: (AskedCode & { readonly unlessLost: boolean }) | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

const reasons = ['phone', 'lost', 'other'] as const;

/** 予備・共有, スマホアプリ, 再発行: the ways to another token after a loss. */
export function LossWays({ t, ways }: { readonly t: Texts; readonly ways: WaysToToken }): VNode {
  const { hardwareFee, form, software } = ways;
  return (
    <ul class="list">
      {hardwareFee === null ? null : <li>{t.say('SLF030.13')}</li>}
      {software ? <li>{t.say('SLF030.14')}</li> : null}
      {hardwareFee === null ? null : (
        <li>
          <Sentence pieces={t.pieces('SLF030.15', { n: hardwareFee })} />
          {form === null ? null : (
            <>
              {t.gap}
              <a href={form}>{t.say('PRT003.print')}</a>
            </>
          )}
        </li>
      )}
      <li>{t.say('SLF030.16')}</li>
    </ul>
  );
}

function After({ t, props }: { readonly t: Texts; readonly props: TokenRevokeProps }): VNode {
  const { wait, issueFrom } = props;
  const at = Math.max(wait?.until ?? 0, issueFrom ?? 0);
  return (
    <ul class="list">
      {wait === null ? null : (
        <li>
          <Sentence pieces={t.pieces('SLF030.4', { at })} />
          {wait.night === null || at > wait.until ? null : `${t.gap}${t.say('SLF030.5', { serviceHours: wait.night })}`}
        </li>
      )}
      {wait !== null || issueFrom === null ? null : (
        <li>
          <Sentence pieces={t.pieces('SLF030.7', { at })} />
        </li>
      )}
      {wait === null && issueFrom === null ? <li>{t.say('SLF030.6')}</li> : null}
      {props.blocksLogin ? <li>{t.say('SLF030.11')}</li> : null}
      {props.devices === 0 ? null : <li>{t.say('SLF030.8', { n: props.devices })}</li>}
      <li>{t.say('SLF030.9', { n: props.logins })}</li>
      {props.others === 0 ? null : <li>{t.say('SLF030.10', { n: props.others })}</li>}
    </ul>
  );
}

function Asked({
  t,
  errors,
  code,
}: {
  readonly t: Texts;
  readonly errors: readonly Told[];
  readonly code: TokenRevokeProps['code'];
}): VNode {
  if (code === null || !code.unlessLost) return <Proof t={t} errors={errors} code={code} />;
  return (
    <>
      <Proof t={t} errors={errors} code={null} />
      <Field
        t={t}
        name="otp"
        errors={errors}
        required={false}
        hint={
          <>
            {t.say('SLF030.17')}
            {t.gap}
            {code.kind === 'hardware' ? t.say('hint.otp.hardware', { last4: code.last4 }) : t.say('hint.otp.software')}
            {code.afterLogin ? `${t.gap}${t.say('otp.afterlogin')}` : null}
          </>
        }
      />
    </>
  );
}

export function TokenRevokePage(props: TokenRevokeProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF030"
      title={t.say('SLF030.title')}
      errors={told}
      banners={props.banners}
      lead={t.say(props.issueOnly ? 'SLF030.2' : 'SLF030.1')}
    >
      <Facts
        facts={[
          { term: t.say('BOT010.2'), detail: t.say(`token.${props.kind}`) },
          ...(props.last4 === null
            ? []
            : [{ term: t.say('BOT010.3'), detail: t.say('BOT010.4', { last4: props.last4 }) }]),
        ]}
      />
      <h2>{t.say('SLF030.3')}</h2>
      <After t={t} props={props} />
      {props.issueOnly || props.reason === 'phone' || props.reason === 'other' ? null : (
        <>
          <h2>{t.say('SLF030.12')}</h2>
          <LossWays t={t} ways={props.ways} />
        </>
      )}
      <p class="undone">
        <Icon name="warning" />
        <strong>{t.say('CON090.7')}</strong>
      </p>
      <Form frame={props.frame} hidden={props.hidden}>
        <Radios
          t={t}
          name="reason"
          label={t.label('reason')}
          options={reasons.map((value) => ({ value, label: t.say(`SLF030.${value}`) }))}
          chosen={props.reason}
          errors={told}
        />
        <Asked t={t} errors={told} code={props.code} />
        <Main label={t.say('SLF030.act')} danger />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
