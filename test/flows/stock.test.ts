// The desk moves key-fobs (spec §5, §11.6): out of the stock to a company, on its way, into use, out of it. Each token by itself,
// each move with its record, and nothing of it half.
import { expect } from 'chai';
import { changeApplication, seenApplication } from '../../src/flows/stock/application.ts';
import { reportArrival } from '../../src/flows/stock/arrive.ts';
import { assignTokens, type Assignment } from '../../src/flows/stock/assign.ts';
import { endTokens } from '../../src/flows/stock/end.ts';
import { exchangeTokens, pairTokens } from '../../src/flows/stock/exchange.ts';
import { shipTokens } from '../../src/flows/stock/ship.ts';
import { graceEndsAt } from '../../src/rules/grace.ts';
import { endOfDay } from '../../src/rules/japan-time.ts';
import { stockStates } from '../../src/rules/token-stock.ts';
import type { CompanyRow } from '../../src/store/account.ts';
import { bothStores } from '../support/database.ts';
import { addLogin, atOnce, day, holdToken } from '../support/rows.ts';
import { flowScene, type Scene } from './scene.ts';
import { clerk, given, moverOf, newSerial, none, stocked, supervisor, told } from './stock-scene.ts';

for (const { name, open } of bothStores) {
  describe(`the token desk, on ${name}`, () => {
    let scene: Scene;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
    });

    const events = async (company: { readonly id: string }): Promise<readonly string[]> =>
      (await scene.at.store.audit.list({ chain: company.id }, 100)).map((body) => {
        const { event }: { readonly event: string } = JSON.parse(body);
        return event;
      });
    const one = async (serial: string) => {
      const [token] = await scene.at.store.tokenStock.bySerials([serial]);
      if (!token) throw new Error(`no token ${serial}`);
      return token;
    };
    const assign = (company: CompanyRow, serials: readonly string[], patch: Partial<Assignment> = {}, by = clerk) =>
      assignTokens(scene.tools, scene.act(), by, {
        companyId: company.id,
        serials,
        reason: 'application',
        formNumber: null,
        freeUsed: 0,
        stale: none,
        ...patch,
      });
    const waiting = (patch: Partial<CompanyRow> = {}): Promise<CompanyRow> =>
      scene.company({ otpApplication: 'hardware', otpAppliedAt: scene.now - 5 * day, tokenArrivedAt: null, ...patch });

    describe('割当', () => {
      it('gives tokens to a company: the first three of a contract free, then each with its fee, a loss always', async () => {
        const company = await waiting();
        const serials = await stocked(scene, 7);
        const first = await assign(company, serials.slice(0, 2), { formNumber: 'K-100' });
        expect(told(first)).to.deep.equal(['done', 'done']);
        expect(first).to.deep.include({ verdict: 'moved', fee: { free: 2, each: [0, 0], total: 0 } });
        const second = await assign(company, serials.slice(2, 5), { freeUsed: 2 });
        expect(second).to.deep.include({ verdict: 'moved', fee: { free: 1, each: [0, 1080, 1080], total: 2160 } });
        const loss = await assign(company, serials.slice(5, 6), { reason: 'loss', freeUsed: 3 });
        expect(loss).to.deep.include({ verdict: 'moved', fee: { free: 0, each: [1080], total: 1080 } });
        const fault = await assign(company, serials.slice(6), { reason: 'fault', freeUsed: 3 });
        expect(fault).to.deep.include({ verdict: 'moved', fee: { free: 0, each: [0], total: 0 } });
        expect(await one(serials[3] ?? '')).to.include({ companyId: company.id, fee: 1080, orderedAt: scene.now });
        expect(await events(company)).to.deep.equal(Array.from({ length: 4 }, () => 'token.ordered'));
        const life = await scene.at.store.tokenStock.life(serials[0] ?? '');
        expect(life?.order).to.deep.equal({ reason: 'application', formNumber: 'K-100' });
        expect(JSON.stringify(life)).not.to.include('sealed');
      });

      it('refuses each token by itself, and the others are given', async () => {
        const company = await waiting();
        const other = await given(scene, await waiting());
        const [free = '', gone = '', old = '', stale = ''] = [
          ...(await stocked(scene, 1)),
          ...(await stocked(scene, 1, { retiredAt: scene.now, retiredWhy: 'lost' })),
          ...(await stocked(scene, 1, { expiresAt: scene.now - day })),
          ...(await stocked(scene, 1)),
        ];
        const serials = [other, gone, newSerial('NONE'), free, old, stale];
        const all = await assign(company, serials, { stale: new Set([stale]) });
        expect(told(all)).to.deep.equal(['not-in-stock', 'ended', 'unknown', 'done', 'expired', 'stale']);
        expect((await one(other)).companyId).not.to.equal(company.id);
        expect((await one(stale)).companyId).to.equal(null);
        expect(all).to.deep.include({ fee: { free: 1, each: [0], total: 0 } });
      });

      it('refuses a suspended company, one without an application for key-fobs, and a fee that is another by now', async () => {
        const serials = await stocked(scene, 1);
        const suspended = await assign(await waiting({ suspendedAt: scene.now }), serials);
        expect(suspended).to.deep.equal({ verdict: 'refused', why: 'suspended' });
        const software = await assign(await waiting({ otpApplication: 'software' }), serials);
        expect(software).to.deep.equal({ verdict: 'refused', why: 'not-applied' });
        const company = await waiting();
        await assign(company, await stocked(scene, 1));
        expect(await assign(company, serials)).to.deep.equal({ verdict: 'refused', why: 'fee-changed' });
        expect((await one(serials[0] ?? '')).companyId).to.equal(null);
      });

      it('is refused to an auditor, to an account, and to whoever may no longer', async () => {
        const company = await waiting();
        const serials = await stocked(scene, 1);
        const account = {
          kind: 'account',
          id: 'x',
          companyId: company.id,
          role: 'master',
          viewsRecords: true,
        } as const;
        const movers = [moverOf('auditor'), { ...clerk, actor: account }, { ...supervisor, still: async () => false }];
        for (const mover of movers)
          expect(await assign(company, serials, {}, mover)).to.deep.equal({ verdict: 'not-allowed' });
        expect((await one(serials[0] ?? '')).companyId).to.equal(null);
        expect(await events(company)).to.deep.equal([]);
      });

      it('gives one token to one of two companies that ask at once; the other is told for that token', async () => {
        for (let round = 0; round < 8; round += 1) {
          const companies = [await waiting(), await waiting()];
          const [wanted = '', ...own] = await stocked(scene, 3);
          const all = await atOnce(2, (n) => {
            const company = companies[n];
            if (!company) throw new Error('no company');
            // Both orders of asking.
            return assign(company, n === 0 ? [wanted, own[0] ?? ''] : [own[1] ?? '', wanted]);
          });
          const of = all.flatMap((each) => ('tokens' in each ? each.tokens : []));
          const won = of.filter(({ serial, result }) => serial === wanted && result === 'done');
          expect(won, 'winners').to.have.length(1);
          expect(of.filter(({ serial, why }) => serial === wanted && why === 'not-in-stock')).to.have.length(1);
          expect(of.filter(({ serial, result }) => serial !== wanted && result === 'done')).to.have.length(2);
          const { companyId } = await one(wanted);
          expect(companies.find(({ id }) => id === companyId)?.contractNumber).to.equal(won[0]?.contractNumber);
        }
      }).timeout(20_000);

      it('counts the free ones of a contract once, however many orders are made at once', async () => {
        const company = await waiting();
        const serials = await stocked(scene, 4);
        const all = await atOnce(4, (n) => assign(company, serials.slice(n, n + 1)));
        expect(all.filter((each) => each.verdict === 'moved')).to.have.length(1);
        expect(all.filter((each) => 'why' in each && each.why === 'fee-changed')).to.have.length(3);
        expect(await scene.at.store.tokenOrder.freeUsed(company.id)).to.equal(1);
      });
    });

    describe('発送と到着', () => {
      it('ships what was ordered, and tells those who are to register until when', async () => {
        const company = await waiting();
        const newcomer = await scene.person(company);
        const holder = await scene.person(company);
        await scene.token(company, [holder]);
        const serials = [await given(scene, company), await given(scene, company), ...(await stocked(scene, 1))];
        const shipped = await shipTokens(scene.tools, scene.act(), clerk, { serials, stale: none });
        expect(told(shipped)).to.deep.equal(['done', 'done', 'not-ordered']);
        expect(shipped).to.include({ mails: 1 });
        expect((await scene.mails(newcomer)).map(({ mail }) => mail)).to.deep.equal(['registration-due']);
        expect((await scene.mails(newcomer))[0]?.facts).to.deep.include({
          limit: graceEndsAt(company, scene.tools.policy.grace),
          shippedAt: scene.now,
        });
        expect(await scene.mails(holder)).to.deep.equal([]);
        expect(await events(company)).to.deep.equal(['token.shipped']);
        const again = await shipTokens(scene.tools, scene.act(), clerk, { serials, stale: none });
        expect(told(again)).to.deep.equal(['not-ordered', 'not-ordered', 'not-ordered']);
        expect(await events(company)).to.deep.equal(['token.shipped']);
      });

      it('begins the limit with the first arrival of the application, and with no later one', async () => {
        const company = await waiting();
        const serials = await stocked(scene, 2);
        await assign(company, serials);
        await shipTokens(scene.tools, scene.act(), clerk, { serials, stale: none });
        const arrived = await reportArrival(scene.tools, scene.act(), clerk, {
          serials: serials.slice(0, 1),
          stale: none,
        });
        expect(told(arrived)).to.deep.equal(['done']);
        const limit = endOfDay(scene.now + 14 * day);
        expect(arrived).to.deep.include({ limits: { [company.contractNumber]: limit } });
        const later = { now: scene.now + 3 * day };
        const next = await reportArrival(scene.tools, scene.act(later), clerk, { serials, stale: none });
        expect(told(next)).to.deep.equal(['not-shipped', 'done']);
        expect(next).to.deep.include({ limits: { [company.contractNumber]: limit } });
        expect((await scene.at.store.company.find(company.id))?.tokenArrivedAt).to.equal(scene.now);
      });

      it('leaves the limit alone when a successor arrives, or one of an earlier application', async () => {
        for (const patch of [{ reason: 'successor' }, { orderedAt: -30 * day }] as const) {
          const company = await waiting();
          const serials = await stocked(scene, 1);
          const reason = 'reason' in patch ? patch.reason : 'application';
          await assign(company, serials, { reason });
          await shipTokens(scene.tools, scene.act(), clerk, { serials, stale: none });
          if ('orderedAt' in patch)
            await scene.at.store.company.apply(company.id, { ...company, otpAppliedAt: scene.now + day });
          await reportArrival(scene.tools, scene.act({ now: scene.now + 2 * day }), clerk, { serials, stale: none });
          expect((await scene.at.store.company.find(company.id))?.tokenArrivedAt, reason).to.equal(null);
        }
      });

      it('lets a company report its own, and shows it no others', async () => {
        const [company, other] = [await waiting(), await waiting()];
        const serials = [
          await given(scene, company, { shippedAt: scene.now }),
          await given(scene, other, { shippedAt: scene.now }),
          ...(await stocked(scene, 1)),
        ];
        const by = (role: 'master' | 'member') => ({
          actor: { kind: 'account', id: 'somebody', companyId: company.id, role, viewsRecords: false } as const,
          audit: { kind: 'account', id: 'somebody' } as const,
          by: 'admin' as const,
        });
        const member = await reportArrival(scene.tools, scene.act(), by('member'), { serials, stale: none });
        expect(member).to.deep.equal({ verdict: 'not-allowed' });
        const master = await reportArrival(scene.tools, scene.act(), by('master'), { serials, stale: none });
        expect(told(master)).to.deep.equal(['done', 'unknown', 'unknown']);
        expect((await one(serials[1] ?? '')).arrivedAt).to.equal(null);
        expect(await events(other)).to.deep.equal([]);
      });
    });

    describe('交換', () => {
      it('orders the successors that last longest, free of charge, for tokens in use that expire', async () => {
        const company = await waiting();
        const person = await scene.person(company);
        const soon = await scene.token(company, [person], { expiresAt: scene.now + 30 * day });
        const late = await scene.token(company, [await scene.person(company)], { expiresAt: scene.now + 400 * day });
        const [best = ''] = await stocked(scene, 1, { expiresAt: scene.now + 9_000 * day });
        const serials = [soon.row.serial ?? '', late.row.serial ?? '', best];
        const tokens = await scene.at.store.tokenStock.bySerials(serials);
        const pairs = await pairTokens(scene.tools, scene.act(), tokens);
        expect(pairs).to.have.length(1);
        expect(pairs[0]?.old).to.equal(soon.row.serial);
        const asked = { serials, pairs: [{ old: soon.row.serial ?? '', next: best }], stale: none };
        const done = await exchangeTokens(scene.tools, scene.act(), clerk, asked);
        expect(told(done)).to.deep.equal(['done', 'not-expiring', 'not-in-use']);
        expect(await one(best)).to.include({
          companyId: company.id,
          successorTo: soon.row.id,
          fee: 0,
          orderedAt: scene.now,
        });
        expect((await one(serials[0] ?? '')).successor).to.equal(best);
        expect((await scene.look(person)).token?.id, 'the old one works on').to.equal(soon.row.id);
        expect(await scene.at.store.tokenOrder.freeUsed(company.id)).to.equal(0);
        expect(told(await exchangeTokens(scene.tools, scene.act(), clerk, asked))[0]).to.equal('has-successor');
        await endTokens(scene.tools, scene.act(), clerk, {
          move: 'lose',
          serials: [best],
          holders: new Map(),
          stale: none,
          words: '',
        });
        expect((await one(serials[0] ?? '')).successor, 'lost on its way').to.equal(null);
      });

      it('takes each successor once, and tells where the stock has none', async () => {
        const company = await waiting();
        const old: string[] = [];
        for (let n = 0; n < 3; n += 1)
          old.push(
            (await scene.token(company, [await scene.person(company)], { expiresAt: scene.now + day })).row.serial ??
              '',
          );
        const [next = ''] = await stocked(scene, 1);
        const pairs = [
          { old: old[0] ?? '', next },
          { old: old[1] ?? '', next },
          { old: old[2] ?? '', next: null },
        ];
        const done = await exchangeTokens(scene.tools, scene.act(), clerk, { serials: old, pairs, stale: none });
        expect(told(done)).to.deep.equal(['done', 'stale', 'no-stock']);
      });
    });

    describe('紛失と失効', () => {
      it('takes a lost token out of the hands of all who share it, and ends what they have', async () => {
        const company = await waiting();
        const people = [await scene.person(company), await scene.person(company)];
        const token = await scene.token(company, people);
        const serial = token.row.serial ?? '';
        const logins = [];
        for (const person of people) logins.push(await addLogin(scene.at.store, person));
        const ids = people.map(({ id }) => id);
        const asked = { move: 'lose', serials: [serial], stale: none, words: '郵送中に紛失' } as const;
        const short = await endTokens(scene.tools, scene.act(), clerk, {
          ...asked,
          holders: new Map([[serial, ids.slice(1)]]),
        });
        expect(told(short), 'somebody else holds it than was shown').to.deep.equal(['stale']);
        const done = await endTokens(scene.tools, scene.act(), clerk, { ...asked, holders: new Map([[serial, ids]]) });
        expect(told(done)).to.deep.equal(['done']);
        expect(done).to.include({ people: 2 });
        expect(await one(serial)).to.include({ retiredAt: scene.now, retiredWhy: 'lost', holders: 0 });
        for (const [n, person] of people.entries()) {
          expect((await scene.look(person)).token).to.equal(null);
          expect((await scene.at.store.login.find(logins[n] ?? ''))?.endedWhy).to.equal('token-revoked');
          expect((await scene.mails(person)).map(({ mail }) => mail)).to.deep.equal(['token-revoked']);
        }
        const again = await endTokens(scene.tools, scene.act(), clerk, { ...asked, holders: new Map() });
        expect(told(again)).to.deep.equal(['ended']);
      });

      it('ends one that nobody holds, with a record of the company or of the bank', async () => {
        const company = await waiting();
        const serials = [await given(scene, company), ...(await stocked(scene, 1))];
        const asked = { move: 'revoke', serials, holders: new Map(), stale: none, words: '故障' } as const;
        expect(told(await endTokens(scene.tools, scene.act(), moverOf('auditor'), asked))).to.deep.equal([
          'not-allowed',
        ]);
        expect(told(await endTokens(scene.tools, scene.act(), clerk, asked))).to.deep.equal(['done', 'done']);
        for (const serial of serials) expect((await one(serial)).retiredWhy).to.equal('revoked');
        expect(await events(company)).to.deep.equal(['token.retired']);
        const [newest] = await scene.at.store.audit.list({ chain: 'bank' }, 1);
        expect(JSON.parse(newest ?? '{}')).to.deep.include({ event: 'token.retired' });
      });

      it('takes nothing from somebody who registered it after the page was shown', async () => {
        const company = await waiting();
        const token = await scene.token(company, []);
        const serial = token.row.serial ?? '';
        const person = await scene.person(company);
        await holdToken(scene.at.store, token.row.id, person.id);
        const asked = {
          move: 'lose',
          serials: [serial],
          holders: new Map<string, string[]>(),
          stale: none,
          words: '',
        } as const;
        expect(told(await endTokens(scene.tools, scene.act(), clerk, asked))).to.deep.equal(['stale']);
        expect((await scene.look(person)).token?.id).to.equal(token.row.id);
      });
    });

    describe('お申込と登録期限', () => {
      const change = async (
        company: CompanyRow,
        patch: { readonly to?: 'none' | 'software' | 'hardware' | 'both'; readonly limit?: number },
        by = supervisor,
      ) =>
        changeApplication(scene.tools, scene.act(), by, {
          companyId: company.id,
          to: patch.to ?? null,
          limit: patch.limit ?? null,
          words: '到着の遅れ',
          seen: seenApplication((await scene.at.store.company.find(company.id)) ?? company),
        });

      it('begins a new application with a limit of its own', async () => {
        const company = await waiting({
          otpApplication: 'software',
          graceExtendedTo: scene.now - day,
          graceExtendedAt: 1,
        });
        const done = await change(company, { to: 'both' }, clerk);
        expect(done.verdict).to.equal('changed');
        expect(await scene.at.store.company.find(company.id)).to.include({
          otpApplication: 'both',
          otpAppliedAt: scene.now,
          tokenArrivedAt: null,
          graceExtendedTo: null,
          graceExtendedAt: null,
        });
        expect(await events(company)).to.deep.equal(['company.otp-applied']);
        expect((await change(company, { to: 'both' }, clerk)).verdict).to.equal('same');
      });

      it('takes an application up again with the dates it had, for as long as nobody would gain by it', async () => {
        const company = await waiting({ graceExtendedTo: scene.now + 3 * day, graceExtendedAt: scene.now - day });
        const dates = async () => {
          const found = await scene.at.store.company.find(company.id);
          return found && [found.otpAppliedAt, found.graceExtendedTo, found.graceExtendedAt];
        };
        const before = await dates();
        expect((await change(company, { to: 'none' }, clerk)).verdict).to.equal('changed');
        expect(await dates()).to.deep.equal([null, null, null]);
        expect((await change(company, { to: 'hardware' }, clerk)).verdict).to.equal('changed');
        expect(await dates()).to.deep.equal(before);
        expect(await change(company, { limit: endOfDay(scene.now + 20 * day) })).to.include({ why: 'extended' });
        expect(await scene.at.store.company.givenUp(company.id)).to.equal(null);
      });

      it('begins a new one long after the last was given up: with a reason in the record', async () => {
        const company = await waiting();
        expect((await change(company, { to: 'none' }, clerk)).verdict).to.equal('changed');
        const now = scene.now + 47 * day;
        const asked = {
          companyId: company.id,
          to: 'hardware',
          limit: null,
          seen: seenApplication((await scene.at.store.company.find(company.id)) ?? company),
        } as const;
        const again = (words: string) => changeApplication(scene.tools, scene.act({ now }), clerk, { ...asked, words });
        expect(await again('')).to.deep.equal({ verdict: 'refused', why: 'no-reason' });
        expect((await again('新しい申込書 K-7')).verdict).to.equal('changed');
        expect((await scene.at.store.company.find(company.id))?.otpAppliedAt).to.equal(now);
        const [newest] = await scene.at.store.audit.list({ chain: company.id }, 1);
        const { data }: { readonly data: object } = JSON.parse(newest ?? '');
        expect(data).to.include({ from: 'none', to: 'hardware', since: now, words: '新しい申込書 K-7' });
      });

      it('sets a limit once: by a supervisor, later than it is, not too far; and tells whom it concerns', async () => {
        const company = await waiting();
        const person = await scene.person(company);
        const limit = graceEndsAt(company, scene.tools.policy.grace) ?? 0;
        const farthest = endOfDay(scene.now + scene.tools.policy.grace.extension);
        expect(await change(company, { limit: farthest }, clerk)).to.deep.equal({ verdict: 'not-allowed' });
        expect(await change(company, { limit: farthest }, moverOf('auditor'))).to.deep.equal({
          verdict: 'not-allowed',
        });
        expect(await change(company, { limit })).to.deep.equal({ verdict: 'refused', why: 'not-later' });
        expect(await change(company, { limit: farthest + day })).to.deep.equal({ verdict: 'refused', why: 'too-far' });
        expect(await change(company, { limit: farthest })).to.include({ verdict: 'changed', mails: 1 });
        expect((await scene.mails(person)).map(({ facts }) => facts['limit'])).to.deep.equal([farthest]);
        expect(await change(company, { limit: farthest })).to.deep.equal({ verdict: 'refused', why: 'extended' });
        expect(await scene.at.store.company.find(company.id)).to.include({ graceExtendedBy: 'the supervisor' });
        expect(await events(company)).to.deep.equal(['company.grace-extended']);
        const software = await waiting({ otpApplication: 'software' });
        expect(await change(software, { limit: farthest })).to.deep.equal({
          verdict: 'refused',
          why: 'no-application',
        });
      });

      it('changes nothing when something else stands than was shown, and one of two at once', async () => {
        const company = await waiting();
        const asked = {
          companyId: company.id,
          to: null,
          limit: endOfDay(scene.now + 44 * day),
          words: 'x',
          seen: 'old',
        };
        expect(await changeApplication(scene.tools, scene.act(), supervisor, asked)).to.deep.equal({
          verdict: 'stale',
        });
        const seen = seenApplication(company);
        const all = await atOnce(4, () => changeApplication(scene.tools, scene.act(), supervisor, { ...asked, seen }));
        expect(all.map(({ verdict }) => verdict).toSorted()).to.deep.equal(['changed', 'stale', 'stale', 'stale']);
      });
    });

    it('counts the tokens of each state as their list has them', async () => {
      const { store } = scene.at;
      const warnBefore = scene.tools.policy.tokenExpiry.warnBefore;
      const company = await waiting();
      await stocked(scene, 1, { expiresAt: null });
      await stocked(scene, 1, { expiresAt: scene.now });
      await given(scene, company);
      await given(scene, company, { shippedAt: scene.now });
      await given(scene, company, { shippedAt: scene.now, arrivedAt: scene.now });
      await given(scene, company, { expiresAt: scene.now - 1 });
      await given(scene, company, { retiredAt: 1, retiredWhy: null });
      await given(scene, company, { retiredAt: 1, retiredWhy: 'replaced' });
      await given(scene, company, { retiredAt: 1, retiredWhy: 'lost' });
      await scene.token(company, [await scene.person(company)]);
      await scene.token(company, [await scene.person(company)], { expiresAt: scene.now + warnBefore });
      const counts = await store.tokenCounts.byState(scene.now, warnBefore);
      for (const state of stockStates) {
        const filter = { state, serial: '', companyId: null, now: scene.now, warnBefore };
        const seen = new Set<string>();
        for (let after = '', more = true; more;) {
          const page = await store.tokenStock.list(filter, { after }, 7);
          for (const { serial } of page.tokens) seen.add(serial);
          more = page.more;
          after = page.tokens.at(-1)?.serial ?? '';
        }
        expect(seen.size, state).to.equal(counts[state]);
        expect(counts[state], state).to.be.above(0);
      }
    });
  });
}
