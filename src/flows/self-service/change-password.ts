// SLF010: one's own passwords, changed from inside a sign-in (spec §2). The present one of each that is changed is asked, and
// nothing else; either all that were asked are changed, or nothing is.
import type { LoginRecord } from '../../rules/login.ts';
import { earlierExpiry, expiresAt, judgeTypedPassword, type WhichPassword } from '../../rules/password.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { guess, type Guess } from '../guess.ts';
import { whoGuesses } from '../guesser.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { judgeAgainstKept, judgeForm, storePassword, type NewPasswordForm } from '../new-password.ts';
import { writeRecord } from '../record.ts';
import type { FormError } from '../sign-in/answer.ts';
import { endOpenIssue } from '../token/end-issue.ts';
import type { Act, Tools } from '../tools.ts';
import { closedPassword, closedPasswords, currentField } from './closed-password.ts';

export interface OwnPasswordForm {
  /** 変更要否. */
  readonly wanted: Readonly<Record<WhichPassword, boolean>>;
  readonly current: Readonly<Record<WhichPassword, string>>;
  readonly candidate: Readonly<Record<WhichPassword, string>>;
  readonly again: Readonly<Record<WhichPassword, string>>;
}

/** What the result page shows, as often as it is asked for. */
export interface OwnPasswordResult extends Finished {
  readonly changed: readonly WhichPassword[];
  readonly loginName: string;
  /** The earlier of the two dates; null where passwords don't expire. */
  readonly expires: number | null;
}

export type NotChanged =
  | { readonly verdict: 'refused'; readonly errors: readonly FormError[] }
  /** Another tab or person was quicker: nothing was changed. */
  | { readonly verdict: 'stale' }
  /** This sign-in is over: look again who is signed in. */
  | { readonly verdict: 'look-again' };

const both: readonly WhichPassword[] = ['login', 'confirmation'];

/** Key of the newest result of a login, for its page. */
const newest = 'own-password';

/**
 * Changes the wanted passwords. The account's other logins, grants, devices and open attempts end in the same transaction;
 * the login that acts goes on. `passwordByOtherAt` is left as it is: whoever was given a password by somebody else may be that
 * somebody (rules/takeover.ts).
 * @param key the page that was sent: pressed twice, it acts once
 */
export async function changeOwnPasswords(
  tools: Tools,
  act: Act,
  by: { readonly person: Person; readonly login: LoginRecord },
  key: string,
  form: OwnPasswordForm,
): Promise<Worked<NotChanged, OwnPasswordResult> | { readonly verdict: 'busy' }> {
  return actOnce(tools, act, by.login, `${newest}:${key}`, async (): Promise<Worked<NotChanged, OwnPasswordResult>> => {
    const answer = await judgeAndChange(tools, act, by, form);
    if ('verdict' in answer) return { verdict: 'refused', refused: answer };
    await tools.consoleActivity.finish(by.login.id, newest, answer, by.login.expiresAt);
    return { verdict: 'finished', result: answer };
  });
}

/** The change that a page of this login made, or its newest one; null when there was none. */
export function ownPasswordResult(tools: Tools, login: LoginRecord, key?: string): Promise<OwnPasswordResult | null> {
  return tools.consoleActivity.finished<OwnPasswordResult>(login.id, key === undefined ? newest : `${newest}:${key}`);
}

async function judgeAndChange(
  tools: Tools,
  act: Act,
  { person, login }: { readonly person: Person; readonly login: LoginRecord },
  form: OwnPasswordForm,
): Promise<NotChanged | OwnPasswordResult> {
  const changed = both.filter((which) => form.wanted[which] && person[which] !== null);
  if (changed.length === 0) return refused({ field: null, key: 'password.keepboth' });
  const forms = changed.map((which): NewPasswordForm => {
    const other = which === 'login' ? 'confirmation' : 'login';
    return {
      kind: which,
      candidate: form.candidate[which],
      again: form.again[which],
      loginName: person.account.loginName,
      other: changed.includes(other) ? form.candidate[other] : null,
    };
  });
  const errors: FormError[] = [];
  for (const each of forms) {
    const mistake = judgeTypedPassword(form.current[each.kind]);
    if (mistake) errors.push({ field: currentField[each.kind], key: mistake });
    errors.push(...judgeForm(tools, each));
  }
  if (errors.length > 0) return refused(...errors);

  const closed = await closedPasswords(tools, tools.store, act, person, changed);
  if (closed.length > 0) return refused(...closed);

  const misses: FormError[] = [];
  const who = changed.includes('login') ? await whoGuesses(tools, act, person.account.id, login.linkId) : null;
  for (const which of changed) {
    const guessed = await guess(tools, act, person.account.id, which, form.current[which], who);
    if (guessed.verdict !== 'right') misses.push(await missed(tools, act, person, which, guessed));
  }
  if (misses.length > 0) {
    const now = await tools.store.account.person(person.account.id);
    return changed.some((which) => now?.[which]?.setAt !== person[which]?.setAt)
      ? { verdict: 'stale' }
      : refused(...misses);
  }

  for (const each of forms) errors.push(...(await judgeAgainstKept(tools, person, each)));
  if (errors.length > 0) return refused(...errors);
  const hashes = new Map<WhichPassword, string>();
  for (const which of changed) hashes.set(which, await tools.secrets.hasher.hash(form.candidate[which]));
  return tools.store.transaction((tables) => change(tools, tables, act, person, login, hashes));
}

const refused = (...errors: readonly FormError[]): NotChanged => ({ verdict: 'refused', errors });

/** A wrong one says how many tries are left, or that it is locked now; the sign-in goes on. */
async function missed(
  tools: Tools,
  act: Act,
  person: Person,
  which: WhichPassword,
  guessed: Exclude<Guess, { readonly verdict: 'right' }>,
): Promise<FormError> {
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event: which === 'login' ? 'password.missed' : 'confirmation.missed',
      companyId: person.account.companyId,
      accountId: person.account.id,
      actor: { kind: 'account', id: person.account.id },
      data: { for: 'change-own-password', compared: guessed.verdict === 'wrong' },
    }),
  );
  if (guessed.state === 'open')
    return {
      field: currentField[which],
      key: 'password.current',
      values: { n: guessed.verdict === 'wrong' ? guessed.remaining : 0 },
    };
  return closedPassword(tools, tools.store, person, which, guessed);
}

async function change(
  tools: Tools,
  tables: Tables,
  act: Act,
  before: Person,
  login: LoginRecord,
  hashes: ReadonlyMap<WhichPassword, string>,
): Promise<NotChanged | OwnPasswordResult> {
  const account = await tables.account.lock(before.account.id);
  if (!epochHolds(login, account)) return { verdict: 'look-again' };
  const now = await tables.account.person(account.id);
  const changed = [...hashes.keys()];
  // In another tab of this login: the first change is the one that counts.
  if (!now || changed.some((which) => now[which]?.setAt !== before[which]?.setAt)) return { verdict: 'stale' };
  const closed = await closedPasswords(tools, tables, act, now, changed);
  if (closed.length > 0) return refused(...closed);
  for (const [which, hash] of hashes) await storePassword(tools, tables, act, account.id, which, hash, now[which]);
  await tables.account.raiseEpoch(account.id, login);
  await endOpenIssue(tables, act, account, { kind: 'account', id: account.id });
  const devices = await tables.device.end({ accountId: account.id }, act.now, 'password-changed');
  const portals = await endLogins(tools, tables, act, { accountId: account.id, but: login.id }, 'password-changed');
  const until = expiresAt(act.now, tools.policy.password);
  await oweMail(tools, tables, act, account, 'password-changed', {
    login: hashes.has('login'),
    confirmation: hashes.has('confirmation'),
    expires: until,
    route: login.route,
  });
  await writeRecord(tables, act, {
    event: 'password.changed',
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
    data: { which: changed, why: 'own', devices: devices.length, portals, login: login.id },
  });
  const expiryOf = (which: WhichPassword): number | null =>
    hashes.has(which) ? until : (now[which]?.expiresAt ?? null);
  return {
    at: act.now,
    reference: act.reference,
    changed,
    loginName: account.loginName,
    expires: earlierExpiry(expiryOf('login'), expiryOf('confirmation')),
  };
}
