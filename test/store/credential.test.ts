// Passwords with their counters: a pure rule applied under the row's lock, and locks that nobody was told of.
import { expect } from 'chai';
import type { AccountRow } from '../../src/store/account.ts';
import { bothStores, type OpenStore } from '../support/database.ts';
import { addAccount, addCompany, atOnce, credentialOf, minute, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`credentials on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    let account: AccountRow;
    before(async function () {
      this.timeout(60_000);
      at = await open();
      companyId = (await addCompany(at.store)).id;
    });
    beforeEach(async () => {
      account = await addAccount(at.store, companyId);
    });

    it('keeps what the rule keeps and gives back its verdict; the other password is untouched', async () => {
      const verdict = await at.store.credential.change(account.id, 'login', (row) => {
        expect(row).to.include({ accountId: account.id, kind: 'login', hash: 'hash of login' });
        return { keep: { misses: 2, lockedUntil: start + minute, history: ['a', 'b'] }, verdict: 'refused' };
      });
      expect(verdict).to.equal('refused');
      const person = await at.store.account.person(account.id);
      expect(person?.login).to.deep.include({ misses: 2, lockedUntil: start + minute, history: ['a', 'b'] });
      expect(person?.confirmation).to.deep.include({ misses: 0, lockedUntil: null, history: [] });
    });

    it('writes nothing when nothing is kept, and answers null where there is no such password', async () => {
      const before = at.database.statements();
      expect(await at.store.credential.change(account.id, 'login', () => ({ keep: {}, verdict: 1 }))).to.equal(1);
      expect(at.database.statements() - before).to.equal(1);
      const asked = await at.store.credential.change(newId(), 'login', () => ({ keep: {}, verdict: 1 }));
      expect(asked).to.equal(null);
    });

    it('applies the rule to the newest row, whoever else is changing it', async () => {
      const seen = await atOnce(20, () =>
        at.store.transaction(({ credential }) =>
          credential.change(account.id, 'login', (row) => ({ keep: { misses: row.misses + 1 }, verdict: row.misses })),
        ),
      );
      expect([...seen].map(Number).sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_each, n) => n));
      expect((await at.store.account.person(account.id))?.login.misses).to.equal(20);
    });

    it('puts a new password in place of the whole old one', async () => {
      await at.store.credential.put(
        credentialOf(account.id, 'login', { misses: 4, lockedUntil: start, forced: true, history: ['x'] }),
      );
      await at.store.credential.put(
        credentialOf(account.id, 'login', { hash: 'new', history: ['hash of login', 'x'] }),
      );
      const { login } = (await at.store.account.person(account.id)) ?? {};
      expect(login).to.deep.equal({
        ...credentialOf(account.id, 'login', { hash: 'new', letterHash: null, letterUntil: null }),
        history: ['hash of login', 'x'],
      });
    });

    it('finds locks and stops that stand and were not told, up to a limit', async () => {
      const { credential } = at.store;
      const mine = async (): Promise<readonly string[]> =>
        (await credential.unannounced(start, 1_000))
          .filter((row) => row.accountId === account.id)
          .map((row) => row.kind);
      await credential.put(credentialOf(account.id, 'login', { lockedUntil: start + 1 }));
      await credential.put(credentialOf(account.id, 'confirmation', { stoppedAt: start - minute }));
      expect(await mine()).to.have.members(['login', 'confirmation']);
      expect(await credential.unannounced(start, 1)).to.have.length(1);
      await credential.put(credentialOf(account.id, 'login', { lockedUntil: start }));
      await credential.put(credentialOf(account.id, 'confirmation', { stoppedAt: start, announcedAt: start }));
      expect(await mine(), 'a lock that is over, a stop that was told').to.deep.equal([]);
    });
  });
}
