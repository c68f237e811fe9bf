// What may stand in the braces of a text: every placeholder has one type everywhere, known by its name. Types only, and
// the table that says how a value of each name is written.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { ja } from './ja.ts';

type Ja = typeof ja;

/** A key of the catalogue. */
export type Key = keyof Ja;

/** Filled in from the brand configuration or from another text, never by the caller. */
type Own = 'web' | 'direct' | 'desk' | 'phone' | 'hours' | `ask.${string}`;

/** The placeholders of a text that its caller must give. */
export type Names<S extends string> = S extends `${string}{${infer P}}${infer R}`
  ? (P extends Own ? never : P) | Names<R>
  : never;

/** The last parts of the keys that begin with a prefix: `Sub<'role'>` is 'master' | 'admin' | 'member'. */
export type Sub<P extends string> = Extract<Key, `${P}.${string}`> extends `${P}.${infer R}` ? R : never;

/** Whom to ask, computed from the release matrix (screens.md §2). */
export type Ask = 'admin' | 'desk' | 'any';

/** A field of screens.md §5, by its `name`. */
export type FieldName = Exclude<Sub<'field'>, `${string}.${string}`>;

/** How a value is written: dates as screens.md §3 row 11, numbers as row 13, words as another key's text. */
export const kinds = {
  at: 'dateTime',
  until: 'dateTime',
  opens: 'dateTime',
  sentAt: 'dateTime',
  revokedAt: 'dateTime',
  since: 'dateTime',
  from: 'dateTime',
  date: 'date',
  time: 'time',
  n: 'number',
  m: 'number',
  min: 'number',
  max: 'number',
  bad: 'number',
  minutes: 'number',
  first: 'number',
  last: 'number',
  total: 'number',
  page: 'number',
  pages: 'number',
  devices: 'number',
  logins: 'number',
  ask: 'ask',
  why: 'word',
  what: 'word',
  who: 'word',
  by: 'word',
  secret: 'word',
  blocked: 'word',
  allowed: 'word',
  things: 'word',
  reason: 'word',
  unreachable: 'word',
  label: 'label',
  bd: 'text',
  bdMasked: 'text',
  login_id: 'text',
  name: 'text',
  portal: 'text',
  owner: 'text',
  upstream: 'text',
  company: 'text',
  contractNumber: 'text',
  number: 'text',
  branch: 'text',
  code: 'text',
  companyA: 'text',
  companyB: 'text',
  masked: 'text',
  last4: 'text',
  ref: 'text',
  screen: 'text',
  serviceHours: 'text',
  shipping: 'text',
  device: 'text',
  list: 'text',
  mail: 'text',
  domain: 'text',
} as const;

type ValueOf<P extends string> = P extends keyof typeof kinds
  ? (typeof kinds)[P] extends 'dateTime' | 'date' | 'time'
    ? Instant
    : (typeof kinds)[P] extends 'number'
      ? number
      : (typeof kinds)[P] extends 'word'
        ? Sub<P>
        : (typeof kinds)[P] extends 'ask'
          ? Ask
          : (typeof kinds)[P] extends 'label'
            ? FieldName
            : string
  : never;

/** The values a key needs, by name and type; empty for a text without placeholders. */
export type Values<K extends Key> = { readonly [P in Names<Ja[K]>]: ValueOf<P> };

/** A key together with its values, for messages that are handed around as data. */
export type Message<K extends Key> = K extends Key
  ? keyof Values<K> extends never
    ? { readonly key: K; readonly values?: Readonly<Record<never, never>> }
    : { readonly key: K; readonly values: Values<K> }
  : never;
