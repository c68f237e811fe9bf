// PWC001–003: the passwords that are due are changed inside the sign-in, for exactly those, each against its current one
// (spec §2). Either all that were asked are changed, or nothing is.
import { whomToAsk } from '../../rules/ask.ts';
import { lockState } from '../../rules/lock.ts';
import { expiresAt, passwordsDue, judgeTypedPassword, type WhichPassword } from '../../rules/password.ts';
import { dueFactsOf, stampOf } from '../../rules/sign-in-facts.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { CredentialRow, Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { guess } from '../guess.ts';
import { whoGuesses } from '../guesser.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { judgeAgainstKept, judgeForm, storePassword, type NewPasswordForm } from '../new-password.ts';
import { writeRecord } from '../record.ts';
import { endOpenIssue } from '../token/end-issue.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, refused, type Answer, type FormError } from './answer.ts';
import { prove } from './prove.ts';

export interface PasswordChangeForm {
  /** 変更要否 of the passwords that may be left. */
  readonly wanted: Readonly<Record<WhichPassword, boolean>>;
  readonly current: Readonly<Record<WhichPassword, string>>;
  readonly candidate: Readonly<Record<WhichPassword, string>>;
  readonly again: Readonly<Record<WhichPassword, string>>;
}

const currentField = { login: 'password', confirmation: 'confirmation_password' } as const;

export async function changeDuePassword(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  form: PasswordChangeForm,
): Promise<Answer> {
  const due = passwordsDue(dueFactsOf(record, person, tools.policy), act.now);
  const changed = [...due.must, ...due.may.filter((which) => form.wanted[which])];
  if (changed.length === 0) return advanced;

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
  if (errors.length > 0) return refused('form', ...errors);

  const who = changed.includes('login') ? await whoGuesses(tools, act, person.account.id, record.linkId) : null;
  for (const which of changed) {
    const guessed = await guess(tools, act, person.account.id, which, form.current[which], who);
    if (guessed.verdict === 'right') continue;
    if (guessed.state === 'open') {
      const remaining = guessed.verdict === 'wrong' ? guessed.remaining : 0;
      return refused('credentials', { field: currentField[which], key: 'password.current', values: { n: remaining } });
    }
    // Locked now: its own change is postponed, and the sign-in goes on to what the table says next (spec §2).
    const others = await tools.store.company.releasers(person.account.companyId, person.account.id);
    const values: Record<string, string> = { ask: whomToAsk('password', others, tools.policy.release) };
    if (guessed.until !== null) values['until'] = String(guessed.until);
    await prove(tools, act, record, '16', {
      banners: [{ key: `${which === 'login' ? 'password' : 'confirm'}.${guessed.state}`, values }],
    });
    return advanced;
  }
  for (const each of forms) errors.push(...(await judgeAgainstKept(tools, person, each)));
  if (errors.length > 0) return refused('form', ...errors);
  const hashes = new Map<WhichPassword, string>();
  for (const which of changed) hashes.set(which, await tools.secrets.hasher.hash(form.candidate[which]));
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(person.account.id);
    const stamp = stampOf(record);
    const now = await tables.account.person(account.id);
    if (!stamp || !epochHolds(stamp, account) || !now) return;
    // Pressed twice, or in another tab of this attempt: the first change is the one that counts.
    if (changed.some((which) => now[which]?.setAt !== person[which]?.setAt)) return;
    for (const [which, hash] of hashes) await storePassword(tools, tables, act, account.id, which, hash, now[which]);
    if (hashes.has('login')) await keepLock(tables, act, now.login);
    await tables.account.raiseEpoch(account.id, stamp);
    await endOpenIssue(tables, act, account, { kind: 'account', id: account.id });
    const devices = await tables.device.end({ accountId: account.id }, act.now, 'password');
    const portals = await endLogins(
      tools,
      tables,
      act,
      { accountId: account.id, but: record.inherited ? stamp.id : null },
      'password-changed',
    );
    await oweMail(tools, tables, act, account, 'password-changed', {
      login: hashes.has('login'),
      confirmation: hashes.has('confirmation'),
      expires: expiresAt(act.now, tools.policy.password),
    });
    await writeRecord(tables, act, {
      event: 'password.changed',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { which: changed, why: due.why, devices: devices.length, portals },
    });
  });
  await prove(tools, act, record, '16', { passwordResult: { changed }, device: null });
  return advanced;
}

/** A lock or stop that strangers brought about is not lifted by one's own change (spec §2: never by oneself). */
async function keepLock(tables: Tables, act: Act, before: CredentialRow): Promise<void> {
  if (lockState(before, act.now) === 'open') return;
  const { misses, locks, lockedUntil, stoppedAt, announcedAt } = before;
  await tables.credential.change(before.accountId, 'login', () => ({
    keep: { misses, locks, lockedUntil, stoppedAt, announcedAt },
    verdict: null,
  }));
}

/** PWC003 「確認」: the result was read. */
export async function acknowledgeChange(tools: Tools, act: Act, record: SignInRecord): Promise<void> {
  await prove(tools, act, record, '16', { passwordResult: null });
}
