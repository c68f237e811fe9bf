// Every mail in words: the frame of screens.md §16, both languages, text and HTML alike.
import { expect } from 'chai';
import { mailOf, type OwedMail } from '../../views/mail/owed.ts';
import { brand, days, minutes, now } from './samples/frame.ts';

const owed = (mail: OwedMail['mail'], facts: OwedMail['facts'], more: Partial<OwedMail> = {}): OwedMail => ({
  mail,
  personName: '鈴木 美咲',
  language: null,
  at: now,
  by: 'self',
  agent: 'Chrome / Windows',
  reference: '7K3F-92QD',
  facts,
  ...more,
});

const link = { display: 'minato02', loginName: 'msuzuki14' };
const all: readonly OwedMail[] = [
  owed('email-code', { code: '12345678', purpose: 'setup', until: now + minutes(10) }),
  owed('link-made', link),
  owed('link-removed', { ...link, devices: 2, logins: 1 }, { by: 'admin' }),
  owed('device-remembered', { label: 'Chrome / Windows', until: now + days(90) }),
  owed('device-ended', { why: 'admin', count: 1 }, { by: 'admin' }),
  owed('device-copied', { label: 'Chrome / Windows' }, { by: 'system' }),
  owed('password-changed', { login: true, confirmation: true, expires: now + days(90) }),
  owed('password-locked', { which: 'login', until: now + minutes(30), linked: true, ask: 'admin' }, { by: 'system' }),
  owed('password-stopped', { which: 'confirmation', linked: false, ask: 'desk' }, { by: 'system' }),
  owed('otp-stopped', { ask: 'desk' }, { by: 'system' }),
  owed('released', { login: true, otp: true }, { by: 'desk' }),
  owed('use-stopped', {}, { by: 'admin' }),
  owed('use-resumed', {}, { by: 'desk' }),
];

describe('every mail', () => {
  for (const one of all) {
    it(`${one.mail} says in text and HTML the same, Japanese then English`, () => {
      const mail = mailOf(one, brand);
      expect(mail.subject).to.match(/^【Webサービス】.+ \/ [A-Z]/);
      for (const part of [mail.text, mail.html]) {
        expect(part).to.contain('鈴木 美咲様');
        expect(part).to.contain('Dear 鈴木 美咲,');
        expect(part).to.contain('7K3F-92QD');
        expect(part).to.contain('このメールにはログイン画面へのリンクはありません。');
        expect(part).to.match(/メール番号 MAI0\d\d/);
        expect(part).not.to.match(/undefined|NaN|https?:|\{[a-z]/i);
      }
      expect(mail.html).not.to.match(/<a |<script|<img|style=/);
      expect(mail.text.indexOf('様')).to.be.lessThan(mail.text.indexOf('Dear'));
    });
  }

  it('is in one language alone when the reader’s is known', () => {
    const ja = mailOf(owed('link-made', link, { language: 'ja' }), brand);
    const en = mailOf(owed('link-made', link, { language: 'en' }), brand);
    expect(ja.subject).to.equal('【Webサービス】ID連携が完了しました');
    expect(ja.text).not.to.contain('Dear');
    expect(en.subject).to.equal('[Web Service] Link made');
    expect(en.text).not.to.contain('様');
  });

  it('writes the e-mail code in two groups, and the time of a lock in full', () => {
    const [code, , , , , , , locked] = all.map((one) => mailOf(one, brand).text);
    expect(code).to.contain('1234 5678');
    expect(code).to.contain('職員がこの番号をお尋ねすることはありません。');
    expect(locked).to.contain('2026年11月24日(火) 9:20からログインできます。');
    expect(locked).to.contain('ID連携ログインはご利用いただけます。');
    expect(locked).to.contain('貴社のマスターユーザまたは管理者ユーザへご依頼ください。');
    expect(locked).not.to.contain('端末: ');
  });
});
