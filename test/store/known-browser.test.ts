// Known browsers and the budgets of guesses that go with them: who guesses, found in one statement, and no list without end.
import { expect } from 'chai';
import { clearCounter } from '../../src/rules/lock.ts';
import type { AccountRow } from '../../src/store/account.ts';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { addAccount, addCompany, addLink, atOnce, day, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`known browsers on ${name}`, () => {
    let at: OpenStore;
    let account: AccountRow;
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    beforeEach(async () => {
      account = await addAccount(at.store, (await addCompany(at.store)).id);
    });
    const nothing = { browser: null, upstream: null, linkId: null, since: start - 400 * day };
    const key = (): string => account.loginName.toLowerCase();
    const budgets = async (): Promise<readonly unknown[]> =>
      (await run(at, `select who from guess_budget where account_id = '${account.id}' order by who`)).map(
        ({ who }) => who,
      );

    it('tells who guesses by what is brought along: the browser first, then the link, else a stranger', async () => {
      const { guessBudget, knownBrowser } = at.store;
      const [browser, subject] = [newId(), newId()];
      const issuer = 'https://bd.example';
      const link = await addLink(at.store, account, { issuer, subject });
      await knownBrowser.remember(account.id, browser, start);
      const { id, companyId } = account;
      for (const [brings, who, seenAt] of [
        [nothing, null, null],
        [{ ...nothing, browser: newId() }, null, null],
        [{ ...nothing, upstream: { issuer, subject: newId() } }, null, null],
        [{ ...nothing, upstream: { issuer: 'https://other.example', subject } }, null, null],
        [{ ...nothing, linkId: newId() }, null, null],
        [{ ...nothing, upstream: { issuer, subject } }, `link:${link}`, null],
        [{ ...nothing, linkId: link }, `link:${link}`, null],
        [{ ...nothing, browser, upstream: { issuer, subject } }, `browser:${browser}`, start],
        [{ ...nothing, browser, since: start }, null, null],
      ] as const) {
        const found = { id, companyId, who, seenAt };
        expect(await guessBudget.byLoginName(key(), brings), JSON.stringify(brings)).to.deep.equal(found);
        expect(await guessBudget.byAccount(id, brings)).to.deep.equal(found);
      }
      expect(await guessBudget.byLoginName(`x${newId()}`, { ...nothing, browser })).to.equal(null);
      await at.store.account.change(id, { deletedAt: start });
      expect(await guessBudget.byLoginName(key(), { ...nothing, browser })).to.equal(null);
    });

    it('keeps the newest twenty of a person, with their budgets; another one’s are untouched', async () => {
      const other = await addAccount(at.store, account.companyId);
      await at.store.knownBrowser.remember(other.id, 'shared', start);
      const names = Array.from({ length: 23 }, (_each, n) => `b${String(n).padStart(2, '0')}`);
      for (const [n, browser] of names.entries()) await at.store.knownBrowser.remember(account.id, browser, start + n);
      // One that comes again is new again.
      await at.store.knownBrowser.remember(account.id, 'b03', start + 50);
      await at.store.knownBrowser.remember(account.id, 'b99', start + 51);
      const kept = ['b03', ...names.slice(5), 'b99'].map((browser) => `browser:${browser}`);
      expect(await budgets()).to.deep.equal(kept);
      const since = { ...nothing, browser: 'shared' };
      expect((await at.store.guessBudget.byAccount(other.id, since))?.who).to.equal('browser:shared');
    });

    it('is remembered by many at once, once, and an open budget keeps its count', async () => {
      await at.store.knownBrowser.remember(account.id, 'one', start);
      const own = { ...clearCounter, misses: 3 };
      await at.store.guessBudget.change(account.id, 'browser:one', () => ({ row: null, own, verdict: null }));
      await atOnce(10, () => at.store.knownBrowser.remember(account.id, 'one', start + 1));
      await at.store.guessBudget.begin(account.id, 'browser:one');
      const seen = await at.store.guessBudget.change(account.id, 'browser:one', (_row, kept) => ({
        row: null,
        own: null,
        verdict: kept,
      }));
      expect(seen).to.deep.equal(own);
      await at.store.guessBudget.clear(account.id);
      const after = await at.store.guessBudget.change(account.id, 'browser:one', (_row, kept) => ({
        row: null,
        own: null,
        verdict: kept,
      }));
      expect(after).to.deep.equal(clearCounter);
    });

    it('changes a password’s row and a budget together, by as many statements whatever is found', async () => {
      await at.store.knownBrowser.remember(account.id, 'one', start);
      const cost = async (work: () => Promise<unknown>): Promise<number> => {
        const before = at.database.statements();
        await work();
        return at.database.statements() - before;
      };
      const { guessBudget } = at.store;
      const own = { ...clearCounter, misses: 1 };
      const row = { misses: 2, history: ['a'] };
      const costs = [
        await cost(() => guessBudget.change(newId(), null, () => ({ row, own: null, verdict: 0 }))),
        await cost(() => guessBudget.change(account.id, null, () => ({ row: null, own: null, verdict: 0 }))),
        await cost(() => guessBudget.change(account.id, null, () => ({ row, own: null, verdict: 0 }))),
        await cost(() => guessBudget.change(account.id, 'browser:one', () => ({ row: null, own, verdict: 0 }))),
        await cost(() => guessBudget.change(account.id, 'browser:one', () => ({ row, own, verdict: 0 }))),
      ];
      expect(costs).to.deep.equal([3, 3, 3, 3, 3]);
      expect((await at.store.account.person(account.id))?.login).to.deep.include({ misses: 2, history: ['a'] });
      expect(await guessBudget.change(newId(), null, () => ({ row: null, own: null, verdict: 1 }))).to.equal(null);
    });

    it('is exact under parallel changes of one budget, and of the password beside it', async () => {
      await at.store.knownBrowser.remember(account.id, 'one', start);
      await atOnce(20, (n) =>
        at.store.transaction(({ guessBudget }) =>
          n % 2 === 0
            ? guessBudget.change(account.id, 'browser:one', (_row, kept) => ({
                row: null,
                own: kept && { ...kept, misses: kept.misses + 1 },
                verdict: null,
              }))
            : guessBudget.change(account.id, null, (kept) => ({
                row: { misses: kept.misses + 1 },
                own: null,
                verdict: null,
              })),
        ),
      );
      const [row, own] = (await at.store.guessBudget.change(account.id, 'browser:one', (now, kept) => ({
        row: null,
        own: null,
        verdict: [now.misses, kept?.misses],
      }))) ?? [0, 0];
      expect([row, own]).to.deep.equal([10, 10]);
    });
  });
}
