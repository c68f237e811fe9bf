// Outage pages: static, both languages one under the other, no session and no form (screens.md §3 row 22). They need nothing
// but the brand, so they can be shown while every store is down.
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { texts, type Brand, type Piece, type Texts } from '../messages/texts.ts';
import { dateTime, machineTime, type Language } from '../parts/format.ts';
import { Sentence } from '../parts/sentence.tsx';

/** What is out: a store (503), the service hours or maintenance (503), or something nobody foresaw (500). */
export type Outage =
  | { readonly screen: 'REF020'; readonly at: Instant }
  | {
      readonly screen: 'REF018';
      readonly opens: Instant;
      readonly reason: 'hours' | 'maintenance';
      readonly serviceHours: string;
    }
  | { readonly screen: 'REF026' };

export interface OutageProps {
  readonly brand: Brand;
  readonly environment: 'demo' | null;
  readonly now: Instant;
  readonly reference: string;
  readonly outage: Outage;
}

const words = { REF018: 'closed', REF020: 'unavailable', REF026: 'unexpected' } as const;

function told(t: Texts, outage: Outage): readonly Piece[] {
  switch (outage.screen) {
    case 'REF020':
      return t.pieces('REF020.text', { at: outage.at });
    case 'REF018':
      return t.pieces('REF018.text', {
        opens: outage.opens,
        reason: outage.reason,
        // Hours are written without a leading zero (screens.md §3 row 11).
        serviceHours: outage.serviceHours.replaceAll(/(?<!\d)0(?=\d:)/g, ''),
      });
    case 'REF026':
      return t.pieces('REF026.text');
  }
}

function Body(props: { readonly t: Texts; readonly given: OutageProps }): VNode {
  const { t, given } = props;
  const { screen } = given.outage;
  return (
    <>
      <p class="refused">
        <Sentence pieces={told(t, given.outage)} />
      </p>
      <p class="reference box">{t.say('form.ref', { ref: given.reference, screen })}</p>
      <p>
        <Sentence pieces={t.pieces('ask.desk')} />
      </p>
    </>
  );
}

/** The whole document as text; Japanese first. */
export function renderOutage(props: OutageProps): string {
  const { brand, outage } = props;
  const of = (language: Language): Texts => texts(language, brand, null, null);
  const ja = of('ja');
  const en = of('en');
  const title = `${outage.screen}.title` as const;
  const page = (
    <html lang="ja">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${ja.say(title)} - ${brand.web.ja}`}</title>
        <link rel="stylesheet" href="/assets/renkei.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <header class="header">
          <div class="header-row">
            <a class="brand" href="/">
              {brand.web.ja}
            </a>
          </div>
          {props.environment === 'demo' ? <p class="environment">{ja.say('frame.demo')}</p> : null}
        </header>
        <main id="main" data-screen={outage.screen} data-refusal={words[outage.screen]}>
          <p class="screen-id">{ja.say('frame.screen', { screen: outage.screen })}</p>
          <h1>{ja.say(title)}</h1>
          <Body t={ja} given={props} />
          <section lang="en" class="other-language">
            <h2>{en.say(title)}</h2>
            <Body t={en} given={props} />
          </section>
        </main>
        <footer class="footer">
          <p class="footer-page">
            {ja.say('frame.screen', { screen: outage.screen })}{' '}
            <time datetime={machineTime(props.now)}>{dateTime(props.now, 'ja', null)}</time>
          </p>
        </footer>
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(page)}`;
}
