// The document around every page (screens.md §3 rows 1, 2, 6, 15): skip link, header, strip, <main>, footer. It knows no
// screen; screens hand in their title and body.
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Banner } from './messages/banners.ts';
import type { Texts } from './messages/texts.ts';
import { Banners } from './parts/banners.tsx';
import { ErrorSummary, type Told } from './parts/errors.tsx';
import type { Frame } from './parts/frame.ts';
import { Footer, Header } from './parts/surround.tsx';
import { Progress, type ProgressStep } from './parts/progress.tsx';

export interface LayoutProps {
  readonly frame: Frame;
  readonly t: Texts;
  /** 画面ID. */
  readonly screen: string;
  readonly title: string;
  /** The word of spec §12 when the screen itself knows it; before it `frame.refusal`, after it the first error's. */
  readonly refusal?: string | null;
  readonly errors?: readonly Told[];
  readonly banners?: readonly Banner[];
  readonly progress?: ProgressStep;
  readonly lead?: ComponentChildren;
  /** Consoles with tables take the whole width. */
  readonly wide?: boolean;
  /** Sheets for the printer (views/print/): only they are printed. */
  readonly paper?: boolean;
  readonly children?: ComponentChildren;
}

export function Layout(props: LayoutProps): VNode {
  const { frame, t, screen, title } = props;
  const errors = props.errors ?? [];
  return (
    <html lang={frame.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="format-detection" content="telephone=no" />
        <title>{`${errors.length > 0 ? t.say('frame.error') : ''}${whole(title)} - ${frame.brand.web[frame.language]}`}</title>
        <link rel="stylesheet" href="/assets/renkei.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <script src="/assets/enhance.js" defer />
      </head>
      <body class={bodyClass(props)}>
        <a class="skip" href="#main">
          {t.say('frame.skip')}
        </a>
        <Header frame={frame} t={t} />
        <main id="main" data-screen={screen} data-refusal={frame.refusal ?? props.refusal ?? errors[0]?.word}>
          <p class="screen-id">{t.say('frame.screen', { screen })}</p>
          {props.progress === undefined ? null : <Progress t={t} current={props.progress} />}
          <h1>{breakable(title)}</h1>
          <ErrorSummary t={t} errors={errors} reference={frame.reference} screen={screen} />
          <Banners t={t} banners={props.banners ?? []} />
          {props.lead === undefined || props.lead === null ? null : <p class="lead">{props.lead}</p>}
          {props.children}
        </main>
        <Footer frame={frame} t={t} screen={screen} />
      </body>
    </html>
  );
}

/** A long title's text marks with U+200B where a line may end; the mark is no part of the title. */
const mark = '\u200b';

const whole = (title: string): string => title.replaceAll(mark, '');

const breakable = (title: string): ComponentChildren =>
  title.split(mark).map((part, index) =>
    index === 0 ? (
      part
    ) : (
      <>
        <wbr />
        {part}
      </>
    ),
  );

function bodyClass({ paper, wide, frame }: LayoutProps): string | undefined {
  if (paper === true) return 'paper';
  const classes = [...(wide === true ? ['wide'] : []), ...(frame.helpdesk === true ? ['dense'] : [])];
  return classes.length === 0 ? undefined : classes.join(' ');
}

/** A whole document as text: what a handler sends as the body. */
export const render = (page: VNode): string => `<!doctype html>${renderToString(page)}`;
