// 操作の承認: what a portal asks a person to approve with a fresh code (spec §3 row 16b, §5; RFC 9396). What is shown, what is
// proven and what the receipt holds are one value: whatever a page could not show exactly as it was sent is refused. Pure.
import { atJapanTime, japanTime } from './japan-time.ts';
import type { Instant, SignInRecord } from './sign-in-record.ts';

/** One thing to approve, as it was verified: plain texts and numbers for a list of terms, never markup. */
export interface ApprovalItem {
  /** 種類, in the portal's words. */
  readonly action: string;
  readonly payee: string | null;
  /** A decimal number as text, and its ISO 4217 code. */
  readonly amount: { readonly value: string; readonly currency: string } | null;
  readonly count: number | null;
  /** 指定日, `2026-11-30`. */
  readonly date: string | null;
  /** 整理番号 of the portal. */
  readonly number: string | null;
}

export interface Approval {
  readonly items: readonly ApprovalItem[];
  /** SHA-256 of the canonical form: what the page showed, what the code proved, and what the receipt names. */
  readonly digest: string;
  /** From when on it can't be approved any more; null: with the attempt. */
  readonly until: Instant | null;
}

/** Who approved what and when, and the number under which it was written down: the receipt's. */
export interface Approved {
  readonly at: Instant;
  readonly accountId: string;
  readonly digest: string;
  readonly reference: string;
}

/** How the request of an attempt stands; what somebody else approved on the way counts for nobody. */
export function approvalOf(
  { request, approved, account }: Pick<SignInRecord, 'request' | 'approved' | 'account'>,
  now: Instant,
): 'not-asked' | 'missing' | 'lapsed' | 'given' {
  const { approval } = request;
  if (approval === null) return 'not-asked';
  if (approved?.digest === approval.digest && approved.accountId === account?.id) return 'given';
  return approval.until !== null && approval.until <= now ? 'lapsed' : 'missing';
}

/** The `type` of our authorization details. */
export const approvalType = 'urn:renkei:approval';

/** The most that one page shows, and one code approves. */
export const mostItems = 10;

/** Characters, as Unicode counts them. */
const longest = { action: 40, payee: 100, number: 40 } as const;

export type ReadDetails =
  | { readonly ok: true; readonly items: readonly ApprovalItem[]; readonly until: Instant | null }
  /** In words for the portal's developer; quotes nothing that was sent. */
  | { readonly ok: false; readonly mistake: string };

class Mistake extends Error {}

/** Reads the whole parameter, already parsed as JSON. */
export function readDetails(details: unknown): ReadDetails {
  try {
    if (!Array.isArray(details) || details.length === 0) throw new Mistake('must be an array of one detail or more');
    if (details.length > mostItems) throw new Mistake(`at most ${mostItems} details can be approved at once`);
    const read = details.map((detail: unknown, index) => readDetail(detail, index));
    const ends = read.flatMap(({ until }) => until ?? []);
    return { ok: true, items: read.map(({ item }) => item), until: ends.length === 0 ? null : Math.min(...ends) };
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, mistake: error.message };
    throw error;
  }
}

/** The same items always give the same text, whatever order a portal wrote its members in. */
export function canonicalOf(items: readonly ApprovalItem[], until: Instant | null): string {
  return JSON.stringify([
    approvalType,
    items.map(({ action, payee, amount, count, date, number }) => [
      action,
      payee,
      amount && [amount.value, amount.currency],
      count,
      date,
      number,
    ]),
    until,
  ]);
}

const known = ['type', 'action', 'payee', 'amount', 'count', 'date', 'number', 'valid_until'];

function readDetail(detail: unknown, index: number): { readonly item: ApprovalItem; readonly until: Instant | null } {
  const place = `detail ${index}`;
  const member = membersOf(detail, known, place);
  if (member('type') !== approvalType) throw new Mistake(`${place}: type must be ${approvalType}`);
  const action = readText(member('action'), longest.action, `${place}: action`);
  if (action === null) throw new Mistake(`${place}: action is required`);
  const end = member('valid_until');
  return {
    item: {
      action,
      payee: readText(member('payee'), longest.payee, `${place}: payee`),
      amount: readAmount(member('amount'), `${place}: amount`),
      count: readCount(member('count'), `${place}: count`),
      date: readDay(member('date'), `${place}: date`),
      number: readText(member('number'), longest.number, `${place}: number`),
    },
    until: end === undefined ? null : readMoment(end, `${place}: valid_until`),
  };
}

function membersOf(value: unknown, names: readonly string[], place: string): (name: string) => unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Mistake(`${place}: must be an object`);
  if (Object.keys(value).some((name) => !names.includes(name)))
    throw new Mistake(`${place}: only ${names.join(', ')} may stand here`);
  const members = new Map<string, unknown>(Object.entries(value));
  return (name) => members.get(name);
}

/**
 * What a page would not show as it stands: controls, marks and letters that turn the direction of writing (numbers beside them
 * change places), characters without a shape, lines, blanks that a browser joins, and marks piled upon one letter.
 */
const unshowable =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u2800]|[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]|[^\S \u3000]|[ \u3000]{2}|^[ \u3000\p{M}]|[ \u3000]$|\p{M}{3}|(?![\uFE00-\uFE0F\u{E0100}-\u{E01EF}])[\p{Cf}\p{DI}]/u;

function readText(value: unknown, most: number, place: string): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string' || value === '') throw new Mistake(`${place} must be a text`);
  if ([...value].length > most) throw new Mistake(`${place} may have ${most} characters`);
  if (unshowable.test(value)) throw new Mistake(`${place} has characters that cannot be shown as they are`);
  return value;
}

function readAmount(value: unknown, place: string): ApprovalItem['amount'] {
  if (value === undefined) return null;
  const member = membersOf(value, ['value', 'currency'], place);
  const [number, currency] = [member('value'), member('currency')];
  if (typeof number !== 'string' || !/^(0|[1-9][0-9]{0,14})(\.[0-9]{1,3})?$/.test(number))
    throw new Mistake(`${place}.value must be a decimal number as text, like "1500000" or "12.50"`);
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    throw new Mistake(`${place}.currency must be an ISO 4217 code`);
  if (currency === 'JPY' && number.includes('.')) throw new Mistake(`${place}.value: yen have no fraction`);
  return { value: number, currency };
}

function readCount(value: unknown, place: string): number | null {
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > 999_999)
    throw new Mistake(`${place} must be a whole number from 1 to 999999`);
  return value;
}

function readDay(value: unknown, place: string): string | null {
  if (value === undefined) return null;
  const match = typeof value === 'string' ? /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(value) : null;
  if (!match || !isDay(match)) throw new Mistake(`${place} must be a day like "2026-11-30"`);
  return match[0];
}

const isDay = ([, year, month, day]: readonly string[]): boolean => {
  const there = japanTime(atJapanTime(Number(year), Number(month), Number(day)));
  return there.year === Number(year) && there.month === Number(month) && there.day === Number(day);
};

const momentForm =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:Z|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$/;
const minute = 60_000;

function readMoment(value: unknown, place: string): Instant {
  const match = typeof value === 'string' ? momentForm.exec(value) : null;
  if (!match || !isDay(match)) throw new Mistake(`${place} must be a time like "2026-11-30T15:00:00+09:00"`);
  const [year = 0, month = 0, day = 0, hour = 0, min = 0, second = 0] = match.slice(1, 7).map(Number);
  const ahead = (Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0)) * (match[7] === '-' ? -1 : 1);
  return atJapanTime(year, month, day, hour, min, second) + (9 * 60 - ahead) * minute;
}
