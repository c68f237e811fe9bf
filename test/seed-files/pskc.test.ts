// PSKC (RFC 6030): the examples of the RFC, each way of closing values, and what is refused of a container.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  closedByPassword,
  closedCbc,
  keyName,
  keyPackage,
  pskcFile,
  pskcHead,
  pskcTail,
  sealGcm,
  sealWrapped,
  seedToken,
  seedTokens,
  type Closing,
} from '../support/seed-file.ts';
import { hex, keysOf, now, read, told } from './reading.ts';

const figure = (n: number): Buffer => readFileSync(join(import.meta.dirname, 'vectors', `rfc6030-figure${n}.xml`));

/** What figures 3 and 5 to 10 keep: ASCII 12345678901234567890. */
const secret = '3132333435363738393031323334353637383930';
const presharedKey = '12345678901234567890123456789012';

/** A figure whose key is made one of ours: TOTP of six digits in steps of 60 seconds. */
const asTotp = (n: number): string => {
  const at = n === 7 ? 'pskc:' : '';
  const interval = `<${at}TimeInterval><${at}PlainValue>60</${at}PlainValue></${at}TimeInterval>`;
  return figure(n)
    .toString('utf8')
    .replace('pskc:hotp', 'pskc:totp')
    .replace('Length="8"', 'Length="6"')
    .replace(`</${at}Data>`, `${interval}</${at}Data>`);
};

const key16 = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const key32 = Buffer.concat([key16, key16]);

describe('a PSKC file', () => {
  describe('of RFC 6030', () => {
    it('gives the keys of every example that has one', async () => {
      const wanted: Readonly<Record<number, readonly string[]>> = {
        2: ['31323334'],
        3: [secret],
        4: ['missing'],
        5: [secret, '31323334'],
        9: [secret],
        10: [secret, secret, secret, secret],
      };
      for (const [n, secrets] of Object.entries(wanted)) {
        const keys = await keysOf(figure(Number(n)));
        expect(
          keys.map((key) => (typeof key.secret === 'string' ? key.secret : hex(key.secret))),
          n,
        ).to.deep.equal(secrets);
      }
      expect((await keysOf(figure(10))).map(({ serial }) => serial)).to.deep.equal([
        '654321',
        '123456',
        '9999999',
        '9999999',
      ]);
    });

    it('opens figure 6 with the pre-shared key, in hexadecimal or Base64, and figure 7 with the password', async () => {
      const base64 = Buffer.from(presharedKey, 'hex').toString('base64');
      for (const [n, key] of [
        [6, presharedKey],
        [6, `${base64}\n`],
        [7, 'qwerty'],
      ] as const) {
        const [one, ...others] = await keysOf(figure(n), key);
        expect(one && typeof one.secret !== 'string' ? hex(one.secret) : one?.secret).to.equal(secret);
        expect(others).to.deep.equal([]);
      }
    });

    it('refuses figure 8, whose key only the holder of a certificate opens, and figures 6 and 7 without or with another key', async () => {
      expect((await read(figure(8), { key: presharedKey })).refused).to.equal('unsupported');
      for (const n of [6, 7]) {
        expect((await read(figure(n))).refused).to.equal('key-missing');
        expect((await read(figure(n), { key: ' ' })).refused).to.equal('key-missing');
      }
      for (const key of ['22345678901234567890123456789012', 'zz', `${presharedKey}00`, 'qwertz'])
        for (const n of [6, 7]) expect((await read(figure(n), { key })).refused, key).to.equal('key-wrong');
    });

    it('has no token that people here could use; made one of ours, figures 6 and 7 become tokens', async () => {
      for (const [n, key] of [
        [3, null],
        [6, presharedKey],
        [7, 'qwerty'],
      ] as const) {
        const counted = await read(figure(n), { key });
        expect(counted.rows).to.deep.equal([]);
        expect(told(counted).some((line) => line.endsWith('algorithm unsupported'))).to.equal(true);
        const ours = await read(asTotp(n), { key });
        expect(told(ours)).to.deep.equal([]);
        expect(
          ours.rows.map((row) => [row.serial, hex(row.secret), row.algorithm, row.digits, row.period]),
        ).to.deep.equal([['987654321', secret, 'SHA1', 6, 60]]);
      }
    });
  });

  it('is read with every cipher and MAC that the RFC names', async () => {
    const xmlenc = 'http://www.w3.org/2001/04/xmlenc#';
    const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#';
    const plain = { key: key32, says: keyName, mac: null };
    const key24 = key32.subarray(0, 24);
    const ways: Readonly<Record<string, Closing>> = {
      'AES-128-CBC, HMAC-SHA1': closedCbc(key16, 'sha1'),
      'AES-192-CBC, HMAC-SHA256': closedCbc(key24),
      'AES-256-CBC, HMAC-SHA512': closedCbc(key32, 'sha512'),
      'MAC with the encryption key': {
        ...closedCbc(key32),
        mac: { algorithm: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1', hash: 'sha1', key: key32, inFile: false },
      },
      'AES-256-GCM': { ...plain, algorithm: `${xmlenc11}aes256-gcm`, seal: sealGcm },
      'padded key wrap': { ...plain, algorithm: `${xmlenc11}kw-aes-256-pad`, seal: sealWrapped(true) },
      'key wrap': {
        ...plain,
        algorithm: `${xmlenc}kw-aes256`,
        seal: (key, value) => sealWrapped(false)(key, Buffer.concat([value, value]).subarray(0, 32)),
      },
    };
    for (const [name, closing] of Object.entries(ways)) {
      const { rows, refused, problems } = await read(pskcFile(seedTokens(3), closing), { key: hex(closing.key) });
      expect([refused, problems, rows.length], name).to.deep.equal([null, [], 3]);
      expect(hex(rows[2]?.secret.subarray(0, 20) ?? Buffer.alloc(0)), name).to.equal(hex(seedToken(3).secret));
      const wrong = await read(pskcFile(seedTokens(3), closing), { key: hex(Buffer.alloc(closing.key.length, 3)) });
      expect([wrong.refused, wrong.rows], `${name}, wrongly keyed`).to.deep.equal(['key-wrong', []]);
    }
    for (const hash of ['sha1', 'sha256'] as const) {
      const file = pskcFile(seedTokens(3), closedByPassword('正しい鍵', 2000, hash));
      expect((await read(file, { key: '正しい鍵\n' })).rows, hash).to.have.length(3);
      expect((await read(file, { key: '違う鍵' })).refused).to.equal('key-wrong');
    }
  });

  it('unwraps the published vector of RFC 3394, 4.1', async () => {
    const closing: Closing = {
      algorithm: 'http://www.w3.org/2001/04/xmlenc#kw-aes128',
      key: key16,
      says: keyName,
      mac: null,
      seal: () => Buffer.from('1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5', 'hex'),
    };
    const { rows } = await read(pskcFile([seedToken(1)], closing), { key: '000102030405060708090A0B0C0D0E0F' });
    expect(rows.map((row) => hex(row.secret))).to.deep.equal(['00112233445566778899aabbccddeeff']);
  });

  it('names a changed value by its line, and calls the key wrong when no value holds', async () => {
    const closing = closedCbc(key32);
    const files = seedTokens(4).map((token) => keyPackage(token, closing));
    const file = (...parts: readonly string[]): string => pskcHead(closing) + parts.join('') + pskcTail;
    const spoiled = (n: number): string =>
      (files[n] ?? '').replace(/<ValueMAC>(.)/, (_all, letter) => `<ValueMAC>${letter === 'A' ? 'B' : 'A'}`);
    const one = await read(file(files[0] ?? '', spoiled(1), files[2] ?? ''), { key: hex(key32) });
    expect([one.refused, told(one), one.rows.length]).to.deep.equal([null, ['line 7: secret mac'], 2]);
    const first = await read(file(spoiled(1), files[0] ?? ''), { key: hex(key32) });
    expect([first.refused, told(first), first.rows.length]).to.deep.equal([null, ['line 5: secret mac'], 1]);
    expect((await read(file(spoiled(1), spoiled(2)), { key: hex(key32) })).refused).to.equal('key-wrong');
    const without = (files[1] ?? '').replace(/<ValueMAC>.*<\/ValueMAC>/, '');
    expect(told(await read(file(files[0] ?? '', without), { key: hex(key32) }))).to.deep.equal(['line 7: secret mac']);
  });

  it('is refused when nobody could see a change: CBC without MACs, or an open value among closed ones', async () => {
    const bare = { ...closedCbc(key32), mac: null };
    expect(await read(pskcFile(seedTokens(2), bare), { key: hex(key32) })).to.deep.equal({
      rows: [],
      problems: [],
      refused: 'mac',
    });
    const mixed =
      pskcHead(closedCbc(key32)) +
      keyPackage(seedToken(1), closedCbc(key32)) +
      keyPackage(seedToken(2), null) +
      pskcTail;
    const { rows, ...other } = await read(mixed, { key: hex(key32) });
    expect([rows.length, told({ rows, ...other })]).to.deep.equal([1, ['line 7: secret mac']]);
  });

  it('says of each key what people here can’t use', async () => {
    const token = seedToken(1);
    const good = keyPackage(token, null);
    const bad: readonly (readonly [string, string, string])[] = [
      ['>FT00000001<', '>FT 1<', 'serial form'],
      ['<SerialNo>FT00000001</SerialNo>', '', 'serial missing'],
      ['pskc:totp', 'pskc:ocra', 'algorithm unsupported'],
      [' Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp"', '', 'algorithm missing'],
      ['<ResponseFormat', '<Suite>HMAC-MD5</Suite><ResponseFormat', 'algorithm unsupported'],
      [
        '<ResponseFormat',
        '<ChallengeFormat Min="6" Max="6" Encoding="DECIMAL"/><ResponseFormat',
        'algorithm unsupported',
      ],
      ['Length="6"', 'Length="8"', 'digits unsupported'],
      ['Length="6"', 'Length="six"', 'digits form'],
      ['Encoding="DECIMAL"', 'Encoding="HEXADECIMAL"', 'digits unsupported'],
      ['Encoding="DECIMAL"', 'Encoding="DECIMAL" CheckDigits="true"', 'digits unsupported'],
      ['>60<', '>30<', 'period unsupported'],
      ['<TimeInterval><PlainValue>60</PlainValue></TimeInterval>', '', 'period missing'],
      ['2031-03-31T00:00:00Z', '2026-11-21T23:59:59Z', 'expires expired'],
      ['2031-03-31T00:00:00Z', '2031-02-30T00:00:00Z', 'expires form'],
      [
        /<PlainValue>[^6<]{10}[^<]*<\/PlainValue>/.exec(good)?.[0] ?? '?',
        '<PlainValue>MTIzNDU2Nzg5MDEy</PlainValue>',
        'secret short',
      ],
      [
        /<PlainValue>[^6<]{10}[^<]*<\/PlainValue>/.exec(good)?.[0] ?? '?',
        '<PlainValue>MTIz*</PlainValue>',
        'secret form',
      ],
      [
        /<PlainValue>[^6<]{10}[^<]*<\/PlainValue>/.exec(good)?.[0] ?? '?',
        `<PlainValue>${Buffer.alloc(20).toString('base64')}</PlainValue>`,
        'secret form',
      ],
      ['<Policy>', '<Policy><PINPolicy PINUsageMode="Append"/>', 'line unsupported'],
      ['<Policy>', '<Policy><KeyUsage>Encrypt</KeyUsage>', 'line unsupported'],
      ['<Policy>', '<Policy><Other xmlns="urn:other"/>', 'line unsupported'],
    ];
    for (const [from, to, wanted] of bad) {
      expect(good.includes(from), from).to.equal(true);
      const seen = await read(pskcHead(null) + good.replace(from, to) + pskcTail);
      expect([told(seen), seen.rows.length], to).to.deep.equal([[`line 4: ${wanted}`], 0]);
    }
    const fine = good
      .replace('<ResponseFormat', '<Suite>HMAC-SHA512</Suite><ResponseFormat')
      .replace('<Policy>', '<Policy><StartDate>2012-08-01T00:00:00Z</StartDate><KeyUsage>OTP</KeyUsage>')
      .replace('2031-03-31T00:00:00Z', '2031-03-31T09:00:00+09:00');
    const { rows } = await read(pskcHead(null) + fine + pskcTail);
    expect(rows[0]).to.deep.include({
      algorithm: 'SHA512',
      expiresAt: Date.UTC(2031, 2, 31),
      model: 'Acme T1',
      line: 4,
    });
    expect(now < Date.UTC(2031, 2, 31)).to.equal(true);
  });

  it('numbers the keys of a file without line breaks one after the other', async () => {
    const file = pskcFile(seedTokens(3)).toString('utf8').replaceAll('\n', '');
    expect((await read(file)).rows.map(({ line }) => line)).to.deep.equal([1, 2, 3]);
  });
});
