// The environment: which variables there are, where each value comes from (itself or the file that …_FILE names), and what
// is wrong with it. Nothing else in Renkei reads an environment, and this gets it handed in.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Mistake } from './config-mistakes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const variables = [
  'RENKEI_ISSUER',
  'RENKEI_LISTEN',
  'RENKEI_PORT',
  'RENKEI_PROFILE',
  'RENKEI_CONFIG',
  'RENKEI_DATA_DIR',
  'RENKEI_DATABASE_URL',
  'RENKEI_REDIS_URL',
  'RENKEI_SMTP_URL',
  'RENKEI_MAIL_FROM',
  'RENKEI_SECRET',
  'RENKEI_SEALING_KEYS',
  'RENKEI_TRANSPORT_KEY',
  'RENKEI_NOW_OFFSET',
  'RENKEI_TRUSTED_PROXIES',
  'RENKEI_EGRESS',
] as const;

export type Variable = (typeof variables)[number];

export interface EnvironmentValues {
  /** The value, from the variable or its file; null when neither is set or both are empty. */
  get(name: Variable): string | null;
  /** Like `get`, read by `read`; what it returns null for is a mistake with this remedy. */
  read<T>(name: Variable, read: (text: string) => T | null, remedy: string): T | null;
}

const isVariable = (name: string): boolean => variables.some((known) => name === known || name === `${known}_FILE`);

/**
 * Reads all variables at once.
 * @param strict unknown ones that begin with RENKEI_ are mistakes. Not in a demo: it runs beside whatever else a shell has set.
 */
export function readEnvironment(env: Environment, strict: boolean, mistakes: Mistake[]): EnvironmentValues {
  const values = new Map<Variable, string>();
  for (const name of variables) {
    const value = valueOf(name, env, mistakes);
    if (value) values.set(name, value);
  }
  for (const name of Object.keys(env)) {
    if (!strict || !name.startsWith('RENKEI_') || name.startsWith('RENKEI_TEST_') || isVariable(name)) continue;
    mistakes.push({ where: name, path: '', problem: 'this variable is unknown', remedy: unknownRemedy(name) });
  }
  return {
    get: (name) => values.get(name) ?? null,
    read(name, read, remedy) {
      const text = values.get(name);
      const value = text === undefined ? null : read(text);
      if (text !== undefined && value === null)
        mistakes.push({ where: name, path: '', problem: 'the value does not fit', remedy });
      return value;
    },
  };
}

function valueOf(name: Variable, env: Environment, mistakes: Mistake[]): string | null {
  const file = env[`${name}_FILE`];
  if (!file) return env[name] || null;
  if (env[name]) {
    mistakes.push({ where: name, path: '', problem: `${name}_FILE is set too`, remedy: 'Set one of the two.' });
    return null;
  }
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    const remedy = 'Check the path and that this user may read the file.';
    mistakes.push({ where: `${name}_FILE`, path: '', problem: `the file ${file} cannot be read`, remedy });
    return null;
  }
}

function unknownRemedy(name: string): string {
  // Kubernetes gives every pod the addresses of the services around it, in variables of these shapes.
  if (/_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP).*)/.test(name))
    return 'Set enableServiceLinks: false in the pod, or rename the service.';
  return `Remove it, or check its spelling. Known are ${variables.join(', ')}, each also with _FILE.`;
}

/** A TCP port. */
export function readPort(text: string): number | null {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? Number(text) : null;
}

/** A host to listen on, without a port: an address or a name. */
export function readHost(text: string): string | null {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) ? bare : null;
}

/** Addresses and networks, separated by commas: `10.0.0.0/8, 192.0.2.7`. */
export function readNetworks(text: string): readonly string[] | null {
  const parts = text.split(',').map((part) => part.trim());
  return parts.every(isNetwork) ? parts : null;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Bytes in hex or base64 (also base64url). */
export function readBytes(text: string): Uint8Array | null {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return Uint8Array.from(Buffer.from(text, 'base64'));
  return null;
}
