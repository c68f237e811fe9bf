// PRT003: the paper form on which a company asks for more key-fobs, or for another one after a loss or a fault (screens.md §11).
// Reached without signing in, company and contract number are filled in by hand.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import type { Fact } from '../parts/facts.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Serial } from '../parts/serial.tsx';
import { Blank, Paper, Sheet, SheetFacts } from './sheet.tsx';

export const orderKinds = ['additional', 'lost', 'fault'] as const;
export type OrderKind = (typeof orderKinds)[number];

export interface TokenOrderProps {
  readonly frame: Frame;
  /** 依頼書番号: the reference number of the page. */
  readonly number: string;
  /** Null: filled in by hand. */
  readonly company: { readonly name: string; readonly contractNumber: string } | null;
  readonly kind: OrderKind;
  readonly count: number;
  /** Of the tokens that were lost or are faulty; filled in by hand where there are none. */
  readonly serials: readonly string[];
  /** How many of the contract's free ones are left before this order; null: not known here. */
  readonly freeLeft: number | null;
  /** Yen, tax included: `one` for each that is not free, `most` free ones for a contract. */
  readonly fee: { readonly free: number; readonly total: number; readonly one: number; readonly most: number };
  /** Where kind and count are chosen on the screen; null: they stand. */
  readonly choice: { readonly path: string; readonly max: number } | null;
  readonly back: string;
}

/** What stands on paper is chosen above it, and not printed. */
function Choice({ t, props }: { readonly t: Texts; readonly props: TokenOrderProps }): VNode | null {
  const { choice, kind, count, serials } = props;
  if (choice === null) return null;
  return (
    <search class="filters">
      <form method="get" action={choice.path}>
        {serials.map((serial) => (
          <input type="hidden" name="serial" value={serial} />
        ))}
        <div>
          <label for="kind">{t.say('PRT003.kind')}</label>
          <select id="kind" name="kind" class="input">
            {orderKinds
              .filter((one) => one !== 'additional' || serials.length === 0)
              .map((one) => (
                <option value={one} selected={one === kind}>
                  {t.say(`PRT003.${one}`)}
                </option>
              ))}
          </select>
        </div>
        {serials.length > 0 ? null : (
          <div>
            <label for="count">{t.say('PRT003.count')}</label>
            <input
              id="count"
              name="count"
              type="number"
              class="input input-code"
              min="1"
              max={String(choice.max)}
              value={String(count)}
            />
          </div>
        )}
        <div class="filters-act">
          <button type="submit" class="button button-other">
            {t.say('PRT003.fill')}
          </button>
        </div>
      </form>
    </search>
  );
}

function feeWords(t: Texts, { kind, count, fee }: TokenOrderProps): string {
  if (fee.total === 0) return t.say('PRT003.free');
  const total = t.say('PRT003.fee', { n: fee.total });
  if (count === 1) return total;
  const each = t.say('PRT003.each', { n: fee.one, m: count - fee.free });
  const parts = kind === 'additional' && fee.free > 0 ? [t.say('PRT003.freepart', { n: fee.free }), each] : [each];
  return t.language === 'ja' ? `${total} 内訳: ${parts.join('、')}` : `${total}: ${parts.join(', ')}`;
}

function factsOf(t: Texts, props: TokenOrderProps): readonly Fact[] {
  const { kind, count, serials, freeLeft, fee } = props;
  return [
    { term: t.say('PRT003.kind'), detail: t.say(`PRT003.${kind}`) },
    { term: t.say('PRT003.count'), detail: t.say('CON110.tokens', { n: count }) },
    ...(serials.length === 0
      ? []
      : [
          {
            term: t.label('serial'),
            detail: (
              <ul class="plain">
                {serials.map((serial) => (
                  <li>
                    <Serial value={serial} />
                  </li>
                ))}
              </ul>
            ),
          },
        ]),
    ...(freeLeft === null || kind !== 'additional'
      ? []
      : [{ term: t.say('PRT003.left'), detail: t.say('PRT003.leftof', { n: freeLeft, max: fee.most }) }]),
    { term: t.say('PRT003.feeterm'), detail: feeWords(t, props) },
  ];
}

export function TokenOrderPage(props: TokenOrderProps): VNode {
  const { frame, number, company, kind, serials } = props;
  const t = textsOf(frame);
  const title = t.say('PRT003.title');
  return (
    <Paper frame={frame} t={t} screen="PRT003" title={title} back={[{ href: props.back, label: t.say('button.back') }]}>
      <Choice t={t} props={props} />
      <Sheet
        frame={frame}
        t={t}
        screen="PRT003"
        title={title}
        company={company}
        mark={t.say('PRT004.number', { number })}
      >
        <p>{t.say('PRT003.1')}</p>
        <SheetFacts facts={factsOf(t, props)} />
        <div class="blanks">
          <Blank label={t.say('PRT004.13')} />
          {company === null ? <Blank label={t.say('PRT004.3')} /> : null}
          {company === null ? <Blank label={t.label('contract_number')} /> : null}
          {kind !== 'additional' && serials.length === 0 ? (
            <Blank label={t.label('serial')} note={t.say('PRT003.3')} />
          ) : null}
          <Blank label={t.say('PRT004.4')} high />
          <Blank label={t.say('PRT003.4')} note={t.say('PRT003.5')} high />
        </div>
        {kind === 'lost' ? <p class="note">{t.say('PRT003.6')}</p> : null}
        {kind === 'fault' ? <p class="note">{t.say('PRT003.7')}</p> : null}
        <p class="note">{t.say('PRT004.17')}</p>
        <h3>{t.say('PRT004.18')}</h3>
        <div class="stamps">
          <p class="stamp">{t.say('PRT004.19')}</p>
          <p class="stamp">{t.say('PRT003.8')}</p>
          <p class="stamp">{t.say('PRT004.21')}</p>
          <p class="stamp">{t.say('PRT004.22')}</p>
        </div>
      </Sheet>
    </Paper>
  );
}
