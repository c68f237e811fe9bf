// What the guides S0, S1 and S2 walk alike: the mails about a token, the pages of its issue, and the clock of Japan.
import { expect } from 'chai';
import type { Demo, Mail } from '../support/demo-process.ts';
import { factOf, type Reader } from '../support/guide-reader.ts';
import type { Note, Phone } from '../support/phone.ts';
import { soon } from '../support/walks.ts';

/** Oldest first: those to an address whose subject has these words. */
export async function mailsAbout(demo: Demo, to: string, words: string): Promise<readonly Mail[]> {
  return (await demo.mails(to))
    .filter(({ subject }) => subject.includes(words))
    .toSorted((a, b) => Number(a.id) - Number(b.id));
}

/** Does something that owes a mail, and waits for it. */
export async function mailOf(demo: Demo, to: string, words: string, deed: () => Promise<unknown>): Promise<Mail> {
  const before = (await mailsAbout(demo, to, words)).length;
  await deed();
  const after = await soon(
    () => mailsAbout(demo, to, words),
    (all) => all.length > before,
  );
  expect(after, `mails 「${words}」 to ${to}`).to.have.length(before + 1);
  const [newest] = after.slice(-1);
  if (!newest) throw new Error('no mail');
  return newest;
}

/** The code in the mail that a deed sends. */
export async function codeMailed(demo: Demo, to: string, deed: () => Promise<unknown>): Promise<string> {
  const { code } = await mailOf(demo, to, 'メール通知パスワード', deed);
  expect(code, 'eight digits, never mistaken for a code of six').to.match(/^\d{8}$/);
  return code ?? '';
}

export interface Details {
  /** Of the telephone. */
  readonly address: string;
  readonly activation: string;
}

/** BOT001, filled in and sent. Where the app is the only kind, the button says what it is about (guide S2). */
export async function enterDetails(reader: Reader, { address, activation }: Details): Promise<string> {
  const words = /<button\b[^>]*>トークン発行<\/button>/.test(await reader.html()) ? 'トークン発行' : '次へ';
  return reader.press(words, {
    携帯電話メールアドレス: address,
    email_again: address,
    利用開始パスワード: activation,
    activation_password_again: activation,
  });
}

/** What BOT003 shows, and the mail to the telephone says too. */
export async function noteOf(reader: Reader, { activation }: Details): Promise<Note> {
  // Beside each stands a button that copies it.
  const shown = async (term: string, form: RegExp): Promise<string> => {
    const told = await factOf(reader, term);
    expect(told, term).to.match(form);
    return (form.exec(told)?.[0] ?? '').replace(/\s/g, '');
  };
  return {
    serviceId: await shown('サービスID', /^\d{4,12}/),
    userId: await shown('ユーザID', /^[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}/),
    activation,
  };
}

/** From BOT012 to BOT003, without a word about it. */
export async function issueToken(
  demo: Demo,
  reader: Reader,
  person: { readonly email: string; readonly confirmation: string },
  details: Details,
): Promise<Note> {
  const code = await codeMailed(demo, person.email, async () => {
    expect(await reader.press('OK')).to.equal('BOT001');
  });
  expect(await enterDetails(reader, details)).to.equal('BOT002');
  expect(
    await reader.press('確定する', { 確認用パスワード: person.confirmation, メール通知パスワード: code }),
    await reader.text(),
  ).to.equal('BOT003');
  return noteOf(reader, details);
}

/** A code that was not typed yet: the telephone shows the next one after a minute. */
export async function freshCode(demo: Demo, phone: Phone, { userId }: Note): Promise<string> {
  await demo.forward(60);
  return phone.code(userId);
}

const [minute, hour] = [60, 3_600];

/** Goes on to the next time that it is so late in Japan; a whole day, where it is that very second. */
export async function untilInJapan(demo: Demo, hours: number, minutes: number, seconds = 0): Promise<void> {
  const now = Math.floor((await demo.now()) / 1000) + 9 * hour;
  const wait = (hours * hour + minutes * minute + seconds - (now % (24 * hour)) + 24 * hour) % (24 * hour);
  await demo.forward(wait === 0 ? 24 * hour : wait);
}

/** The day in Japan as pages write it: 2026年11月25日(水). `days` from now on. */
export async function dayInJapan(demo: Demo, days = 0): Promise<string> {
  const at = new Date((await demo.now()) + 9 * hour * 1000 + days * 24 * hour * 1000);
  const weekday = '日月火水木金土'[at.getUTCDay()] ?? '';
  return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日(${weekday})`;
}

export const plain = (text: string): string => text.replace(/\s/g, '');

/** What main says, without any blank: what stands in elements of its own is read on. */
export const wordsOf = async (reader: Reader): Promise<string> => plain(await reader.text());
