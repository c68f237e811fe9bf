// Files and environment → one frozen, typed Config, or every mistake at once. Layers, each over the one before: config/ of
// the package, the profile, what the demo adds, the folder that RENKEI_CONFIG names (spec §12).
import { join, resolve } from 'node:path';
import { readBrand, type Brand } from './config-brand.ts';
import {
  demoClientSecrets,
  demoPorts,
  demoPortals,
  demoSecret,
  demoUpstreams,
  portsBeside,
  rememberDemo,
  type Demo,
} from './config-demo.ts';
import { readEnvironment, type Environment } from './config-env.ts';
import { openFolders } from './config-folders.ts';
import { ConfigError, type Mistake } from './config-mistakes.ts';
import { readPolicy } from './config-policy.ts';
import { readPortals } from './config-portals.ts';
import {
  hostsOf,
  readDatabaseUrl,
  readIssuer,
  readListen,
  readMail,
  readNetwork,
  readNowOffset,
  readRedisUrl,
} from './config-process.ts';
import { readSealingKeys, readSecret, type SealingKeySource } from './config-secret.ts';
import { readUpstreams } from './config-upstreams.ts';
import type { Policy } from './rules/policy.ts';
import type { Portal } from './rules/portal.ts';
import type { UpstreamConfig } from './rules/upstream.ts';

export { ConfigError } from './config-mistakes.ts';
export type { Brand } from './config-brand.ts';
export type { Demo } from './config-demo.ts';

export type Mode = 'demo' | 'serve' | 'test';

export interface Config {
  readonly mode: Mode;
  readonly profile: string;
  /** Without a slash at its end. */
  readonly issuer: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Values of the Host header that are answered: the issuer's, and in demo and tests this process's own on loopback. */
  readonly hosts: readonly string[];
  readonly policy: Policy;
  readonly portals: readonly Portal[];
  /** Those that are switched on. */
  readonly upstreams: readonly UpstreamConfig[];
  readonly brand: Brand;
  /** Null: the embedded store in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Null: the embedded store, in this process. */
  readonly redisUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** Null in demo and tests: the demo's own mail reader. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** The master secret, 32 bytes or more; everything sealed, signed by MAC or made pairwise is derived from it by purpose. */
  readonly secret: () => Uint8Array;
  /** Keys that seal at rest besides the one that the master secret gives, newest first. */
  readonly sealingKeys: () => readonly SealingKeySource[];
  /** How far the demo's clock runs ahead at the start, in seconds. */
  readonly nowOffset: number;
  /** Addresses and networks whose X-Forwarded-… headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Every origin that outgoing requests may go to: those the configuration names, and RENKEI_EGRESS. */
  readonly egress: readonly string[];
  /** What the demo's outsiders need; null but in demo mode. */
  readonly demo: Demo | null;
}

export interface ConfigOptions {
  readonly env: Environment;
  readonly mode: Mode;
  /** The package's folder, which holds config/ and, unless RENKEI_DATA_DIR says otherwise, data/. */
  readonly root: string;
  /** Demo only: beside a demo that runs already, or a command on its data. Its outsiders are where that demo put them. */
  readonly beside?: boolean;
}

/**
 * Reads everything once.
 * In demo mode it makes the data folder's `demo-secret`, and remembers the demo's first port there.
 * @throws ConfigError with every mistake, each with file or variable, path, and remedy
 */
export function readConfig(options: ConfigOptions): Config {
  const { mode, root } = options;
  const rules = { http: mode !== 'serve' };
  const mistakes: Mistake[] = [];
  const env = readEnvironment(options.env, mode !== 'demo', mistakes);

  const dataDir = resolve(env.get('RENKEI_DATA_DIR') ?? join(root, 'data'));
  const listen = readListen(env);
  const issuer = readIssuer(env, listen.port, rules, mistakes);
  const secret = readSecret(env, mode, () => demoSecret(dataDir), mistakes);
  const sealingKeys = readSealingKeys(env, secret, mistakes);
  const ports = options.beside ? portsBeside(dataDir, env.get('RENKEI_ISSUER'), listen.port) : demoPorts(listen.port);
  const demo = mode === 'demo' && secret ? { ports, ...demoClientSecrets(secret) } : null;

  const folders = openFolders(root, env, mistakes);
  const policy = readPolicy(folders.layers('policy.yaml', folders.profile), folders.profileName, mistakes);
  const brand = readBrand(folders.layers('brand.yaml'), mistakes);
  const portals = readPortals(folders.layers('portals.yaml', demo && demoPortals(demo)), rules, mistakes);
  const name = brand?.direct ?? { ja: 'ビジネスダイレクト', en: 'Business Direct' };
  const upstreams = readUpstreams(
    folders.layers('upstreams.yaml', demo && demoUpstreams(demo)),
    { ...rules, name },
    mistakes,
  );

  const databaseUrl = readDatabaseUrl(env, rules, mistakes);
  const redisUrl = readRedisUrl(env, rules, mistakes);
  const mail = readMail(env, rules, mistakes);
  const nowOffset = readNowOffset(env, rules, mistakes);
  const { trustedProxies, origins } = readNetwork(env, rules);

  if (mistakes.length > 0 || !policy || !brand || !secret || !issuer) throw new ConfigError(mistakes);
  if (mode === 'demo' && !options.beside) rememberDemo(dataDir, listen.port);
  return deepFreeze({
    mode,
    profile: folders.profileName,
    issuer,
    listen,
    hosts: hostsOf(issuer, listen.port, rules),
    policy,
    portals,
    upstreams,
    brand,
    databaseUrl,
    redisUrl,
    dataDir,
    ...mail,
    secret: () => Uint8Array.from(secret),
    sealingKeys: () => sealingKeys,
    nowOffset,
    trustedProxies,
    egress: [
      ...new Set([
        ...portals.flatMap(originsOf),
        ...upstreams.map((upstream) => new URL(upstream.issuer).origin),
        ...origins,
      ]),
    ],
    demo,
  });
}

function originsOf(portal: Portal): readonly string[] {
  const addresses = [portal.jwks_uri, portal.sector_identifier_uri, portal.backchannel_logout_uri];
  return addresses.flatMap((address) => (address === undefined ? [] : [new URL(address).origin]));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inside of Object.values(value)) deepFreeze(inside);
  }
  return value;
}
