// A value to be read and typed elsewhere: large, in groups, and with a button that copies it ungrouped where scripts run.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';

export function Copyable(props: {
  readonly t: Texts;
  /** What is copied. */
  readonly value: string;
  /** How it is read. */
  readonly shown: string;
  /** What it is, for the button's name. */
  readonly label: string;
}): VNode {
  const { t } = props;
  return (
    <span class="copyable">
      <code class="large">{props.shown}</code>
      <button
        type="button"
        class="toggle"
        hidden
        aria-label={`${props.label} ${t.say('button.copy')}`}
        data-copy={props.value}
        data-copied={t.say('button.copied')}
      >
        {t.say('button.copy')}
      </button>
    </span>
  );
}
