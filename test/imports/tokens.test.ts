// A hundred thousand tokens into the stock: what it takes in time and memory, and how they are found afterwards. Memory is
// bounded by the batch, not by the file; no look-up reads them all. Times are told, none is asserted: they are the machine's.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type CompiledQuery, CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Schema } from '../../src/store/schema.ts';
import { tables } from '../../src/store/store.ts';
import { besideStore, chainMac, migratedDatabase, run, type OpenStore } from '../support/database.ts';
import { evidenceTable } from '../support/evidence-table.ts';
import { addManyPeople } from '../support/many-people.ts';
import type { FreshDatabase } from '../support/postgres.ts';
import { day, start } from '../support/rows.ts';

interface Took {
  readonly state: string;
  readonly tokens: number;
  readonly milliseconds: number;
  readonly statements: number;
  readonly before: number;
  readonly most: number;
}

const few = 10_000;
const many = 100_000;
const mega = 1024 * 1024;
/** What the heap of the importing process may have, in MB. */
const heap = 64;

describe('importing a hundred thousand tokens', function () {
  this.timeout(20 * 60_000);
  const evidence = evidenceTable('token-import', ['what', 'seen']);
  let fresh: FreshDatabase;
  let at: OpenStore;
  const made = new Map<string, Took>();

  before(async () => {
    fresh = await migratedDatabase();
    at = await besideStore(fresh.url);
  });
  after(async () => {
    await at.database.close();
    await fresh.drop();
  });

  async function importing(kind: 'csv' | 'pskc', count: number): Promise<Took> {
    const prefix = `${kind === 'csv' ? 'C' : 'P'}${count === many ? 'M' : 'F'}`;
    const child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${heap}`,
        '--import',
        'tsx',
        join(import.meta.dirname, 'child.ts'),
        fresh.url,
        kind,
        String(count),
        prefix,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const told: Took = JSON.parse(await text(child.stdout));
    made.set(`${kind} ${count}`, told);
    return told;
  }

  for (const kind of ['csv', 'pskc'] as const)
    it(`takes memory by the batch and not by the file, from ${kind === 'csv' ? 'CSV' : 'PSKC with AES-256-CBC and HMAC-SHA256'}`, async () => {
      const [small, large] = [await importing(kind, few), await importing(kind, many)];
      for (const [count, took] of [
        [few, small],
        [many, large],
      ] as const) {
        expect(took).to.deep.include({ state: 'done', tokens: count });
        const perSecond = Math.round(took.tokens / (took.milliseconds / 1000));
        evidence.row([
          `${count.toLocaleString('en')} tokens, ${kind.toUpperCase()}${kind === 'pskc' ? ', AES-256-CBC, HMAC-SHA256' : ''}`,
          `${(took.milliseconds / 1000).toFixed(1)} s, ${perSecond.toLocaleString('en')} tokens a second, ${took.statements} SQL statements; resident memory ${Math.round(took.before / mega)} MB before, ${Math.round(took.most / mega)} MB at most (heap limited to ${heap} MB)`,
        ]);
      }
      // Ten times the file: what the heap was allowed to leave uncollected, and nothing that grows with the file.
      expect(large.most - large.before).to.be.lessThan(2 * heap * mega + (small.most - small.before));
      expect(large.statements / small.statements).to.be.lessThan(11);
      const [{ n } = { n: 0 }] = await run(at, `select count(*)::int as n from token_import_row`);
      expect(n).to.equal(0);
    });

  it('finds each of them by an index', async () => {
    // Tokens of the first file are given to companies and people, some have ended: so that the statistics are those of a bank.
    const large = await addManyPeople(at, 2_000);
    const companies = await Promise.all(Array.from({ length: 20 }, () => addManyPeople(at, 50)));
    // By a hand of its own: the gateway's connections end a statement that takes this long.
    const hand = new pg.Client({ connectionString: fresh.url });
    await hand.connect();
    try {
      await hand.query(
        `update token set ordered_at = ${start},
           company_id = case when right(serial, 8)::int % 1000 < 40
             then (array['${companies.join("','")}'])[1 + (right(serial, 8)::int % 40) / 2] else '${large}' end,
           shipped_at = case when right(serial, 8)::int % 3 > 0 then ${start} end,
           arrived_at = case when right(serial, 8)::int % 3 > 1 then ${start} end,
           retired_at = case when right(serial, 8)::int % 50 = 0 then ${start} end,
           retired_why = case when right(serial, 8)::int % 50 = 0 then 'lost' end
         where serial like 'CM%' and right(serial, 8)::int % 2 = 0`,
      );
      await hand.query(
        `insert into token_holder (id, token_id, account_id, registered_at, ended_at, ended_why)
         select 'was-' || id, id, '${large}-' || 1 + (right(serial, 8)::int % 2000), ${start}, ${start}, 'revoked'
         from token where company_id = '${large}' and serial like 'CM%'`,
      );
      await hand.query('vacuum analyze');
    } finally {
      await hand.end();
    }
    const asked: CompiledQuery[] = [];
    const pool = new pg.Pool({ connectionString: fresh.url, max: 1 });
    pool.on('error', () => {});
    const db = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new CamelCasePlugin()],
      log: ({ query }) => void asked.push(query),
    });
    const nouns = tables(db, chainMac);
    const [company = ''] = companies;
    const [token] = await run(at, `select id from token where serial = 'CM00000042'`);
    const serials = ['CM00000042', 'PM00099999', 'NONE'];
    const [month, filter] = [30 * day, { serial: '', companyId: null, now: start, warnBefore: 60 * day }];
    const looks: Readonly<Record<string, () => Promise<unknown>>> = {
      'a token by its serial number (registration)': () => nouns.token.lockBySerial('CM00000042'),
      'serial numbers of a batch that the bank has': () => nouns.tokenImport.known(serials),
      'a token with its life (HDK044)': () => nouns.tokenStock.life('CM00000042'),
      'serial numbers to be assigned': () => nouns.tokenStock.lockBySerials(serials),
      'a page of the stock': () => nouns.tokenStock.list({ ...filter, state: 'in-stock' }, { after: 'PM00050000' }, 50),
      'the last page of the stock': () => nouns.tokenStock.list({ ...filter, state: 'in-stock' }, { before: 'Z' }, 50),
      'a page of what is on its way': () =>
        nouns.tokenStock.list({ ...filter, state: 'shipped' }, { after: 'CM00010000' }, 50),
      'a page of what was lost': () => nouns.tokenStock.list({ ...filter, state: 'lost' }, { after: '' }, 50),
      'serial numbers that begin so': () =>
        nouns.tokenStock.list({ ...filter, state: null, serial: 'CM000421' }, { after: '' }, 50),
      'a company’s tokens, a page': () =>
        nouns.tokenStock.list({ ...filter, state: null, companyId: company }, { after: '' }, 50),
      'a company’s tokens by state, counted': () => nouns.tokensOfCompany.counts(company, start, month),
      'who holds a token': () => nouns.token.heldBy(String(token?.['id'])),
    };
    try {
      for (const [what, look] of Object.entries(looks)) {
        asked.length = 0;
        await look();
        for (const query of asked.splice(0)) {
          const { rows } = await sql<{
            'QUERY PLAN': string;
          }>`${sql.raw('explain (analyze, timing off) ')}${sql.raw(withValues(query))}`.execute(db);
          const plan = rows.map((row) => String(Object.values(row)[0]));
          const scans = [
            ...new Set(
              plan.flatMap(
                (line) =>
                  /(?:(?:Bitmap |)Index (?:Only )?Scan (?:Backward )?(?:using|on) \w+|Seq Scan on \w+)/.exec(
                    line,
                  )?.[0] ?? [],
              ),
            ),
          ];
          const time = /Execution Time: ([\d.]+) ms/.exec(plan.join('\n'))?.[1] ?? '?';
          expect(
            scans.filter((scan) => /Seq Scan on (token|token_holder|account)$/.test(scan)),
            `${what}\n${plan.join('\n')}`,
          ).to.deep.equal([]);
          expect(scans.join(), what).to.include('Index');
          evidence.row([
            `plan: ${what}`,
            `${scans.join(', ')}; ${time} ms among ${(2 * (few + many)).toLocaleString('en')} tokens`,
          ]);
        }
      }
    } finally {
      await db.destroy();
    }
    evidence.write();
  });
});

/** The statement with its values in place: EXPLAIN takes none. */
function withValues({ sql: statement, parameters }: CompiledQuery): string {
  return statement.replace(/\$(\d+)/g, (_all, n) => {
    const value = parameters[Number(n) - 1];
    if (value === null || value === undefined) return 'null';
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return `'${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll("'", "''")}'`;
  });
}
