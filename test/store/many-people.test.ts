// A company with 10,000 people: every filter, every order and the last page find exactly whom they should, in as many
// statements as for ten people.
import { expect } from 'chai';
import { type PeopleSort, peopleSorts } from '../../src/rules/people-sort.ts';
import type { PeopleQuery } from '../../src/store/people.ts';
import { bothStores, type OpenStore } from '../support/database.ts';
import { addManyPeople } from '../support/many-people.ts';
import { day, start } from '../support/rows.ts';

const count = 10_000;
const numbers = Array.from({ length: count }, (_each, index) => index + 1);

for (const { name, open } of bothStores) {
  describe(`a company with ${count} people on ${name}`, function () {
    this.timeout(120_000);
    let at: OpenStore;
    let companyId: string;
    const query = (patch: Partial<PeopleQuery> = {}): PeopleQuery => ({
      companyId,
      text: '',
      state: null,
      role: null,
      tokenKind: null,
      linked: null,
      sort: 'login_id',
      now: start,
      usedSince: start - 30 * day,
      page: 1,
      per: 50,
      ...patch,
    });
    /** The numbers of the people of one page, and how many match; counted in statements. */
    const list = async (patch: Partial<PeopleQuery>) => {
      const before = at.database.statements();
      const { total, page, people } = await at.store.people.list(query(patch));
      expect(at.database.statements() - before, 'statements').to.be.at.most(3);
      return {
        total,
        page,
        found: people.map(({ account }) => Number(account.id.slice(companyId.length + 1))),
        people,
      };
    };
    before(async () => {
      at = await open();
      await addManyPeople(at, 50);
      companyId = await addManyPeople(at, count);
    });

    it('gives the first page, the last one, and for one past the end the last', async () => {
      const first = await list({});
      expect([first.total, first.page, first.found]).to.deep.equal([count, 1, numbers.slice(0, 50)]);
      for (const page of [200, 201, 99_999]) {
        const last = await list({ page });
        expect([last.total, last.page, last.found]).to.deep.equal([count, 200, numbers.slice(-50)]);
      }
      expect((await list({ page: 100, per: 100 })).found).to.deep.equal(numbers.slice(9_900));
      expect(first.people[1]).to.deep.include({ devices: 0, issue: null });
      expect(first.people[1]?.token).to.include({ kind: 'hardware', serial: `s${companyId}-2`, holders: 1 });
      expect(first.people[0]?.link?.display).to.equal('minato1');
      expect(first.people[0]?.devices).to.equal(1);
    });

    it('finds whom each filter means, and all of them together', async () => {
      const expectations: readonly (readonly [Partial<PeopleQuery>, (n: number) => boolean])[] = [
        [{ text: '長谷川' }, () => false],
        [{ text: 'ハセガワ' }, (n) => n % 1000 === 7],
        [{ text: 'ﾊｾｶﾞﾜ 1007' }, (n) => n === 1007],
        [{ text: 'P00042X' }, (n) => n === 42],
        [{ text: 'minato999' }, (n) => n % 3 !== 0 && String(n).startsWith('999')],
        [{ role: 'master' }, (n) => n === 1],
        [{ role: 'admin' }, (n) => n % 100 === 2],
        [{ state: 'account-stopped' }, (n) => n % 50 === 0],
        [{ state: 'otp-stopped' }, (n) => n % 70 === 0],
        [{ state: 'new' }, (n) => n % 30 === 0],
        [{ state: 'password-locked' }, (n) => n % 90 === 0],
        [{ state: 'must-change' }, (n) => n % 110 === 0],
        [{ state: 'available' }, (n) => [30, 50, 70, 90, 110].every((each) => n % each !== 0)],
        [{ linked: true }, (n) => n % 3 !== 0],
        [{ linked: false }, (n) => n % 3 === 0],
        [{ tokenKind: 'none' }, (n) => n % 4 === 0],
        [{ withToken: true }, (n) => n % 4 !== 0],
        [{ tokenKind: 'software' }, (n) => n % 4 === 3],
        [{ tokenKind: 'hardware' }, (n) => n % 4 === 1 || n % 4 === 2],
        [
          { text: '利用者', role: 'member', state: 'account-stopped', linked: true, tokenKind: 'hardware' },
          (n) => n % 50 === 0 && n % 100 !== 2 && n % 3 !== 0 && n % 4 === 2,
        ],
      ];
      for (const [patch, test] of expectations) {
        const expected = numbers.filter(test);
        const last = Math.max(1, Math.ceil(expected.length / 50));
        const { total, found } = await list({ ...patch, page: last });
        expect([total, found], JSON.stringify(patch)).to.deep.equal([
          expected.length,
          expected.slice((last - 1) * 50, last * 50),
        ]);
      }
    });

    it('stands in every order, both ways, on the first and the last page', async () => {
      const never = numbers.filter((n) => n % 5 === 0);
      const byLast = numbers.filter((n) => n % 5 !== 0);
      const stopped = numbers.filter((n) => n % 50 === 0);
      const firsts: Readonly<Record<PeopleSort, readonly number[]>> = {
        'login_id': numbers,
        '-login_id': numbers.toReversed(),
        'name': [1, 10, 100, 1000, 10_000].filter((n) => n % 1000 !== 7),
        '-name': [9007],
        'last_login': never,
        '-last_login': byLast,
        'state': numbers.filter((n) => [30, 50, 70, 90, 110].every((each) => n % each !== 0)),
        '-state': stopped,
      };
      for (const sort of peopleSorts.flatMap((order): PeopleSort[] => [order, `-${order}`])) {
        const expected = firsts[sort].slice(0, 50);
        expect((await list({ sort })).found.slice(0, expected.length), sort).to.deep.equal(expected);
      }
      expect((await list({ sort: '-last_login', page: 200 })).found).to.deep.equal(never.slice(-50));
      expect((await list({ sort: 'state', page: 200 })).found).to.deep.equal(stopped.slice(-50));
    });

    it('hands out everybody once, in parts, and counts them in one statement each', async () => {
      const before = at.database.statements();
      const ids = await at.store.people.ids(query());
      expect(new Set(ids).size).to.equal(count);
      let found = 0;
      for (let first = 0; first < ids.length; first += 500)
        found += (await at.store.people.of(companyId, ids.slice(first, first + 500), query())).length;
      expect([found, at.database.statements() - before]).to.deep.equal([count, 21]);
      expect(await at.store.tokensOfCompany.inGrace(companyId, null, start)).to.equal(
        numbers.filter((n) => n % 4 === 0 && n % 50 !== 0).length,
      );
      expect(await at.store.people.stopped(companyId, start)).to.equal(
        numbers.filter((n) => [50, 70, 90].some((each) => n % each === 0)).length,
      );
      expect(await at.store.people.count(query({ role: 'admin' }))).to.equal(100);
      expect(at.database.statements() - before).to.equal(24);
    });
  });
}
