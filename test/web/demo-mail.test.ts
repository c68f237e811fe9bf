// The demo's mail reader over real SMTP and HTTP: what came, for whom, with which code; and the switch of the clock.
import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createTransport } from 'nodemailer';
import { mailReader } from '../../src/demo/mail-reader.ts';
import { parseMail } from '../../src/demo/mail-parse.ts';
import { codeOf } from '../../src/demo/mailbox.ts';
import type { ClockControl } from '../../src/demo/clock.ts';
import { refusalOf, screenOf, visitor } from './demo-visitor.ts';
import { freePort } from '../support/ports.ts';

const standStill = (): ClockControl => {
  let offset = 0;
  return {
    get: () => offset,
    setOffset: (seconds) => {
      if (seconds < offset) return false;
      offset = seconds;
      return true;
    },
  };
};

describe('the mail reader of the demo', () => {
  let dataDir: string;
  let url: string;
  let smtpPort: number;
  let reader: ReturnType<typeof mailReader>;

  const start = async () => {
    reader = mailReader({ url, port: Number(new URL(url).port), smtpPort, dataDir, clock: standStill() });
    await reader.listen();
  };
  const mail = async (message: object) => {
    const transport = createTransport({ host: '127.0.0.1', port: smtpPort, secure: false });
    await transport.sendMail({ from: 'Webサービス <no-reply@renkei.example.co.jp>', ...message });
    transport.close();
  };
  const messages = async (to: string): Promise<Record<string, unknown>[]> => {
    const answer: unknown = await (await fetch(`${url}/messages?to=${encodeURIComponent(to)}`)).json();
    return Array.isArray(answer) ? answer : [];
  };

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'renkei-mail-'));
    url = `http://localhost:${await freePort()}`;
    smtpPort = await freePort();
    await start();
  });
  afterEach(async () => {
    await reader.close();
    rmSync(dataDir, { recursive: true });
  });

  it('tells a program the mails of one person, newest first, with the e-mail code', async () => {
    const to = 'snakamura@minato.example.co.jp';
    await mail({
      to,
      subject: '【Webサービス】メール通知パスワード',
      text: '中村 さくら様\nメール通知パスワード: 4821 0937\n{desk} 0120-000-000 (平日9:00〜17:00)',
      html: '<p>4821 0937</p>',
    });
    await mail({
      to,
      subject: '【Webサービス】ID連携が完了しました。これは長い件名で、折り返されて届きます',
      text: '2026年11月22日(日) 8:50\nお問い合わせ番号 7K3F-92QD',
    });
    await mail({ to: 'other@minato.example.co.jp', subject: 'x', text: 'y' });
    const found = await messages('SNakamura@minato.example.co.jp');
    expect(found.map(({ subject }) => subject)).to.deep.equal([
      '【Webサービス】ID連携が完了しました。これは長い件名で、折り返されて届きます',
      '【Webサービス】メール通知パスワード',
    ]);
    expect(found.map(({ code }) => code)).to.deep.equal([null, '48210937']);
    expect(Object.keys(found[0] ?? {})).to.deep.equal(['id', 'date', 'to', 'subject', 'text', 'code']);
    expect(found[1]?.to).to.equal(to);
    expect(found[1]?.text).to.contain('中村 さくら様');
    expect(await messages('nobody@example.co.jp')).to.deep.equal([]);
  });

  it('keeps a mail for each recipient of the envelope', async () => {
    await mail({ to: ['a@example.co.jp', 'b@example.co.jp'], subject: 's', text: 't' });
    expect(await messages('a@example.co.jp')).to.have.length(1);
    expect(await messages('b@example.co.jp')).to.have.length(1);
  });

  it('shows list and mail to eyes, and the HTML part without any rights', async () => {
    const eyes = visitor();
    expect((await eyes.open(`${url}/`)).html)
      .to.contain('メールはまだありません。')
      .and.contain('デモ環境');
    await mail({
      to: 'a@example.co.jp',
      subject: '<b>件名</b>',
      text: 'コード 1234 5678',
      html: '<p onclick="x()">本文</p>',
    });
    const list = await eyes.open(`${url}/?q=a@example`);
    expect(screenOf(list)).to.equal('MBX001');
    expect(list.html).to.contain('&lt;b>件名&lt;/b>');
    const id = String((await messages('a@example.co.jp'))[0]?.id);
    const one = await eyes.open(`${url}/${id}`);
    expect(screenOf(one)).to.equal('MBX002');
    expect(one.html).to.contain('1234 5678').and.contain(`href="/${id}/html"`);
    const html = await eyes.open(`${url}/${id}/html`);
    expect(html.headers.get('content-security-policy')).to.contain('sandbox');
    expect((await eyes.open(`${url}/?q=nothing`)).html).to.contain('条件に合うメールがありません。');
    const missing = await eyes.open(`${url}/999`);
    expect([missing.status, refusalOf(missing)]).to.deep.equal([404, 'not-found']);
  });

  it('still has the mails after a restart, and leaves out a line that a kill cut off', async () => {
    await mail({ to: 'a@example.co.jp', subject: '前', text: 't' });
    await reader.close();
    appendFileSync(join(dataDir, 'mail.jsonl'), '{"id":"2","da');
    await start();
    await mail({ to: 'a@example.co.jp', subject: '後', text: 't' });
    expect((await messages('a@example.co.jp')).map(({ subject }) => subject)).to.deep.equal(['後', '前']);
    await reader.close();
    await start();
    expect(await messages('a@example.co.jp')).to.have.length(2);
  });

  it('refuses a mail over 1 MiB and goes on', async () => {
    let refused = '';
    await mail({ to: 'a@example.co.jp', subject: 'big', text: 'x'.repeat(1_200_000) }).catch((error: Error) => {
      refused = error.message;
    });
    expect(refused).to.match(/552|size/i);
    await mail({ to: 'a@example.co.jp', subject: 'small', text: 'x' });
    expect(await messages('a@example.co.jp')).to.have.length(1);
  });

  it('tells and sets the clock: forward only 409, malformed 400', async () => {
    const post = (body: string, type = 'application/json') =>
      fetch(`${url}/clock`, { method: 'POST', body, headers: { 'content-type': type } });
    const now = await (await fetch(`${url}/clock`)).json();
    expect(now).to.have.keys('offset_seconds', 'now');
    expect(now).to.include({ offset_seconds: 0 });
    const set = await post('{"offset_seconds": 120}');
    expect([set.status, (await set.json()).offset_seconds]).to.deep.equal([200, 120]);
    expect((await post('offset_seconds=180', 'application/x-www-form-urlencoded')).status).to.equal(200);
    for (const lower of ['{"offset_seconds": 179}', '{"offset_seconds": -1}']) {
      const answer = await post(lower);
      expect(answer.status).to.equal(409);
      expect(await answer.json()).to.include({ error: 'conflict' });
    }
    for (const malformed of [
      '',
      '{}',
      '{',
      '[1]',
      '"x"',
      '{"offset_seconds":"soon"}',
      '{"offset_seconds":null}',
      '{"offset_seconds":[200]}',
      '{"offset_seconds":1e300}',
    ]) {
      const answer = await post(malformed);
      expect(answer.status, malformed).to.equal(400);
      expect(await answer.json()).to.include({ error: 'invalid_request' });
    }
    expect((await post('offset_seconds=1&offset_seconds=2', 'application/x-www-form-urlencoded')).status).to.equal(400);
    expect((await post('offset_seconds=200', 'text/plain')).status).to.equal(400);
    expect((await post(`{"offset_seconds": 200, "x": "${'x'.repeat(5_000)}"}`)).status).to.equal(400);
    expect(await (await fetch(`${url}/clock`)).json()).to.include({ offset_seconds: 180 });
  });
});

describe('reading a mail', () => {
  const subjectOf = (line: string) => parseMail(Buffer.from(`Subject: ${line}\r\n\r\n`)).subject;

  it('joins encoded words that were cut inside a character', () => {
    const bytes = Buffer.from('連携の解除');
    const word = (part: Buffer) => `=?UTF-8?B?${part.toString('base64')}?=`;
    expect(subjectOf(`${word(bytes.subarray(0, 4))}\r\n ${word(bytes.subarray(4))}`)).to.equal('連携の解除');
    expect(subjectOf('=?utf-8?Q?a_=E9=80=A3?= b')).to.equal('a 連 b');
    expect(subjectOf('=?iso-2022-jp?B?GyRCTyI3SBsoQg==?=')).to.equal('連携');
  });

  it('takes no broken mail as a reason to fail', () => {
    for (const broken of [
      '',
      '\r\n',
      'no colon',
      'Content-Type: multipart/mixed\r\n\r\nx',
      'Content-Type: text/plain; charset=nonsense\r\n\r\nx',
      'Subject: =?x?B?!!?=\r\n\r\n',
    ]) {
      expect(() => parseMail(Buffer.from(broken))).not.to.throw();
    }
    const nested = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(40);
    expect(parseMail(Buffer.from(nested)).text).to.be.a('string');
  });

  it('finds the code in two groups of four, and none in telephone numbers, dates or serials', () => {
    expect(codeOf('番号: 1234 5678 です')).to.equal('12345678');
    expect(codeOf('1234-5678')).to.equal('12345678');
    for (const none of ['03-1234-5678', '0120-123-4567', '1234 5678 9012', '2026-11-22', '12345678', 'tel 0312345678'])
      expect(codeOf(none), none).to.equal(null);
  });
});
