// The one document of the token app: empty frames that its scripts fill, and in both languages what is said without them.
// Nothing in it is anybody's own, so that every telephone may keep it.
import type { VNode } from 'preact';
import { render } from '../layout.tsx';
import type { Brand } from '../messages/texts.ts';

export interface ShellProps {
  readonly brand: Brand;
  readonly environment: 'demo' | null;
  /** Names the files that belong to this shell. */
  readonly release: string;
}

function Shell({ brand, environment, release }: ShellProps): VNode {
  const file = (name: string): string => `/token-app/r/${release}/${name}`;
  return (
    <html
      lang="ja"
      data-environment={environment ?? undefined}
      data-web-ja={brand.web.ja}
      data-web-en={brand.web.en}
      data-desk-ja={brand.desk.ja}
      data-desk-en={brand.desk.en}
      data-hours-ja={brand.hours.ja}
      data-hours-en={brand.hours.en}
      data-phone={brand.phone}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="theme-color" content="#ffffff" />
        <meta name="apple-mobile-web-app-title" content="トークン" />
        <title>{`ワンタイムパスワード - ${brand.web.ja}`}</title>
        <link rel="manifest" href="/token-app/manifest.webmanifest" />
        <link rel="icon" href="/token-app/icons/icon-192.png" type="image/png" />
        <link rel="apple-touch-icon" href="/token-app/icons/apple-180.png" />
        <link rel="stylesheet" href={file('style.css')} />
        <script type="module" src={file('app.js')} />
      </head>
      <body>
        <a class="skip" href="#main" id="skip" />
        <header class="header" id="header" />
        <main id="main" tabindex={-1}>
          <noscript>
            <div class="without">
              <h1>ワンタイムパスワード</h1>
              <p>
                このアプリはJavaScriptを使用します。ブラウザの設定でJavaScriptを有効にして、もう一度開いてください。お困りの場合は、
                {brand.desk.ja}へお電話ください(<span class="phone">{brand.phone}</span>、受付 {brand.hours.ja})。
              </p>
              <div lang="en" class="without">
                <h2>One-time passwords</h2>
                <p>
                  This app uses JavaScript. Turn on JavaScript in your browser settings and open it again. For help,
                  call the {brand.desk.en} (<span class="phone">{brand.phone}</span>, {brand.hours.en}).
                </p>
              </div>
            </div>
          </noscript>
        </main>
        <footer class="footer" id="footer" />
      </body>
    </html>
  );
}

/** The document as text. */
export const renderShell = (props: ShellProps): string => render(Shell(props));
