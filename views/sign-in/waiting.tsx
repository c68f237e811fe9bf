// WAI001: one page for every dated wait at sign-in (screens.md §8.6). It says an absolute time and needs no JavaScript.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Ask } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { Step, type Attempt } from './step.tsx';

/** The night of the rule as a range of times, and the morning that ends it. */
export interface Night {
  readonly hours: string;
  readonly until: Instant;
}

/** Why one waits: a revoked token, a changed e-mail address, or the takeover guard. */
export type WaitingFor =
  | { readonly for: 'revocation'; readonly revokedAt: Instant; readonly night: Night | null }
  | { readonly for: 'email' }
  | { readonly for: 'guard' };

export interface WaitingProps extends Attempt {
  readonly at: Instant;
  readonly why: WaitingFor;
  readonly ask: Ask;
}

function Why({ t, why, at }: { readonly t: Texts; readonly why: WaitingFor; readonly at: Instant }): VNode {
  switch (why.for) {
    case 'revocation':
      return (
        <>
          <Sentence pieces={t.pieces('WAI001.revoked', { revokedAt: why.revokedAt })} />
          {why.night && `${t.gap}${t.say('WAI001.night', { serviceHours: why.night.hours, time: why.night.until })}`}
        </>
      );
    case 'email':
      return <Sentence pieces={t.pieces('WAI001.email', { at })} />;
    case 'guard':
      return <Sentence pieces={t.pieces('WAI001.guard', { at })} />;
  }
}

export function WaitingPage(props: WaitingProps): VNode {
  const t = textsOf(props.frame);
  const { at } = props;
  return (
    <Step
      attempt={{ ...props, until: null }}
      t={t}
      screen="WAI001"
      refusal="waiting"
      title={t.say('WAI001.title')}
      errors={tell(t, props.errors, {})}
    >
      <p class="headline">
        <Sentence pieces={t.pieces('WAI001.1', { at })} />
      </p>
      <p>
        <Why t={t} why={props.why} at={at} />
      </p>
      <ul class="list">
        <li>{t.say('WAI001.2')}</li>
        <li>{t.say('WAI001.3')}</li>
        <li>
          <Sentence pieces={t.pieces(`ask.${props.ask}`)} />
        </li>
      </ul>
      {props.frame.reference === null ? null : (
        <p class="reference">{t.say('form.ref', { ref: props.frame.reference, screen: 'WAI001' })}</p>
      )}
      <Form frame={props.frame}>
        <Main action="retry" label={t.say('button.retry')} />
        <Ways>{props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}</Ways>
      </Form>
    </Step>
  );
}
