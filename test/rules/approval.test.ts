// What a portal may ask to have approved: only what a page shows exactly as it was sent.
import { expect } from 'chai';
import {
  approvalOf,
  approvalType,
  canonicalOf,
  mostItems,
  readDetails,
  type ReadDetails,
} from '../../src/rules/approval.ts';
import { portalRequest } from '../support/attempt.ts';

const requestOf = portalRequest();
const type = approvalType;
const transfer = {
  type,
  action: '総合振込',
  payee: 'みなと銀行 本店 普通 1234567 カ)ミナトセイキ',
  amount: { value: '1500000', currency: 'JPY' },
  count: 3,
  date: '2026-11-30',
  number: 'F-2026-0001',
};
const one = (more: Readonly<Record<string, unknown>>): ReadDetails => readDetails([{ type, action: '振込', ...more }]);
const mistakeOf = (read: ReadDetails): string => (read.ok ? 'it was read' : read.mistake);

describe('authorization details', () => {
  it('are read as they stand, members that are not there as none', () => {
    const { type: _type, ...item } = transfer;
    expect(readDetails([transfer])).to.deep.equal({ ok: true, items: [item], until: null });
    const nothing = { payee: null, amount: null, count: null, date: null, number: null };
    expect(one({})).to.deep.equal({ ok: true, items: [{ action: '振込', ...nothing }], until: null });
  });

  it('have one canonical text whatever order they were written in, and another for every other content', () => {
    const textOf = (read: ReadDetails): string => (read.ok ? canonicalOf(read.items, read.until) : '');
    const backwards = Object.fromEntries(Object.entries(transfer).toReversed());
    expect(textOf(readDetails([backwards]))).to.equal(textOf(readDetails([transfer])));
    const others = [
      { action: '総合振込 ' },
      { action: '給与振込' },
      { payee: undefined },
      { amount: { value: '15000000', currency: 'JPY' } },
      { amount: { value: '1500000', currency: 'USD' } },
      { count: 4 },
      { date: '2026-12-01' },
      { number: 'F-2026-0002' },
      { payee: transfer.number, number: transfer.payee },
      { valid_until: '2026-11-30T15:00:00+09:00' },
    ];
    const texts = others.map((more) => textOf(readDetails([JSON.parse(JSON.stringify({ ...transfer, ...more }))])));
    expect(new Set([textOf(readDetails([transfer])), ...texts]).size).to.equal(others.length + 1);
    expect(textOf(readDetails([transfer, transfer]))).not.to.equal(textOf(readDetails([transfer])));
  });

  it('end with the first of their ends, at any offset', () => {
    const ends = ['2026-11-30T15:00:00+09:00', '2026-11-30T05:59:59Z', '2026-11-30T01:30:00-05:00'];
    expect(readDetails(ends.map((end) => ({ ...transfer, valid_until: end })))).to.include({
      until: Date.parse('2026-11-30T05:59:59Z'),
    });
    expect(one({ valid_until: '2024-02-29T00:00:00+05:30' })).to.include({
      until: Date.parse('2024-02-29T00:00:00+05:30'),
    });
  });

  it('are an array of one to ten objects of our type', () => {
    const wrong = [null, {}, 'x', [], [null], [[]], ['x'], [{}], [{ ...transfer, type: 'payment_initiation' }]];
    expect(wrong.map(readDetails).every(({ ok }) => !ok)).to.equal(true);
    const many = Array.from({ length: mostItems + 1 }, () => transfer);
    expect(mistakeOf(readDetails(many))).to.match(/at most 10/);
    expect(readDetails(many.slice(1)).ok).to.equal(true);
  });

  it('have no member that nobody would see', () => {
    for (const name of ['note', 'locations', 'actions', 'identifier', 'Action', 'creditor', '__proto__']) {
      const detail: unknown = JSON.parse(`{"type":"${type}","action":"振込","${name}":["x"]}`);
      expect(mistakeOf(readDetails([detail])), name).to.match(/only type, action/);
    }
    expect(one({ amount: { value: '1', currency: 'JPY', fee: '9' } }).ok).to.equal(false);
    expect(mistakeOf(readDetails([{ type }]))).to.match(/action is required/);
  });

  it('have texts that a page shows as they are: no controls, no turned direction, nothing without a shape', () => {
    const bad = {
      'empty': '',
      'a blank': ' ',
      'a line': 'A\nB',
      'a tab': 'A\tB',
      'null': 'A\0B',
      'a turned direction': 'カ)ミナト\u202E001',
      'an isolate': '\u2066A\u2069',
      'a mark of direction': 'A\u200FB',
      'letters from the right': '普通 1234567 \u05D0 7654321',
      'an Arabic digit': '\u0661',
      'no width': 'A\u200BB',
      'a joiner': 'A\u200DB',
      'a byte order mark': '\uFEFFA',
      'a soft hyphen': 'A\u00ADB',
      'a filler': '\u3164',
      'a blank of Braille': '\u2800',
      'a paragraph': 'A\u2029B',
      'half a pair': 'A\uD800',
      'a private character': 'A\uE000',
      'no character': 'A\uFFFF',
      'a tag': `A${String.fromCodePoint(0xe0041)}`,
      'two blanks': 'A  B',
      'a blank before': ' A',
      'a wide blank after': 'A\u3000',
      'a hard blank': 'A\u00A0B',
      'piled marks': 'A\u0301\u0301\u0301',
      'a mark alone': '\u0301A',
      'too long': 'あ'.repeat(101),
      'a number': 5,
      'nothing': null,
      'a list': ['A'],
    };
    const read = Object.entries(bad).filter(([, payee]) => one({ payee }).ok);
    expect(read.map(([what]) => what)).to.deep.equal([]);
    const good = [
      '<script>alert(1)</script>',
      '&lt;b&gt; "quoted" \'x\'',
      'ミナト セイキ(カ',
      '𠮟る',
      '葛\u{E0100}城',
      'é e\u0301',
    ];
    expect(good.filter((payee) => !one({ payee }).ok)).to.deep.equal([]);
    expect(one({ payee: '𠮟'.repeat(100) }).ok).to.equal(true);
  });

  it('have amounts as decimal text, counts as whole numbers, days and times that exist', () => {
    const amount = (value: unknown, currency: unknown = 'JPY'): boolean => one({ amount: { value, currency } }).ok;
    expect([amount('0'), amount('999999999999999'), amount('12.50', 'USD'), amount('0.001', 'KWD')]).to.not.include(
      false,
    );
    const numbers = [
      1500000,
      '',
      '-1',
      '+1',
      '01',
      '1e9',
      '1,000',
      '1.',
      '.5',
      '1000000000000000',
      '１',
      '1 ',
      '0x1',
      null,
    ];
    expect(numbers.filter((value) => amount(value))).to.deep.equal([]);
    expect([amount('1.5'), amount('1', 'yen'), amount('1', 'JP'), amount('1', null)]).to.not.include(true);
    expect([one({ amount: '1500000' }), one({ amount: [] })].some(({ ok }) => ok)).to.equal(false);
    expect([0, -1, 1.5, 1_000_000, '3', NaN, null].filter((count) => one({ count }).ok)).to.deep.equal([]);
    const days = [
      '2026-02-29',
      '2026-13-01',
      '2026-11-31',
      '2026-00-10',
      '2026-1-1',
      '20261130',
      '2026-11-30T00:00:00Z',
      0,
    ];
    expect(days.filter((date) => one({ date }).ok)).to.deep.equal([]);
    expect(one({ date: '2028-02-29' }).ok).to.equal(true);
    const times = [
      '2026-11-30',
      '2026-11-30T15:00:00',
      '2026-11-31T15:00:00Z',
      '2026-11-30T24:00:00Z',
      '2026-11-30T15:60:00Z',
      1,
    ];
    expect(times.filter((end) => one({ valid_until: end }).ok)).to.deep.equal([]);
  });

  it('are approved by one person, for one content, until their end', () => {
    const approval = { items: [], digest: 'digest', until: 1000 };
    const approved = { at: 900, accountId: 'a', digest: 'digest', reference: 'AAAA-0001' };
    const stand = (more: Partial<Parameters<typeof approvalOf>[0]>, now: number): string =>
      approvalOf({ request: { ...requestOf, approval }, approved: null, account: { id: 'a', epoch: 1 }, ...more }, now);
    expect(stand({ request: requestOf }, 2000)).to.equal('not-asked');
    expect([stand({}, 999), stand({}, 1000)]).to.deep.equal(['missing', 'lapsed']);
    expect(stand({ request: { ...requestOf, approval: { ...approval, until: null } } }, 1e15)).to.equal('missing');
    expect([stand({ approved }, 999), stand({ approved }, 2000)]).to.deep.equal(['given', 'given']);
    expect(stand({ approved: { ...approved, digest: 'other' } }, 999)).to.equal('missing');
    expect(stand({ approved: { ...approved, accountId: 'b' } }, 999)).to.equal('missing');
    expect(stand({ approved, account: null }, 999)).to.equal('missing');
  });

  it('are told what is wrong without a word of theirs', () => {
    expect(mistakeOf(one({ payee: 'secret-payee\n' }))).to.equal(
      'detail 0: payee has characters that cannot be shown as they are',
    );
  });
});
