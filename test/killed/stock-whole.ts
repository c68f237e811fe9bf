// What must hold of the stock whatever was killed: a seed file is in it whole or not at all and once, and orders, dates and
// mails of a company's tokens are what the records tell.
import { expect } from 'chai';
import type { CompanyRow } from '../../src/store/account.ts';
import type { SeedFile } from './desk.ts';
import type { Person } from './person.ts';
import type { Scene } from './scene.ts';
import { recordsWhere, type Told, type Watched } from './whole.ts';

const words = (records: readonly Told[]): string => records.map(({ event }) => event).join(', ') || 'nothing';

export interface Import {
  readonly id: string;
  readonly state: string;
  readonly checkOnly: boolean;
  readonly ended: boolean;
}

/** Imports of a file, oldest first. */
export async function importsOf(scene: Scene, { name }: SeedFile): Promise<readonly Import[]> {
  const rows = await scene.sql('select * from token_import where file_name = $1 order by started_at, id', [name]);
  return rows.map((row) => ({
    id: String(row['id']),
    state: String(row['state']),
    checkOnly: row['check_only'] === true,
    ended: row['ended_at'] !== null,
  }));
}

/** How many of its tokens are in the stock: all of them or none, and each with the secret of the file. */
export async function inStock(scene: Scene, { tokens }: SeedFile): Promise<number> {
  const { secrets } = scene.stores;
  const serials = tokens.map(({ serial }) => serial);
  const rows = await scene.sql('select id, serial, secret, import_id from token where serial = any($1)', [serials]);
  expect(rows.length, 'tokens of the file in the stock').to.be.oneOf([0, tokens.length]);
  expect(new Set(rows.map((row) => row['import_id'])).size, 'imports that they came by').to.be.at.most(1);
  for (const { id, serial, secret } of rows) {
    const opened = secrets.openTokenSecret(String(secret), String(id));
    const { secret: own = Buffer.alloc(0) } = tokens.find((token) => token.serial === serial) ?? {};
    expect(Buffer.from(own).equals(opened), `the secret of ${String(serial)}`).to.equal(true);
  }
  return rows.length;
}

export function watchFile(scene: Scene, file: SeedFile): Watched {
  const records = (): Promise<readonly Told[]> =>
    recordsWhere(scene, `chain = 'bank' and body::json->'data'->>'file' = $1`, file.name);
  return {
    committed: async () => words(await records()),
    async check() {
      const imports = await importsOf(scene, file);
      const told = await records();
      const count = (event: string, id: string): number =>
        told.filter(({ event: each, data }) => each === event && data['import'] === id).length;
      expect(told.every(({ data }) => imports.some(({ id }) => id === data['import']))).to.equal(true);
      for (const { id, state, checkOnly, ended } of imports) {
        const [row] = await scene.sql('select count(*)::int as n from token where import_id = $1', [id]);
        const done = state === 'done';
        const failed = state === 'failed' || state === 'cancelled';
        const which = `of an import that is ${state}`;
        expect(row?.['n'], `tokens ${which}`).to.equal(done ? file.tokens.length : 0);
        expect(count('token.imported', id), `records ${which}`).to.equal(done ? 1 : 0);
        expect(count('token.import-failed', id), `records of the end ${which}`).to.equal(failed ? 1 : 0);
        expect(ended, `the end ${which}`).to.equal(done || failed);
        const checked = checkOnly && (done || state === 'checked' || state === 'importing');
        const times = count('token.import-checked', id);
        expect(times, `records of the check ${which}`).to.be.oneOf(checked ? [1] : checkOnly ? [0, 1] : [0]);
      }
      const all = await inStock(scene, file);
      expect(imports.filter(({ state }) => state === 'done').length, 'imports that are done').to.equal(all > 0 ? 1 : 0);
    },
  };
}

/**
 * Watches a company's tokens that an act orders, ships or marks as arrived.
 * @param without people of it who are to register a token and have none
 */
export async function watchStock(
  scene: Scene,
  { id, tokenArrivedAt }: CompanyRow,
  without: readonly Person[] = [],
): Promise<Watched> {
  const began = scene.now();
  const recorded = (): Promise<readonly Told[]> =>
    recordsWhere(scene, `chain = $1 and account_id is null and event like 'token.%'`, id);
  const before = (await recorded()).length;
  return {
    committed: async () => words((await recorded()).slice(before)),
    async check() {
      expect((await scene.stores.store.audit.verify(id)).badAt, 'the chain verifies').to.equal(null);
      const records = (await recorded()).slice(before);
      const of = (event: string): readonly Told[] => records.filter((record) => record.event === event);
      const tokens = await scene.sql('select * from token where company_id = $1', [id]);
      const serialsWith = (column: string): readonly unknown[] =>
        tokens.filter((token) => Number(token[column] ?? 0) >= began).map(({ serial }) => serial);
      const told = (event: string): readonly unknown[] =>
        of(event).flatMap(({ data }) => (Array.isArray(data['serials']) ? data['serials'] : []));
      const moves = [
        ['ordered_at', 'token.ordered'],
        ['shipped_at', 'token.shipped'],
        ['arrived_at', 'token.arrived'],
      ] as const;
      for (const [column, event] of moves) expect(serialsWith(column), column).to.have.members(told(event));

      const orders = await scene.sql('select * from token_order where company_id = $1', [id]);
      expect(orders.length, 'orders').to.equal(of('token.ordered').length);
      for (const order of orders) {
        const record = of('token.ordered').find(({ data }) => data['order'] === order['id']);
        const given = tokens.filter((token) => token['order_id'] === order['id']);
        const fees = given.reduce((sum, token) => sum + Number(token['fee']), 0);
        expect([given.length, fees]).to.deep.equal([order['tokens'], order['fee']]);
        expect([record?.data['fee'], record?.data['free']]).to.deep.equal([order['fee'], order['free']]);
      }
      const [company] = await scene.sql('select token_arrived_at from company where id = $1', [id]);
      const arrived = tokenArrivedAt !== null || of('token.arrived').length > 0;
      expect(company?.['token_arrived_at'] !== null, 'the day of the arrival').to.equal(arrived);
      const owed = of('token.shipped').reduce((sum, { data }) => sum + Number(data['told']), 0);
      const mails = await Promise.all(without.map(({ account }) => scene.demo.mails(account.email ?? '')));
      const limits = mails.flat().filter(({ subject }) => subject.includes('登録期限'));
      expect(limits.length, 'mails about the limit').to.equal(owed);
    },
  };
}
