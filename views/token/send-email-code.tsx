// BOT012: the e-mail code that every issue begins with. While the address or the takeover guard holds it up, the page says from
// when, and nothing is sent (screens.md §8.6).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export interface SendCodeProps {
  readonly shell: IssueShell;
  /** The registered address, masked; null without one that is proven. */
  readonly masked: string | null;
  readonly heldUp: { readonly for: 'email' | 'guard'; readonly until: Instant } | null;
  /** For a key-fob after one's own loss report: no step of an issue. */
  readonly lost: boolean;
  /** The code is for a key-fob, whose page may offer the app instead. */
  readonly software: boolean;
  /** Several kinds are offered: one may be chosen again. */
  readonly back: boolean;
}

export function SendCodePage(props: SendCodeProps): VNode {
  const { shell, masked, heldUp } = props;
  const t = textsOf(shell.frame);
  const sends = masked !== null && heldUp === null;
  return (
    <Shell
      shell={shell}
      t={t}
      screen="BOT012"
      title={t.say('BOT012.title')}
      told={tell(t, shell.errors, {})}
      more={heldUp?.for === 'guard' ? [{ key: 'issue.guard', values: { at: heldUp.until } }] : []}
      {...(props.lost ? {} : { progress: 'token-mail' as const })}
    >
      {masked === null ? (
        <p>{t.say('BOT012.4')}</p>
      ) : sends ? (
        <>
          <p class="lead">{t.say('BOT012.1', { masked })}</p>
          <p>{t.say('BOT012.2')}</p>
        </>
      ) : null}
      {heldUp?.for === 'email' ? (
        <p class="headline">
          <Sentence pieces={t.pieces('BOT012.3', { at: heldUp.until })} />
        </p>
      ) : null}
      {props.lost ? <p>{t.say('BOT012.5')}</p> : null}
      <Form frame={shell.frame}>
        {sends ? <Main label={t.say('button.ok')} /> : <Main action="retry" label={t.say('button.retry')} />}
        <Ways>
          {props.software ? <Way action="software" label={t.say('button.software')} /> : null}
          {props.back ? <Way action="back" label={t.say('button.back')} /> : null}
          {mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
    </Shell>
  );
}
