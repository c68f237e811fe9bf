// The end of a result page: its reference number, and whether mails still wait (screens.md §3 rows 6 and 21).
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import type { Frame } from './frame.ts';

export function Result(props: {
  readonly t: Texts;
  readonly frame: Frame;
  readonly mailPending?: boolean;
}): VNode | null {
  const { t, frame } = props;
  if (props.mailPending !== true && frame.reference === null) return null;
  return (
    <div class="result">
      {props.mailPending === true ? <p class="note">{t.say('mail.pending')}</p> : null}
      {frame.reference === null ? null : <p class="reference">{t.say('frame.reference', { ref: frame.reference })}</p>}
    </div>
  );
}
