// Delivery against a real SMTP server on loopback.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SMTPServer } from 'smtp-server';
import { mailDelivery } from '../../src/mail/delivery.ts';

interface Received {
  readonly to: readonly string[];
  readonly source: string;
}

const signal = new AbortController().signal;
const owed = (payload: Readonly<Record<string, unknown>>) => ({
  id: 'row-1',
  payload,
  createdAt: Date.UTC(2026, 10, 22),
});

function port(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

describe('mail delivery', () => {
  const received: Received[] = [];
  const refused = 'nobody@example.jp';
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (address, _session, callback) =>
      callback(
        address.address === refused ? Object.assign(new Error(`no such box ${refused}`), { responseCode: 550 }) : null,
      ),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({
          to: session.envelope.rcptTo.map((to) => to.address),
          source: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
  });
  let smtpUrl = '';
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    smtpUrl = `smtp://127.0.0.1:${port(server.server.address())}`;
  });
  after(() => new Promise<void>((done) => server.close(done)));
  beforeEach(() => void (received.length = 0));

  const mail = { to: 'taro@example.jp', subject: '【Webサービス】お知らせ', text: '本文\nText', html: '<p>本文</p>' };

  it('hands over text and HTML, dated when the event was, with an id that is the same at every try', async () => {
    const delivery = mailDelivery({ smtpUrl, from: 'Webサービス <web@bank.example>' });
    await delivery.deliver(owed(mail), signal);
    await delivery.deliver(owed(mail), signal);
    delivery.close();
    expect(received).to.have.length(2);
    for (const { to, source } of received) {
      expect(to).to.deep.equal(['taro@example.jp']);
      expect(source).to.match(/^Message-ID: <row-1@bank\.example>\r$/m);
      expect(source).to.match(/^Date: Sun, 22 Nov 2026 00:00:00 \+0000\r$/m);
      expect(source).to.match(/multipart\/alternative/);
    }
  });

  it('reads one address as one address', async () => {
    const delivery = mailDelivery({ smtpUrl, from: 'web@bank.example' });
    const two = { ...mail, to: 'a@example.jp, b@example.jp', html: null };
    await delivery.deliver(owed(two), signal).catch(() => {});
    delivery.close();
    expect(received.flatMap((one) => one.to)).not.to.include('b@example.jp');
  });

  it('tells a refusal by its codes, never by the address', async () => {
    const delivery = mailDelivery({ smtpUrl, from: 'web@bank.example' });
    const error: unknown = await delivery
      .deliver(owed({ ...mail, to: refused }), signal)
      .catch((reason: unknown) => reason);
    delivery.close();
    expect(String(error)).to.match(/550/).and.not.include('nobody');
  });

  it('refuses a row that is no mail', async () => {
    const delivery = mailDelivery({ smtpUrl, from: 'web@bank.example' });
    const error: unknown = await delivery.deliver(owed({ to: ['x'] }), signal).catch((reason: unknown) => reason);
    delivery.close();
    expect(String(error)).to.include('not a mail');
  });

  it('gives up on a server that says nothing when its time is over', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const delivery = mailDelivery({ smtpUrl: `smtp://127.0.0.1:${port(silent.address())}`, from: 'web@bank.example' });
    const began = performance.now();
    const error: unknown = await delivery
      .deliver(owed(mail), AbortSignal.timeout(200))
      .catch((reason: unknown) => reason);
    delivery.close();
    silent.close();
    expect(String(error)).to.include('did not take it');
    expect(performance.now() - began).to.be.lessThan(10_000);
  });

  it('does not send in clear to another machine', async () => {
    // This machine, by an address that does not count as loopback.
    const other = mailDelivery({
      smtpUrl: smtpUrl.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
      from: 'web@bank.example',
    });
    const error: unknown = await other.deliver(owed(mail), signal).catch((reason: unknown) => reason);
    other.close();
    expect(String(error)).to.include('ETLS');
    expect(received).to.deep.equal([]);
  });
});
