// The master secret: from the environment in production, of the data folder in the demo, of the process in tests. It has no
// default, and one that somebody could guess is refused. And the keys that seal at rest, where they are changed apart from it.
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
  if (!looksRandom(bytes)) return wrong('it does not look random');
  return bytes;
}

/** A sealing key: its bytes, or the one that RENKEI_SECRET gives. */
export type SealingKeySource = Uint8Array | 'master';

/**
 * RENKEI_SEALING_KEYS: newest first, separated by commas or line ends; the word `master` is the key that RENKEI_SECRET gives,
 * which is the last where it is not named. Empty when the variable is not set. None is told in a mistake, only its place.
 */
export function readSealingKeys(
  env: EnvironmentValues,
  secret: Uint8Array | null,
  mistakes: Mistake[],
): readonly SealingKeySource[] {
  const parts = (env.get('RENKEI_SEALING_KEYS') ?? '').split(/[\s,]+/).filter((part) => part !== '');
  const seen = new Set<string>();
  return parts.flatMap((part, index): readonly SealingKeySource[] => {
    const wrong = (problem: string): readonly [] => {
      const remedy = `${make}. The newest stands first; one that was used stays behind it until \`keys rotate-sealing\` says that it is not needed.`;
      mistakes.push({ where: 'RENKEI_SEALING_KEYS', path: `[${index}]`, problem, remedy });
      return [];
    };
    const bytes = part === 'master' ? null : readBytes(part);
    const name = bytes === null ? part : Buffer.from(bytes).toString('hex');
    if (seen.has(name)) return wrong('it stands there twice');
    seen.add(name);
    if (part === 'master') return [part];
    if (bytes === null) return wrong('it is neither hex nor base64');
    if (bytes.length !== leastBytes) return wrong(`it has ${bytes.length} bytes; ${leastBytes} are needed`);
    if (!looksRandom(bytes)) return wrong('it does not look random');
    if (secret !== null && Buffer.from(secret).equals(bytes)) return wrong('it is RENKEI_SECRET itself');
    return [bytes];
  });
}

const looksRandom = (bytes: Uint8Array): boolean => new Set(bytes).size >= leastDifferent && !isText(bytes);

/** A sentence in base64 is still a sentence. */
const isText = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
