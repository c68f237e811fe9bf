// What the environment says of this process: its address, its stores, its mail, its clock. Production's demands are here.
import { readHost, readNetworks, readPort, type EnvironmentValues } from './config-env.ts';
import type { Mistake } from './config-mistakes.ts';
import { addressProblem, isLoopback } from './config-values.ts';
import { readRedisAddress } from './rules/redis-address.ts';

/** Plain http is accepted on loopback hosts (`http`), or everything must be fit for production. */
interface Rules {
  readonly http: boolean;
}

/** Where this process listens: loopback and port 3000 unless told. */
export function readListen(env: EnvironmentValues): { readonly host: string; readonly port: number } {
  const host = env.read('RENKEI_LISTEN', readHost, 'Write an address or a name without a port, such as 0.0.0.0.');
  const port = env.read('RENKEI_PORT', readPort, 'Write a port from 1 to 65535.');
  return { host: host ?? '127.0.0.1', port: port ?? 3000 };
}

/** Whose forwarded headers are believed, and origins that may be called besides those the other files name. */
export function readNetwork(
  env: EnvironmentValues,
  rules: Rules,
): { readonly trustedProxies: readonly string[]; readonly origins: readonly string[] } {
  const proxies = 'Write addresses or networks separated by commas, such as 10.0.0.0/8.';
  const origins = 'Write origins separated by commas, such as https://portal.bank.example.';
  return {
    trustedProxies: env.read('RENKEI_TRUSTED_PROXIES', readNetworks, proxies) ?? [],
    origins: env.read('RENKEI_EGRESS', (text) => readOrigins(text, rules), origins) ?? [],
  };
}

/** The issuer without a slash at its end; in demo and tests http on `port` of localhost unless told. */
export function readIssuer(env: EnvironmentValues, port: number, { http }: Rules, mistakes: Mistake[]): string | null {
  const text = env.get('RENKEI_ISSUER') ?? (http ? `http://localhost:${port}` : null);
  const wrong = (problem: string, remedy: string): null => {
    mistakes.push({ where: 'RENKEI_ISSUER', path: '', problem, remedy });
    return null;
  };
  if (text === null)
    return wrong('it is not set', 'Set the address that browsers and portals use, such as https://id.bank.example.');
  const problem = addressProblem(text, http);
  if (problem) return wrong('the value does not fit', problem);
  // Pages, cookies and the host allowlist belong to a whole host.
  if (new URL(text).pathname !== '/' || text.includes('?'))
    return wrong('it has a path', 'Give Renkei a host name of its own.');
  return new URL(text).origin;
}

/** PostgreSQL's URL; null: the embedded database, which production does not use. */
export function readDatabaseUrl(env: EnvironmentValues, rules: Rules, mistakes: Mistake[]): string | null {
  const example = 'postgres://user:password@host/…';
  const fits = (text: string): string | null =>
    URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol) ? text : null;
  demandStore(env, 'RENKEI_DATABASE_URL', rules, example, mistakes);
  return env.read('RENKEI_DATABASE_URL', fits, `Write a URL such as ${example}.`);
}

/** The address of Redis as it was written (rules/redis-address.ts); null: the store inside the process, which production does not use. */
export function readRedisUrl(env: EnvironmentValues, rules: Rules, mistakes: Mistake[]): string | null {
  const name = 'RENKEI_REDIS_URL';
  demandStore(env, name, rules, 'rediss://user:password@host', mistakes);
  const text = env.get(name);
  const address = text === null ? null : readRedisAddress(text);
  if (address === null || !('problem' in address)) return text;
  mistakes.push({ where: name, path: '', ...address });
  return null;
}

function demandStore(
  env: EnvironmentValues,
  where: 'RENKEI_DATABASE_URL' | 'RENKEI_REDIS_URL',
  { http }: Rules,
  example: string,
  mistakes: Mistake[],
): void {
  if (http || env.get(where) !== null) return;
  const remedy = `Set it: ${example}. Production does not use the embedded stores.`;
  mistakes.push({ where, path: '', problem: 'it is not set', remedy });
}

export function readMail(
  env: EnvironmentValues,
  { http }: Rules,
  mistakes: Mistake[],
): { readonly smtpUrl: string | null; readonly mailFrom: string } {
  const fits = (text: string): string | null =>
    URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) ? text : null;
  const smtpUrl = env.read('RENKEI_SMTP_URL', fits, 'Write a URL such as smtps://user:password@mail.bank.example.');
  const address = (text: string): string | null =>
    /^[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/.test(text) ? text : null;
  const mailFrom = env.read('RENKEI_MAIL_FROM', address, 'Write an address, alone or as name <address>.');
  if (!http) {
    for (const where of ['RENKEI_SMTP_URL', 'RENKEI_MAIL_FROM'] as const) {
      const remedy = 'Set it: without mail nobody gets a code or hears of a lock.';
      if (env.get(where) === null) mistakes.push({ where, path: '', problem: 'it is not set', remedy });
    }
  }
  return { smtpUrl, mailFrom: mailFrom ?? 'no-reply@renkei.example' };
}

/** How far the clock runs ahead at the start, in seconds; production keeps the true time. */
export function readNowOffset(env: EnvironmentValues, { http }: Rules, mistakes: Mistake[]): number {
  if (!http && env.get('RENKEI_NOW_OFFSET') !== null) {
    mistakes.push({
      where: 'RENKEI_NOW_OFFSET',
      path: '',
      problem: 'production keeps the true time',
      remedy: 'Remove it.',
    });
  }
  const seconds = (text: string): number | null =>
    /^\d{1,10}$/.test(text) && Number(text) <= 3_153_600_000 ? Number(text) : null;
  return env.read('RENKEI_NOW_OFFSET', seconds, 'Write whole seconds from 0 up to a hundred years.') ?? 0;
}

function readOrigins(text: string, { http }: Rules): readonly string[] | null {
  const parts = text.split(',').map((part) => part.trim());
  const fits = parts.every(
    (part) => addressProblem(part, http) === null && new URL(part).href === `${part.replace(/\/$/, '')}/`,
  );
  return fits ? parts.map((part) => new URL(part).origin) : null;
}

/** The Host headers that are answered: the issuer's; with an issuer on loopback also this process's own. */
export function hostsOf(issuer: string, port: number, { http }: Rules): readonly string[] {
  const url = new URL(issuer);
  if (!http || !isLoopback(url)) return [url.host];
  return [...new Set([url.host, `localhost:${port}`, `127.0.0.1:${port}`])];
}
