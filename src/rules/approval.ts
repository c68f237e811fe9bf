// 操作の承認: what a portal asks a person to approve with a fresh code (spec §3 row 16b, §5; RFC 9396). What is shown, what is
// proven and what the receipt holds are one value. Pure.
import type { Instant } from './sign-in-record.ts';

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
  /** When the portal's request lapses; null: with the attempt. */
  readonly until: Instant | null;
}
