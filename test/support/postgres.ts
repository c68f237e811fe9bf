// A fresh, empty PostgreSQL database for one test, on the server that the test runner started.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface FreshDatabase {
  readonly url: string;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Makes an empty database. Throws when no server was handed in: run the test through `npm test -- <suite or file>`,
 * or set RENKEI_TEST_DATABASE_URL to a superuser's URL.
 * @param template an existing database without connections to copy, e.g. one that was migrated once
 */
export async function freshDatabase(template?: string): Promise<FreshDatabase> {
  const server = process.env['RENKEI_TEST_DATABASE_URL'];
  if (!server) throw new Error('RENKEI_TEST_DATABASE_URL is not set: run this through npm test -- <suite or file>');
  const name = `renkei_${randomBytes(6).toString('hex')}`;
  await run(server, `create database ${name}${template ? ` template ${template}` : ''}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(server, `drop database if exists ${name} with (force)`) };
}
