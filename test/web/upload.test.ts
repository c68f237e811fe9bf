// The reading of posted files, against a server of its own and raw sockets: only whole forms count, with the fields of a long
// file before it; memory stays bounded, whoever is slow is cut off, and an early answer arrives although the browser still sends.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import Koa, { type Context } from 'koa';
import { NotUnderstood } from '../../src/web/form.ts';
import { letGoBy, openUpload, type Upload } from '../../src/web/upload.ts';

const limits = { fields: ['csrf', 'transport_key'], file: 'file', bytes: 1_000_000, held: 100_000 };
const boundary = 'a-boundary';

interface Seen {
  readonly status: number;
  readonly fields: string;
  readonly bytes: number;
}

let server: Server;
let work: (ctx: Context, upload: Upload) => Promise<Seen>;
let last: Promise<Seen>;

/** What a handler of files does: opens, works, and lets the rest go by. */
const app = new Koa();
app.silent = true;
app.use(async (ctx) => {
  const done = Promise.withResolvers<Seen>();
  last = done.promise;
  let seen: Seen;
  try {
    seen =
      ctx.path === '/unread' ? { status: 303, fields: '', bytes: 0 } : await work(ctx, await openUpload(ctx, limits));
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    seen = { status: error.status, fields: '', bytes: 0 };
  } finally {
    letGoBy(ctx);
  }
  done.resolve(seen);
  ctx.status = seen.status;
  ctx.body = `${seen.fields} ${seen.bytes}`;
});

async function readAll(_ctx: Context, upload: Upload): Promise<Seen> {
  let bytes = 0;
  for await (const chunk of upload.file.bytes) bytes += chunk.length;
  return { status: 200, fields: `${upload.form.text('csrf')} ${upload.form.text('transport_key')}`, bytes };
}

const field = (name: string, value: string, more = ''): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const file = (content: string, name = 'file'): string => field(name, content, '; filename="seeds.csv"');
const close = `--${boundary}--\r\n`;

function port(): number {
  const address = server.address();
  const isAddress = (value: typeof address): value is AddressInfo => typeof value === 'object' && value !== null;
  if (!isAddress(address)) throw new Error('no port');
  return address.port;
}

async function post(
  body: BodyInit,
  type = `multipart/form-data; boundary=${boundary}`,
  more = {},
): Promise<[number, string]> {
  const answer = await fetch(`http://127.0.0.1:${port()}/`, {
    method: 'POST',
    headers: { 'content-type': type, ...more },
    body,
  });
  return [answer.status, await answer.text()];
}

/** A request by hand: its head went out, the rest is the test's. */
async function byHand(length: number, path = '/'): Promise<Socket> {
  const socket = connect(port(), '127.0.0.1');
  await once(socket, 'connect');
  const type = `Content-Type: multipart/form-data; boundary=${boundary}`;
  socket.write(`POST ${path} HTTP/1.1\r\nHost: here\r\n${type}\r\nContent-Length: ${length}\r\n\r\n`);
  return socket;
}

/** Everything that the server said until it closed or said enough. */
async function said(socket: Socket, enough = /(?!)/): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  for (let round = 0; round < 400 && !socket.closed && !enough.test(text); round += 1)
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  return text;
}

describe('a posted file', () => {
  before(async () => {
    server = createServer({ requestTimeout: 700, connectionsCheckingInterval: 100 }, app.callback());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    work = readAll;
  });

  it('comes with its fields, byte for byte, from this platform’s own form data too', async () => {
    const body = field('csrf', 'token') + field('transport_key', '鍵') + file('a,b\r\n1,2\r\n') + close;
    expect(await post(body)).to.deep.equal([200, 'token 鍵 10']);
    const form = new FormData();
    form.append('csrf', 'token');
    form.append('file', new Blob([new Uint8Array(999_999)]), '種.xml');
    const answer = await fetch(`http://127.0.0.1:${port()}/`, { method: 'POST', body: form });
    expect([answer.status, await answer.text()]).to.deep.equal([200, 'token  999999']);
    expect(await post(field('csrf', 'token') + file('') + close)).to.deep.equal([200, 'token  0']);
  });

  it('comes with its fields behind it, as long as it is short', async () => {
    const [token, key, short] = [field('csrf', 'token'), field('transport_key', 'k'), file('x'.repeat(90_000))];
    for (const parts of [token + short + key, short + key + token])
      expect(await post(parts + close)).to.deep.equal([200, 'token k 90000']);
  });

  const refused: readonly (readonly [string, string, 400 | 413])[] = [
    ['a field behind a long file', file('x'.repeat(200_000)) + field('csrf', 'token') + close, 400],
    [
      'a field behind a short file that came before it too',
      field('csrf', 'a') + file('x') + field('csrf', 'b') + close,
      400,
    ],
    ['a field behind a short file that is too long', file('x') + field('csrf', 'k'.repeat(1025)) + close, 413],
    ['two files', file('x') + file('y') + close, 400],
    ['two files of other names', file('x') + file('y', 'other') + close, 400],
    ['a file under another name', field('csrf', 'token') + file('x', 'csrf2') + close, 400],
    ['a field that comes twice', field('csrf', 'token') + field('csrf', 'other') + file('x') + close, 400],
    ['a field nobody knows', field('otp2', '1') + file('x') + close, 400],
    ['the name of an object’s own parts', field('__proto__', 'x') + file('x') + close, 400],
    ['a constructor', field('constructor', 'x') + file('x') + close, 400],
    ['a list', field('csrf[]', 'x') + file('x') + close, 400],
    ['no name', `--${boundary}\r\nContent-Disposition: form-data\r\n\r\nx\r\n${file('x')}${close}`, 400],
    ['no file', field('csrf', 'token') + close, 400],
    ['nothing', '', 400],
    ['nothing but the end', close, 400],
    ['another boundary within', file('x').replaceAll(boundary, 'another') + close, 400],
    ['no closing line', field('csrf', 'token') + file('x'), 400],
    ['an end within the file', field('csrf', 'token') + file('x').slice(0, -3), 400],
    ['an end within the fields', field('csrf', 'tok').slice(0, -4), 400],
    ['broken UTF-8 in a field', field('csrf', '\uFFFD') + file('x') + close, 400],
    ['a field that is too long', field('transport_key', 'k'.repeat(1025)) + file('x') + close, 413],
    ['too much before the file', 'p'.repeat(90_000) + field('csrf', 'token') + file('x') + close, 413],
    ['a file that is too large', field('csrf', 'token') + file('x'.repeat(1_000_001)) + close, 413],
    ['a body that says it is too large', field('csrf', 'token') + file('x'.repeat(1_100_000)) + close, 413],
  ];
  for (const [what, body, status] of refused) {
    it(`is refused with ${what}`, async () => {
      expect((await post(body))[0]).to.equal(status);
      expect((await last).bytes, 'nothing of it counted').to.equal(0);
    });
  }

  it('is refused by size although nobody said how large it would be', async () => {
    const parts = new ReadableStream({
      start(controller) {
        const bytes = new TextEncoder();
        controller.enqueue(bytes.encode(field('csrf', 'token') + file('x'.repeat(600_000)).trimEnd()));
        controller.enqueue(bytes.encode('x'.repeat(600_000)));
        controller.close();
      },
    });
    const url = `http://127.0.0.1:${port()}/`;
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
    const init: RequestInit & { readonly duplex: 'half' } = { method: 'POST', headers, body: parts, duplex: 'half' };
    const answer = await fetch(url, init);
    expect(answer.status).to.equal(413);
  });

  it('is refused under another type, without a boundary, with two, or packed', async () => {
    const body = field('csrf', 'token') + file('x') + close;
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      `multipart/form-data; boundary=${boundary}; boundary=other`,
      `multipart/form-data; charset=utf-8; boundary=${boundary}`,
      `multipart/mixed; boundary=${boundary}`,
      `multipart/form-data; boundary=${'b'.repeat(71)}`,
      'text/plain',
    ])
      expect((await post(body, type))[0], type).to.equal(400);
    expect((await post(body, undefined, { 'content-encoding': 'gzip' }))[0]).to.equal(400);
  });

  it('is not a byte of it looked at before its fields were judged', async () => {
    work = async (_ctx, upload) => ({ status: 403, fields: upload.form.text('csrf'), bytes: 0 });
    const socket = await byHand(900_000);
    socket.write(field('csrf', 'wrong') + file('x'.repeat(200_000)).trimEnd());
    const answer = await said(socket, /wrong 0/);
    expect(answer).to.match(/^HTTP\/1.1 403/);
    socket.destroy();
  });

  it('that broke off half-way is a fault for whoever reads it', async () => {
    const socket = await byHand(900_000);
    socket.write(field('csrf', 'token') + file('x'.repeat(300_000)).trimEnd());
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    socket.destroy();
    expect((await last).status).to.equal(400);
  });

  it('that drips in is cut off by the server’s own limit', async () => {
    const socket = await byHand(900_000);
    socket.write(field('csrf', 'token') + file('x').trimEnd());
    const drip = setInterval(() => socket.write('x'), 50);
    const answer = await said(socket);
    clearInterval(drip);
    expect(answer).to.match(/^HTTP\/1.1 408/);
    expect((await last).status).to.equal(400);
  });

  it('may be answered unread: the answer comes at once, and the rest goes by', async () => {
    const socket = await byHand(900_000, '/unread');
    const answer = await said(socket, /303/);
    expect(answer).to.match(/^HTTP\/1.1 303/);
    socket.write(`${'x'.repeat(900_000)}POST /unread HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n`);
    expect(await said(socket, /303/), 'the connection goes on').to.match(/HTTP\/1.1 303/);
    socket.destroy();
  });

  it('that is read slowly is held back at the sender: memory holds little of it', async () => {
    let most = 0;
    work = async (ctx, upload) => {
      const before = ctx.req.socket.bytesRead;
      let bytes = 0;
      for await (const chunk of upload.file.bytes) {
        bytes += chunk.length;
        if (bytes < 400_000)
          await new Promise((resolve) => {
            setTimeout(resolve, 5);
          });
        most = Math.max(most, ctx.req.socket.bytesRead - before - bytes);
      }
      return { status: 200, fields: '', bytes };
    };
    expect(await post(field('csrf', 'token') + file('x'.repeat(990_000)) + close)).to.deep.equal([200, ' 990000']);
    expect(most).to.be.below(400_000);
  });

  it('in any order of its bytes breaks nothing', async () => {
    const whole = field('csrf', 'token') + field('transport_key', 'k') + file('x'.repeat(50)) + close;
    let seed = 7;
    const chance = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change <= chance(6); change += 1) {
        const at = chance(bytes.length);
        if (chance(3) === 0) bytes.copyWithin(at, chance(bytes.length), bytes.length);
        else bytes[at] = [0, 10, 13, 34, 45, 58, 59, 92, 255, chance(256)][chance(10)] ?? 0;
      }
      const [status] = await post(bytes);
      expect([200, 400, 413]).to.include(status);
    }
  });
});
