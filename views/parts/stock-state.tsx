// The state of a key-fob between stock and end: always the word, with its icon and colour added (screens.md §1, stock).
import type { VNode } from 'preact';
import type { StockState } from '../../src/rules/token-stock.ts';
import type { Texts } from '../messages/texts.ts';
import { Icon, type IconName } from './icon.tsx';

const marks = {
  'in-stock': { icon: 'circle', tone: 'plain' },
  'ordered': { icon: 'circle', tone: 'plain' },
  'shipped': { icon: 'clock', tone: 'plain' },
  'arrived': { icon: 'info', tone: 'due' },
  'registered': { icon: 'check', tone: 'good' },
  'expiring': { icon: 'warning', tone: 'due' },
  'expired': { icon: 'warning', tone: 'due' },
  'replaced': { icon: 'success', tone: 'plain' },
  'lost': { icon: 'stop', tone: 'bad' },
  'revoked': { icon: 'stop', tone: 'bad' },
} as const satisfies Record<StockState, { icon: IconName; tone: string }>;

export function StockBadge({ t, state }: { readonly t: Texts; readonly state: StockState }): VNode {
  return (
    <span class={`state state-${marks[state].tone}`}>
      <Icon name={marks[state].icon} />
      {t.say(`stock.${state}`)}
    </span>
  );
}
