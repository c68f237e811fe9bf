// Somebody's telephone with a token app: another program than ours, which knows the documented service and RFC 6238 and
// nothing of src/. What it shows has to open the same doors.
import { createHmac, randomBytes } from 'node:crypto';
import type { Demo } from './demo-process.ts';

/** What the mail and one's own note say. */
export interface Note {
  readonly serviceId: string;
  readonly userId: string;
  readonly activation: string;
  readonly name?: string;
}

export interface Phone {
  /** Enters what the note says, and sends it. @returns whether the token is there now */
  add(note: Note): Promise<boolean>;
  /** The code that it shows now for a user ID. */
  code(userId: string): Promise<string>;
  /** How many tokens it keeps. */
  count(): Promise<number>;
  close(): Promise<void>;
}

/** How codes are made of a secret. */
export interface OwnToken {
  /** Base32. */
  readonly secret: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
}

/** The code of a token at a moment, in milliseconds since the epoch (RFC 4226, 5.3; RFC 6238, 4.2). */
export function ownCode({ secret, algorithm, digits, period }: OwnToken, at: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 1000 / period)));
  const mac = createHmac(algorithm, bytesOf(secret)).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 0x0f) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** RFC 4648, 6; spaces and padding are nothing. */
function bytesOf(base32: string): Buffer {
  const bits = [...base32.replace(/[\s=]/g, '').toUpperCase()]
    .map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/[01]{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}

/** A token app without pages, by docs/activation-api.md. */
export function scriptPhone(demo: Demo): Phone {
  const tokens = new Map<string, OwnToken>();
  return {
    async add({ serviceId, userId, activation }) {
      const answer = await fetch(`${demo.gateway}/token-app/api/activate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          service_id: serviceId,
          user_id: userId,
          activation_password: activation,
          nonce: randomBytes(32).toString('base64url'),
        }),
      });
      if (answer.status !== 200) return false;
      const token: OwnToken = JSON.parse(await answer.text());
      tokens.set(userId, token);
      return true;
    },
    async code(userId) {
      const token = tokens.get(userId);
      if (!token) throw new Error(`no token of ${userId}`);
      return ownCode(token, await demo.now());
    },
    count: async () => tokens.size,
    close: async () => {},
  };
}
