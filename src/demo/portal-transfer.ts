// The portal's transfer: what its form asks, what it has approved at the gateway by a pushed rich authorization request, and
// whether what came back is what was sent. Moves no money.
import { isDeepStrictEqual } from 'node:util';

/** What the form says, in the one form in which it is sent and compared. */
export interface Transfer {
  readonly payee: string;
  /** Yen, digits only. */
  readonly amount: string;
  /** `2026-11-30`. */
  readonly date: string;
}

export type TransferField = keyof Transfer;

/** A transfer of this browser: sent and on its way, approved, or not. */
export interface TransferState {
  readonly sent: Transfer;
  readonly approved: Approved | null;
  readonly error: { readonly error: string; readonly error_description: string; readonly reference: string } | null;
}

export interface Approved {
  /** The number under which the gateway wrote the approval down. */
  readonly receipt: string;
  readonly approvedAt: string;
  /** What the gateway says was approved. */
  readonly returned: unknown;
  /** It is what was sent, item by item; anything else is not carried out. */
  readonly matches: boolean;
}

const TYPE = 'urn:renkei:approval';
const LONGEST_PAYEE = 100;

/** The details of a request, as the gateway documents them (docs/approvals.md). */
export const detailsOf = ({ payee, amount, date }: Transfer) => [
  { type: TYPE, action: '振込', payee, amount: { value: amount, currency: 'JPY' }, date },
];

/** Reads the form; names the fields that need attention. */
export function readTransfer(
  typed: Transfer,
):
  | { readonly ok: true; readonly transfer: Transfer }
  | { readonly ok: false; readonly fields: readonly TransferField[] } {
  const payee = typed.payee.trim().replace(/[ \u3000]+/g, ' ');
  const amount = typed.amount.normalize('NFKC').replace(/[,\s円]/g, '');
  const date = typed.date.trim();
  const wrong: TransferField[] = [];
  if (payee === '' || [...payee].length > LONGEST_PAYEE || /[\p{C}\p{Zl}\p{Zp}]/u.test(payee)) wrong.push('payee');
  if (!/^[1-9][0-9]{0,11}$/.test(amount)) wrong.push('amount');
  if (!isDay(date)) wrong.push('date');
  return wrong.length > 0 ? { ok: false, fields: wrong } : { ok: true, transfer: { payee, amount, date } };
}

function isDay(text: string): boolean {
  const at = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Judges what came with the tokens: one receipt, and word for word what was sent. Null when nothing says it was approved. */
export function judgeApproval(sent: Transfer, details: unknown): Approved | null {
  if (!Array.isArray(details) || details.length === 0) return null;
  const read = details.map((detail: unknown) => {
    const { receipt, approved_at: approvedAt, ...content } = objectOf(detail);
    return { receipt, approvedAt, content };
  });
  const [{ receipt, approvedAt } = {}] = read;
  if (typeof receipt !== 'string' || typeof approvedAt !== 'string') return null;
  const matches =
    read.every((one) => one.receipt === receipt) &&
    isDeepStrictEqual(
      read.map(({ content }) => content),
      detailsOf(sent),
    );
  return { receipt, approvedAt, returned: details, matches };
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
