// Facts as a definition list, and states as a word with its icon (screens.md §1 states, §3 row 2).
import type { ComponentChildren, VNode } from 'preact';
import type { Sub } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { Icon, type IconName } from './icon.tsx';

export interface Fact {
  readonly term: string;
  readonly detail: ComponentChildren;
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }): VNode {
  return (
    <dl class="facts">
      {facts.map(({ term, detail }) => (
        <div>
          <dt>{term}</dt>
          <dd>{detail}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A state of a person, in the words of spec §12 `data-state`. */
export type State = Sub<'state'>;

const marks = {
  'available': { icon: 'check', tone: 'good' },
  'new': { icon: 'circle', tone: 'plain' },
  'must-change': { icon: 'warning', tone: 'due' },
  'expired': { icon: 'warning', tone: 'due' },
  'password-locked': { icon: 'clock', tone: 'due' },
  'confirmation-locked': { icon: 'clock', tone: 'due' },
  'password-stopped': { icon: 'stop', tone: 'bad' },
  'confirmation-stopped': { icon: 'stop', tone: 'bad' },
  'otp-stopped': { icon: 'stop', tone: 'bad' },
  'account-stopped': { icon: 'stop', tone: 'bad' },
} as const satisfies Record<State, { icon: IconName; tone: string }>;

export const allStates: readonly State[] = [
  'available',
  'new',
  'must-change',
  'expired',
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
  'otp-stopped',
  'account-stopped',
];

/** The states of a person as badges: always the word, the icon and colour only added. */
export function States({ t, states }: { readonly t: Texts; readonly states: readonly State[] }): VNode {
  return (
    <ul class="states">
      {states.map((state) => (
        <li class={`state state-${marks[state].tone}`}>
          <Icon name={marks[state].icon} />
          {t.say(`state.${state}`)}
        </li>
      ))}
    </ul>
  );
}
