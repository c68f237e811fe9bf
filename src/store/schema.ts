// The tables as the code sees them. Times are bigint columns of milliseconds since the epoch (UTC), judged by the caller's
// clock, never by the database's. Names are snake_case in SQL and camelCase here.
import type { Generated, JSONColumnType } from 'kysely';
import type { Acr, Amr } from '../rules/acr.ts';
import type { Instant, OtpProof, Route } from '../rules/sign-in-record.ts';
import type { ImportState } from '../rules/seed-file.ts';
import type { IssueEnd, IssueKind } from '../rules/token-issue.ts';
import type { OrderReason, TokenEnd } from '../rules/token-stock.ts';
import type { OperatorRole } from '../rules/operator.ts';

export type Role = 'master' | 'admin' | 'member';
export type OtpApplication = 'none' | 'software' | 'hardware' | 'both';
export type TokenKind = 'hardware' | 'software';
export type CredentialKind = 'login' | 'confirmation';

interface DeploymentTable {
  id: number;
  demo: boolean;
  createdAt: Instant;
  /** Demo only: how far the clock of all processes has been moved forward, in seconds. */
  clockOffset: number;
  smtpUrl: string | null;
  /** Demo only: the secret that all its processes share. */
  demoSecret: string | null;
}

export interface CompanyTable {
  id: string;
  contractNumber: string;
  name: string;
  otpApplication: OtpApplication;
  otpAppliedAt: Instant | null;
  tokenArrivedAt: Instant | null;
  graceExtendedTo: Instant | null;
  graceExtendedAt: Generated<Instant | null>;
  graceExtendedBy: Generated<string | null>;
  sharingMode: 'one_for_all' | 'some' | 'one_each';
  rememberAllowed: boolean;
  /** A code is asked at sign-in too, where the bank asks it at operations alone. */
  otpAtLogin: Generated<boolean>;
  /** The company's own hours within the bank's, Japan time "HH:MM"; null: as the bank's. */
  hoursFrom: Generated<string | null>;
  hoursTo: Generated<string | null>;
  suspendedAt: Instant | null;
  createdAt: Instant;
}

/** The application for key-fobs that a company gave up last, with its dates. */
interface ApplicationGivenUpTable {
  companyId: string;
  givenUpAt: Instant;
  otpAppliedAt: Instant | null;
  tokenArrivedAt: Instant | null;
  graceExtendedTo: Instant | null;
  graceExtendedAt: Instant | null;
  graceExtendedBy: string | null;
}

export interface AccountTable {
  id: string;
  companyId: string;
  role: Role;
  name: string;
  email: string | null;
  /** Null while the address was typed by somebody else and its owner has not proven it. */
  emailProvenAt: Instant | null;
  emailChangedAt: Instant | null;
  /** What is typed today; the issued nine digits until a login ID was chosen. */
  loginName: string;
  /** Chosen at first login, in force from the moment the new login password is stored. */
  loginNameReserved: string | null;
  loginNameChosen: boolean;
  setUpAt: Instant | null;
  stoppedAt: Instant | null;
  otpMisses: Generated<number>;
  otpStoppedAt: Instant | null;
  /** 再発行待ち: issue and sign-in wait until then, after a revocation at `waitsFrom` (rules/waiting.ts). */
  waitsUntil: Instant | null;
  waitsFrom: Generated<Instant | null>;
  securityEpoch: Generated<number>;
  /** The attempt or login that made the last rise, and the epoch it held: it alone survives its own change. */
  epochSpares: string | null;
  epochSparesFrom: number | null;
  language: 'ja' | 'en' | null;
  createdAt: Instant;
  /** Deleted by the company: nobody signs in with it again, its records stay. */
  deletedAt: Generated<Instant | null>;
  /** 操作履歴照会: may read the records of the whole company without being an administrator (rules/permission.ts). */
  viewsRecords: Generated<boolean>;
  /** The address, or a password, was last set by somebody else: when, and by which account or operator. */
  emailByOtherAt: Generated<Instant | null>;
  emailByOther: Generated<string | null>;
  passwordByOtherAt: Generated<Instant | null>;
  passwordByOther: Generated<string | null>;
  /** The last token was reported lost by its holder: the next one wants an e-mail code (spec §5). */
  tokenLostAt: Generated<Instant | null>;
  /** A second administrator or an operator allowed a token in spite of the takeover guard: when, and who. */
  issueAllowedAt: Generated<Instant | null>;
  issueAllowedBy: Generated<string | null>;
}

interface LoginNameTable {
  key: string;
  accountId: string;
  at: Instant;
}

export interface CredentialTable {
  accountId: string;
  kind: CredentialKind;
  hash: string;
  setAt: Instant;
  expiresAt: Instant | null;
  issued: boolean;
  issuedUntil: Instant | null;
  forced: boolean;
  misses: Generated<number>;
  locks: Generated<number>;
  lockedUntil: Instant | null;
  stoppedAt: Instant | null;
  /** The lock or stop has been told (mail, audit); null again when it ends. */
  announcedAt: Instant | null;
  history: JSONColumnType<readonly string[]>;
  /** A password on its way by post, in force when it is first used; until then `hash` is (rules/reset-request.ts). */
  letterHash: Generated<string | null>;
  letterUntil: Generated<Instant | null>;
}

interface PortalPermissionTable {
  accountId: string;
  clientId: string;
}

/** 利用可能口座, as the bank loaded them. */
export interface BankAccountTable {
  id: string;
  companyId: string;
  branchCode: string;
  branchName: string;
  /** 科目: 普通, 当座 … as the bank writes it. */
  kind: string;
  number: string;
  memo: string;
}

interface BankAccountGrantTable {
  accountId: string;
  bankAccountId: string;
}

/** Guesses of those who are no strangers to an account: `who` is `browser:<hash>` or `link:<id>`. */
interface GuessBudgetTable {
  accountId: string;
  who: string;
  misses: number;
  locks: number;
  lockedUntil: Instant | null;
  stoppedAt: Instant | null;
}

/** Browsers with an earlier success of an account; `browser` is the hash of their cookie's value. */
interface KnownBrowserTable {
  accountId: string;
  browser: string;
  at: Instant;
}

export interface AlarmTable {
  id: string;
  companyId: string | null;
  kind: 'spray' | 'clock';
  since: Instant;
  toldAt: Instant;
  /** It stands until then, and no second one of its kind is raised. */
  until: Instant;
  data: JSONColumnType<Readonly<Record<string, unknown>>>;
}

/** マスターパスワード再設定の申請. */
export interface ResetRequestTable {
  id: string;
  /** 受付番号, as the person was told it. */
  number: string;
  accountId: string;
  companyId: string;
  askedAt: Instant;
  decidedAt: Instant | null;
  decision: 'approved' | 'refused' | null;
  decidedBy: string | null;
  why: string | null;
}

/** Warnings of an expiry that were mailed: once for each date and distance. */
interface ToldExpiryTable {
  accountId: string;
  expiresAt: Instant;
  days: number;
}

export interface LinkTable {
  id: string;
  accountId: string;
  companyId: string;
  issuer: string;
  subject: string;
  slot: number;
  display: string;
  madeAt: Instant;
  usedAt: Instant;
  endedAt: Instant | null;
  endedWhy: string | null;
}

export interface DeviceTable {
  id: string;
  linkId: string;
  accountId: string;
  label: string;
  createdAt: Instant;
  usedAt: Instant;
  expiresAt: Instant;
  epoch: number;
  generation: number;
  seen: JSONColumnType<readonly { readonly generation: number; readonly at: Instant }[]>;
  endedAt: Instant | null;
  endedWhy: string | null;
}

export interface TokenTable {
  id: string;
  companyId: string | null;
  kind: TokenKind;
  serial: string | null;
  /** Sealed with AES-256-GCM, additional data = the token's id. */
  secret: string;
  algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  digits: number;
  period: number;
  drift: Generated<number>;
  lastStep: number | null;
  lastStepBy: string | null;
  expiresAt: Instant | null;
  retiredAt: Instant | null;
  /** Why it was taken out of use; null while it is in use, and for those of before this column. */
  retiredWhy: Generated<TokenEnd | null>;
  /** The seed file that brought it. */
  importId: Generated<string | null>;
  model: Generated<string | null>;
  /** Its life before somebody's hands (rules/token-stock.ts). */
  importedAt: Generated<Instant | null>;
  orderId: Generated<string | null>;
  /** Yen, tax included; null: never ordered. */
  fee: Generated<number | null>;
  orderedAt: Generated<Instant | null>;
  shippedAt: Generated<Instant | null>;
  arrivedAt: Generated<Instant | null>;
  firstRegisteredAt: Generated<Instant | null>;
  /** The token that this one is sent to follow. */
  successorTo: Generated<string | null>;
}

/** The bank's own staff: a noun of its own, never an account (spec §1, §8). */
export interface OperatorTable {
  id: string;
  loginName: string;
  name: string;
  role: OperatorRole;
  hash: string;
  passwordSetAt: Instant;
  /** Made by a supervisor or the command line: replaced at the first sign-in. */
  issued: boolean;
  issuedUntil: Instant | null;
  /** Hashes of earlier passwords, newest first. */
  history: JSONColumnType<readonly string[]>;
  misses: Generated<number>;
  locks: Generated<number>;
  lockedUntil: Instant | null;
  passwordStoppedAt: Instant | null;
  /** Null until the first sign-in registered one. */
  tokenId: string | null;
  otpMisses: Generated<number>;
  otpStoppedAt: Instant | null;
  stoppedAt: Instant | null;
  /** Rises with whatever must end what was proven before. */
  securityEpoch: Generated<number>;
  lastSignInAt: Instant | null;
  language: 'ja' | 'en' | null;
  createdAt: Instant;
  createdBy: string;
}

/** A browser in which an operator signed in before, with its own guesses. */
interface OperatorBrowserTable {
  operatorId: string;
  browser: string;
  at: Instant;
  misses: number;
  locks: number;
  lockedUntil: Instant | null;
  stoppedAt: Instant | null;
}

/** Tokens that were given to a company at once, and what they cost. */
export interface TokenOrderTable {
  id: string;
  companyId: string;
  reason: OrderReason;
  tokens: number;
  /** How many of them came out of the free ones of the contract. */
  free: number;
  /** Yen in all, tax included. */
  fee: number;
  formNumber: string | null;
  orderedAt: Instant;
  /** The operator's id, or `command-line`. */
  orderedBy: string;
}

/** A seed file on its way into the stock: read and checked line by line, then taken over whole or not at all. */
export interface TokenImportTable {
  id: string;
  fileName: string;
  format: 'csv' | 'pskc';
  /** SHA-256 of the file; null until it was read to its end. */
  digest: string | null;
  startedBy: string;
  checkOnly: boolean;
  state: ImportState;
  /** Why it failed as a whole, as a key of the messages. */
  why: string | null;
  lines: Generated<number>;
  tokens: Generated<number>;
  problems: Generated<number>;
  /** Bytes of the file, as far as they are known before it was read; and how many of them were read. */
  size: Generated<number | null>;
  read: Generated<number>;
  startedAt: Instant;
  touchedAt: Instant;
  endedAt: Instant | null;
  reference: string;
}

export interface TokenImportRowTable {
  importId: string;
  line: number;
  /** The token's id to be, to which the secret is sealed. */
  tokenId: string;
  serial: string;
  secret: string;
  algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  digits: number;
  period: number;
  expiresAt: Instant | null;
  model: string | null;
}

export interface TokenImportProblemTable {
  importId: string;
  line: number;
  field: string;
  why: string;
  serial: string | null;
}

interface ToldTokenTable {
  accountId: string;
  about: 'expiry' | 'limit';
  at: Instant;
  days: number;
}

export interface TokenHolderTable {
  id: string;
  tokenId: string;
  accountId: string;
  registeredAt: Instant;
  endedAt: Instant | null;
  endedWhy: string | null;
}

/** A software token on its way into somebody's hands; it becomes a holding with its first right code. */
export interface TokenIssueTable {
  id: string;
  tokenId: string;
  accountId: string;
  kind: IssueKind;
  /** ユーザID: twelve random characters, as the token app asks them; null for authenticators. */
  userId: string | null;
  /** Mark of the activation password under a key outside the database; null for authenticators. */
  activation: string | null;
  /** Where the mail about the token went. */
  address: string | null;
  /** Wrong activation passwords in a row. */
  misses: Generated<number>;
  /** Mark of the value of the app that fetched the secret: it alone may fetch it once more. */
  nonce: string | null;
  fetchedAt: Instant | null;
  issuedAt: Instant;
  expiresAt: Instant;
  endedAt: Instant | null;
  endedWhy: IssueEnd | null;
}

export interface LoginTable {
  id: string;
  attemptId: string;
  accountId: string;
  companyId: string;
  linkId: string | null;
  route: Route;
  clientId: string;
  /** The receipt: what was proven, with what, and which row decided. */
  receipt: JSONColumnType<Receipt>;
  deviceId: string | null;
  /** Hash of the browser cookie under which it was made; null for logins older than this column. */
  browser: string | null;
  epoch: number;
  startedAt: Instant;
  expiresAt: Instant;
  /** The later login of the same session that took this one's place; it ends together with that one. */
  replacedBy: string | null;
  endedAt: Instant | null;
  endedWhy: string | null;
}

export interface Receipt {
  readonly upstream: { readonly issuer: string; readonly subject: string; readonly display: string } | null;
  readonly passwordAt: Instant | null;
  readonly otp: OtpProof | null;
  /** How the one-time password stood at this login. */
  readonly otpAnswer: 'asked' | 'skipped-by-device' | 'not-asked';
  readonly rememberedHere: boolean;
  readonly acr: Acr;
  readonly amr: readonly Amr[];
  readonly authTime: Instant;
  readonly policyVersion: string;
  readonly rows: readonly { readonly row: string; readonly at: Instant }[];
  readonly browser: string;
  readonly reference: string;
  /** What a portal had approved at this sign-in; absent in receipts of sign-ins without. */
  readonly approval?: { readonly reference: string; readonly digest: string };
}

interface PortalSessionTable {
  loginId: string;
  clientId: string;
  sid: string;
  sessionUid: string;
  accountId: string;
  linkId: string | null;
  at: Instant;
  endedAt: Instant | null;
}

interface FirstLinkTryTable {
  issuer: string;
  subject: string;
  misses: number;
  until: Instant;
}

export interface AuditTable {
  chain: string;
  seq: number;
  at: Instant;
  reference: string;
  event: string;
  accountId: string | null;
  /** Canonical JSON of the whole record: exactly the bytes under the MAC. */
  body: string;
  previousMac: string;
  mac: string;
}

export interface AuditHeadTable {
  chain: string;
  seq: number;
  mac: string;
}

export interface OutboxTable {
  id: string;
  kind: 'mail' | 'logout';
  payload: JSONColumnType<Readonly<Record<string, unknown>>>;
  createdAt: Instant;
  dueAt: Instant;
  tries: Generated<number>;
  sentAt: Instant | null;
  failedWhy: string | null;
}

interface SigningKeyTable {
  kid: string;
  alg: 'ES256' | 'RS256';
  sealed: string;
  createdAt: Instant;
  retiredAt: Instant | null;
}

interface ConsentTable {
  accountId: string;
  clientId: string;
  facts: string;
  at: Instant;
}

export interface Schema {
  deployment: DeploymentTable;
  company: CompanyTable;
  applicationGivenUp: ApplicationGivenUpTable;
  account: AccountTable;
  loginName: LoginNameTable;
  credential: CredentialTable;
  portalPermission: PortalPermissionTable;
  link: LinkTable;
  device: DeviceTable;
  token: TokenTable;
  tokenHolder: TokenHolderTable;
  tokenIssue: TokenIssueTable;
  login: LoginTable;
  portalSession: PortalSessionTable;
  firstLinkTry: FirstLinkTryTable;
  audit: AuditTable;
  auditHead: AuditHeadTable;
  outbox: OutboxTable;
  signingKey: SigningKeyTable;
  consent: ConsentTable;
  bankAccount: BankAccountTable;
  bankAccountGrant: BankAccountGrantTable;
  guessBudget: GuessBudgetTable;
  knownBrowser: KnownBrowserTable;
  alarm: AlarmTable;
  resetRequest: ResetRequestTable;
  toldExpiry: ToldExpiryTable;
  operator: OperatorTable;
  operatorBrowser: OperatorBrowserTable;
  tokenOrder: TokenOrderTable;
  tokenImport: TokenImportTable;
  tokenImportRow: TokenImportRowTable;
  tokenImportProblem: TokenImportProblemTable;
  toldToken: ToldTokenTable;
}
