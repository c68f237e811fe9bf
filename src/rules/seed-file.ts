// Seed files: what a line of one must say to become a token (spec §5, hardware; RFC 6030 for PSKC). Pure: reading bytes and
// opening secrets happens in src/seed-files, keeping in flows/token-import.
import type { Instant } from './sign-in-record.ts';

export type ImportState = 'reading' | 'checked' | 'importing' | 'done' | 'failed' | 'cancelled';

export type SeedFormat = 'csv' | 'pskc';

/** One key of a file, with its secret open; it lives until it is sealed for its token, and is never shown. */
export interface SeedRow {
  /** 1-based: the line of a CSV, the line where a KeyPackage begins in PSKC. */
  readonly line: number;
  readonly serial: string;
  readonly secret: Uint8Array;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  readonly period: number;
  readonly expiresAt: Instant | null;
  readonly model: string | null;
}

/** What is wrong with one line. Nothing of the line itself is in it but the serial number. */
export interface SeedProblem {
  readonly line: number;
  readonly field: SeedField;
  readonly why: SeedWhy;
  readonly serial: string | null;
}

export type SeedField = 'line' | 'serial' | 'secret' | 'algorithm' | 'digits' | 'period' | 'expires' | 'model';

export type SeedWhy =
  | 'missing'
  | 'form'
  | 'short'
  | 'twice'
  | 'known'
  | 'expired'
  | 'unsupported'
  | 'columns'
  | 'mac'
  | 'key';

/** Why a file as a whole is no seed file that could be read. */
export type SeedRefusal =
  | 'empty'
  | 'format'
  | 'truncated'
  | 'doctype'
  | 'encoding'
  | 'key-missing'
  | 'key-wrong'
  | 'mac'
  | 'unsupported'
  | 'too-large'
  | 'columns'
  | 'interrupted';

/** The columns of a CSV, besides the secret's; the first is needed, what is missing of the others has its usual value. */
export const seedColumns = ['serial', 'algorithm', 'digits', 'period', 'expires', 'model'] as const;

/** How a CSV says how its secrets are written: the column's name tells, or a column `encoding` beside `secret` does. */
export const secretColumns = ['secret_base32', 'secret_hex', 'secret', 'encoding'] as const;

/** The longest file that is read. A key of PSKC takes about two kilobytes, so this holds a quarter of a million tokens. */
export const seedFileLimit = 512 * 1024 * 1024;

/** At most this many bad lines are kept to be shown; all are counted. */
export const keptProblems = 10_000;
