// Transactions whose statements are sent together: they run in the order in which they were asked for, and mean the same.
import { expect } from 'chai';
import { sql } from 'kysely';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { addAccount, addCompany, atOnce, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`a transaction on ${name}`, () => {
    let at: OpenStore;
    before(async function () {
      this.timeout(60_000);
      at = await open();
      await run(at, 'create table if not exists line (place serial, word text not null unique)');
    });
    beforeEach(() => run(at, 'truncate line restart identity'));
    const words = async (): Promise<readonly unknown[]> =>
      (await run(at, 'select word from line order by place')).map((row) => Reflect.get(Object(row), 'word'));
    const write = (db: Parameters<Parameters<typeof at.database.transaction>[0]>[0], word: string) =>
      sql`insert into line (word) values (${word})`.execute(db);

    const late = (db: Parameters<typeof write>[0], word: string) =>
      sql`insert into line (word) values (${word})`.compile(db);

    it('runs statements that were asked for together in that order, writes and reads', async () => {
      await at.database.transaction(async (db) => {
        const seen = await Promise.all([
          write(db, 'a'),
          sql<{ n: number }>`select count(*)::int as n from line`.execute(db),
          db.updateTable('deployment').set({ demo: false }).where('id', '=', 7).execute(),
          write(db, 'b'),
          db.selectFrom('company').selectAll().where('id', '=', 'nobody').executeTakeFirst(),
          sql<{ n: number }>`select count(*)::int as n from line`.execute(db),
        ]);
        expect([seen[1].rows[0]?.n, seen[5].rows[0]?.n]).to.deep.equal([1, 2]);
      });
      expect(await words()).to.deep.equal(['a', 'b']);
    });

    it('keeps nothing when one of them fails, whether somebody waits for it or the commit does', async () => {
      const together = at.database.transaction(async (db) => {
        await Promise.all([write(db, 'a'), write(db, 'a'), write(db, 'b')]);
      });
      expect(await together.catch((error: unknown) => error)).to.have.property('code', '23505');
      const trailing = at.database.transaction(async (db, trail) => {
        await write(db, 'a');
        trail(late(db, 'a'));
        return 'done';
      });
      expect(await trailing.catch((error: unknown) => error)).to.have.property('code', '23505');
      const own = at.database.transaction(async (db) => {
        void write(db, 'c').catch(() => {});
        throw new Error('the work');
      });
      expect(await own.catch((error: unknown) => error)).to.have.property('message', 'the work');
      expect(await words()).to.deep.equal([]);
      // The connections it had are good for the next ones.
      await atOnce(20, (n) => at.database.transaction((db) => write(db, `after ${n}`)));
      expect(await words()).to.have.length(20);
    });

    it('fails with the first cause, whichever of its statements is heard first', async () => {
      const deep = async (db: Parameters<typeof write>[0]): Promise<unknown> => {
        const layers = async (): Promise<unknown> => write(db, 'a');
        return await (async () => await layers())();
      };
      const failing = at.database.transaction(async (db) => {
        await write(db, 'a');
        await Promise.all([deep(db), write(db, 'b'), write(db, 'c')]);
      });
      expect(await failing.catch((error: unknown) => error)).to.have.property('code', '23505');
      expect(await words()).to.deep.equal([]);
    });

    it('has kept what its trail wrote when it resolves', async () => {
      await at.database.transaction(async (db, trail) => trail(late(db, 'late')));
      expect(await words()).to.deep.equal(['late']);
    });

    it('is one: another sees the whole of it or nothing', async () => {
      const reached = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const whole = at.database.transaction(async (db) => {
        await write(db, 'a');
        reached.resolve();
        await go.promise;
        await write(db, 'b');
      });
      await reached.promise;
      if (!at.database.embedded) expect(await words()).to.deep.equal([]);
      go.resolve();
      await whole;
      expect(await words()).to.deep.equal(['a', 'b']);
    });

    it('reads after a lock, asked for together, what the one before it left', async () => {
      const account = await addAccount(at.store, (await addCompany(at.store)).id);
      const seen = await atOnce(8, () =>
        at.store.transaction(async (tables) => {
          const [, person] = await Promise.all([tables.account.lock(account.id), tables.account.person(account.id)]);
          await tables.account.change(account.id, { name: `${person?.account.name}+` });
          await tables.audit.add({
            chain: `chain ${account.id}`,
            at: start,
            reference: newId(),
            event: 'login.finished',
            accountId: account.id,
            actor: { kind: 'account', id: account.id },
            data: {},
          });
          return person?.account.name.length ?? 0;
        }),
      );
      expect(new Set(seen).size).to.equal(8);
      expect(await at.store.audit.verify(`chain ${account.id}`)).to.deep.equal({ records: 8, badAt: null });
    });
  });
}
