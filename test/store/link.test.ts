// Links: one Business Direct ID, one account, and the reverse, also for those who try at the same moment; and the day's tries.
import { expect } from 'chai';
import type { AccountRow } from '../../src/store/account.ts';
import type { LinkRow } from '../../src/store/link.ts';
import { besideStore, bothStores, type OpenStore, serverStore } from '../support/database.ts';
import { addAccount, addCompany, addLink, atOnce, day, minute, newId, start } from '../support/rows.ts';

const issuer = 'https://bd.example';

type Added = Omit<LinkRow, 'slot' | 'endedAt' | 'endedWhy'>;
const linkRow = ({ id, companyId }: AccountRow, subject: string): Added => ({
  id: newId(),
  accountId: id,
  companyId,
  issuer,
  subject,
  display: 'minato04',
  madeAt: start,
  usedAt: start,
});

for (const { name, open } of bothStores) {
  describe(`links on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    let one: AccountRow;
    let other: AccountRow;
    before(async function () {
      this.timeout(60_000);
      at = await open();
      companyId = (await addCompany(at.store)).id;
    });
    beforeEach(async () => {
      one = await addAccount(at.store, companyId);
      other = await addAccount(at.store, companyId);
    });

    it('are found by id, by Business Direct ID, and by account, as they were written', async () => {
      const { link } = at.store;
      const row = linkRow(one, newId());
      expect(await link.add(row, 1)).to.equal('made');
      const kept = { ...row, slot: 0, endedAt: null, endedWhy: null };
      expect(await link.find(row.id)).to.deep.equal(kept);
      expect(await link.ofIdentity(issuer, row.subject)).to.deep.equal(kept);
      expect(await link.ofIdentity('https://other.example', row.subject)).to.equal(null);
      expect(await link.ofAccount(one.id)).to.deep.equal([kept]);
      expect(await link.ofAccounts([one.id, other.id])).to.deep.equal([kept]);
      expect(await link.ofAccounts([])).to.deep.equal([]);
      expect(await link.find(newId())).to.equal(null);
      await link.used(row.id, start + minute);
      expect((await link.lock(row.id))?.usedAt).to.equal(start + minute);
    });

    it('say which side is taken, and a refusal leaves the transaction usable', async () => {
      const taken = newId();
      await addLink(at.store, one, { subject: taken });
      const answers = await at.store.transaction(async ({ link, account }) => {
        const first = await link.add(linkRow(other, taken), 1);
        const second = await link.add(linkRow(one, newId()), 1);
        await account.change(other.id, { name: 'after the refusals' });
        return [first, second];
      });
      expect(answers).to.deep.equal(['link-taken', 'link-limit']);
      expect((await at.store.account.find(other.id))?.name).to.equal('after the refusals');
      expect(await at.store.link.ofAccount(other.id)).to.deep.equal([]);
    });

    it('fill as many slots as the policy has, and a slot that became free again', async () => {
      const { link } = at.store;
      const first = await addLink(at.store, one, {}, 2);
      await addLink(at.store, one, {}, 2);
      expect(await link.add(linkRow(one, newId()), 2)).to.equal('link-limit');
      await link.end(first, start, 'unlinked-by-self');
      expect(await link.add(linkRow(one, newId()), 2)).to.equal('made');
      expect((await link.ofAccount(one.id)).map(({ slot }) => slot)).to.have.members([0, 1]);
    });

    it('end once; the ended one is history and both sides are free for a link with an id of its own', async () => {
      const { link } = at.store;
      const subject = newId();
      const id = await addLink(at.store, one, { subject });
      const ended = await atOnce(5, () => link.end(id, start, 'unlinked-by-self'));
      expect(ended.filter(Boolean)).to.have.length(1);
      expect(await link.end(id, start + minute, 'again')).to.equal(false);
      expect(await link.find(id)).to.include({ endedAt: start, endedWhy: 'unlinked-by-self' });
      expect(await link.ofIdentity(issuer, subject)).to.equal(null);
      expect(await link.ofAccount(one.id)).to.deep.equal([]);
      expect(await link.add(linkRow(other, subject), 1)).to.equal('made');
    });

    describe('made at the same moment', () => {
      it('give one Business Direct ID to one of many accounts; the others learn that it is taken', async () => {
        for (let round = 0; round < 5; round += 1) {
          const people = await Promise.all(Array.from({ length: 6 }, () => addAccount(at.store, companyId)));
          const subject = newId();
          const answers = await atOnce(people.length, (index) =>
            at.store.transaction(async ({ account, link }) => {
              const person = people[index] ?? one;
              await account.lock(person.id);
              return link.add(linkRow(person, subject), 1);
            }),
          );
          expect(answers.filter((answer) => answer === 'made')).to.have.length(1);
          expect(answers.filter((answer) => answer === 'link-taken')).to.have.length(people.length - 1);
          const holder = await at.store.link.ofIdentity(issuer, subject);
          expect(holder?.accountId).to.equal(people[answers.indexOf('made')]?.id);
        }
      });

      it('give one account to one of many Business Direct IDs; the others learn of the limit', async () => {
        for (let round = 0; round < 5; round += 1) {
          const person = await addAccount(at.store, companyId);
          // Without the account's lock: the index alone decides.
          const answers = await atOnce(6, () =>
            at.store.transaction(({ link }) => link.add(linkRow(person, newId()), 1)),
          );
          expect(answers.filter((answer) => answer === 'made')).to.have.length(1);
          expect(answers.filter((answer) => answer === 'link-limit')).to.have.length(5);
          expect(await at.store.link.ofAccount(person.id)).to.have.length(1);
        }
      });
    });

    describe("the day's tries of one Business Direct ID", () => {
      const limit = 10;
      const take = (subject: string, now = start): Promise<boolean> =>
        at.store.link.takeTry(issuer, subject, now, day, limit);

      it('are exactly as many as the limit, however many come at once', async () => {
        for (let round = 0; round < 3; round += 1) {
          const subject = newId();
          const taken = await atOnce(25, () => take(subject));
          expect(taken.filter(Boolean)).to.have.length(limit);
          expect(await at.store.link.tries(issuer, subject, start)).to.deep.equal({
            misses: limit,
            until: start + day,
          });
        }
      });

      it('begin anew when the day that the first one opened is over, to the millisecond', async () => {
        const subject = newId();
        for (let n = 0; n < limit; n += 1) expect(await take(subject, start + n * minute)).to.equal(true);
        expect(await take(subject, start + day - 1)).to.equal(false);
        expect(await at.store.link.tries(issuer, subject, start + day)).to.deep.equal({ misses: 0, until: 0 });
        expect(await take(subject, start + day)).to.equal(true);
        expect(await at.store.link.tries(issuer, subject, start + day)).to.deep.equal({
          misses: 1,
          until: start + 2 * day,
        });
      });

      it('are given back one by one, never below none, and are nobody else’s', async () => {
        const subject = newId();
        await at.store.link.returnTry(issuer, subject);
        await take(subject);
        await take(subject);
        await at.store.link.returnTry(issuer, subject);
        expect((await at.store.link.tries(issuer, subject, start)).misses).to.equal(1);
        await at.store.link.returnTry(issuer, subject);
        await at.store.link.returnTry(issuer, subject);
        expect((await at.store.link.tries(issuer, subject, start)).misses).to.equal(0);
        expect((await at.store.link.tries('https://other.example', subject, start)).misses).to.equal(0);
      });
    });
  });
}

describe('links of two processes on PostgreSQL', () => {
  it('let the second wait for the first, and tell it the outcome of the race that it lost', async () => {
    const here = await serverStore();
    const there = await besideStore(here.url ?? '');
    try {
      const { id: companyId } = await addCompany(here.store);
      for (const ends of ['commits', 'fails'] as const) {
        const [one, other] = await Promise.all([1, 2].map(() => addAccount(here.store, companyId)));
        if (!one || !other) throw new Error('no accounts');
        const subject = newId();
        const late: Promise<string>[] = [];
        const first = here.store.transaction(async ({ link }) => {
          expect(await link.add(linkRow(one, subject), 1)).to.equal('made');
          late.push(there.store.transaction((tables) => tables.link.add(linkRow(other, subject), 1)));
          const waiting = await Promise.race([...late, new Promise((resolve) => setTimeout(resolve, 100, 'waits'))]);
          expect(waiting).to.equal('waits');
          if (ends === 'fails') throw new Error('undone');
        });
        await first.catch(() => {});
        expect(await late[0]).to.equal(ends === 'commits' ? 'link-taken' : 'made');
        const holder = await here.store.link.ofIdentity(issuer, subject);
        expect(holder?.accountId).to.equal(ends === 'commits' ? one.id : other.id);
      }
    } finally {
      await there.database.close();
    }
  });
});
