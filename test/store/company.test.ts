// The list of a company's people: search, states, pages and counts; and that nobody of another company is ever in it.
import { expect } from 'chai';
import { accountStates, statesOf } from '../../src/rules/account.ts';
import type { AccountRow } from '../../src/store/account.ts';
import type { ListedPerson, PeopleQuery } from '../../src/store/company.ts';
import { bothStores, type OpenStore } from '../support/database.ts';
import {
  addAccount,
  addCompany,
  addDevice,
  addLink,
  addLogin,
  addToken,
  day,
  holdToken,
  minute,
  newId,
  start,
} from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`companies on ${name}`, () => {
    let at: OpenStore;
    let companyId: string;
    const query = (patch: Partial<PeopleQuery> = {}): PeopleQuery => ({
      companyId,
      text: '',
      state: null,
      linked: null,
      ids: null,
      now: start,
      usedSince: start - 30 * day,
      page: 1,
      per: 50,
      ...patch,
    });
    const found = async (patch: Partial<PeopleQuery> = {}): Promise<readonly ListedPerson[]> => {
      const { total, people } = await at.store.company.people(query(patch));
      expect(total, 'total').to.be.at.least(people.length);
      return people;
    };
    const names = async (patch: Partial<PeopleQuery> = {}): Promise<readonly string[]> =>
      (await found(patch)).map(({ account }) => account.loginName);
    before(async function () {
      this.timeout(60_000);
      at = await open();
    });
    beforeEach(async () => {
      companyId = (await addCompany(at.store)).id;
    });

    it('are found by id and by contract number, as they were written', async () => {
      const row = await addCompany(at.store, { suspendedAt: start, rememberAllowed: false, otpAppliedAt: null });
      expect(await at.store.company.find(row.id)).to.deep.equal(row);
      expect(await at.store.company.byContract(row.contractNumber)).to.deep.equal(row);
      expect(await at.store.company.find(newId())).to.equal(null);
      expect(await at.store.company.byContract('none')).to.equal(null);
    });

    describe('the list of people', () => {
      it('shows each person with passwords, token, link, devices and the last login', async () => {
        const { store } = at;
        const account = await addAccount(store, companyId, {}, { login: { forced: true }, confirmation: null });
        const linkId = await addLink(store, account, { madeAt: start - 9, usedAt: start - 8 });
        const token = await addToken(store, companyId);
        await holdToken(store, token.id, account.id);
        await addLogin(store, account, { startedAt: start - 7 });
        await addLogin(store, account, { startedAt: start - 6 });
        const [person] = await found();
        expect(person).to.deep.equal({
          account,
          login: {
            lockedUntil: null,
            stoppedAt: null,
            forced: true,
            expiresAt: null,
            issued: false,
            issuedUntil: null,
          },
          confirmation: null,
          token: { kind: 'hardware', serial: token.serial },
          link: { id: linkId, display: 'minato04', madeAt: start - 9, usedAt: start - 8 },
          devices: 0,
          lastLoginAt: start - 6,
        });
        const bare = await addAccount(store, companyId);
        const [other] = await found({ ids: [bare.id] });
        expect(other).to.deep.include({ token: null, link: null, devices: 0, lastLoginAt: null });
        expect(other?.confirmation).to.include({ forced: false, issued: false });
      });

      it('counts devices that skip the code now: not ended, not expired, not unused, of the present epoch', async () => {
        const { store } = at;
        const account = await addAccount(store, companyId, { securityEpoch: 2 });
        const linkId = await addLink(store, account);
        const add = (patch: Parameters<typeof addDevice>[3]): Promise<string> =>
          addDevice(store, account.id, linkId, { epoch: 2, ...patch });
        await add({});
        await add({});
        await add({ expiresAt: start });
        await add({ usedAt: start - 30 * day });
        await add({ epoch: 1 });
        await store.device.end({ accountId: account.id, id: await add({}) }, start, 'forgotten');
        const [person] = await found();
        expect(person?.devices).to.equal(2);
      });

      it('shows a link in whatever slot it stands', async () => {
        const { store } = at;
        const account = await addAccount(store, companyId);
        const first = await addLink(store, account, { display: 'first' }, 2);
        await addLink(store, account, { display: 'second' }, 2);
        expect((await found())[0]?.link?.display).to.equal('first');
        expect((await at.store.company.people(query())).total, 'one row for a person').to.equal(1);
        await store.link.end(first, start, 'unlinked-by-self');
        expect((await found({ linked: true }))[0]?.link?.display).to.equal('second');
        expect(await names({ linked: false })).to.deep.equal([]);
        expect(await names({ text: 'second' })).to.deep.equal([account.loginName]);
      });

      it('finds name, login ID and Business Direct ID in part and without regard to case', async () => {
        const tag = newId();
        const { store } = at;
        const one = await addAccount(store, companyId, { name: '渡辺 陽子', loginName: `a1${tag}` });
        const two = await addAccount(store, companyId, { name: 'Smith Anna', loginName: `b2${tag}` });
        await addLink(store, two, { display: 'Minato-44' });
        expect(await names({ text: '渡辺' })).to.deep.equal([one.loginName]);
        expect(await names({ text: 'SMITH' })).to.deep.equal([two.loginName]);
        expect(await names({ text: tag.toUpperCase() })).to.deep.equal([one.loginName, two.loginName]);
        expect(await names({ text: 'nato-4' })).to.deep.equal([two.loginName]);
        expect(await names({ text: 'nobody' })).to.deep.equal([]);
      });

      it('takes %, _ and backslash as letters', async () => {
        const { store } = at;
        const signs = ['50%', 'a_b', 'c\\d', `o'brien`, 'plain'];
        for (const sign of signs) await addAccount(store, companyId, { name: sign, loginName: `n${newId()}` });
        const named = async (text: string): Promise<readonly string[]> =>
          (await found({ text })).map(({ account }) => account.name);
        for (const sign of signs) expect(await named(sign)).to.deep.equal([sign]);
        expect(await named('%')).to.deep.equal(['50%']);
        expect(await named('_')).to.deep.equal(['a_b']);
        expect(await named('\\')).to.deep.equal(['c\\d']);
        expect(await named(`' or true --`)).to.deep.equal([]);
      });

      it('gives every person once over all pages, in the order of login IDs, with the number of all that match', async () => {
        const logins = Array.from({ length: 7 }, (_each, n) => `p${n}${newId()}`);
        for (const loginName of logins.toReversed()) await addAccount(at.store, companyId, { loginName });
        const pages = await Promise.all([1, 2, 3, 4].map((page) => at.store.company.people(query({ page, per: 3 }))));
        expect(pages.map(({ total }) => total)).to.deep.equal([7, 7, 7, 7]);
        expect(pages.map(({ people }) => people.length)).to.deep.equal([3, 3, 1, 0]);
        expect(pages.flatMap(({ people }) => people.map(({ account }) => account.loginName))).to.deep.equal(logins);
      });

      it('finds exactly those people by a state of whom the rules say it', async () => {
        const { store } = at;
        const past = start - minute;
        const later = start + minute;
        const people = [
          await addAccount(store, companyId),
          await addAccount(store, companyId, { setUpAt: null }, { confirmation: null }),
          await addAccount(store, companyId, {}, { login: { forced: true } }),
          await addAccount(store, companyId, {}, { confirmation: { forced: true, expiresAt: start } }),
          await addAccount(store, companyId, {}, { login: { expiresAt: start } }),
          await addAccount(store, companyId, {}, { login: { expiresAt: later, issuedUntil: past } }),
          await addAccount(store, companyId, {}, { login: { issued: true, issuedUntil: start } }),
          await addAccount(store, companyId, {}, { confirmation: { issued: true, issuedUntil: past } }),
          await addAccount(store, companyId, {}, { login: { lockedUntil: later } }),
          await addAccount(store, companyId, {}, { login: { lockedUntil: start } }),
          await addAccount(store, companyId, {}, { login: { lockedUntil: later, stoppedAt: past } }),
          await addAccount(store, companyId, {}, { confirmation: { lockedUntil: later } }),
          await addAccount(store, companyId, {}, { confirmation: { lockedUntil: past, stoppedAt: past } }),
          await addAccount(store, companyId, { otpStoppedAt: past }),
          await addAccount(store, companyId, { stoppedAt: past, otpStoppedAt: past }),
          await addAccount(store, companyId, {}, { confirmation: null }),
        ];
        const all = await found();
        expect(all).to.have.length(people.length);
        for (const state of accountStates) {
          const expected = all.filter((person) => statesOf(person, start).includes(state));
          const listed = await found({ state });
          expect(expected, state).not.to.deep.equal([]);
          expect(listed, state).to.deep.equal(expected);
        }
        const { stopped } = await store.company.counts(companyId, start);
        const stops = ['password', 'confirmation', 'otp', 'account'];
        const expected = all.filter((person) =>
          statesOf(person, start).some(
            (state) => /-(locked|stopped)$/.test(state) && stops.some((stop) => state.startsWith(stop)),
          ),
        );
        expect(stopped).to.equal(expected.length);
      });

      it('tells linked people from unlinked ones', async () => {
        const linked = await addAccount(at.store, companyId);
        const never = await addAccount(at.store, companyId);
        const ended = await addAccount(at.store, companyId);
        await addLink(at.store, linked);
        await at.store.link.end(await addLink(at.store, ended), start, 'unlinked-by-self');
        expect(await names({ linked: true })).to.deep.equal([linked.loginName]);
        expect(await names({ linked: false })).to.have.members([never.loginName, ended.loginName]);
      });
    });

    describe('of one company', () => {
      let foreign: AccountRow;
      beforeEach(async () => {
        const other = await addCompany(at.store);
        foreign = await addAccount(at.store, other.id, { role: 'admin', name: '渡辺 陽子', stoppedAt: start });
        await addLink(at.store, foreign, { display: 'minato04' });
      });

      it('never shows a person of another, asked by text, state, link or id', async () => {
        const own = await addAccount(at.store, companyId);
        for (const patch of [
          {},
          { text: '渡辺' },
          { text: foreign.loginName },
          { linked: true },
          { state: 'account-stopped' },
          { ids: [foreign.id] },
          { ids: [foreign.id, own.id] },
        ] as const) {
          const listed = await names(patch);
          expect(listed, JSON.stringify(patch)).not.to.include(foreign.loginName);
        }
        expect(await names({ ids: [foreign.id, own.id] })).to.deep.equal([own.loginName]);
        expect(await names({ ids: [] })).to.deep.equal([]);
      });

      it('never counts a person of another', async () => {
        expect(await at.store.company.counts(companyId, start)).to.deep.equal({ stopped: 0, withoutToken: 0 });
        expect(await at.store.company.releasers(companyId, 'nobody')).to.equal(0);
      });
    });

    it('counts as releasers masters and admins who are set up and not stopped, but the one who asks', async () => {
      const { store } = at;
      const master = await addAccount(store, companyId, { role: 'master' });
      await addAccount(store, companyId, { role: 'admin' });
      await addAccount(store, companyId, { role: 'admin', setUpAt: null });
      await addAccount(store, companyId, { role: 'admin', stoppedAt: start });
      const member = await addAccount(store, companyId);
      expect(await store.company.releasers(companyId, master.id)).to.equal(1);
      expect(await store.company.releasers(companyId, member.id)).to.equal(2);
    });

    it('counts as without a token whoever holds none that is neither retired nor expired', async () => {
      const { store } = at;
      const expectations = [
        {},
        { retiredAt: start },
        { expiresAt: start },
        { expiresAt: start + 1 },
        { expiresAt: null },
      ];
      for (const patch of expectations) {
        const token = await addToken(store, companyId, patch);
        await holdToken(store, token.id, (await addAccount(store, companyId)).id);
      }
      const returned = await addAccount(store, companyId);
      await holdToken(store, (await addToken(store, companyId)).id, returned.id);
      await store.token.release(returned.id, start, 'revoked');
      expect((await store.company.counts(companyId, start)).withoutToken).to.equal(3);
    });
  });
}
