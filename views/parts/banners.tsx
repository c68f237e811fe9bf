// Banners at the top of a page: at most two, worst first, the rest behind a summary (screens.md §4.6).
import type { VNode } from 'preact';
import { bannerKinds, type Banner, type BannerKey } from '../messages/banners.ts';
import type { Key } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { Icon } from './icon.tsx';
import { Sentence } from './sentence.tsx';

const weight = { important: 0, warning: 1, info: 2, success: 3 } as const;

/** The words of a banner's one act, where its key has one. */
const acts: Partial<Record<BannerKey, Key>> = {
  'otp.drift.hw': 'button.resync',
  'expiry.soon': 'button.change-passwords',
  'issue.done': 'button.verify',
  'last.warn': 'button.register-admin',
  'remember.done': 'button.self-service',
  'grace.open': 'button.register-now',
  'grace.last': 'button.register-now',
  'grace.over': 'button.register-now',
  'token.expired': 'button.register-now',
  'password.stopped.paper': 'button.print-form',
};

function One({ t, banner }: { readonly t: Texts; readonly banner: Banner }): VNode {
  const kind = bannerKinds[banner.key];
  return (
    <div class={`banner banner-${kind}`}>
      <Icon name={kind} />
      <div>
        <p>
          <strong class="kind">{t.say(`kind.${kind}`)}</strong> <Sentence pieces={t.message(banner)} />
        </p>
        {banner.href === undefined ? null : (
          <p>
            <a class="button button-other" href={banner.href}>
              {plainWords(t, acts[banner.key] ?? 'button.details')}
            </a>
          </p>
        )}
      </div>
    </div>
  );
}

const plainWords = (t: Texts, key: Key): string =>
  t
    .message({ key })
    .map((piece) => piece.text)
    .join('');

export function Banners({ t, banners }: { readonly t: Texts; readonly banners: readonly Banner[] }): VNode | null {
  if (banners.length === 0) return null;
  const sorted = banners.toSorted((a, b) => weight[bannerKinds[a.key]] - weight[bannerKinds[b.key]]);
  const rest = sorted.slice(2);
  return (
    <div class="banners">
      {sorted.slice(0, 2).map((banner) => (
        <One t={t} banner={banner} />
      ))}
      {rest.length === 0 ? null : (
        <details>
          <summary>{t.say('frame.more', { n: rest.length })}</summary>
          {rest.map((banner) => (
            <One t={t} banner={banner} />
          ))}
        </details>
      )}
    </div>
  );
}
