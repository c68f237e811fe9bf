// Paper: one document whose sheets are printed on A4 and read the same on the screen (screens.md §3 row 20). A sheet never
// breaks inside a box, every printed page repeats its head, and page numbers come from the print style.
import type { ComponentChildren, VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { Texts } from '../messages/texts.ts';
import { Facts, type Fact } from '../parts/facts.tsx';
import { Links, type MenuItem } from '../parts/links.tsx';
import type { Frame } from '../parts/frame.ts';
import { Moment } from '../parts/sentence.tsx';

/** The page around one or more sheets. `back` are the ways out, 「戻る」 first; a sheet that is a file of its own has none. */
export function Paper(props: {
  readonly frame: Frame;
  readonly t: Texts;
  /** PRT… */
  readonly screen: string;
  readonly title: string;
  readonly back: readonly MenuItem[];
  readonly banners?: readonly Banner[];
  readonly children: ComponentChildren;
}): VNode {
  const { frame, t } = props;
  return (
    <Layout
      frame={frame}
      t={t}
      screen={props.screen}
      title={props.title}
      lead={t.say('print.lead')}
      {...(props.banners === undefined ? {} : { banners: props.banners })}
      paper
    >
      <div class="act print-act">
        <button type="button" class="button button-main" data-print hidden>
          {t.say('button.print')}
        </button>
      </div>
      {props.children}
      <Links items={props.back} />
    </Layout>
  );
}

/** One sheet, for one person or one form: 画面ID, 発行日時 and company stand above its title on every printed page. */
export function Sheet(props: {
  readonly t: Texts;
  readonly frame: Frame;
  readonly screen: string;
  readonly title: string;
  /** Null on an empty form. */
  readonly company: { readonly name: string; readonly contractNumber: string } | null;
  /** What else stands at the head, right of the issue time: a form number. */
  readonly mark?: ComponentChildren;
  readonly children: ComponentChildren;
}): VNode {
  const { t, frame, company } = props;
  return (
    <section class="sheet" aria-label={props.title}>
      <div class="sheet-head">
        <div>
          <p class="sheet-line">
            <span>{frame.brand.web[frame.language]}</span>
            {frame.environment === 'demo' ? <strong>{t.say('frame.demo')}</strong> : null}
            <span>{t.say('frame.screen', { screen: props.screen })}</span>
          </p>
          <p class="sheet-line">
            <span>
              {company === null
                ? ''
                : t.say('print.company', { company: company.name, contractNumber: company.contractNumber })}
            </span>
            <span>
              {t.say('print.issued')} <Moment t={t} at={frame.now} />
            </span>
          </p>
        </div>
      </div>
      <div class="sheet-body">
        <div class="stack">
          {props.mark === undefined ? null : <p class="sheet-mark">{props.mark}</p>}
          <h2 class="sheet-title">{props.title}</h2>
          {props.children}
        </div>
      </div>
    </section>
  );
}

/** Facts in a box that no page break splits. */
export function SheetFacts({ facts }: { readonly facts: readonly Fact[] }): VNode {
  return (
    <div class="sheet-box">
      <Facts facts={facts} />
    </div>
  );
}

/** A secret or an issued ID: 14 pt, monospaced, groups of three; copied without the gaps. */
export function Secret({ value }: { readonly value: string }): VNode {
  return (
    <span class="secret">
      {(value.match(/.{1,3}/gu) ?? []).map((group) => (
        <span>{group}</span>
      ))}
    </span>
  );
}

/** Where the sheet is folded over, and who keeps it. */
export function Fold({ t }: { readonly t: Texts }): VNode {
  return (
    <div class="fold">
      <p>{t.say('print.fold')}</p>
    </div>
  );
}

/** A field that is filled in by hand; `high` for several lines. */
export function Blank(props: { readonly label: string; readonly high?: boolean; readonly note?: string }): VNode {
  return (
    <div class={props.high === true ? 'blank blank-high' : 'blank'}>
      <p>
        {props.label}
        {props.note === undefined ? null : <span class="note"> {props.note}</span>}
      </p>
    </div>
  );
}
