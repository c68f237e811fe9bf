// Seed files that somebody broke or made to break us: cut off anywhere, changed anywhere, bombs and giants. Whatever comes, it
// ends soon, as a refusal or as named lines, and never gives a secret that was not in the file.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  closedByPassword,
  closedCbc,
  csvFile,
  inChunks,
  keyPackage,
  pskcFile,
  pskcHead,
  pskcTail,
  seedToken,
  seedTokens,
} from '../support/seed-file.ts';
import { readSeeds } from '../../src/seed-files/read-seeds.ts';
import { refusalOf } from '../../src/seed-files/refused.ts';
import { accepts, hex, now, read, told } from './reading.ts';

const key = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const closing = closedCbc(key, 'sha1');

describe('a hostile seed file', () => {
  it('cut off at any place is refused, and gives no token that was not whole', async () => {
    const tokens = seedTokens(20);
    const secrets = new Set(tokens.map(({ serial, secret }) => `${serial} ${hex(secret)}`));
    for (const file of [pskcFile(tokens), pskcFile(tokens, closing), csvFile(tokens)]) {
      for (let length = 1; length < file.length; length += file.length > 5_000 ? 97 : 13) {
        const cut = file.subarray(0, length);
        const seen = await read(cut, { key: hex(key) });
        const rest = file.subarray(length);
        // A CSV cut exactly at the end of a line can't be told from a shorter one.
        const behind = /[\r\n]$/.test(cut.toString('latin1')) && !rest.toString('latin1').startsWith('</');
        const atLineEnd = behind || /^[\r\n]/.test(rest.toString('latin1'));
        if (!(file[0] !== 0x3c && atLineEnd)) expect(seen.refused, `${length} bytes`).to.not.equal(null);
        for (const row of seen.rows)
          expect(secrets.has(`${row.serial} ${hex(row.secret)}`), `${length} bytes`).to.equal(true);
      }
    }
  }).timeout(60_000);

  it('with a document type, entities or processing instructions is refused before anything of it is believed', async () => {
    const head = pskcHead(null).replace(/^.*\n/, '');
    const whole = (before: string, within = ''): string =>
      before + head + within + keyPackage(seedToken(1), null) + pskcTail;
    const lol = Array.from({ length: 9 }, (_one, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
    const cases: readonly (readonly [string, string])[] = [
      [whole('<!DOCTYPE KeyContainer>'), 'doctype'],
      [whole(`<!DOCTYPE lolz [<!ENTITY l0 "lol">${lol}]>`, '<X>&l9;</X>'), 'doctype'],
      [whole('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '<X>&e;</X>'), 'doctype'],
      [whole('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'), 'doctype'],
      [whole('<?xml version="1.0"?><?xml-stylesheet href="x"?>'), 'format'],
      [whole('', '<X>&unknown;</X>'), 'format'],
      [whole('<?xml version="1.0" encoding="UTF-7"?>'), 'encoding'],
      [whole('<?xml version="1.0" encoding="Shift_JIS"?>'), 'encoding'],
      [whole('<!DOCTYPE x [' + ' '.repeat(200_000)), 'too-large'],
      [whole(`<!--${'x'.repeat(200_000)}-->`), 'too-large'],
      [whole('', `<X a="${'x'.repeat(200_000)}"/>`), 'too-large'],
      [whole('', `<X>${'x'.repeat(200_000)}</X>`), 'too-large'],
      [whole('', '<X>'.repeat(100)), 'too-large'],
      [whole('', `<X>${'<Y/>'.repeat(10_000)}</X>`), 'too-large'],
      [`${head}<EncryptionKey><ds:KeyName/></EncryptionKey><EncryptionKey/>${pskcTail}`, 'format'],
      [whole('', '').replace('Version="1.0"', 'Version="2.0"'), 'unsupported'],
      [whole('', '').replace('urn:ietf:params:xml:ns:keyprov:pskc"', 'urn:other"'), 'format'],
      ['<html><body>Not found</body></html>', 'format'],
      [`${head}${pskcTail}`, 'empty'],
      [`${whole('')}<more/>`, 'format'],
    ];
    for (const [file, why] of cases) {
      const began = performance.now();
      const { refused } = await read(file);
      expect(refused, file.slice(0, 120)).to.equal(why);
      expect(performance.now() - began, file.slice(0, 120)).to.be.lessThan(20_000);
    }
  });

  it('whose password should be stretched for ever is refused', async () => {
    for (const [from, to, why] of [
      ['<IterationCount>1000<', '<IterationCount>1000001<', 'too-large'],
      ['<IterationCount>1000<', '<IterationCount>0<', 'format'],
      ['<IterationCount>1000<', '<IterationCount>-1<', 'format'],
      ['<KeyLength>32<', '<KeyLength>99999999<', 'unsupported'],
      ['#pbkdf2"', '#pbkdf1"', 'unsupported'],
      ['#hmac-sha256"/>', '#hmac-md5"/>', 'unsupported'],
    ] as const) {
      const file = pskcFile(seedTokens(1), closedByPassword('qwerty')).toString('utf8');
      expect(file.includes(from), from).to.equal(true);
      expect((await read(file.replace(from, to), { key: 'qwerty' })).refused, to).to.equal(why);
    }
  });

  it('of endless length is let go of at its limit, and at the first thing that is refused', async () => {
    let asked = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked += 1;
        yield Buffer.from(`<!-- ${'x'.repeat(1000)} -->`.repeat(60));
      }
    };
    let why: unknown = null;
    try {
      for await (const entry of readSeeds(endless(), { format: null, key: null, now, accepts, most: 4_000_000 }))
        expect(entry).to.equal(undefined);
    } catch (error) {
      why = refusalOf(error);
    }
    expect(why).to.equal('too-large');
    expect(asked).to.be.lessThan(100);
  }).timeout(60_000);

  it('changed in any byte gives no secret but its own, and under MACs none at all for what was changed', async () => {
    const tokens = seedTokens(3);
    const file = pskcFile(tokens, closing);
    const own = new Map(tokens.map(({ serial, secret }) => [serial, hex(secret)]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5_000 }),
        async (changes, size) => {
          const bytes = Buffer.from(file);
          for (const [at, bits] of changes) bytes[at] = (bytes[at] ?? 0) ^ bits;
          const { rows } = await read(bytes, { key: hex(key), size });
          // A serial number may be changed, it has no MAC; its secret is then still one of the file's.
          for (const row of rows) {
            expect([...own.values()]).to.include(hex(row.secret));
            if (own.has(row.serial) && changes.length === 1) expect(hex(row.secret)).to.equal(own.get(row.serial));
          }
        },
      ),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('of any bytes at all ends', async () => {
    const heads = ['', '<', '<?xml', 'serial,secret_hex\n', pskcHead(closing), '\uFEFF<KeyContainer'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        async (head, tail, size) => {
          const seen = await read(Buffer.concat([Buffer.from(head), tail]), { size, key: 'x' });
          expect(seen.rows).to.deep.equal([]);
          expect(seen.refused !== null || seen.problems.length > 0).to.equal(true);
        },
      ),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('tells nothing of a secret in an error', async () => {
    const line = `FT0001,"00"${hex(seedToken(1).secret)},,\n`;
    try {
      for await (const entry of readSeeds(inChunks(Buffer.from(`serial,secret_hex,"x\n${line}`)), {
        format: null,
        key: null,
        now,
        accepts,
      }))
        expect(JSON.stringify(entry)).to.not.include(hex(seedToken(1).secret));
      expect.fail('it is refused');
    } catch (error) {
      expect(refusalOf(error)).to.not.equal(null);
      expect(error instanceof Error && error.cause).to.equal(undefined);
      expect(String(error instanceof Error && error.stack)).to.not.include(hex(seedToken(1).secret));
    }
    expect(told(await read('serial,secret_hex\nFT0001,zz\n'))).to.deep.equal(['line 2: secret form']);
  });
});
