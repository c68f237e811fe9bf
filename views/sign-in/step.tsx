// What all pages of a sign-in share (screens.md §8): the portal's line, the pair to be linked, how long the attempt lasts.
import type { ComponentChildren, VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import type { Told } from '../parts/errors.tsx';
import type { Frame } from '../parts/frame.ts';
import { Icon } from '../parts/icon.tsx';
import type { ProgressStep } from '../parts/progress.tsx';
import { Sentence } from '../parts/sentence.tsx';

/** The two IDs a first link joins; `loginId` is null until it is typed. */
export interface Pair {
  readonly bd: string;
  readonly bdCompany: string | null;
  readonly loginId: string | null;
}

/** Given to every page of a sign-in. */
export interface Attempt {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** Name of the portal that asked; null for our own consoles. */
  readonly portal: string | null;
  /** Shown on every page after the first-link check of this attempt; else null. */
  readonly pair: Pair | null;
  /** When the attempt ends; null says nothing. */
  readonly until: Instant | null;
  /** Whether 「中止する」 is offered. */
  readonly cancel: boolean;
}

/** Both IDs in one panel; `titled` says that they are about to be linked. */
export function PairPanel(props: { readonly t: Texts; readonly pair: Pair; readonly titled?: boolean }): VNode {
  const { t, pair } = props;
  return (
    <section class="pair" aria-label={t.say('SLF040.title')}>
      {props.titled === true ? <p class="pair-title">{t.say('frame.pair')}</p> : null}
      <dl>
        <div>
          <dt>{t.say('frame.pair.bd')}</dt>
          <dd>
            <strong>{pair.bd}</strong>
            {pair.bdCompany === null ? null : <span class="pair-company">{pair.bdCompany}</span>}
          </dd>
        </div>
        <div class="pair-with">
          <dt class="hidden">{t.say('SLF040.title')}</dt>
          <dd>
            <Icon name="link" />
            {t.say('frame.pair.with')}
          </dd>
        </div>
        <div>
          <dt>{t.say('frame.pair.web')}</dt>
          <dd>{pair.loginId === null ? t.say('frame.pair.below') : <strong>{pair.loginId}</strong>}</dd>
        </div>
      </dl>
    </section>
  );
}

/** The frame of one step. `errors` are the attempt's, in words. */
export function Step(props: {
  readonly attempt: Attempt;
  readonly t: Texts;
  readonly screen: string;
  readonly title: string;
  readonly errors: readonly Told[];
  readonly lead?: ComponentChildren;
  readonly progress?: ProgressStep;
  readonly refusal?: string;
  readonly children: ComponentChildren;
}): VNode {
  const { attempt, t } = props;
  return (
    <Layout
      frame={attempt.frame}
      t={t}
      screen={props.screen}
      title={props.title}
      errors={props.errors}
      banners={attempt.banners}
      {...(props.progress === undefined ? {} : { progress: props.progress })}
      {...(props.refusal === undefined ? {} : { refusal: props.refusal })}
    >
      {attempt.portal === null ? null : <p class="portal">{t.say('frame.portal', { portal: attempt.portal })}</p>}
      {props.lead === undefined ? null : <p class="lead">{props.lead}</p>}
      {attempt.pair === null ? null : <PairPanel t={t} pair={attempt.pair} titled />}
      {props.children}
      {attempt.until === null ? null : (
        <p class="until">
          <Sentence pieces={t.pieces('frame.until', { time: attempt.until })} />
        </p>
      )}
    </Layout>
  );
}
