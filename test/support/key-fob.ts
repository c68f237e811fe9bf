// Key-fobs on people's desks: what they show is computed by oathtool where this machine has it, else by a small program of our
// own, and never by the gateway's code. And the seed file in which a maker would tell a bank about some.
import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Demo } from './demo-process.ts';
import type { Upload } from './script-browser.ts';
import { ownCode, type OwnToken } from './phone.ts';
import { findTool } from './tools.ts';

export interface KeyFob extends OwnToken {
  readonly serial: string;
}

const oathtool = findTool('oathtool');

/** What a token shows at a moment, in milliseconds since the epoch. */
export function shownAt(token: OwnToken, at: number): string {
  if (oathtool === null) return ownCode(token, at);
  const { secret, algorithm, digits, period } = token;
  const now = new Date(at).toISOString().replace('T', ' ').replace(/\..*$/, ' UTC');
  const asked = [
    `--totp=${algorithm}`,
    `--time-step-size=${period}s`,
    `--digits=${digits}`,
    `--now=${now}`,
    '--base32',
  ];
  return execFileSync(oathtool, [...asked, secret], { encoding: 'utf8' }).trim();
}

/** The one that the demo gave a person, or laid into the company's drawer. */
export function fobOf({ name, otp }: DemoPerson): KeyFob {
  if (otp?.serial === undefined) throw new Error(`${name} has no key-fob`);
  return { ...otp, serial: otp.serial };
}

const read = new Map<string, string>();

/** What it shows now. */
export async function shownNow(demo: Demo, fob: OwnToken): Promise<string> {
  const code = shownAt(fob, await demo.now());
  read.set(fob.secret, code);
  return code;
}

/** Moves the clock to the beginning of the next minute: what is shown then stays as long as a slow machine needs for a page. */
export async function minuteBegins(demo: Demo): Promise<void> {
  await demo.forward(60 - Math.floor(((await demo.now()) % 60_000) / 1000));
}

/** What was read off it last, whatever it shows by now: slow pages must not turn a code that was used into the next one. */
export function shownLast(fob: OwnToken): string {
  const code = read.get(fob.secret);
  if (code === undefined) throw new Error('nobody has looked at this key-fob yet');
  return code;
}

/** What it shows a minute later: a code that nobody has typed. */
export async function shownNext(demo: Demo, fob: OwnToken): Promise<string> {
  await demo.forward(fob.period);
  return shownNow(demo, fob);
}

/** Well-formed, and shown by none of these in any step near now. */
export async function shownByNone(demo: Demo, ...fobs: readonly OwnToken[]): Promise<string> {
  const now = await demo.now();
  const near = fobs.flatMap((fob) => [-2, -1, 0, 1, 2].map((step) => shownAt(fob, now + step * fob.period * 1000)));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? '444444';
}

/** As they come from the maker: consecutive serial numbers, secrets of 20 bytes. */
export function makeFobs(count: number): readonly KeyFob[] {
  const first = randomInt(5_000_000_000, 5_999_000_000);
  return Array.from({ length: count }, (_each, n) => ({
    serial: String(first + n),
    secret: base32(randomBytes(20)),
    algorithm: 'SHA1' as const,
    digits: 6,
    period: 60,
  }));
}

/** RFC 4648, 6, without padding. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

/** The maker's file. @param expires the day on the back of each, YYYY-MM-DD */
export function seedCsv(fobs: readonly KeyFob[], expires: string): Upload {
  const lines = fobs.map(({ serial, secret, algorithm, digits, period }) =>
    [serial, secret, algorithm, digits, period, expires].join(','),
  );
  return {
    fileName: 'seeds.csv',
    content: ['serial,secret_base32,algorithm,digits,period,expires', ...lines, ''].join('\r\n'),
  };
}
