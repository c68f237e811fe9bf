// The picture of a key-fob token: serial number, digits, time bar (screens.md §8.6). The sentence below it says the same.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';

export function KeyFob({ t }: { readonly t: Texts }): VNode {
  return (
    <figure class="key-fob">
      <svg viewBox="38 6 276 108" width="276" height="108" aria-hidden="true" focusable="false">
        <rect class="fob-body" x="40" y="8" width="272" height="104" rx="24" />
        <circle class="fob-hole" cx="66" cy="60" r="11" />
        <rect class="fob-display" x="96" y="28" width="196" height="46" rx="6" />
        <text class="fob-digits" x="130" y="62" text-anchor="start">
          123 456
        </text>
        <g class="fob-bar">
          <rect x="104" y="36" width="14" height="5" />
          <rect x="104" y="44" width="14" height="5" />
          <rect x="104" y="52" width="14" height="5" />
          <rect x="104" y="60" width="14" height="5" />
        </g>
        <text class="fob-serial" x="194" y="97" text-anchor="middle">
          {`${t.say('TKN001.4')} 1234-5678`}
        </text>
      </svg>
      <figcaption>{t.say('TKN001.3')}</figcaption>
    </figure>
  );
}
