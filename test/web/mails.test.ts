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

const app = { serviceId: '10000001', address: 'https://web.bank.example/token-app' };
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
  owed('email-code', { code: '87654321', purpose: 'reset', until: now + minutes(10) }),
  owed('email-changed', {
    old: 'misaki@old.example.co.jp',
    new: 'suzuki@new.example.co.jp',
    usableFrom: now + days(1),
    masked: 'new',
  }),
  owed('email-changed', { old: '', new: 'suzuki@new.example.co.jp', usableFrom: null, masked: 'old' }, { by: 'admin' }),
  owed('password-set', { login: true, confirmation: false, forced: true }, { by: 'admin' }),
  owed('password-set', { login: true, confirmation: true, forced: false }, { by: 'desk' }),
  owed(
    'rights-changed',
    { added: 'records\n外為サービス', removed: 'デモ提携サービス', adminGranted: false, adminRemoved: true },
    { by: 'admin' },
  ),
  owed('rights-changed', { added: '', removed: '', adminGranted: true, adminRemoved: false }, { by: 'admin' }),
  owed('registered', {}, { by: 'admin' }),
  owed('registration-removed', {}, { by: 'admin' }),
  owed('password-expires', { which: 'both', expires: now + days(14), days: 14 }, { by: 'system' }),
  owed('password-expires', { which: 'confirmation', expires: now + days(1), days: 1 }, { by: 'system' }),
  owed('reset-received', { number: '4821-0093' }),
  owed('reset-decided', { number: '4821-0093', approved: true, why: null }, { by: 'desk' }),
  owed('reset-decided', { number: '4821-0093', approved: false, why: '印影を確認できませんでした。' }, { by: 'desk' }),
  owed('spray', { from: now, count: 1204 }, { by: 'system' }),
  owed('last-releaser', {}, { by: 'system' }),
  owed(
    'user-stopped',
    {
      who: '高橋 健',
      loginName: 'ktakahashi47',
      which: 'login',
      state: 'locked',
      until: now + minutes(30),
      cause: 'misses',
    },
    { by: 'system' },
  ),
  owed(
    'user-stopped',
    { who: '高橋 健', loginName: 'ktakahashi47', which: 'otp', state: 'stopped', until: null, cause: 'drift' },
    { by: 'system' },
  ),
  owed('token-issued', { userId: '7K3F92QDWXYZ', until: now + days(3) }),
  owed('token-in-use', { kind: 'hardware', last4: '0021' }),
  owed('token-in-use', { kind: 'software', last4: 'WXYZ' }),
  owed('token-in-use', { kind: 'authenticator', last4: '' }),
  owed('token-revoked', { kind: 'software', last4: '', until: now + minutes(20), night: false, why: 'phone' }),
  owed(
    'token-revoked',
    { kind: 'software', last4: '', until: now + days(1), night: true, why: 'other' },
    { by: 'desk' },
  ),
  owed('token-revoked', { kind: 'hardware', last4: '0021', until: null, night: false, why: 'lost' }, { by: 'admin' }),
  owed('token-revoked-without-token', { role: 'master', count: 12 }, { by: 'admin' }),
  owed('token-expires', { last4: '0021', expires: now + days(60), days: 60, successor: null }, { by: 'system' }),
  owed('token-expires', { last4: '0021', expires: now + days(7), days: 7, successor: 'shipped' }, { by: 'system' }),
  owed('token-expires', { last4: '0021', expires: now + days(1), days: 1, successor: 'arrived' }, { by: 'desk' }),
  owed('token-expires', { last4: '0021', expires: now + days(7), days: 7, successor: 'app' }, { by: 'system' }),
  owed(
    'registration-due',
    { limit: now + days(7), shippedAt: now - days(3), blocks: 'operations' },
    { by: 'system', agent: '' },
  ),
  owed('registration-due', { limit: now + days(1), shippedAt: null, blocks: 'login' }, { by: 'desk' }),
  owed('issue-allowed', {}, { by: 'desk' }),
  owed('clock', { behind: 3 }, { by: 'system' }),
];

/** The words of the first mail of a name. */
const said = (name: OwedMail['mail'], nth = 0): string => {
  const found = all.filter((one) => one.mail === name)[nth];
  if (!found) throw new Error(`no sample of ${name}`);
  return mailOf(found, brand, app).text;
};

describe('every mail', () => {
  for (const [place, one] of all.entries()) {
    it(`${one.mail} (${place + 1}) says in text and HTML the same, Japanese then English`, () => {
      const mail = mailOf(one, brand, app);
      expect(mail.subject).to.match(/^【Webサービス】.+ \/ [A-Z]/);
      for (const part of [mail.text, mail.html]) {
        expect(part).to.contain('鈴木 美咲様');
        expect(part).to.contain('Dear 鈴木 美咲,');
        expect(part).to.contain('7K3F-92QD');
        expect(part).to.contain('このメールにはログイン画面へのリンクはありません。');
        expect(part).to.match(/メール番号 MAI0\d\d/);
        expect(part.replaceAll(one.mail === 'token-issued' ? app.address : '', '')).not.to.match(
          /undefined|NaN|https?:|\{[a-z]/i,
        );
      }
      expect(mail.html).not.to.match(one.mail === 'token-issued' ? /<script|<img|style=/ : /<a |<script|<img|style=/);
      expect(mail.text.indexOf('様')).to.be.lessThan(mail.text.indexOf('Dear'));
    });
  }

  it('is in one language alone when the reader’s is known', () => {
    const ja = mailOf(owed('link-made', link, { language: 'ja' }), brand, app);
    const en = mailOf(owed('link-made', link, { language: 'en' }), brand, app);
    expect(ja.subject).to.equal('【Webサービス】ID連携が完了しました');
    expect(ja.text).not.to.contain('Dear');
    expect(en.subject).to.equal('[Web Service] Link made');
    expect(en.text).not.to.contain('様');
  });

  it('writes the e-mail code in two groups, and the time of a lock in full', () => {
    const [code, , , , , , , locked] = all.map((one) => mailOf(one, brand, app).text);
    expect(code).to.contain('1234 5678');
    expect(code).to.contain('職員がこの番号をお尋ねすることはありません。');
    expect(locked).to.contain('2026年11月24日(火) 9:20からログインできます。');
    expect(locked).to.contain('ID連携ログインはご利用いただけます。');
    expect(locked).to.contain('貴社のマスターユーザまたは管理者ユーザへご依頼ください。');
    expect(locked).not.to.contain('端末: ');
  });

  it('masks the new address in the mail to the old one, and the old one in the mail to the new one', () => {
    expect(said('email-changed'))
      .to.contain('変更前: misaki@old.example.co.jp')
      .and.to.contain('変更後: s***@new.example.co.jp')
      .and.to.contain('2026年11月25日(水) 8:50からトークン発行に使えます。')
      .and.not.to.contain('suzuki@');
    const changed = owed('email-changed', { old: 'misaki@old.example.co.jp', new: 'b@c.example', masked: 'old' });
    expect(mailOf(changed, brand, app).text)
      .to.contain('変更前: m***@old.example.co.jp')
      .and.to.contain('変更後: b@c.example')
      .and.not.to.contain('misaki@');
    expect(said('email-changed', 1)).to.contain('変更前: なし');
  });

  it('tells which passwords others set and that they must be changed, which rights came and went', () => {
    expect(said('password-set'))
      .to.contain('変更したパスワード: ログインパスワード\n')
      .and.to.contain('次回ログインするときに、ご自身のパスワードへの変更が必要です。')
      .and.to.contain('操作: 管理者ユーザ');
    expect(said('password-set', 1)).to.contain('確認用パスワード').and.not.to.contain('変更が必要です');
    expect(said('rights-changed'))
      .to.contain('追加: 操作履歴照会 / 外為サービス\n')
      .and.to.contain('削除: 管理者権限 / デモ提携サービス\n')
      .and.to.contain('Added: Viewing records / 外為サービス\n');
    expect(said('rights-changed', 1)).to.contain('追加: 管理者権限\n').and.to.contain('削除: なし');
  });

  it('tells of a registration neither ID nor password', () => {
    expect(said('registered'))
      .to.contain('管理者ユーザから通知書をお受け取りください。')
      .and.not.to.match(/\b\d{9}\b/);
  });

  it('tells the day on which a password expires, and how many days are left', () => {
    expect(said('password-expires'))
      .to.contain('パスワードの有効期限は2026年12月8日(火)です。')
      .and.to.contain('対象: ログインパスワード / 確認用パスワード\n')
      .and.to.contain('残りの日数: 14日\n')
      .and.to.contain('Left: 14 days\n');
    expect(said('password-expires', 1)).to.contain('対象: 確認用パスワード\n').and.to.contain('Left: 1 day\n');
  });

  it('tells the day on which a key-fob ends, by its last four, and whether the new one is on its way', () => {
    expect(said('token-expires'))
      .to.contain('お使いのトークンの有効期限は2027年1月23日(土)です。')
      .and.to.contain('シリアル番号の末尾 0021')
      .and.to.contain('残りの日数: 60日\n')
      .and.to.contain('新しいトークンは、有効期限の前に無料でお送りします。')
      .and.to.contain('A new token will be sent free of charge');
    expect(said('token-expires', 1)).to.contain('新しいトークンを発送しました。').and.not.to.contain('無料');
    expect(said('token-expires', 2)).to.contain('新しいトークンが届いています。').and.to.contain('Left: 1 day\n');
  });

  it('tells until when a token is registered, and what can’t be done afterwards', () => {
    expect(said('registration-due'))
      .to.contain('登録期限: 2026年12月1日(火) 8:50\n')
      .and.to.contain('発送日時: 2026年11月21日(土) 8:50\n')
      .and.to.contain('登録するまでコードの入力が必要な操作ができません。');
    expect(said('registration-due', 1)).to.contain('登録するまでログインができません。').and.not.to.contain('発送日時');
  });

  it('tells the result of a request: by post, or why it was sent back', () => {
    expect(said('reset-received')).to.contain('受付番号: 4821-0093\n').and.to.contain('届くまで変わりません');
    expect(said('reset-decided')).to.contain('住所へ郵送します').and.not.to.contain('理由');
    expect(said('reset-decided', 1)).to.contain('理由: 印影を確認できませんでした。\n').and.not.to.contain('郵送');
  });

  it('tells those who may release whom it hit, which lock, why, and where it is released', () => {
    expect(said('user-stopped'))
      .to.contain('利用者: 高橋 健さん(ktakahashi47)')
      .and.to.contain('2026年11月24日(火) 9:20に自動で解除されます。')
      .and.to.contain('原因: 誤入力')
      .and.to.contain('「利用者停止・解除」');
    expect(said('user-stopped', 1))
      .to.contain('時間が過ぎても解除されません。')
      .and.to.contain('原因: 時刻のずれ')
      .and.to.contain('「ワンタイムパスワードの利用停止解除」');
    expect(said('spray')).to.contain('回数: 1,204回').and.to.contain('送信元からの受付を制限しています。');
    expect(said('last-releaser')).to.contain('管理者ユーザをもう1名登録してください。');
  });

  it('tells a telephone what its app asks for, with the app’s page as the only link, and no password', () => {
    expect(said('token-issued'))
      .to.contain('サービスID: 10000001\nユーザID: 7K3F 92QD WXYZ\nアプリ: https://web.bank.example/token-app\n')
      .and.to.contain('有効期限: 2026年11月27日(金) 8:50')
      .and.to.contain('このメールには記載していません。');
    const issued = all.find((one) => one.mail === 'token-issued');
    const html = issued === undefined ? '' : mailOf(issued, brand, app).html;
    expect(new Set(html.match(/<a [^>]*>/g))).to.deep.equal(new Set([`<a href="${app.address}">`]));
  });

  it('says from when a new token can be had, or that it can at once', () => {
    expect(said('token-revoked'))
      .to.contain('トークン: スマホアプリ形式\n理由: 機種変更\n')
      .and.to.contain('2026年11月24日(火) 9:10から、新しいトークンの発行とログインができます。')
      .and.not.to.contain('夜間');
    expect(said('token-revoked', 1)).to.contain('夜間に失効したため、朝の再開時刻からになります。');
    expect(said('token-revoked', 2))
      .to.contain('トークン: キーホルダー形式(シリアル番号の末尾 0021)\n理由: 紛失・盗難\n')
      .and.to.contain('新しいトークンはすぐに登録できます。');
    expect(said('token-in-use')).to.contain('トークン: キーホルダー形式(シリアル番号の末尾 0021)\n');
    expect(said('token-in-use', 1)).to.contain('トークン: スマホアプリ形式(ユーザIDの末尾 WXYZ)\n');
    expect(said('token-in-use', 2)).to.contain('トークン: 市販の認証アプリ\n');
  });

  it('tells other administrators who revoked without a token of their own, by role, and how many it hit', () => {
    expect(said('token-revoked-without-token'))
      .to.contain('操作した方: マスターユーザ\n対象の利用者: 12名\n')
      .and.to.contain('トークンを使えない方が')
      .and.to.contain('メール番号 MAI017');
  });

  it('greets the desk by its name where nobody is addressed, in each language', () => {
    const desk = mailOf(owed('clock', { behind: 3 }, { by: 'system', personName: '' }), brand, app);
    expect(desk.text)
      .to.contain('ビジネスヘルプデスク様')
      .and.to.contain('Dear Business Helpdesk,')
      .and.to.contain('戻った時間: 3分以上\n');
  });

  it('says why a device ended, by whatever it was ended', () => {
    const whys = {
      'token': 'トークンが変更されました',
      'password': 'パスワードが変更されました',
      'otp-stop': 'ワンタイムパスワードが利用停止になりました',
      'unlink': 'ID連携が解除されました',
      'company-settings': '設定が変更されました',
    };
    for (const [why, words] of Object.entries(whys))
      expect(mailOf(owed('device-ended', { why }), brand, app).text).to.contain(`理由: ${words}\n`);
  });

  it('says for every purpose what a code is for', () => {
    const purposes = {
      issue: 'トークン発行',
      authenticator: '認証アプリ登録',
      register: 'トークン利用開始登録',
      revoke: 'トークン失効',
    };
    for (const [purpose, word] of Object.entries(purposes)) {
      const code = owed('email-code', { code: '12345678', purpose, until: now });
      expect(mailOf(code, brand, app).text).to.contain(`用途: ${word}\n`);
    }
  });

  it('tells what remains after a release', () => {
    const released = owed('released', { login: true, remaining: 'otp-stopped account-stopped' }, { by: 'admin' });
    expect(mailOf(released, brand, app).text).to.contain('残っている制限: ワンタイムパスワード利用停止 / 利用停止\n');
  });
});
