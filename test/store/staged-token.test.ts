// The staged tokens of a file: forgotten in short statements, however little the planner knows of them.
import { expect } from 'chai';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`staged tokens on ${name}`, function () {
    this.timeout(120_000);
    let at: OpenStore;
    before(async () => {
      at = await open();
      await run(at, 'alter table token_import_row set (autovacuum_enabled = off)');
    });
    after(() => run(at, 'alter table token_import_row reset (autovacuum_enabled)'));

    const stage = async (tokens: number): Promise<string> => {
      const id = newId();
      await run(
        at,
        `insert into token_import (id, file_name, format, state, started_by, started_at, touched_at, check_only, reference)
           values ('${id}', 'a.csv', 'csv', 'reading', 'OP-1', ${start}, ${start}, false, 'R')`,
      );
      await run(
        at,
        `insert into token_import_row (import_id, line, token_id, serial, secret, algorithm, digits, period)
           select '${id}', n + 1, '${id}' || n, '${id}' || n, 'v1.k.x', 'SHA1', 6, 30 from generate_series(1, ${tokens}) as n`,
      );
      return id;
    };

    it('are forgotten by the slice although the statistics are older than the file, and no others with them', async () => {
      const other = await stage(1);
      await run(at, 'analyze token_import_row');
      const id = await stage(50_000);
      const dropped: number[] = [];
      do dropped.push(await at.store.stagedToken.drop(id, 20_000));
      while (dropped.at(-1) !== 0);
      expect(dropped).to.deep.equal([20_000, 20_000, 10_000, 0]);
      expect(await run(at, `select line from token_import_row where import_id = '${other}'`)).to.have.length(1);
      expect(await at.store.stagedToken.drop(other, 20_000)).to.equal(1);
    });
  });
}
