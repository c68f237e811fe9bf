// Chosen tokens to which nothing will be done, each with why (screens.md §4.1).
import type { VNode } from 'preact';
import type { StockWhy } from '../../src/rules/stock-move.ts';
import type { Texts } from '../messages/texts.ts';
import { Serial } from '../parts/serial.tsx';

/** A chosen token to which nothing will be done. */
export interface MoveLeft {
  readonly serial: string;
  readonly why: StockWhy;
}

export function Left({ t, left }: { readonly t: Texts; readonly left: readonly MoveLeft[] }): VNode | null {
  if (left.length === 0) return null;
  return (
    <>
      <p class="note">{t.say('HDK045.22', { n: left.length })}</p>
      <ul class="list">
        {left.map(({ serial, why }) => (
          <li>
            <Serial value={serial} />
            {': '}
            {t.say(`stockWhy.${why}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
