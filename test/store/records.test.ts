// Reading records for people: own chain and own person alone, by every filter, page by page in both directions, and fast in a
// chain of ten thousands.
import { expect } from 'chai';
import type { AuditEvent, AuditRecord } from '../../src/rules/audit-event.ts';
import type { RecordQuery } from '../../src/store/records.ts';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { addAccount, addCompany, day, minute, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`records for people on ${name}`, function () {
    this.timeout(60_000);
    let at: OpenStore;
    let chain: string;
    let [own, other]: [string, string] = ['', ''];

    const everything = (patch: Partial<RecordQuery> = {}): RecordQuery => ({
      chain,
      accountId: null,
      text: '',
      reference: null,
      from: null,
      until: null,
      events: null,
      upTo: null,
      ...patch,
    });
    const write = (patch: Partial<AuditRecord>): Promise<void> =>
      at.store.audit.add({
        chain,
        at: start,
        reference: '7K3F-92QD',
        event: 'login.finished',
        accountId: own,
        actor: { kind: 'account', id: own },
        data: {},
        ...patch,
      });
    const places = async (
      patch: Partial<RecordQuery>,
      place: Parameters<OpenStore['store']['records']['page']>[1] = null,
      limit = 100,
    ): Promise<readonly number[]> =>
      (await at.store.records.page(everything(patch), place, limit)).map(({ seq }) => seq);

    before(async () => {
      at = await open();
      const company = await addCompany(at.store);
      chain = company.id;
      own = (await addAccount(at.store, chain, { name: '鈴木 美咲', loginName: `Msuzuki${newId()}` })).id;
      other = (await addAccount(at.store, chain, { name: '100%_高橋', deletedAt: start })).id;
      const events: readonly AuditEvent[] = ['login.finished', 'password.missed', 'link.made', 'otp.missed'];
      for (let n = 0; n < 12; n += 1) {
        const to = n % 3 === 0 ? other : own;
        await write({ at: start + n * day, event: events[n % 4] ?? 'link.made', accountId: to });
      }
      // Done by one to the other; and by somebody whose text looks like an actor.
      await write({ accountId: other, event: 'account.changed', reference: 'ABCD-2345', at: start + 20 * day });
      await write({
        accountId: null,
        actor: { kind: 'stranger', id: null },
        event: 'console.foreign-target',
        data: { label: `"actor":{"id":"${own}"` },
        at: start + 21 * day,
      });
      await at.store.audit.add({
        chain: newId(),
        at: start,
        reference: '7K3F-92QD',
        event: 'login.finished',
        accountId: own,
        actor: { kind: 'account', id: own },
        data: {},
      });
    });

    it('reads one chain alone, newest first', async () => {
      expect(await places({})).to.deep.equal([14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(await places({ accountId: own })).to.deep.equal([12, 11, 9, 8, 6, 5, 3, 2]);
      expect(await places({ chain: newId() })).to.deep.equal([]);
      expect(await at.store.records.newest(chain)).to.equal(14);
      expect(await at.store.records.newest(newId())).to.equal(0);
    });

    it('goes older and newer from a place, and says when there is more', async () => {
      expect(await places({}, null, 3)).to.deep.equal([14, 13, 12, 11]);
      expect(await places({}, { before: 12 }, 3)).to.deep.equal([11, 10, 9, 8]);
      expect(await places({}, { before: 3 }, 3)).to.deep.equal([2, 1]);
      expect(await places({}, { after: 3 }, 3)).to.deep.equal([7, 6, 5, 4]);
      expect(await places({}, { after: 13 }, 3)).to.deep.equal([14]);
      expect(await places({ accountId: own }, { after: 5 }, 2)).to.deep.equal([9, 8, 6]);
    });

    it('narrows by time, event, place, reference number', async () => {
      expect(await places({ from: start + 2 * day, until: start + 4 * day })).to.deep.equal([4, 3]);
      expect(await places({ events: ['link.made', 'otp.missed'], accountId: own })).to.deep.equal([12, 11, 8, 3]);
      expect(await places({ upTo: 2 })).to.deep.equal([2, 1]);
      expect(await places({ text: 'abcd2345', reference: 'ABCD-2345' })).to.deep.equal([13]);
      expect(await places({ text: '鈴木', reference: '7K3F-92QD' }), 'a name and a number').to.have.length(14);
      expect(await at.store.records.count(everything({ events: ['link.made'] }))).to.equal(3);
      expect((await at.store.records.under(chain, '7K3F-92QD', own, 3)).map(({ seq }) => seq)).to.deep.equal([2, 3, 5]);
      expect(await at.store.records.under(newId(), '7K3F-92QD', null, 3)).to.deep.equal([]);
    });

    it('finds people by part of name or login ID, as those concerned and as those who acted; deleted ones too', async () => {
      const all = await places({ text: '鈴木' });
      expect(all, 'concerned, and acting upon another').to.include.members([13, 12, 1]).and.not.include(14);
      expect(await places({ text: 'msuzuki' })).to.deep.equal(all);
      expect(await places({ text: '%_' })).to.deep.equal([13, 10, 7, 4, 1]);
      expect(await places({ text: '%' })).to.deep.equal([13, 10, 7, 4, 1]);
      expect(await places({ text: '佐藤' })).to.deep.equal([]);
    });

    it('tells since when there are records, and who its people are', async () => {
      expect(await at.store.records.first(chain, null)).to.equal(start);
      expect(await at.store.records.first(chain, own)).to.equal(start + day);
      expect(await at.store.records.first(newId(), null)).to.equal(null);
      const people = await at.store.records.people(chain, [own, other, 'nobody']);
      expect([people.size, people.get(other)?.name]).to.deep.equal([2, '100%_高橋']);
      expect((await at.store.records.people(newId(), [own])).size, 'of another company').to.equal(0);
    });

    it('stays quick far back in a chain of 40,000', async () => {
      const long = newId();
      // Written past the verb: the chain is not verified here.
      await run(
        at,
        `insert into audit (chain, seq, at, reference, event, account_id, body, previous_mac, mac)
          select '${long}', n, ${start} + n::bigint * ${minute}, 'R', case when n % 500 = 0 then 'link.made' else 'login.finished' end,
            case when n = 17 then 'rare' else 'often' || n % 50 end,
            '{"actor":{"id":"x","kind":"account"},"data":{"agent":"' || repeat('Chrome / Windows ', 40) || '"}}', '', ''
          from generate_series(1, 40000) as n`,
      );
      await run(at, 'analyze audit');
      const timed = async (patch: Partial<RecordQuery>, place: { readonly before: number } | null): Promise<number> => {
        const began = performance.now();
        await places({ chain: long, ...patch }, place, 50);
        return performance.now() - began;
      };
      const times = {
        newest: await timed({}, null),
        farBack: await timed({}, { before: 200 }),
        rarePerson: await timed({ accountId: 'rare' }, null),
        oldDay: await timed({ from: start, until: start + day }, null),
        rareEvent: await timed({ events: ['link.made'] }, null),
        text: await timed({ text: '鈴木' }, null),
      };
      if (process.env['RENKEI_TEST_TIMES']) console.log(name, times);
      for (const [what, took] of Object.entries(times)) expect(took, what).to.be.lessThan(10_000);
      const plan = await run(
        at,
        `explain select seq, body from audit where chain = '${long}' and seq < 200 order by seq desc limit 51`,
      );
      expect(JSON.stringify(plan)).to.include('audit_pkey').and.not.include('Sort');
      const rare = await run(
        at,
        `explain select seq, body from audit where chain = '${long}' and account_id = 'rare' order by seq + 0 desc limit 51`,
      );
      expect(JSON.stringify(rare)).to.include('audit_account');
      await run(at, 'alter table audit disable trigger audit_append_only');
      await run(at, `delete from audit where chain = '${long}'`);
      await run(at, 'alter table audit enable trigger audit_append_only');
    });
  });
}
