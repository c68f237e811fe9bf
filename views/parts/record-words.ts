// A record in words, one text per column: for the pages and for the files that are made of the same rows.
import type { AuditEvent } from '../../src/rules/audit-event.ts';
import type { RecordOutcome } from '../../src/rules/record-kind.ts';
import type { Instant, Route } from '../../src/rules/sign-in-record.ts';
import { ja } from '../messages/ja.ts';
import { dateTime } from './format.ts';
import type { Key, Sub } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';

/** One record as lists show it. */
export interface RecordRow {
  readonly at: Instant;
  readonly reference: string;
  readonly event: AuditEvent;
  readonly outcome: RecordOutcome;
  readonly route: Route | null;
  readonly code: 'typed' | 'shared' | 'skipped' | 'none' | null;
  /** The device that skipped the code. */
  readonly device: string | null;
  readonly secrets: readonly ('login' | 'confirmation' | 'otp')[];
  /** Whom it concerns; null: oneself, or nobody who is known. */
  readonly person: { readonly name: string; readonly loginId: string } | null;
  readonly by: { readonly who: Sub<'record.by'>; readonly name?: string | null };
}

const isKey = (key: string): key is Key => Object.hasOwn(ja, key);

/** The text of a key that was put together from what a record holds; null when the catalogue has none. */
const known = (t: Texts, key: string): string | null =>
  isKey(key)
    ? t
        .message({ key })
        .map(({ text }) => text)
        .join('')
    : null;

/** 「パスワードの変更(ログインパスワード)」 */
export function eventWords(t: Texts, { event, secrets }: Pick<RecordRow, 'event' | 'secrets'>): string {
  const name = t.say(`event.${event}`);
  if (secrets.length === 0) return name;
  const which = [...new Set(secrets)].map((secret) => t.say(`secret.${secret}`));
  return t.language === 'ja' ? `${name}(${which.join('、')})` : `${name} (${which.join(', ')})`;
}

/** As a text of its own: the words for routes are those that stand inside sentences. */
export function routeWords(t: Texts, route: Route | null): string {
  const words = route === null ? '' : t.say(`route.${route}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function codeWords(t: Texts, code: RecordRow['code'], device: string | null): string {
  if (code === null) return '';
  if (code !== 'skipped') return t.say(`record.code.${code}`);
  return device === null ? t.say('record.code.skipped-plain') : t.say('record.code.skipped', { device });
}

/** A role, with the name where it may be told. */
export function doerWords(t: Texts, { who, name }: RecordRow['by']): string {
  const role = t.say(`record.by.${who}`);
  return name === undefined || name === null ? role : `${name} (${role})`;
}

/** Why, as it was stored; anything unknown is 'other'. Of a token that ended the same words mean something else. */
export function whyWords(t: Texts, why: string, event: AuditEvent | null = null): string {
  const own =
    event === 'token.revoked'
      ? known(t, `MAI017.why.${why}`)
      : event === 'token.retired'
        ? known(t, `stock.${why}`)
        : null;
  return own ?? known(t, `record.why.${why}`) ?? t.say('record.why.other');
}

/** The operation that was proven or asked for; null for one without words. */
export const actWords = (t: Texts, act: string): string | null => known(t, `record.act.${act}`);

/** What the row of the sign-in table said; null for a row without words. */
export const ruleWords = (t: Texts, row: string): string | null => known(t, `rule.${row}`);

const isRole = (word: string): word is Sub<'role'> => isKey(`role.${word}`);

/** What stood for a thing: a role and a right in words, everything else as it is; 「なし」 for nothing. */
export function valueWords(t: Texts, what: string, values: readonly string[]): string {
  if (what === 'hours' && values.length === 0) return t.say('choice.bank');
  const words = values.map((value) => {
    if (what === 'role' && isRole(value)) return t.say(`role.${value}`);
    if (what === 'sharingMode') return known(t, `choice.${value}`) ?? value;
    if (what === 'rememberAllowed') return t.say(value === 'true' ? 'choice.yes' : 'choice.no');
    if (what === 'otpAtLogin') return t.say(value === 'true' ? 'choice.login' : 'choice.bank');
    if (what === 'otpApplication') return known(t, `application.${value}`) ?? value;
    if (what === 'limit') return dateTime(Number(value), t.language, null);
    if (what === 'viewsRecords') return t.say(value === 'true' ? 'choice.grant' : 'choice.none');
    return value;
  });
  return words.length === 0 ? t.say('frame.none') : words.join(t.language === 'ja' ? '、' : ', ');
}

/** The name of a thing that was changed: as its field is labelled, or of its own. */
export const changedWords = (t: Texts, what: string): string =>
  known(t, `field.${what}`) ??
  known(t, `fact.${what}`) ??
  known(t, `record.change.${what}`) ??
  t.say('record.change.other');
