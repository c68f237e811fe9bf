// TOTP against the published vectors, and the search over a window.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { codeAt, matchPair, matchStep, secretFromBase32, stepAt } from '../../src/secrets/totp.ts';
import type { TotpAlgorithm, TotpToken } from '../../src/secrets/totp.ts';
import { needs } from '../support/tools.ts';

const seed = (length: number): Uint8Array => new TextEncoder().encode('1234567890'.repeat(7).slice(0, length));
const seeds = { SHA1: seed(20), SHA256: seed(32), SHA512: seed(64) } as const;

// RFC 6238, appendix B: seconds, algorithm, code.
const vectors: readonly (readonly [number, TotpAlgorithm, string])[] = [
  [59, 'SHA1', '94287082'],
  [59, 'SHA256', '46119246'],
  [59, 'SHA512', '90693936'],
  [1111111109, 'SHA1', '07081804'],
  [1111111109, 'SHA256', '68084774'],
  [1111111109, 'SHA512', '25091201'],
  [1111111111, 'SHA1', '14050471'],
  [1111111111, 'SHA256', '67062674'],
  [1111111111, 'SHA512', '99943326'],
  [1234567890, 'SHA1', '89005924'],
  [1234567890, 'SHA256', '91819424'],
  [1234567890, 'SHA512', '93441116'],
  [2000000000, 'SHA1', '69279037'],
  [2000000000, 'SHA256', '90698825'],
  [2000000000, 'SHA512', '38618901'],
  [20000000000, 'SHA1', '65353130'],
  [20000000000, 'SHA256', '77737706'],
  [20000000000, 'SHA512', '47863826'],
];

describe('TOTP', () => {
  for (const [seconds, algorithm, code] of vectors) {
    it(`gives ${code} at ${seconds} s with ${algorithm} (RFC 6238)`, () => {
      const token: TotpToken = { secret: seeds[algorithm], algorithm, digits: 8, period: 30 };
      const step = stepAt(seconds * 1000, 30);
      expect(codeAt(token, step)).to.equal(code);
      expect(matchStep({ ...token, code, fromStep: step - 1, toStep: step + 1 })).to.equal(step);
    });
  }

  const token: TotpToken = { secret: seeds.SHA1, algorithm: 'SHA1', digits: 6, period: 60 };
  const now = 29_000_000;

  it('counts 60-second steps from the epoch', () => {
    expect(stepAt(59_999, 60)).to.equal(0);
    expect(stepAt(60_000, 60)).to.equal(1);
  });

  it('matches at both ends of the window and not beyond', () => {
    const window = { ...token, fromStep: now - 1, toStep: now + 1 };
    for (const step of [now - 1, now, now + 1])
      expect(matchStep({ ...window, code: codeAt(token, step) })).to.equal(step);
    for (const step of [now - 2, now + 2]) expect(matchStep({ ...window, code: codeAt(token, step) })).to.equal(null);
  });

  it('matches nothing that has another form, and throws for none of it', () => {
    const window = { ...token, fromStep: now - 1, toStep: now };
    for (const code of ['', '1', '1234567', 'abcdef', '１２３４５６', '\u0000'])
      expect(matchStep({ ...window, code })).to.equal(null);
  });

  it('tells the newest of several steps that show the same code', () => {
    const wide = { ...token, fromStep: 0, toStep: 4_000 };
    const codes = Array.from({ length: 4_001 }, (_, step) => codeAt(token, step));
    const twice = codes.findIndex((code, step) => codes.lastIndexOf(code) > step);
    expect(twice).to.be.greaterThan(-1);
    const code = codes[twice] ?? '';
    expect(matchStep({ ...wide, code })).to.equal(codes.lastIndexOf(code));
  }).timeout(20_000);

  it('finds two consecutive codes of a drifted token, and only in their order', () => {
    const window = { ...token, fromStep: now - 60, toStep: now + 60 };
    for (const drift of [-60, -4, 0, 60]) {
      const [code, nextCode] = [codeAt(token, now + drift), codeAt(token, now + drift + 1)];
      expect(matchPair({ ...window, code, nextCode })).to.equal(now + drift);
      expect(matchPair({ ...window, code: nextCode, nextCode: code })).to.equal(null);
      expect(matchPair({ ...window, code, nextCode: codeAt(token, now + drift + 2) })).to.equal(null);
    }
    expect(matchPair({ ...window, code: codeAt(token, now - 61), nextCode: codeAt(token, now - 60) })).to.equal(null);
  });

  it('reads a secret in Base32 as it is printed', () => {
    expect(Buffer.from(secretFromBase32('gezd gnbv-gy3t qojq GEZDGNBVGY3TQOJQ')).toString()).to.equal(
      '12345678901234567890',
    );
    expect(Buffer.from(secretFromBase32('JBSWY3DPEHPK3PXP======')).toString('hex')).to.equal('48656c6c6f21deadbeef');
    expect(() => secretFromBase32('not base32!')).to.throw();
  });

  it('takes the 80-bit secrets of older tokens', () => {
    expect(codeAt({ ...token, secret: secretFromBase32('JBSWY3DPEHPK3PXP') }, 1)).to.match(/^\d{6}$/);
  });

  it('agrees with an independent program about 60-second steps', function () {
    const oathtool = needs(this, 'oathtool');
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      const secret = seeds[algorithm];
      const at = new Date(now * 60_000 + 59_000).toISOString().replace('T', ' ').replace(/\..*$/, ' UTC');
      const asked = [
        `--totp=${algorithm}`,
        '--time-step-size=60s',
        '--digits=6',
        `--now=${at}`,
        Buffer.from(secret).toString('hex'),
      ];
      const said = execFileSync(oathtool, asked, { encoding: 'utf8' }).trim();
      expect(codeAt({ ...token, algorithm, secret }, now)).to.equal(said);
    }
  });
});
