// How one's own token stands, in a word with its icon, and what kind it is (screens.md §1, BOT010).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Sub } from '../messages/placeholders.ts';
import { joined, type Texts } from '../messages/texts.ts';
import { Icon, type IconName } from '../parts/icon.tsx';

export type TokenStateName = Sub<'token-state'>;

export type TokenKindName = 'hardware' | 'software' | 'authenticator';

const marks = {
  'not-applied': { icon: 'circle', tone: 'plain' },
  'none': { icon: 'circle', tone: 'plain' },
  'issued': { icon: 'clock', tone: 'due' },
  'in-use': { icon: 'check', tone: 'good' },
  'expiring': { icon: 'warning', tone: 'due' },
  'expired': { icon: 'warning', tone: 'bad' },
  'revoked': { icon: 'stop', tone: 'plain' },
  'waiting': { icon: 'clock', tone: 'due' },
} as const satisfies Record<TokenStateName, { icon: IconName; tone: string }>;

/** `at` is the moment of 再発行待ち. */
export const stateWords = (t: Texts, state: TokenStateName, at: Instant | null): string =>
  joined(t.message({ key: `token-state.${state}`, values: at === null ? {} : { at } }));

export const kindWords = (t: Texts, kind: TokenKindName): string =>
  kind === 'authenticator' ? t.say('BOT010.9') : t.say(`token.${kind}`);

export function TokenState(props: {
  readonly t: Texts;
  readonly state: TokenStateName;
  readonly at: Instant | null;
}): VNode {
  const { t, state, at } = props;
  return (
    <span class={`state state-${marks[state].tone}`}>
      <Icon name={marks[state].icon} />
      {stateWords(t, state, at)}
    </span>
  );
}
