// Who lives in the demo: the shape of config/demo/*.json (spec §12) and the words for their states. Reads no files.
import { createHash } from 'node:crypto';

export type DemoRole = 'master' | 'admin' | 'member';

export type DemoState =
  | 'ready-linked'
  | 'ready-unlinked'
  | 'new'
  | 'must-change'
  | 'expired'
  | 'password-locked'
  | 'password-stopped'
  | 'confirmation-stopped'
  | 'otp-stopped'
  | 'account-stopped'
  | 'company-suspended'
  | 'grace'
  | 'grace-over'
  | 'no-otp'
  | 'no-permission';

export interface DemoOtp {
  readonly kind: 'hardware' | 'software';
  /** False: the token exists and lies with its person, but is not registered yet. */
  readonly registered: boolean;
  /** Hardware only; two people may hold the same one. */
  readonly serial?: string;
  /** Base32 (RFC 4648) without padding. */
  readonly secret: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
}

/** One entry of config/demo/people.json. */
export interface DemoPerson {
  readonly company: string;
  readonly contract_number: string;
  readonly role: DemoRole;
  readonly state: DemoState;
  readonly name: string;
  readonly login_id: string;
  readonly password: string;
  /** Null for people before their first-time setup. */
  readonly confirmation_password: string | null;
  readonly email: string;
  readonly otp: DemoOtp | null;
  readonly business_direct: { readonly id: string; readonly password: string } | null;
}

/** One entry of config/demo/companies.json; days are counted back from the demo's first start. */
export interface DemoCompany {
  readonly contract_number: string;
  readonly name: string;
  readonly otp_application: 'none' | 'software' | 'hardware' | 'both';
  readonly otp_applied_days_ago: number | null;
  /** When the bank sent its key-fobs; null: not yet. */
  readonly token_shipped_days_ago: number | null;
  readonly token_arrived_days_ago: number | null;
  readonly suspended: boolean;
  readonly sharing_mode: 'all' | 'some' | 'each';
  /** As the bank registered them. */
  readonly bank_accounts: readonly DemoBankAccount[];
}

/** 利用可能口座 of a demo company; `granted_to` names login IDs. */
export interface DemoBankAccount {
  readonly branch_code: string;
  readonly branch_name: string;
  readonly kind: string;
  readonly number: string;
  readonly memo: string;
  readonly granted_to: readonly string[];
}

export const bankAccountsOf = ({ bank_accounts: accounts }: DemoCompany) =>
  accounts.map(({ branch_code: branchCode, branch_name: branchName, kind, number: accountNumber, memo }) => ({
    branchCode,
    branchName,
    kind,
    number: accountNumber,
    memo,
  }));

/** Who may use which, by login ID in lower case: numbers of accounts, which differ within a demo company. */
export function bankAccountGrants({ bank_accounts: accounts }: DemoCompany): ReadonlyMap<string, readonly string[]> {
  const people = new Set(accounts.flatMap(({ granted_to: who }) => who));
  const numbersOf = (loginId: string): readonly string[] =>
    accounts.filter(({ granted_to: who }) => who.includes(loginId)).map(({ number: accountNumber }) => accountNumber);
  return new Map([...people].map((loginId) => [loginId.toLowerCase(), numbersOf(loginId)]));
}

/** A hardware token in the bank's stock, not of any company yet. */
export interface DemoStockToken {
  readonly serial: string;
  readonly secret: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  readonly period: number;
  readonly expires_in_days: number;
}

/** One entry of config/demo/tokens.json: a hardware token of a company that nobody has registered. */
export interface DemoToken extends DemoStockToken {
  readonly contract_number: string;
}

/** config/demo/stock.json: what the bank has in stock, and what of the tokens in use is not as most are. */
export interface DemoStock {
  readonly tokens: readonly DemoStockToken[];
  /** Tokens in use that expire soon; `successor` is a serial number of tokens.json. */
  readonly expiring: readonly {
    readonly serial: string;
    readonly expires_in_days: number;
    readonly successor: string;
    readonly shipped_days_ago: number;
  }[];
}

/** One entry of config/demo/operators.json: the bank's own staff. */
export interface DemoOperator {
  readonly login_id: string;
  readonly name: string;
  readonly role: 'clerk' | 'supervisor' | 'auditor';
  /** `new`: the password is an issued one, and there is no authenticator yet. */
  readonly state: 'ready' | 'new';
  readonly password: string;
  readonly otp: Pick<DemoOtp, 'secret' | 'algorithm' | 'digits' | 'period'> | null;
}

/**
 * The `sub` under which the demo's Business Direct provider asserts a person: the same on every start and in every
 * process, so that a seeded link still fits after the provider's keys were made anew; never the ID itself.
 * @param id the person's `business_direct.id`; case is ignored
 */
export function subjectOf(id: string): string {
  return createHash('sha256')
    .update(`demo business direct subject\n${id.toLowerCase()}`)
    .digest('base64url')
    .slice(0, 27);
}

/** [Japanese, English] as the tables of the demo show a state. */
export const stateWords = {
  'ready-linked': ['利用可能(ID連携済み)', 'Available, linked'],
  'ready-unlinked': ['利用可能(ID連携なし)', 'Available, not linked'],
  'new': ['初期設定前', 'Not set up'],
  'must-change': ['強制変更待ち', 'Change required'],
  'expired': ['パスワード期限切れ', 'Password expired'],
  'password-locked': ['ログインパスワード一時利用停止', 'Login password temporarily locked'],
  'password-stopped': ['ログインパスワード利用停止', 'Login password stopped'],
  'confirmation-stopped': ['確認用パスワード利用停止', 'Confirmation password stopped'],
  'otp-stopped': ['ワンタイムパスワード利用停止', 'One-time password stopped'],
  'account-stopped': ['利用停止', 'Stopped'],
  'company-suspended': ['ご契約の利用停止', 'Contract suspended'],
  'grace': ['トークン未登録(登録期限内)', 'Token not registered, within the limit'],
  'grace-over': ['トークン未登録(登録期限後)', 'Token not registered, past the limit'],
  'no-otp': ['ワンタイムパスワードの申込なし', 'No one-time password'],
  'no-permission': ['サービス連携なし', 'No service permission'],
} as const satisfies Record<DemoState, readonly [string, string]>;
