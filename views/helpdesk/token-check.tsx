// HDK045: what is about to be done with tokens – serial number, now and after, what else happens – and the operator's fresh code
// (screens.md §4.1, §12).
import type { ComponentChildren, VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { StockMove } from '../../src/rules/stock-move.ts';
import type { OrderReason, StockState } from '../../src/rules/token-stock.ts';
import { listed } from '../end/sign-out.tsx';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { Area } from '../parts/area.tsx';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { grouped } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Icon } from '../parts/icon.tsx';
import { Moment, Sentence } from '../parts/sentence.tsx';
import { Serial } from '../parts/serial.tsx';
import { StockBadge } from '../parts/stock-state.tsx';
import { Table } from '../parts/table.tsx';
import { movedTo } from './desk-words.ts';
import { FreshCode } from './fresh-code.tsx';
import { Left, type MoveLeft } from './token-left.tsx';

/** A token to which it will be done. */
export interface MoveTarget {
  readonly serial: string;
  readonly state: StockState;
  readonly companyName: string | null;
  /** Yen of an assignment; null elsewhere. */
  readonly fee: number | null;
  readonly limit: { readonly is: 'stays' | 'becomes' | 'told' | 'over' | 'none'; readonly at: Instant | null } | null;
  readonly next: { readonly serial: string; readonly expiresAt: Instant | null } | null;
  /** Who holds it now, where it will be taken away. */
  readonly holders: readonly string[] | null;
}

export interface MoveCheckProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly left: readonly MoveLeft[];
  readonly move: StockMove;
  readonly targets: readonly MoveTarget[];
  /** Whose the tokens become. */
  readonly order: {
    readonly company: string;
    readonly contractNumber: string;
    readonly reason: OrderReason;
    readonly formNumber: string | null;
    readonly total: number;
    readonly free: number;
    /** The company's limit for registering; null: it has none. */
    readonly limit: { readonly at: Instant; readonly over: boolean } | null;
  } | null;
  /** 理由 as it was typed. */
  readonly words: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

/** Names that stand in one cell; more are counted. */
const named = 10;

function names(t: Texts, holders: readonly string[]): string {
  const shown = listed(holders.slice(0, named), t.language);
  if (holders.length <= named) return shown;
  return `${shown}${t.language === 'ja' ? '、' : ', '}${t.say('HDK045.26', { n: holders.length - named })}`;
}

function After({
  t,
  move,
  target,
}: {
  readonly t: Texts;
  readonly move: StockMove;
  readonly target: MoveTarget;
}): VNode {
  const after = movedTo[move] ?? target.state;
  return (
    <span class="shift">
      <StockBadge t={t} state={target.state} />
      <span aria-hidden>→</span>
      <StockBadge t={t} state={after} />
    </span>
  );
}

function effects(t: Texts, target: MoveTarget): readonly ComponentChildren[] {
  const { fee, limit, next, holders } = target;
  const of: ComponentChildren[] = [];
  if (fee !== null) of.push(fee === 0 ? t.say('HDK045.11') : t.say('HDK045.10', { n: fee }));
  if (limit !== null && limit.at === null) of.push(t.say('HDK045.24'));
  if (limit !== null && limit.at !== null) {
    const date = limit.at;
    if (limit.is === 'stays') of.push(<Sentence pieces={t.pieces('HDK045.12', { date })} />);
    if (limit.is === 'becomes') of.push(<Sentence pieces={t.pieces('HDK045.13', { date })} />);
    if (limit.is === 'told') of.push(<Sentence pieces={t.pieces('HDK045.14', { date })} />);
    if (limit.is === 'over') of.push(<Sentence pieces={t.pieces('HDK045.27', { date })} />);
  }
  if (next !== null)
    of.push(next.expiresAt === null ? next.serial : t.say('HDK045.15', { number: next.serial, date: next.expiresAt }));
  if (holders !== null)
    of.push(holders.length === 0 ? t.say('HDK045.18') : t.say('HDK045.17', { list: names(t, holders) }));
  return of;
}

const leads = {
  ship: 'HDK045.3',
  arrive: 'HDK045.4',
  exchange: 'HDK045.5',
  lose: 'HDK045.6',
  revoke: 'HDK045.7',
} as const;

function Limit({
  t,
  limit,
}: {
  readonly t: Texts;
  readonly limit: { readonly at: Instant; readonly over: boolean };
}): VNode {
  if (!limit.over) return <Moment t={t} at={limit.at} as="date" />;
  return <Sentence pieces={t.pieces('HDK045.27', { date: limit.at })} />;
}

function Order({ t, order }: { readonly t: Texts; readonly order: MoveCheckProps['order'] }): VNode | null {
  if (order === null) return null;
  const total = { n: order.total };
  return (
    <Facts
      facts={[
        { term: t.say('HDK040.3'), detail: order.company },
        { term: t.say('field.contract_number'), detail: grouped(order.contractNumber) },
        { term: t.say('HDK045.23'), detail: t.say(`order.${order.reason}`) },
        ...(order.formNumber === null ? [] : [{ term: t.say('field.form_number'), detail: order.formNumber }]),
        {
          term: t.say('HDK044.20'),
          detail: order.free === 0 ? t.say('HDK045.21', total) : t.say('HDK045.20', { ...total, m: order.free }),
        },
        {
          term: t.label('grace_until'),
          detail: order.limit === null ? t.say('HDK045.24') : <Limit t={t} limit={order.limit} />,
        },
      ]}
    />
  );
}

export function MoveCheckPage(props: MoveCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { move, targets, order } = props;
  const n = targets.length;
  const ends = move === 'lose' || move === 'revoke';
  const lead = move === 'assign' ? t.say('HDK045.2', { n, company: order?.company ?? '' }) : t.say(leads[move], { n });
  return (
    <Layout frame={props.frame} t={t} screen="HDK045" title={t.say(`HDK045.${move}`)} errors={told} wide lead={lead}>
      <Order t={t} order={order} />
      <Table
        quiet
        caption={lead}
        columns={[
          { head: t.say('field.serial') },
          { head: t.say('HDK045.8') },
          { head: t.say('HDK040.3') },
          { head: t.say('HDK045.9') },
        ]}
        rows={targets.map((target) => ({
          cells: [
            <Serial value={target.serial} />,
            <After t={t} move={move} target={target} />,
            target.companyName ?? t.say('frame.none'),
            <ul class="plain">
              {effects(t, target).map((effect) => (
                <li>{effect}</li>
              ))}
            </ul>,
          ],
        }))}
      />
      <Left t={t} left={props.left} />
      {move === 'exchange' ? <p>{t.say('HDK045.16')}</p> : null}
      {ends && targets.some(({ holders }) => (holders ?? []).length > 0) ? <p>{t.say('HDK045.19')}</p> : null}
      {ends ? (
        <p class="undone">
          <Icon name="warning" />
          <strong>{t.say('CON090.7')}</strong>
        </p>
      ) : null}
      <Form frame={props.frame} hidden={props.hidden}>
        {ends ? (
          <Area t={t} name="reason" hint={t.say('hint.reason')} value={props.words} required errors={told} />
        ) : null}
        <FreshCode t={t} errors={told} />
        <Main label={t.say(`HDK045.act.${move}`, { n })} danger={ends} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
