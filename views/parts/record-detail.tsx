// One record in full: the facts, what was changed, and of a sign-in the receipt in words – what was proven, with what, and which
// rule decided (spec §11.2).
import type { VNode } from 'preact';
import type { Acr, Amr } from '../../src/rules/acr.ts';
import type { ApprovalItem } from '../../src/rules/approval.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Sub } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { approvalFacts } from './approval.tsx';
import { Facts, type Fact } from './facts.tsx';
import { lastFour } from './format.ts';
import {
  actWords,
  changedWords,
  codeWords,
  doerWords,
  eventWords,
  routeWords,
  ruleWords,
  valueWords,
  whyWords,
  type RecordRow,
} from './record-words.ts';
import { Moment } from './sentence.tsx';
import { Serial } from './serial.tsx';
import { Table } from './table.tsx';

/** What a sign-in proved. */
export interface ShownReceipt {
  readonly upstream: { readonly display: string } | null;
  readonly passwordAt: Instant | null;
  readonly otp: {
    readonly kind: 'hardware' | 'software';
    readonly shared: boolean;
    readonly by: 'code' | 'registration' | 'repair';
  } | null;
  readonly otpAnswer: 'asked' | 'skipped-by-device' | 'not-asked';
  readonly rememberedHere: boolean;
  readonly authTime: Instant;
  readonly policyVersion: string;
  readonly rows: readonly { readonly row: string; readonly at: Instant }[];
}

export interface RecordDetailRow extends RecordRow {
  readonly agent: string;
  /** Names of portals. */
  readonly portals: readonly string[];
  readonly why: string | null;
  readonly row: string | null;
  readonly act: string | null;
  readonly count: number | null;
  readonly changes: readonly {
    readonly what: string;
    readonly before: readonly string[];
    readonly after: readonly string[];
  }[];
  /** What was approved, or not. */
  readonly items?: readonly ApprovalItem[];
  /** Of key-fobs between stock and end; serial numbers whole, told so in the company's records alone. */
  readonly fobs?: {
    readonly serials: readonly string[];
    readonly reason: Sub<'order'> | null;
    readonly fee: number | null;
    readonly limit: Instant | null;
    readonly about: 'expiry' | 'limit' | null;
  };
  readonly receipt: ShownReceipt | null;
  readonly acr: Acr | null;
  readonly amr: readonly Amr[];
  /** The last characters of the serial number of the token. */
  readonly last4: string | null;
}

const levels: Readonly<Record<Acr, Sub<'acr'>>> = {
  'urn:renkei:acr:federated': 'federated',
  'urn:renkei:acr:federated-otp': 'federated-otp',
  'urn:renkei:acr:password': 'password',
  'urn:renkei:acr:password-otp': 'password-otp',
};

const listed = (t: Texts, texts: readonly string[]): string => texts.join(t.language === 'ja' ? '、' : ', ');

/** Which tokens, why and for what fee, until when. */
function fobFacts(
  t: Texts,
  { fobs, last4, receipt }: RecordDetailRow,
  scope: 'own' | 'company',
): readonly (Fact | null)[] {
  const { serials = [], reason = null, fee = null, limit = null, about = null } = fobs ?? {};
  return [
    serials.length > 0
      ? {
          term: t.label('serial'),
          detail: (
            <ul class="plain">
              {serials.map((serial) => (
                <li>
                  {scope === 'company' ? <Serial value={serial} /> : t.say('SLF061.19', { last4: lastFour(serial) })}
                </li>
              ))}
            </ul>
          ),
        }
      : last4 === null || receipt !== null
        ? null
        : { term: t.say('mail.token'), detail: t.say('SLF061.19', { last4 }) },
    reason === null ? null : { term: t.say('PRT003.kind'), detail: t.say(`order.${reason}`) },
    fee === null
      ? null
      : { term: t.say('PRT003.feeterm'), detail: fee === 0 ? t.say('PRT003.free') : t.say('PRT003.fee', { n: fee }) },
    limit === null ? null : { term: t.say('CON110.limit'), detail: <Moment t={t} at={limit} /> },
    about === null ? null : { term: t.say('SLF060.3'), detail: t.say(`due.${about}`) },
  ];
}

function factsOf(t: Texts, record: RecordDetailRow, scope: 'own' | 'company'): readonly Fact[] {
  const { person, route, code, why, act, count, portals, agent } = record;
  const facts: (Fact | null)[] = [
    { term: t.say('SLF060.2'), detail: <Moment t={t} at={record.at} /> },
    scope === 'company'
      ? {
          term: t.say('CON100.1'),
          detail:
            person === null ? t.say('frame.none') : t.say('frame.who', { name: person.name, login_id: person.loginId }),
        }
      : null,
    { term: t.say('SLF061.15'), detail: doerWords(t, record.by) },
    { term: t.say('SLF060.4'), detail: t.say(`record.outcome.${record.outcome}`) },
    act === null || actWords(t, act) === null ? null : { term: t.say('SLF061.25'), detail: actWords(t, act) },
    why === null ? null : { term: t.say('SLF061.14'), detail: whyWords(t, why, record.event) },
    count === null ? null : { term: t.say('SLF061.27'), detail: t.say('SLF055.10', { n: count }) },
    ...fobFacts(t, record, scope),
    route === null ? null : { term: t.say('SLF055.4'), detail: routeWords(t, route) },
    code === null ? null : { term: t.say('SLF055.5'), detail: codeWords(t, code, record.device) },
    portals.length === 0 ? null : { term: t.say('TOP001.6'), detail: listed(t, portals) },
    agent === '' || agent === '—' ? null : { term: t.say('SLF061.13'), detail: agent },
  ];
  return facts.filter((fact) => fact !== null);
}

/** What was proven, with what. */
function proofs(t: Texts, receipt: ShownReceipt, record: RecordDetailRow): readonly string[] {
  const { upstream, passwordAt, otp, otpAnswer } = receipt;
  const marks =
    otp === null
      ? []
      : [
          t.say(`token.${otp.kind}`),
          ...(record.last4 === null ? [] : [t.say('SLF061.19', { last4: record.last4 })]),
          ...(otp.shared ? [t.say('SLF061.20')] : []),
          ...(otp.by === 'registration' ? [t.say('SLF061.21')] : otp.by === 'repair' ? [t.say('SLF061.22')] : []),
        ];
  return [
    ...(upstream === null ? [] : [t.say('SLF061.4', { bd: upstream.display })]),
    ...(passwordAt === null ? [] : [t.say('SLF061.5')]),
    ...(otp === null ? [] : [`${t.say('SLF061.6')}${t.language === 'ja' ? '' : ' '}(${listed(t, marks)})`]),
    ...(otpAnswer === 'skipped-by-device'
      ? [record.device === null ? t.say('SLF061.8') : t.say('SLF061.7', { device: record.device })]
      : []),
    ...(receipt.rememberedHere ? [t.say('SLF061.9')] : []),
  ];
}

function Receipt({ t, record }: { readonly t: Texts; readonly record: RecordDetailRow }): VNode | null {
  const { receipt, acr, amr } = record;
  if (receipt === null) return null;
  return (
    <>
      <h3>{t.say('SLF061.3')}</h3>
      <ul class="list">
        {proofs(t, receipt, record).map((proof) => (
          <li>{proof}</li>
        ))}
      </ul>
      <Facts
        facts={[
          ...(acr === null ? [] : [{ term: t.say('SLF061.11'), detail: t.say(`acr.${levels[acr]}`) }]),
          {
            term: t.say('SLF061.12'),
            detail: listed(
              t,
              amr.map((method) => t.say(`amr.${method}`)),
            ),
          },
          { term: t.say('SLF061.28'), detail: <Moment t={t} at={receipt.authTime} /> },
          { term: t.say('SLF061.24'), detail: receipt.policyVersion },
        ]}
      />
      {receipt.rows.length === 0 ? null : (
        <>
          <h3>{t.say('SLF061.23')}</h3>
          <ol class="list">
            {receipt.rows.map(({ row, at }) => (
              <li>
                <Moment t={t} at={at} as="table" /> {ruleWords(t, row) ?? row}
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function Changes({ t, changes }: { readonly t: Texts; readonly changes: RecordDetailRow['changes'] }): VNode | null {
  if (changes.length === 0) return null;
  return (
    <Table
      caption={t.say('SLF061.16')}
      columns={[{ head: t.say('SLF060.3') }, { head: t.say('SLF061.17') }, { head: t.say('SLF061.18') }]}
      rows={changes.map(({ what, before, after }) => ({
        cells: [changedWords(t, what), valueWords(t, what, before), valueWords(t, what, after)],
      }))}
    />
  );
}

/** The records under one reference number, in the order in which they were written. */
export function RecordDetails(props: {
  readonly t: Texts;
  readonly scope: 'own' | 'company';
  readonly records: readonly RecordDetailRow[];
}): VNode {
  const { t, scope, records } = props;
  return (
    <>
      {records.map((record) => {
        const rule = record.row === null ? null : ruleWords(t, record.row);
        return (
          <section class="stack">
            <h2>{eventWords(t, record)}</h2>
            <Facts
              facts={[
                ...factsOf(t, record, scope),
                ...(rule === null ? [] : [{ term: t.say('SLF061.10'), detail: rule }]),
              ]}
            />
            {(record.items ?? []).map((item) => (
              <>
                <h3>{t.say('APR001.3')}</h3>
                <Facts facts={approvalFacts(t, item)} />
              </>
            ))}
            <Changes t={t} changes={record.changes} />
            <Receipt t={t} record={record} />
          </section>
        );
      })}
    </>
  );
}
