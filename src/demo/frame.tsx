// The page frame of the demo's outsiders: header, the 「デモ環境」 strip, <main data-screen>, footer. No behaviour.
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Context } from 'koa';
import { pageHeaders } from './outsider.ts';
import type { Language } from './outsider.ts';

export interface FrameProps {
  readonly brand: string;
  /** Which outsider: chooses the colour. */
  readonly theme: 'direct' | 'portal' | 'mail';
  readonly language: Language;
  /** Screen ID of screens.md §15. */
  readonly screen: string;
  readonly refusal?: string | undefined;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Picks the text of the page's language. */
export const say = (language: Language, ja: string, en: string): string => (language === 'ja' ? ja : en);

export function Frame({ brand, theme, language, screen, refusal, title, children }: FrameProps): VNode {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${refusal ? say(language, 'エラー: ', 'Error: ') : ''}${title} - ${brand}`}</title>
        <link rel="stylesheet" href="/demo.css" />
      </head>
      <body class={theme}>
        <a class="skip" href="#main">
          {say(language, '本文へ移動', 'Skip to content')}
        </a>
        <header>
          <div class="bar">
            <a class="brand" href="/">
              {brand}
            </a>
            <nav aria-label={say(language, '言語', 'Language')}>
              <LanguageLink now={language} to="ja" label="日本語" />
              <LanguageLink now={language} to="en" label="English" />
            </nav>
          </div>
          <p class="strip">
            <strong lang="ja">デモ環境</strong>{' '}
            {say(language, '実在の銀行や会社とは関係ありません。', 'Demo: no real bank, company or person.')}
          </p>
        </header>
        <main id="main" data-screen={screen} {...(refusal ? { 'data-refusal': refusal } : {})}>
          <p class="screen">{say(language, `画面ID ${screen}`, `Screen ${screen}`)}</p>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <p>
            {say(
              language,
              'デモ環境です。実際のIDやパスワードは入力しないでください。',
              'Demo. Never type a real ID or password.',
            )}
          </p>
        </footer>
      </body>
    </html>
  );
}

function LanguageLink(props: { readonly now: Language; readonly to: Language; readonly label: string }): VNode {
  const current = props.now === props.to ? { 'aria-current': 'true' as const } : {};
  return (
    <a href={`?lang=${props.to}`} lang={props.to} hreflang={props.to} {...current}>
      {props.label}
    </a>
  );
}

/** A box that says what went wrong; the browser and screen readers go to it first. */
export function Alert({ id, children }: { readonly id?: string; readonly children: ComponentChildren }): VNode {
  return (
    <div class="alert" role="alert" tabIndex={-1} autofocus id={id}>
      {children}
    </div>
  );
}

/** Data for programs inside a page; `<` is escaped so that no value can end the element. */
export function Data({ id, value }: { readonly id: string; readonly value: unknown }): VNode {
  const json = JSON.stringify(value, null, 2).replaceAll('<', '\\u003c');
  return <script type="application/json" id={id} dangerouslySetInnerHTML={{ __html: json }} />;
}

/** Answers with a whole page. */
export function sendPage(ctx: Context, status: number, page: VNode): void {
  pageHeaders(ctx);
  ctx.status = status;
  ctx.type = 'text/html';
  ctx.body = `<!doctype html>${renderToString(page)}`;
}
