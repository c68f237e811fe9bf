// HDK044: one key-fob with its life, who holds and held it, its clock; never its secret (screens.md §12).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { StockMove } from '../../src/rules/stock-move.ts';
import type { OrderReason, StockState } from '../../src/rules/token-stock.ts';
import { Layout } from '../layout.tsx';
import type { Texts } from '../messages/texts.ts';
import { Facts, type Fact } from '../parts/facts.tsx';
import { grouped } from '../parts/format.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Moment } from '../parts/sentence.tsx';
import { Serial } from '../parts/serial.tsx';
import { StockBadge } from '../parts/stock-state.tsx';
import { Table } from '../parts/table.tsx';

export interface TokenLife {
  readonly serial: string;
  readonly state: StockState;
  readonly companyId: string | null;
  readonly companyName: string | null;
  readonly contractNumber: string | null;
  readonly model: string | null;
  readonly algorithm: string;
  readonly digits: number;
  readonly period: number;
  readonly expiresAt: Instant | null;
  readonly importedAt: Instant | null;
  readonly importFile: string | null;
  readonly orderedAt: Instant | null;
  readonly order: { readonly reason: OrderReason; readonly formNumber: string | null } | null;
  /** Yen; null: never ordered. */
  readonly fee: number | null;
  readonly shippedAt: Instant | null;
  readonly arrivedAt: Instant | null;
  readonly firstRegisteredAt: Instant | null;
  readonly retiredAt: Instant | null;
  /** Whole steps by which its clock is off; positive: fast. */
  readonly drift: number;
  readonly lastUsedAt: Instant | null;
  readonly follows: string | null;
  readonly successor: string | null;
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly loginId: string;
    readonly states: readonly string[];
    readonly from: Instant;
    readonly until: Instant | null;
  }[];
}

export interface TokenPageProps {
  readonly frame: Frame;
  readonly token: TokenLife;
  /** What can be done with it now, by this operator. */
  readonly moves: readonly StockMove[];
}

function When({ t, at }: { readonly t: Texts; readonly at: Instant | null }): VNode {
  return at === null ? <>{t.say('HDK044.29')}</> : <Moment t={t} at={at} as="table" />;
}

type Step = 'HDK044.3' | 'HDK044.4' | 'HDK044.5' | 'HDK044.6' | 'HDK044.7' | 'HDK044.8';

/** The steps of its life in their order; those that were passed over without a record are not told as open. */
function Life({ t, token }: { readonly t: Texts; readonly token: TokenLife }): VNode {
  const steps: readonly (readonly [Step, Instant | null])[] = [
    ['HDK044.3', token.importedAt],
    ['HDK044.4', token.orderedAt],
    ['HDK044.5', token.shippedAt],
    ['HDK044.6', token.arrivedAt],
    ['HDK044.7', token.firstRegisteredAt],
    ['HDK044.8', token.retiredAt],
  ];
  const last = steps.findLastIndex(([, at]) => at !== null);
  return (
    <Table
      caption={t.say('HDK044.1')}
      columns={[{ head: t.say('HDK044.30') }, { head: t.say('HDK044.31') }]}
      rows={steps.map(([key, at], place) => ({
        cells: [t.say(key), at === null && place < last ? t.say('HDK044.33') : <When t={t} at={at} />],
      }))}
    />
  );
}

const minutesOff = ({ drift, period }: TokenLife): number => Math.round((drift * period) / 60);

function driftWords(t: Texts, token: TokenLife): string {
  const n = minutesOff(token);
  if (n === 0) return t.say('HDK044.16');
  return n > 0 ? t.say('HDK044.14', { n }) : t.say('HDK044.15', { n: -n });
}

function factsOf(t: Texts, token: TokenLife): readonly Fact[] {
  const company =
    token.companyName === null ? (
      t.say('HDK044.32')
    ) : (
      <a href={`/helpdesk/companies/${token.companyId ?? ''}/otp`}>
        {`${token.companyName} ${grouped(token.contractNumber ?? '')}`}
      </a>
    );
  const other = (serial: string): VNode => (
    <a href={`/helpdesk/tokens/${encodeURIComponent(serial)}`}>
      <Serial value={serial} />
    </a>
  );
  return [
    { term: t.say('field.serial'), detail: <Serial value={token.serial} /> },
    { term: t.say('HDK044.9'), detail: <StockBadge t={t} state={token.state} /> },
    { term: t.say('HDK040.3'), detail: company },
    {
      term: t.say('HDK040.4'),
      detail: token.expiresAt === null ? t.say('frame.none') : <Moment t={t} at={token.expiresAt} as="date" />,
    },
    ...(token.order === null ? [] : [{ term: t.say('HDK044.19'), detail: t.say(`order.${token.order.reason}`) }]),
    ...(token.order === null || token.order.formNumber === null
      ? []
      : [{ term: t.say('field.form_number'), detail: token.order.formNumber }]),
    ...(token.fee === null
      ? []
      : [
          {
            term: t.say('HDK044.20'),
            detail: token.fee === 0 ? t.say('HDK045.11') : t.say('HDK044.21', { n: token.fee }),
          },
        ]),
    ...(token.follows === null ? [] : [{ term: t.say('HDK044.22'), detail: other(token.follows) }]),
    ...(token.successor === null ? [] : [{ term: t.say('HDK044.23'), detail: other(token.successor) }]),
    ...(token.model === null ? [] : [{ term: t.say('HDK044.10'), detail: token.model }]),
    ...(token.importFile === null ? [] : [{ term: t.say('HDK044.3'), detail: token.importFile }]),
    {
      term: t.say('HDK044.11'),
      detail: t.say('HDK044.12', { code: `TOTP ${token.algorithm}`, n: token.digits, m: token.period }),
    },
    { term: t.say('HDK044.13'), detail: driftWords(t, token) },
    {
      term: t.say('HDK044.17'),
      detail: token.lastUsedAt === null ? t.say('HDK044.18') : <Moment t={t} at={token.lastUsedAt} />,
    },
  ];
}

function People({ t, token }: { readonly t: Texts; readonly token: TokenLife }): VNode {
  if (token.people.length === 0) return <p class="empty">{t.say('HDK044.28')}</p>;
  return (
    <Table
      quiet
      caption={t.say('HDK044.24')}
      columns={[{ head: t.say('field.person_name') }, { head: t.say('field.login_id') }, { head: t.say('HDK044.25') }]}
      rows={token.people.map(({ id, name, loginId, states, from, until }) => ({
        account: id,
        states,
        cells: [
          name,
          loginId,
          <>
            <Moment t={t} at={from} as="table" />
            {t.language === 'ja' ? ' 〜 ' : ' – '}
            {until === null ? null : <Moment t={t} at={until} as="table" />}
          </>,
        ],
      }))}
    />
  );
}

export function TokenPage(props: TokenPageProps): VNode {
  const t = textsOf(props.frame);
  const { token } = props;
  const [main, ...others] = props.moves;
  return (
    <Layout frame={props.frame} t={t} screen="HDK044" title={t.say('HDK044.title')} wide>
      <Facts facts={factsOf(t, token)} />
      <Life t={t} token={token} />
      <h2>{t.say('HDK044.24')}</h2>
      <People t={t} token={token} />
      {main === undefined ? null : (
        <Form frame={props.frame} action="/helpdesk/tokens" hidden={[{ name: 'people', value: token.serial }]}>
          <Main action={main} label={t.say(`move.${main}`)} quiet={main === 'lose' || main === 'revoke'} />
          {others.length === 0 ? null : (
            <Ways>
              {others.map((move) => (
                <Way action={move} label={t.say(`move.${move}`)} />
              ))}
            </Ways>
          )}
        </Form>
      )}
      <Links
        items={[
          { href: '/helpdesk/tokens', label: t.say('HDK040.title') },
          { href: '/helpdesk', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
