// The list of a company's people: search, filters, order, pages and counts; and that nobody of another company is ever in it.
import { expect } from 'chai';
import { accountStates, statesOf } from '../../src/rules/account.ts';
import type { AccountRow } from '../../src/store/account.ts';
import type { ListedPerson } from '../../src/store/people-facts.ts';
import { type PeopleSort, peopleSorts } from '../../src/rules/people-sort.ts';
import type { PeopleQuery } from '../../src/store/people.ts';
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
  describe(`a company's people on ${name}`, () => {
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
    const found = async (patch: Partial<PeopleQuery> = {}): Promise<readonly ListedPerson[]> => {
      const { total, people } = await at.store.people.list(query(patch));
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
          token: {
            id: token.id,
            kind: 'hardware',
            serial: token.serial,
            expiresAt: token.expiresAt,
            retiredAt: null,
            holders: 1,
          },
          issue: null,
          link: { id: linkId, display: 'minato04', madeAt: start - 9, usedAt: start - 8 },
          devices: 0,
          lastLoginAt: start - 6,
        });
        const bare = await addAccount(store, companyId);
        const [other] = await store.people.of(companyId, [bare.id], query());
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
        expect((await at.store.people.list(query())).total, 'one row for a person').to.equal(1);
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

      // No letters: an ID by chance must not hold the letters that are searched.
      const digits = (): string => newId().replace(/[a-z]/g, (letter) => String((letter.codePointAt(0) ?? 0) % 10));

      it('searches without regard to width, kana width and spaces', async () => {
        const { store } = at;
        const kana = await addAccount(store, companyId, { name: 'ｱﾍﾞ ﾊﾅｺ', loginName: `k${digits()}` });
        const wide = await addAccount(store, companyId, { name: '鈴木　ＡＢ', loginName: `w${digits()}` });
        const accent = await addAccount(store, companyId, { name: 'Élodie 𠮷田', loginName: `z${digits()}` });
        for (const text of ['アベ', 'ｱﾍﾞ', 'ｱﾍﾞﾊﾅｺ', 'アベ　ハナコ'])
          expect(await names({ text }), text).to.deep.equal([kana.loginName]);
        for (const text of ['鈴木ab', '鈴木 AB', 'ａｂ'])
          expect(await names({ text }), text).to.deep.equal([wide.loginName]);
        for (const text of ['élo', 'ÉLODIE', '𠮷'])
          expect(await names({ text }), text).to.deep.equal([accent.loginName]);
        const typed = wide.loginName.replace(/[a-z0-9]/g, (sign) =>
          String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0),
        );
        expect(await names({ text: typed })).to.deep.equal([wide.loginName]);
        expect(await names({ text: '％' })).to.deep.equal([]);
      });

      it('filters by role and by kind of token', async () => {
        const { store } = at;
        const master = await addAccount(store, companyId, { role: 'master' });
        const admin = await addAccount(store, companyId, { role: 'admin' });
        const member = await addAccount(store, companyId);
        await holdToken(store, (await addToken(store, companyId)).id, admin.id);
        await holdToken(store, (await addToken(store, companyId, { kind: 'software', serial: null })).id, member.id);
        const returned = await addToken(store, companyId);
        await holdToken(store, returned.id, master.id);
        await store.token.release(master.id, start, 'revoked');
        expect(await names({ role: 'master' })).to.deep.equal([master.loginName]);
        expect(await names({ role: 'admin' })).to.deep.equal([admin.loginName]);
        expect(await names({ role: 'member' })).to.deep.equal([member.loginName]);
        expect(await names({ tokenKind: 'hardware' })).to.deep.equal([admin.loginName]);
        expect(await names({ tokenKind: 'software' })).to.deep.equal([member.loginName]);
        expect(await names({ tokenKind: 'none' })).to.deep.equal([master.loginName]);
        expect(await names({ tokenKind: 'none', role: 'member' })).to.deep.equal([]);
        expect(
          await names({ tokenKind: 'software', text: member.loginName, state: 'available', linked: false }),
        ).to.deep.equal([member.loginName]);
      });

      it('stands in the order asked for, and the other way round; people who are alike stand by login ID', async () => {
        const { store } = at;
        const add = (letter: string, patch: Parameters<typeof addAccount>[2], at2: number | null) =>
          addAccount(store, companyId, { loginName: `${letter}${newId()}`, ...patch }).then(async (account) => {
            if (at2 !== null) await addLogin(store, account, { startedAt: at2 });
            return account;
          });
        await add('a', { name: 'い', otpStoppedAt: start }, start - 5);
        await add('B', { name: 'あ' }, null);
        await add('c', { name: 'う', setUpAt: null }, start - 9);
        await add('d', { name: 'う', stoppedAt: start, otpStoppedAt: start }, start - 1);
        const order = async (sort: PeopleSort) => (await names({ sort })).map(([first = '']) => first).join('');
        expect(await order('login_id')).to.equal('aBcd');
        expect(await order('-login_id')).to.equal('dcBa');
        expect(await order('name')).to.equal('Bacd');
        expect(await order('-name')).to.equal('cdaB');
        expect(await order('last_login'), 'who never signed in stands first').to.equal('Bcad');
        expect(await order('-last_login')).to.equal('dacB');
        expect(await order('state')).to.equal('Bcad');
        expect(await order('-state')).to.equal('dacB');
        for (const sort of peopleSorts) {
          const ids = await store.people.ids(query({ sort }));
          expect(
            (await found({ sort })).map(({ account }) => account.id),
            sort,
          ).to.deep.equal(ids);
        }
      });

      it('leaves out who was deleted', async () => {
        const gone = await addAccount(at.store, companyId, { deletedAt: start, stoppedAt: start });
        const left = await addAccount(at.store, companyId);
        expect(await names()).to.deep.equal([left.loginName]);
        expect(await at.store.people.of(companyId, [gone.id], query())).to.deep.equal([]);
        expect(await at.store.people.ids(query())).to.deep.equal([left.id]);
        expect(await at.store.people.stopped(companyId, start)).to.equal(0);
        expect(
          (await at.store.tokensOfCompany.withoutToken({ companyId, needing: null, now: start, page: 1, per: 50 }))
            .total,
        ).to.equal(1);
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
        const pages = await Promise.all([1, 2, 3, 4].map((page) => at.store.people.list(query({ page, per: 3 }))));
        expect(pages.map(({ total }) => total)).to.deep.equal([7, 7, 7, 7]);
        expect(pages.map(({ page }) => page)).to.deep.equal([1, 2, 3, 3]);
        expect(pages.map(({ people }) => people.length)).to.deep.equal([3, 3, 1, 1]);
        expect(pages.slice(0, 3).flatMap(({ people }) => people.map(({ account }) => account.loginName))).to.deep.equal(
          logins,
        );
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
        const stopped = await store.people.stopped(companyId, start);
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
          { role: 'admin' },
          { tokenKind: 'none' },
          { sort: '-last_login' },
        ] as const) {
          const listed = await names(patch);
          expect(listed, JSON.stringify(patch)).not.to.include(foreign.loginName);
        }
        const of = async (ids: readonly string[]) =>
          (await at.store.people.of(companyId, ids, query())).map(({ account }) => account.id);
        expect(await of([foreign.id, own.id])).to.deep.equal([own.id]);
        expect(await of([foreign.id])).to.deep.equal([]);
        expect(await of([])).to.deep.equal([]);
        expect(await at.store.people.ids(query())).to.deep.equal([own.id]);
      });

      it('never counts a person of another', async () => {
        expect(await at.store.people.stopped(companyId, start)).to.equal(0);
        expect(
          (await at.store.tokensOfCompany.withoutToken({ companyId, needing: null, now: start, page: 1, per: 50 }))
            .total,
        ).to.equal(0);
      });
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
      expect(
        (await store.tokensOfCompany.withoutToken({ companyId, needing: null, now: start, page: 1, per: 50 })).total,
      ).to.equal(3);
    });
  });
}
