// What an audit record says, read from its bytes for people: only facts that are named here come further, so that nothing
// that a record happens to hold is shown by accident.
import type { Acr, Amr } from '../../rules/acr.ts';
import type { ApprovalItem } from '../../rules/approval.ts';
import type { AuditEvent, AuditRecord } from '../../rules/audit-event.ts';
import { maskEmail } from '../../rules/email.ts';
import { orderReasons, type OrderReason } from '../../rules/token-stock.ts';
import { outcomeOf, readEvent, type RecordOutcome } from '../../rules/record-kind.ts';
import type { Instant, Route } from '../../rules/sign-in-record.ts';
import type { Receipt } from '../../store/schema.ts';
import type { WrittenRecord } from '../../store/records.ts';

/** How the code stood: typed, typed from a token that several share, skipped by a device, or not asked. */
export type CodeAnswer =
  | { readonly code: 'typed' | 'shared' | 'none' }
  | { readonly code: 'skipped'; readonly device: string | null };

export type PasswordKind = 'login' | 'confirmation' | 'otp';

/** One thing that was changed: its name in the record, and what stood and stands for it; empty where the record tells nothing. */
export interface Change {
  readonly what: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What was ordered, sent, came or ended. */
export interface FobFacts {
  readonly serials: readonly string[];
  /** Why it was ordered. */
  readonly reason: OrderReason | null;
  /** Yen, tax included. */
  readonly fee: number | null;
  /** Until when its people register. */
  readonly limit: Instant | null;
  /** What a reminder was about. */
  readonly about: 'expiry' | 'limit' | null;
}

export interface ReadRecord {
  readonly seq: number;
  readonly at: Instant;
  readonly reference: string;
  readonly event: AuditEvent;
  readonly outcome: RecordOutcome;
  readonly accountId: string | null;
  readonly actor: AuditRecord['actor'];
  readonly route: Route | null;
  readonly code: 'typed' | 'shared' | 'skipped' | 'none' | null;
  /** The login that it tells of. */
  readonly loginId: string | null;
  /** Which passwords or locks it concerns. */
  readonly secrets: readonly PasswordKind[];
  readonly agent: string;
  /** Client ids of the portals that were entered or told. */
  readonly portals: readonly string[];
  /** Why something ended or was refused, as it was stored. */
  readonly why: string | null;
  /** The row of the sign-in table that decided. */
  readonly row: string | null;
  /** The act of a console that was proven, or asked for. */
  readonly act: string | null;
  /** How many things it concerned, where it tells a number. */
  readonly count: number | null;
  readonly changes: readonly Change[];
  /** The token that it is about, by its id; null where it names several, or none. */
  readonly tokenId: string | null;
  /** Of key-fobs between stock and end. */
  readonly fobs: FobFacts;
  /** What was approved, or not. */
  readonly items: readonly ApprovalItem[];
  readonly receipt: Receipt | null;
  readonly acr: Acr | null;
  readonly amr: readonly Amr[];
}

type Facts = Readonly<Record<string, unknown>>;

const isFacts = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.flatMap((one) => (typeof one === 'string' ? [one] : [])) : [];

/** Null for an event that this version does not know: an older process must not fail on what a newer one wrote. */
export function readRecord({ seq, body }: WrittenRecord): ReadRecord | null {
  const written: AuditRecord = JSON.parse(body);
  const event = readEvent(written.event);
  if (event === null) return null;
  const { data } = written;
  const receipt = receiptOf(data['receipt']);
  const acr = receipt?.acr ?? acrOf(data['acr']);
  return {
    seq,
    at: written.at,
    reference: written.reference,
    event,
    outcome: outcomeOf(event),
    accountId: written.accountId,
    actor: written.actor,
    route: routeOf(data['route'], acr),
    code: codeOf(event, data, receipt),
    loginId: text(data['login']),
    secrets: [...texts(data['which']), ...texts([data['which']]), ...texts(data['locks'])].filter(isSecret),
    agent: text(data['agent']) ?? '',
    portals: [...new Set([...texts([data['portal']]), ...texts(data['portals'])])],
    why: text(data['why']),
    row: text(data['row']),
    act: text(data['for']),
    count: number(data['count']) ?? number(data['people']),
    changes: changesOf(event, data),
    tokenId: text(data['token']),
    fobs: fobsOf(event, data),
    items: event.startsWith('operation.') ? itemsOf(data['items']) : [],
    receipt,
    acr,
    amr: receipt?.amr ?? [],
  };
}

/** An approval's content is written whole by approve.ts. */
const isItem = (value: unknown): value is ApprovalItem => isFacts(value) && typeof value['action'] === 'string';
const itemsOf = (value: unknown): readonly ApprovalItem[] => (Array.isArray(value) ? value.filter(isItem) : []);

const isSecret = (word: string): word is PasswordKind => ['login', 'confirmation', 'otp'].includes(word);

/** A receipt is written whole by finish.ts, or not at all. */
const isReceipt = (value: unknown): value is Receipt => isFacts(value) && 'otpAnswer' in value && 'acr' in value;
const receiptOf = (value: unknown): Receipt | null => (isReceipt(value) ? value : null);

const acrs = ['federated', 'federated-otp', 'password', 'password-otp'] as const;
const acrOf = (value: unknown): Acr | null => {
  const found = acrs.find((name) => value === `urn:renkei:acr:${name}`);
  return found === undefined ? null : `urn:renkei:acr:${found}`;
};

function routeOf(route: unknown, acr: Acr | null): Route | null {
  if (route === 'direct' || route === 'federated') return route;
  return acr === null ? null : acr.startsWith('urn:renkei:acr:federated') ? 'federated' : 'direct';
}

export function codeOfReceipt(receipt: Receipt, device: string | null): CodeAnswer {
  if (receipt.otpAnswer === 'skipped-by-device') return { code: 'skipped', device };
  if (receipt.otpAnswer !== 'asked') return { code: 'none' };
  return { code: receipt.otp?.shared === true ? 'shared' : 'typed' };
}

function codeOf(event: AuditEvent, data: Facts, receipt: Receipt | null): ReadRecord['code'] {
  if (receipt) return codeOfReceipt(receipt, null).code;
  const otp = data['otp'];
  if (event === 'login.stepped-up' && isFacts(otp)) return otp['shared'] === true ? 'shared' : 'typed';
  if (event === 'act.proven') return data['proof'] === 'confirmation+otp' ? 'typed' : 'none';
  if (['otp.accepted', 'otp.repaired', 'token.registered', 'operation.approved'].includes(event))
    return data['shared'] === true ? 'shared' : 'typed';
  return null;
}

/** Hours stand as their two ends. */
const hoursIn = ({ from, to }: Facts): readonly string[] =>
  typeof from === 'string' && typeof to === 'string' ? [`${from}–${to}`] : [];

const values = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => values(one));
  if (isFacts(value)) return hoursIn(value);
  return ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? [String(value)] : [];
};

/** Registered addresses stand masked on every screen (screens.md §3, rule 14), whoever reads the record. */
const shownAs = (what: string, texts: readonly string[]): readonly string[] =>
  what === 'email' ? texts.map(maskEmail) : texts;

/** Before and after, as records tell them: one value each, or several by name. */
function changesOf(event: AuditEvent, { before, after, from, to }: Facts): readonly Change[] {
  if (event === 'company.otp-applied') return [{ what: 'otpApplication', before: values(from), after: values(to) }];
  if (event === 'company.grace-extended') return [{ what: 'limit', before: values(from), after: values(to) }];
  if (!isFacts(before) && !isFacts(after)) {
    const one = { what: 'value', before: values(before), after: values(after) };
    return one.before.length + one.after.length === 0 ? [] : [one];
  }
  const [old, now] = [isFacts(before) ? before : {}, isFacts(after) ? after : {}];
  const all = [...new Set([...Object.keys(old), ...Object.keys(now)])].map((what) => ({
    what,
    before: shownAs(what, values(old[what])),
    after: shownAs(what, values(now[what])),
  }));
  // Settings are written whole; those that were left as they are were not changed.
  return event === 'company.changed' ? all.filter(({ before: was, after: is }) => was.join() !== is.join()) : all;
}

const fobEvents: readonly AuditEvent[] = [
  'token.ordered',
  'token.shipped',
  'token.arrived',
  'token.replaced',
  'token.retired',
  'token.reminded',
];

function fobsOf(event: AuditEvent, data: Facts): FobFacts {
  if (!fobEvents.includes(event)) return { serials: [], reason: null, fee: null, limit: null, about: null };
  return {
    serials: [...texts(data['serials']), ...texts([data['serial']])],
    reason: orderReasons.find((reason) => reason === data['reason']) ?? null,
    fee: number(data['fee']),
    limit: number(data['limit']),
    about: (['expiry', 'limit'] as const).find((about) => about === data['about']) ?? null,
  };
}
