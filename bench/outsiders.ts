// What stands around a gateway under load, in the load client's process so that its cost is not counted: a Business Direct
// that vouches for whoever is told, a mail server that takes everything, and the configuration that names them.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { startHostileUpstream } from '../test/support/hostile-upstream.ts';
import { freePort } from '../test/support/ports.ts';
import type { Person } from './people.ts';
import { registration } from './portal.ts';

export interface Outsiders {
  /** Environment of a gateway on the two stores. */
  readonly env: Readonly<Record<string, string>>;
  readonly issuer: string;
  readonly upstream: string;
  /** A folder for the run's files. */
  readonly folder: string;
  /** Who signs in at Business Direct next. */
  vouchFor(person: Person): void;
  close(): Promise<void>;
}

async function mailServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      stream.resume();
      stream.once('end', () => done());
    },
  });
  // A client that goes away without a word.
  server.on('error', () => {});
  const port = await freePort();
  const listening = server.listen(port, '127.0.0.1');
  if (!listening.listening) await once(listening, 'listening');
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

export async function startOutsiders(stores: {
  readonly redis: string;
  readonly postgres: string;
}): Promise<Outsiders> {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-bench-'));
  const upstream = await startHostileUpstream(() => Date.now());
  const mail = await mailServer();
  const write = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value));
  write('portals.yaml', [registration]);
  write('upstreams.yaml', [
    upstream.config({
      display_claim: 'business_direct_id',
      company_claim: 'company',
      trust: { auth_time: true, otp: 'none' },
    }),
  ]);
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  return {
    issuer,
    upstream: upstream.issuer,
    folder,
    env: {
      RENKEI_ISSUER: issuer,
      RENKEI_PORT: String(port),
      RENKEI_PROFILE: 'recommended',
      RENKEI_CONFIG: folder,
      RENKEI_DATA_DIR: folder,
      RENKEI_DATABASE_URL: stores.postgres,
      RENKEI_REDIS_URL: stores.redis,
      RENKEI_SMTP_URL: mail.url,
      RENKEI_SECRET: randomBytes(32).toString('hex'),
      // Browsers come through a proxy, as in production, each from an address of its own.
      RENKEI_TRUSTED_PROXIES: '127.0.0.1',
    },
    vouchFor: ({ subject, loginId, contractNumber }) =>
      upstream.say('id-token', {
        sub: subject,
        business_direct_id: loginId,
        company: { contract_number: contractNumber, name: '株式会社みなと精機' },
        auth_time: Math.floor(Date.now() / 1000),
      }),
    close: async () => {
      await upstream.close();
      await mail.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
