// The master secret: from the environment in production, of the data folder in the demo, of the process in tests. It has no
// default, and one that somebody could guess is refused.
import { randomBytes } from 'node:crypto';
import { readBytes, type EnvironmentValues } from './config-env.ts';
import type { Mistake } from './config-mistakes.ts';

const make = 'Make one with: openssl rand -base64 32';
const leastBytes = 32;
/** Thirty-two random bytes hold fewer different ones than this about never; words, repetitions and counters do. */
const leastDifferent = 20;

/**
 * The secret's bytes, or null with what is wrong added to `mistakes`.
 * @param ofDemo the demo's own secret, asked for only in demo mode and when none is given
 */
export function readSecret(
  env: EnvironmentValues,
  mode: 'demo' | 'serve' | 'test',
  ofDemo: () => string,
  mistakes: Mistake[],
): Uint8Array | null {
  const wrong = (problem: string): null => {
    mistakes.push({
      where: 'RENKEI_SECRET',
      path: '',
      problem,
      remedy: `${make}, and keep it: what it sealed cannot be read without it.`,
    });
    return null;
  };
  const text = env.get('RENKEI_SECRET');
  if (text === null) {
    if (mode === 'serve') return wrong('it is not set');
    if (mode === 'test') return randomBytes(leastBytes);
    try {
      return readBytes(ofDemo());
    } catch (error) {
      const problem = `the demo's secret cannot be kept in the data folder (${error instanceof Error ? error.message : 'unknown'})`;
      mistakes.push({
        where: 'RENKEI_DATA_DIR',
        path: '',
        problem,
        remedy: 'Name a folder that this user may write to.',
      });
      return null;
    }
  }
  const bytes = readBytes(text);
  if (bytes === null) return wrong('it is neither hex nor base64');
  if (bytes.length < leastBytes) return wrong(`it has ${bytes.length} bytes; at least ${leastBytes} are needed`);
  const different = new Set(bytes).size;
  if (different < leastDifferent || isText(bytes)) return wrong('it does not look random');
  return bytes;
}

/** A sentence in base64 is still a sentence. */
const isText = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
