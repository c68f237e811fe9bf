// Tokens of these tests, made by rows, and whoever types their codes: each code once, and early ones for what comes before an act.
import { setTimeout as sleep } from 'node:timers/promises';
import { codeAt, stepAt } from '../../src/secrets/totp.ts';
import type { TokenRow } from '../../src/store/token.ts';
import { addToken, day } from '../support/rows.ts';
import { newId, type Scene } from './scene.ts';

export interface Token {
  readonly id: string;
  readonly serial: string;
  /** Length of a step, in milliseconds. */
  readonly period: number;
  code(step: number): string;
}

/** @param companyId null: it lies in the stock, or is an operator's */
export async function makeToken(scene: Scene, companyId: string | null, patch: Partial<TokenRow> = {}): Promise<Token> {
  const { store, secrets } = scene.stores;
  const secret = Buffer.from(newId() + newId());
  const id = newId();
  const row = await addToken(store, companyId, {
    id,
    secret: secrets.sealTokenSecret(secret, id),
    expiresAt: scene.now() + 1_000 * day,
    ...patch,
  });
  const code = (step: number): string => codeAt({ ...row, secret }, step);
  return { id, serial: row.serial ?? '', period: row.period * 1000, code };
}

export interface Typist {
  readonly token: Token;
  /** The step of the code that they typed last. */
  typed: number | null;
  stepNow(): number;
  /** A code that they have not typed yet; who has typed the next one already waits for it to pass. */
  freshCode(): Promise<string>;
  /** The code of the step before, for what comes before an act: one more fits into the same minute. */
  earlyCode(): Promise<string>;
}

export function typist(scene: Scene, token: Token): Typist {
  const { period, code } = token;
  const stepNow = (): number => stepAt(scene.now(), period / 1000);
  const leftOfStep = (): number => period - (scene.now() % period);
  const self: Typist = {
    token,
    typed: null,
    stepNow,
    async freshCode() {
      // A key-fob may run ahead by one step, and no further: whoever has typed that one waits for it to come.
      while (self.typed !== null && self.typed > stepNow()) await sleep(leftOfStep() + 50);
      const present = stepNow();
      self.typed = Math.max(present, (self.typed ?? 0) + 1);
      return code(self.typed);
    },
    async earlyCode() {
      // When the minute is about to end, in the next one: else it would be too old, or too few would be left after it.
      if (leftOfStep() < 4_000) await sleep(leftOfStep() + 50);
      self.typed = stepNow() - 1;
      return code(self.typed);
    },
  };
  return self;
}
