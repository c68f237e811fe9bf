// The audit record: appended and never changed, one unbroken chain also under many writers, and every kind of tampering by
// somebody who holds the database is found.
import { expect } from 'chai';
import type { AuditEvent, AuditRecord } from '../../src/rules/audit-event.ts';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { addAccount, addCompany, atOnce, day, newId, start } from '../support/rows.ts';

const entry = (chain: string, patch: Partial<AuditRecord> = {}): AuditRecord => ({
  chain,
  at: start,
  reference: 'R-0000-0001',
  event: 'password.missed',
  accountId: null,
  actor: { kind: 'stranger', id: null },
  data: { attempt: 'a', compared: true, z: { b: 2, a: 'カナ' } },
  ...patch,
});

for (const { name, open } of bothStores) {
  describe(`the audit record on ${name}`, () => {
    let at: OpenStore;
    let chain: string;
    /** As the owner of the tables: the trigger is out of the way. */
    const tamper = async (...statements: readonly string[]): Promise<void> => {
      await run(at, 'alter table audit disable trigger audit_append_only');
      try {
        for (const statement of statements) await run(at, statement);
      } finally {
        await run(at, 'alter table audit enable trigger audit_append_only');
      }
    };
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    beforeEach(async () => {
      chain = newId();
      for (let n = 1; n <= 5; n += 1) await at.store.audit.add(entry(chain, { reference: `R-${n}`, at: start + n }));
    });

    it('numbers the records of each chain without a gap, and the head is the last one', async () => {
      const other = newId();
      await at.store.audit.add(entry(other));
      const rows = await run(at, `select seq, previous_mac, mac from audit where chain = '${chain}' order by seq`);
      expect(rows.map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 4, 5]);
      expect(rows[0]?.['previousMac']).to.equal('');
      for (let n = 1; n < 5; n += 1) expect(rows[n]?.['previousMac']).to.equal(rows[n - 1]?.['mac']);
      const heads = await at.store.audit.heads();
      expect(heads.find((head) => head.chain === chain)).to.deep.equal({ chain, seq: 5, mac: rows[4]?.['mac'] });
      expect(heads.find((head) => head.chain === other)?.seq).to.equal(1);
      expect(await at.store.audit.verify(chain)).to.deep.equal({ records: 5, badAt: null });
      expect(await at.store.audit.verify(newId()), 'a chain that never began').to.deep.equal({
        records: 0,
        badAt: null,
      });
    });

    it('lists the newest first, of a chain or of one person', async () => {
      await at.store.audit.add(entry(chain, { accountId: 'somebody', event: 'link.made' }));
      const all = (await at.store.audit.list({ chain }, 3)).map((body): unknown => JSON.parse(body));
      expect(all).to.have.length(3);
      expect(all[0]).to.deep.equal({ seq: 6, ...entry(chain, { accountId: 'somebody', event: 'link.made' }) });
      expect(await at.store.audit.list({ chain, accountId: 'somebody' }, 3)).to.have.length(1);
    });

    it('writes the same record in the same bytes, whatever the order of its facts', async () => {
      const [one, other] = [newId(), newId()];
      await at.store.audit.add(entry(one, { data: { b: 1, a: { d: [2, { y: 1, x: 2 }], c: 3 } } }));
      await at.store.audit.add(entry(other, { data: { a: { c: 3, d: [2, { x: 2, y: 1 }] }, b: 1 } }));
      const [first] = await at.store.audit.list({ chain: one }, 1);
      const [second] = await at.store.audit.list({ chain: other }, 1);
      expect(first).to.be.a('string').and.equal(second?.replaceAll(other, one));
    });

    it('is gone with a change that was rolled back, and the number is used again', async () => {
      await at.store
        .transaction(async ({ audit }) => {
          await audit.add(entry(chain));
          throw new Error('undone');
        })
        .catch(() => {});
      expect(await at.store.audit.verify(chain)).to.deep.equal({ records: 5, badAt: null });
      await at.store.audit.add(entry(chain));
      expect(await at.store.audit.verify(chain)).to.deep.equal({ records: 6, badAt: null });
    });

    it('counts misses of one person since a time, and tells the last lock and the last copied device', async () => {
      const accountId = newId();
      const write = (event: AuditEvent, when: number): Promise<void> =>
        at.store.audit.add(entry(chain, { accountId, event, at: when }));
      await write('password.missed', start);
      await write('password.missed', start + 1);
      await write('otp.missed', start + 2);
      await write('password.locked', start + 3);
      await write('password.locked', start + 4);
      await write('device.copied', start + 2);
      const { missesSince } = at.store.audit;
      expect(await missesSince(chain, accountId, start)).to.deep.equal({
        misses: 2,
        lockedAt: start + 4,
        copiedAt: start + 2,
      });
      const nothing = { misses: 0, lockedAt: null, copiedAt: null };
      expect(await missesSince(chain, accountId, start + 4)).to.deep.equal(nothing);
      expect(await missesSince(chain, newId(), 0)).to.deep.equal(nothing);
    });

    describe('under many writers', () => {
      it('stays one chain, and is found whole at every moment while they write', async () => {
        let writing = true;
        const watch = async (): Promise<readonly (number | null)[]> => {
          const seen: (number | null)[] = [];
          while (writing) seen.push((await at.store.audit.verify(chain)).badAt);
          return seen;
        };
        const watching = watch();
        await atOnce(8, async (writer) => {
          for (let n = 0; n < 5; n += 1)
            await at.store.transaction(({ audit }) => audit.add(entry(chain, { reference: `R-${writer}-${n}` })));
        });
        writing = false;
        expect(new Set(await watching)).to.deep.equal(new Set([null]));
        expect(await at.store.audit.verify(chain)).to.deep.equal({ records: 45, badAt: null });
      });

      it('begins once', async () => {
        const fresh = newId();
        await atOnce(8, () => at.store.transaction(({ audit }) => audit.add(entry(fresh))));
        expect(await at.store.audit.verify(fresh)).to.deep.equal({ records: 8, badAt: null });
      });
    });

    describe('against those who hold the database', () => {
      it('refuses UPDATE and DELETE of a record', async () => {
        for (const statement of [
          `update audit set event = 'x' where chain = '${chain}' and seq = 3`,
          `delete from audit where chain = '${chain}'`,
        ]) {
          const error = await run(at, statement).catch((caught: unknown) => caught);
          expect(error).to.be.instanceOf(Error).with.property('message').that.includes('append-only');
        }
        expect(await at.store.audit.verify(chain)).to.deep.equal({ records: 5, badAt: null });
      });

      const changes: Readonly<Record<string, string>> = {
        seq: 'seq = seq + 100',
        at: 'at = at + 1',
        reference: `reference = 'R-9'`,
        event: `event = 'link.made'`,
        account_id: `account_id = 'somebody'`,
        body: `body = replace(body, 'カナ', 'かな')`,
        previous_mac: `previous_mac = mac`,
        mac: `mac = previous_mac`,
        chain: `chain = 'elsewhere-' || chain`,
      };
      for (const [column, change] of Object.entries(changes)) {
        it(`finds a change of ${column}, in the middle and in the last record`, async () => {
          for (const seq of [5, 3]) {
            await tamper(`update audit set ${change} where chain = '${chain}' and seq = ${seq}`);
            expect((await at.store.audit.verify(chain)).badAt, `record ${seq}`).to.equal(seq);
          }
        });
      }

      it('finds a record that is no longer a record', async () => {
        for (const body of ['', 'null', '[]', 'not json', '{"seq":3']) {
          await tamper(`update audit set body = '${body}' where chain = '${chain}' and seq = 3`);
          expect((await at.store.audit.verify(chain)).badAt, body).to.equal(3);
        }
      });

      it('finds what was dropped: the first, one in the middle, the last, and all', async () => {
        await tamper(`delete from audit where chain = '${chain}' and seq = 5`);
        expect((await at.store.audit.verify(chain)).badAt).to.equal(5);
        await tamper(`delete from audit where chain = '${chain}' and seq = 3`);
        expect((await at.store.audit.verify(chain)).badAt).to.equal(3);
        await tamper(`delete from audit where chain = '${chain}' and seq = 1`);
        expect((await at.store.audit.verify(chain)).badAt).to.equal(1);
        await tamper(`delete from audit where chain = '${chain}'`);
        expect((await at.store.audit.verify(chain)).badAt).to.equal(1);
      });

      it('finds records that were put in, exchanged, or lost their head', async () => {
        const copy = `insert into audit select chain, 6, at, reference, event, account_id, body, mac, mac from audit
          where chain = '${chain}' and seq = 5`;
        await tamper(copy);
        expect((await at.store.audit.verify(chain)).badAt).to.equal(6);
        await tamper(
          `delete from audit where chain = '${chain}' and seq = 6`,
          `update audit set seq = -seq where chain = '${chain}' and seq in (2, 3)`,
          `update audit set seq = case seq when -2 then 3 else 2 end where chain = '${chain}' and seq < 0`,
        );
        expect((await at.store.audit.verify(chain)).badAt).to.equal(2);
        const forged = newId();
        await at.store.audit.add(entry(forged));
        await run(
          at,
          `insert into audit select chain, 0, at, reference, 'link.made', account_id, body, '', mac from audit where chain = '${forged}'`,
        );
        expect((await at.store.audit.verify(forged)).badAt, 'in front of the first').to.equal(1);
        const headless = newId();
        await at.store.audit.add(entry(headless));
        await run(at, `delete from audit_head where chain = '${headless}'`);
        expect((await at.store.audit.verify(headless)).badAt).to.equal(2);
      });

      it('finds a whole chain that was put in the place of another company’s', async () => {
        const other = newId();
        await at.store.audit.add(entry(other));
        await tamper(
          `update audit set chain = 'aside' where chain = '${chain}'`,
          `update audit set chain = '${chain}' where chain = '${other}'`,
          `update audit_head set (seq, mac) = (select seq, mac from audit_head where chain = '${other}') where chain = '${chain}'`,
        );
        expect((await at.store.audit.verify(chain)).badAt).to.equal(1);
        await tamper(`delete from audit where chain in ('aside', '${chain}')`);
      });
    });

    it('verifies more records than it reads at once', async () => {
      const long = newId();
      const account = await addAccount(at.store, (await addCompany(at.store)).id);
      await at.store.transaction(async ({ audit }) => {
        for (let n = 0; n < 1_001; n += 1) await audit.add(entry(long, { accountId: account.id, at: start + n * day }));
      });
      expect(await at.store.audit.verify(long)).to.deep.equal({ records: 1_001, badAt: null });
    }).timeout(60_000);
  });
}
