// DMO002: what every token of the demo shows now (screens.md §15).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Sentence } from '../parts/sentence.tsx';

export interface DemoToken {
  /** Its place on the page, for links to it. */
  readonly anchor: string;
  /** Serial number in full; null for app tokens. */
  readonly serial: string | null;
  readonly kind: 'hardware' | 'software';
  /** Names of its people; empty: unregistered. */
  readonly holders: readonly string[];
  readonly code: string;
  /** When the next code is shown. */
  readonly until: Instant;
  /** How many minutes its clock is off; 0 for none. */
  readonly driftMinutes: number;
}

export interface DemoTokensProps {
  readonly frame: Frame;
  readonly tokens: readonly DemoToken[];
}

/** `123 456`: read in two groups. */
const inGroups = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

export function DemoTokensPage(props: DemoTokensProps): VNode {
  const { frame } = props;
  const t = textsOf(frame);
  return (
    <Layout
      frame={frame}
      t={t}
      screen="DMO002"
      title={t.say('DMO002.title')}
      wide
      lead={<Sentence pieces={t.pieces('DMO002.1', { at: frame.now })} />}
    >
      <ul class="cards">
        {props.tokens.map((token) => (
          <li class="card fob" id={token.anchor} data-serial={token.serial ?? undefined}>
            <h2>{token.serial ?? t.say(`token.${token.kind}`)}</h2>
            <p class="fob-code">
              <span class="hidden">{`${t.say('DMO002.6')} `}</span>
              <code>{inGroups(token.code)}</code>
            </p>
            <p class="note">
              <Sentence pieces={t.pieces('DMO002.5', { time: token.until })} />
            </p>
            <p>
              {token.holders.length === 0 ? t.say('DMO002.3') : token.holders.join(' / ')}
              {token.holders.length > 1 ? <strong class="mark">{t.say('DMO002.7')}</strong> : null}
            </p>
            {token.driftMinutes === 0 ? null : <p class="note">{t.say('DMO002.4', { minutes: token.driftMinutes })}</p>}
          </li>
        ))}
      </ul>
      <Links
        items={[
          { href: '/demo/tokens', label: t.say('button.reload') },
          { href: '/demo', label: t.say('DMO001.title') },
        ]}
      />
    </Layout>
  );
}
