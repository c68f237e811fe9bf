// A company's key-fobs as its administrators see them: its own alone, who shares each, who has none and until when; and that some
// arrived, told once and only of tokens that are the company's.
import { expect } from 'chai';
import {
  countDueSoon,
  listCompanyTokens,
  listUnregistered,
  markArrived,
  ownSerials,
  quotaOf,
  type ArrivalResult,
} from '../../src/flows/company/company-tokens.ts';
import { readRecord } from '../../src/flows/records/read.ts';
import { endOfDay } from '../../src/rules/japan-time.ts';
import type { LoginRecord } from '../../src/rules/login.ts';
import { stockState } from '../../src/rules/token-stock.ts';
import type { AccountRow, CompanyRow, Person } from '../../src/store/account.ts';
import { bothStores } from '../support/database.ts';
import { addLogin, addToken, atOnce, day, holdToken, newId } from '../support/rows.ts';
import { flowScene, type Scene } from './scene.ts';

interface Admin {
  readonly person: Person;
  readonly login: LoginRecord;
}

for (const { name, open } of bothStores) {
  describe(`a company’s key-fobs, on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    let company: CompanyRow;
    let admin: Admin;
    before(async () => {
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      scene.now += day;
      company = await scene.company({
        otpApplication: 'hardware',
        otpAppliedAt: scene.now - 5 * day,
        tokenArrivedAt: null,
        createdAt: scene.now - 100 * day,
      });
      admin = await signedIn(await scene.person(company, { role: 'admin' }));
    });

    async function signedIn(account: AccountRow): Promise<Admin> {
      const id = await addLogin(scene.at.store, account, { startedAt: scene.now, expiresAt: scene.now + day });
      const row = await scene.at.store.login.find(id);
      if (!row) throw new Error('no login');
      const login: LoginRecord = {
        id,
        accountId: account.id,
        companyId: account.companyId,
        epoch: row.epoch,
        linkId: null,
        route: 'direct',
        passwordAt: row.startedAt,
        otp: null,
        deviceId: null,
        acr: 'urn:renkei:acr:password',
        amr: ['pwd'],
        authTime: row.startedAt,
        startedAt: row.startedAt,
        expiresAt: row.expiresAt,
        displayName: account.name,
        loginName: account.loginName,
      };
      return { person: await scene.look(account), login };
    }

    const ordered = (patch: object = {}) =>
      addToken(scene.at.store, company.id, { orderedAt: scene.now - 4 * day, ...patch });
    const shipped = () => ordered({ shippedAt: scene.now - 2 * day });
    const list = (asked: Partial<Parameters<typeof listCompanyTokens>[3]> = {}) =>
      listCompanyTokens(scene.tools, scene.act(), admin.person, {
        q: '',
        state: null,
        place: { after: '' },
        per: 50,
        ...asked,
      });
    const unregistered = async () =>
      (await listUnregistered(scene.tools, scene.act(), admin.person, { page: 1, per: 50 })).people;
    const written = async (event: string) =>
      (await scene.at.store.audit.list({ chain: company.id }, 1_000))
        .map((body): { event: string; data: Record<string, unknown> } => JSON.parse(body))
        .filter((record) => record.event === event);
    async function arrive(serials: readonly string[], key = newId(), by = admin): Promise<ArrivalResult> {
      const done = await markArrived(scene.tools, scene.act(), by, { key, serials });
      if (done.verdict !== 'finished') throw new Error(`it was ${done.verdict}`);
      return done.result;
    }

    it('are the company’s own alone, each in the one state that the rule gives, counted by state', async () => {
      const other = await scene.company();
      await addToken(scene.at.store, other.id);
      await addToken(scene.at.store, null);
      const holder = await scene.person(company);
      const held = await ordered({ arrivedAt: scene.now });
      await holdToken(scene.at.store, held.id, holder.id);
      const ending = await ordered({ expiresAt: scene.now + 10 * day });
      await holdToken(scene.at.store, ending.id, (await scene.person(company)).id);
      await ordered();
      await shipped();
      await ordered({ arrivedAt: scene.now });
      await ordered({ expiresAt: scene.now - day });
      for (const retiredWhy of ['lost', 'revoked', 'replaced'] as const)
        await ordered({ retiredAt: scene.now, retiredWhy });
      await ordered({ retiredAt: scene.now });
      const { tokens } = await list();
      expect(tokens).to.have.length(10);
      const { warnBefore } = scene.tools.policy.tokenExpiry;
      for (const token of tokens) expect(token.state).to.equal(stockState(token, scene.now, warnBefore));
      const counts = await scene.at.store.tokensOfCompany.counts(company.id, scene.now, warnBefore);
      for (const [state, n] of Object.entries(counts))
        expect(tokens.filter((token) => token.state === state).length, state).to.equal(n);
      expect(tokens.find(({ id }) => id === held.id)?.users.map(({ id }) => id)).to.deep.equal([holder.id]);
    });

    it('are listed from serial number to serial number, by state and by how it begins', async () => {
      const rows = [];
      for (const serial of ['1', '2', '3', '4', '5']) rows.push(await ordered({ serial: `${newId()}-${serial}` }));
      const serials = rows.flatMap(({ serial }) => serial ?? []).toSorted();
      const first = await list({ per: 2 });
      expect([first.tokens.map(({ serial }) => serial), first.more]).to.deep.equal([serials.slice(0, 2), true]);
      const next = await list({ per: 2, place: { after: serials[1] ?? '' } });
      expect(next.tokens.map(({ serial }) => serial)).to.deep.equal(serials.slice(2, 4));
      const back = await list({ per: 2, place: { before: serials[2] ?? '' } });
      expect([back.tokens.map(({ serial }) => serial), back.more]).to.deep.equal([serials.slice(0, 2), false]);
      expect((await list({ q: (serials[0] ?? '').slice(0, 16) })).tokens).to.have.length(1);
      expect((await list({ q: '%' })).tokens).to.have.length(0);
      expect((await list({ state: 'lost' })).tokens).to.have.length(0);
    });

    it('name the first five who share one, of this company alone, and count the rest', async () => {
      const { id } = await ordered();
      for (let n = 0; n < 7; n += 1) await holdToken(scene.at.store, id, (await scene.person(company)).id);
      const [token] = (await list()).tokens;
      expect([token?.users.length, token?.holders]).to.deep.equal([5, 7]);
    });

    it('tell who has none, since when and until when', async () => {
      const limit = endOfDay(scene.now - 5 * day + scene.tools.policy.grace.afterApplication);
      const late = await scene.person(company, { createdAt: scene.now - day });
      const had = await scene.person(company);
      await scene.token(company, [had]);
      await scene.at.store.token.release(had.id, scene.now - 3_600_000, 'lost');
      const expired = await scene.person(company);
      const { row } = await scene.token(company, [expired], { expiresAt: scene.now - 2 * day });
      const fine = await scene.person(company);
      await scene.token(company, [fine]);
      await scene.person(company, { stoppedAt: scene.now });
      await scene.person(company, { deletedAt: scene.now });
      const people = new Map((await unregistered()).map(({ id, since, limit: until }) => [id, [since, until]]));
      expect(Object.fromEntries(people)).to.deep.equal({
        [admin.person.account.id]: [scene.now - 5 * day, limit],
        [late.id]: [scene.now - day, limit],
        [had.id]: [scene.now - 3_600_000, null],
        [expired.id]: [row.expiresAt, null],
      });
      const soon = (within: number) => countDueSoon(scene.tools, scene.act(), admin.person, within);
      expect([await soon(limit - scene.now), await soon(limit - scene.now - 1)]).to.deep.equal([2, 0]);
    });

    it('ask only those for a token whose rights need one, where operations alone ask it', async () => {
      await scene.person(company);
      const { policy } = scene.tools;
      const tools = { ...scene.tools, policy: { ...policy, otp: { ...policy.otp, at: 'operations' as const } } };
      const { people } = await listUnregistered(tools, scene.act(), admin.person, { page: 1, per: 50 });
      expect(people.map(({ id }) => id)).to.deep.equal([admin.person.account.id]);
    });

    it('ask nobody where the company has not applied', async () => {
      const none = await scene.company({ otpApplication: 'none', otpAppliedAt: null });
      const person = await scene.look(await scene.person(none, { role: 'admin' }));
      expect((await listUnregistered(scene.tools, scene.act(), person, { page: 1, per: 50 })).total).to.equal(0);
    });

    it('count the free ones that earlier orders used up', async () => {
      expect(await quotaOf(scene.tools, admin.person)).to.deep.equal({ left: 3, used: 0 });
      await scene.at.store.tokenOrder.add({
        id: newId(),
        companyId: company.id,
        reason: 'application',
        tokens: 5,
        free: 3,
        fee: 2_160,
        formNumber: null,
        orderedAt: scene.now,
        orderedBy: 'command-line',
      });
      expect(await quotaOf(scene.tools, admin.person)).to.deep.equal({ left: 0, used: 3 });
    });

    it('arrive by one press, once, with a record and the limit that follows', async () => {
      const [one, two] = [await shipped(), await ordered()];
      const key = newId();
      const serials = [one.serial ?? '', two.serial ?? ''];
      const results = await atOnce(2, () => arrive(serials, key));
      for (const { tokens, limit } of results) {
        expect(tokens.map(({ why }) => why)).to.deep.equal([null, 'not-shipped']);
        expect(limit).to.equal(endOfDay(scene.now + scene.tools.policy.grace.afterArrival));
      }
      const records = await written('token.arrived');
      expect(records.map(({ data }) => data['serials'])).to.deep.equal([[one.serial]]);
      expect((await scene.look(admin.person.account)).company.tokenArrivedAt).to.equal(scene.now);
      expect((await arrive([one.serial ?? ''])).tokens[0]?.why).to.equal('already');
      expect(await written('token.arrived')).to.have.length(1);
    });

    it('of another company look like none, in one record, and nothing happens to them', async () => {
      const other = await scene.company();
      const foreign = await addToken(scene.at.store, other.id, { orderedAt: scene.now, shippedAt: scene.now });
      const own = await shipped();
      const alone = await markArrived(scene.tools, scene.act(), admin, {
        key: newId(),
        serials: [foreign.serial ?? '', '0'],
      });
      expect(alone).to.deep.equal({ verdict: 'refused', refused: 'not-found' });
      expect((await written('console.foreign-target')).map(({ data }) => data['count'])).to.deep.equal([2]);
      const { tokens } = await arrive([foreign.serial ?? '', own.serial ?? '']);
      expect(tokens.map(({ why }) => why)).to.deep.equal(['unknown', null]);
      expect(await written('console.foreign-target')).to.have.length(2);
      const [still] = await scene.at.store.tokenStock.bySerials([foreign.serial ?? '']);
      expect(still?.arrivedAt).to.equal(null);
      const asked = { for: 'report-arrival', serials: [foreign.serial ?? ''] };
      const found = await ownSerials(scene.tools, scene.act(), admin.person, asked);
      expect([found.own.length, found.unknown]).to.deep.equal([0, asked.serials]);
    });

    it('are not marked by whoever lost the right, or whose login ended, meanwhile', async () => {
      const { serial } = await shipped();
      const { account } = admin.person;
      await scene.at.store.account.change(account.id, { role: 'member' });
      const asked = { key: newId(), serials: [serial ?? ''] };
      const demoted = await markArrived(scene.tools, scene.act(), admin, asked);
      expect(demoted).to.deep.equal({ verdict: 'refused', refused: 'not-allowed' });
      await scene.at.store.account.change(account.id, { role: 'admin' });
      await scene.at.store.account.raiseEpoch(account.id, null);
      expect((await markArrived(scene.tools, scene.act(), admin, asked)).verdict).to.equal('refused');
      expect(await written('token.arrived')).to.deep.equal([]);
    });

    it('read well in the company’s records', async () => {
      const { serial } = await shipped();
      await arrive([serial ?? '']);
      const bodies = await scene.at.store.audit.list({ chain: company.id }, 100);
      const read = bodies
        .map((one) => readRecord({ seq: 1, body: one }))
        .find((record) => record?.event === 'token.arrived');
      expect(read?.fobs).to.deep.equal({
        serials: [serial],
        reason: null,
        fee: null,
        limit: endOfDay(scene.now + scene.tools.policy.grace.afterArrival),
        about: null,
      });
    });
  });
}
