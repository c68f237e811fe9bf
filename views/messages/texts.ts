// Turns keys and values into sentences of one language. Everything a text needs beyond its values (brand names, whom to
// ask, the opening time of the desk) is bound once, when `texts` is made for a page or a mail.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { date, dateTime, number, time, type Language } from '../parts/format.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { kinds, type FieldName, type Key, type Values } from './placeholders.ts';

/** A name in both languages. */
export type Bilingual = Readonly<Record<Language, string>>;

/** The brand configuration: what the bank calls things, and whom its customers call (screens.md, notation). */
export interface Brand {
  readonly web: Bilingual;
  readonly direct: Bilingual;
  readonly desk: Bilingual;
  readonly phone: string;
  readonly hours: Bilingual;
  /** Address of the terms (規定), or null when the bank shows none. */
  readonly terms: string | null;
}

/**
 * A stretch of a sentence; `at` is set where it names a moment, so that pages can mark it up; `whole` is not broken over
 * two lines.
 */
export interface Piece {
  readonly text: string;
  readonly at: Instant | null;
  readonly whole?: true;
}

type Given<K extends Key> = keyof Values<K> extends never ? [] : [Values<K>];

export interface Texts {
  readonly language: Language;
  readonly brand: Brand;
  /** What stands between two sentences. */
  readonly gap: '' | ' ';
  /** The sentence of a key, as plain text. */
  say<K extends Key>(key: K, ...values: Given<K>): string;
  /** The same sentence in pieces. */
  pieces<K extends Key>(key: K, ...values: Given<K>): readonly Piece[];
  /** A message handed around as data; `labels` replaces the usual name of a field. */
  message(message: { readonly key: Key; readonly values?: object | undefined }, label?: string): readonly Piece[];
  /** The usual label of a field. */
  label(field: FieldName): string;
}

const catalogues = { ja, en };
const isKey = (key: string): key is Key => Object.hasOwn(ja, key);
const isPlaceholder = (name: string): name is keyof typeof kinds => Object.hasOwn(kinds, name);

/** Joins the pieces of a sentence. */
export const joined = (pieces: readonly Piece[]): string => pieces.map((piece) => piece.text).join('');

/**
 * The texts of one language for one reader.
 * `now` lets a moment of the same day be written 「本日」; null in mails. `deskOpens` is the desk's next opening while it
 * is closed, else null: it is added wherever somebody is told to call (screens.md §2).
 */
export function texts(language: Language, brand: Brand, now: Instant | null, deskOpens: Instant | null): Texts {
  const catalogue: Readonly<Record<Key, string>> = catalogues[language];
  const brandWord = (name: string): string | null => {
    if (name === 'phone') return brand.phone;
    if (name === 'web' || name === 'direct' || name === 'desk' || name === 'hours') return brand[name][language];
    return null;
  };

  const plain = (text: string): Piece => ({ text, at: null });

  const ask = (whom: string): readonly Piece[] => {
    const told = fill(`ask.${whom}`, {}, undefined);
    if (whom === 'admin' || deskOpens === null) return told;
    return [...told, ...(language === 'en' ? [plain(' ')] : []), ...fill('ask.opens', { opens: deskOpens }, undefined)];
  };

  const moment = (name: string, value: unknown): readonly Piece[] => {
    if (typeof value !== 'number') throw new Error(`the text wants a time for {${name}}`);
    const kind = isPlaceholder(name) ? kinds[name] : null;
    const text =
      kind === 'date' ? date(value, language) : kind === 'time' ? time(value) : dateTime(value, language, now);
    return [{ text, at: value }];
  };

  const value = (name: string, values: object, label: string | undefined): readonly Piece[] => {
    const own = brandWord(name);
    if (own !== null) return [name === 'phone' ? { ...plain(own), whole: true } : plain(own)];
    if (name.startsWith('ask.')) return ask(name.slice('ask.'.length));
    if (name === 'label' && label !== undefined) return [plain(label)];
    const given: unknown = Object.entries(values).find(([key]) => key === name)?.[1];
    switch (isPlaceholder(name) ? kinds[name] : 'text') {
      case 'dateTime':
      case 'date':
      case 'time':
        return moment(name, given);
      case 'number':
        return [plain(number(Number(given)))];
      case 'ask':
        return ask(String(given));
      case 'word':
        return fill(`${name}.${String(given)}`, {}, undefined);
      case 'label':
        return fill(`field.${String(given)}`, {}, undefined);
      default:
        return [plain(typeof given === 'string' || typeof given === 'number' ? String(given) : '')];
    }
  };

  function fill(key: string, values: object, label: string | undefined): readonly Piece[] {
    if (!isKey(key)) throw new Error(`the catalogue has no text ${key}`);
    return catalogue[key]
      .split(/\{([A-Za-z0-9_.]+)\}/)
      .flatMap((part, index) => (index % 2 === 0 ? (part === '' ? [] : [plain(part)]) : value(part, values, label)));
  }

  const whole = (key: Key, values: object, label: string | undefined): readonly Piece[] =>
    key === 'ask.admin' || key === 'ask.desk' || key === 'ask.any'
      ? ask(key.slice('ask.'.length))
      : fill(key, values, label);

  return {
    language,
    brand,
    gap: language === 'en' ? ' ' : '',
    say: (key, ...values) => joined(whole(key, values[0] ?? {}, undefined)),
    pieces: (key, ...values) => whole(key, values[0] ?? {}, undefined),
    message: (message, label) => whole(message.key, message.values ?? {}, label),
    label: (field) => joined(fill(`field.${field}`, {}, undefined)),
  };
}
