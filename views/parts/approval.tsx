// What was or is to be approved, as facts: on the page that asks for it, and in the record of it.
import type { ApprovalItem } from '../../src/rules/approval.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import type { Fact } from './facts.tsx';
import { date, type Language } from './format.ts';

/** `1500000` `JPY`: 「1,500,000円」, "JPY 1,500,000"; the digits as they were sent. */
export function amountWords({ value, currency }: NonNullable<ApprovalItem['amount']>, language: Language): string {
  const [whole = '', fraction] = value.split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return currency === 'JPY' && language === 'ja' ? `${digits}円` : `${currency} ${digits}`;
}

const dayOf = (day: string): Instant => Date.parse(`${day}T00:00:00+09:00`);

/** One item; everything that came from the portal is text. */
export function approvalFacts(t: Texts, item: ApprovalItem): readonly Fact[] {
  const { action, payee, amount, count, number } = item;
  const facts: readonly (Fact | null)[] = [
    { term: t.say('APR001.5'), detail: action },
    payee === null ? null : { term: t.say('APR001.6'), detail: payee },
    amount && {
      term: t.say('APR001.7'),
      detail: <strong class="headline">{amountWords(amount, t.language)}</strong>,
    },
    count === null ? null : { term: t.say('APR001.8'), detail: t.say('APR001.12', { n: count }) },
    item.date === null ? null : { term: t.say('APR001.9'), detail: date(dayOf(item.date), t.language) },
    number === null ? null : { term: t.say('APR001.10'), detail: number },
  ];
  return facts.filter((fact) => fact !== null);
}
