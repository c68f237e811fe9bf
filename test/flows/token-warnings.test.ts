// Warnings of key-fobs that expire and of the limit for registering one: each person and distance once, whichever process comes
// first, and by hand once a day.
import { expect } from 'chai';
import { whoNeedsToken } from '../../src/flows/needs-token.ts';
import { remind, warnAtShipping, warnOfTokens } from '../../src/flows/token-warnings.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { endOfDay, startOfDay } from '../../src/rules/japan-time.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { bothStores } from '../support/database.ts';
import { addToken, atOnce, day, holdToken, minute } from '../support/rows.ts';
import { flowScene, type OwedMail, type Scene } from './scene.ts';

for (const { name, open } of bothStores) {
  describe(`warnings about key-fobs, on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      scene.now += 200 * day;
      company = await scene.company({ otpApplication: 'hardware', otpAppliedAt: scene.now - 300 * day });
    });
    const sweep = (tools: Tools = scene.tools): Promise<number> => warnOfTokens(tools, scene.act());
    const told = async (account: AccountRow, mail: string): Promise<readonly OwedMail['facts'][]> =>
      (await scene.mails(account)).filter((one) => one.mail === mail).map(({ facts }) => facts);
    const expiry = (account: AccountRow) => told(account, 'token-expires');
    const limits = (account: AccountRow) => told(account, 'registration-due');

    async function holder(days: number, patch: Partial<AccountRow> = {}): Promise<AccountRow> {
      const one = await scene.person(company, patch);
      await scene.token(company, [one], { expiresAt: scene.now + days * day });
      return one;
    }

    /** A company whose limit is the end of the fourteenth day from now. */
    async function applied(patch: Partial<CompanyRow> = {}): Promise<number> {
      company = await scene.company({
        otpApplication: 'hardware',
        otpAppliedAt: scene.now - 3 * day,
        tokenArrivedAt: scene.now,
        ...patch,
      });
      return endOfDay(scene.now + 14 * day);
    }

    it('tell 60, 30 and 7 days before a token ends, to everybody who shares it, once each', async () => {
      const one = await scene.person(company);
      const two = await scene.person(company);
      const { row } = await scene.token(company, [one, two], { expiresAt: scene.now + 61 * day });
      const expires = row.expiresAt ?? 0;
      await sweep();
      expect(await expiry(one)).to.deep.equal([]);
      for (const days of [60, 30, 7]) {
        scene.now = expires - days * day - 1;
        await sweep();
        scene.now += 1;
        await sweep();
        await sweep();
        scene.now += minute;
        await sweep();
      }
      const last4 = row.serial?.slice(-4);
      for (const each of [one, two])
        expect(await expiry(each)).to.deep.equal(
          [60, 30, 7].map((days) => ({ last4, expires, days, successor: null })),
        );
      scene.now = expires;
      await sweep();
      expect(await expiry(one)).to.have.length(3);
    });

    it('tell the nearest alone when the clock went far, and where the successor is', async () => {
      const far = await holder(5);
      const sent = await holder(20);
      const there = await holder(20);
      const follow = async (account: AccountRow, patch: { shippedAt?: number; arrivedAt?: number }) =>
        addToken(scene.at.store, company.id, { successorTo: (await scene.look(account)).token?.id ?? null, ...patch });
      await follow(sent, { shippedAt: scene.now });
      await follow(there, { shippedAt: scene.now, arrivedAt: scene.now });
      await sweep();
      expect((await expiry(far)).map(({ days }) => days)).to.deep.equal([5]);
      expect((await expiry(sent)).map(({ successor }) => successor)).to.deep.equal(['shipped']);
      expect((await expiry(there)).map(({ successor }) => successor)).to.deep.equal(['arrived']);
    });

    it('tell of a new token’s end anew', async () => {
      const one = await holder(7);
      await sweep();
      await scene.at.store.token.release(one.id, scene.now, 'replaced');
      await scene.token(company, [one], { expiresAt: scene.now + 50 * day });
      await sweep();
      expect((await expiry(one)).map(({ days }) => days)).to.have.members([7, 50]);
    });

    it('tell nobody of a token that is retired, let go, not a key-fob, or whose holder cannot be written to', async () => {
      const silent = await Promise.all([
        holder(10, { setUpAt: null }),
        holder(10, { stoppedAt: scene.now }),
        holder(10, { deletedAt: scene.now }),
        holder(10, { emailProvenAt: null }),
      ]);
      const app = await scene.person(company);
      await scene.token(company, [app], { kind: 'software', serial: null, expiresAt: scene.now + 10 * day });
      const retired = await scene.person(company);
      await scene.token(company, [retired], { expiresAt: scene.now + 10 * day, retiredAt: scene.now });
      const free = await holder(10);
      await scene.at.store.token.release(free.id, scene.now, 'revoked');
      company = await scene.company({ suspendedAt: scene.now });
      const suspended = await holder(10);
      await sweep();
      for (const one of [...silent, app, retired, free, suspended]) expect(await expiry(one)).to.deep.equal([]);
    });

    it('tell of the limit 7 days and 1 day before its day, those alone who never held a token', async () => {
      const limit = await applied();
      await addToken(scene.at.store, company.id, { shippedAt: scene.now - day });
      const shippedAt = scene.now - day;
      const one = await scene.person(company);
      const has = await holder(1_000);
      const had = await holder(1_000);
      await scene.at.store.token.release(had.id, scene.now, 'lost');
      await sweep();
      for (const days of [7, 1]) {
        scene.now = startOfDay(limit) - days * day - 1;
        await sweep();
        scene.now += 1;
        await sweep();
        await sweep();
      }
      const facts = { limit, shippedAt, blocks: 'login' };
      expect(await limits(one)).to.deep.equal([facts, facts]);
      expect(await limits(has)).to.deep.equal([]);
      expect(await limits(had)).to.deep.equal([]);
      scene.now = limit;
      await sweep();
      expect(await limits(one)).to.have.length(2);
    });

    it('tell of a limit that a supervisor moved anew, and what it blocks as the bank has it', async () => {
      await applied({ tokenArrivedAt: scene.now - 10 * day, otpAppliedAt: scene.now - 20 * day });
      const one = await scene.person(company);
      await sweep();
      const graceExtendedTo = endOfDay(scene.now + 6 * day);
      await scene.at.database.transaction((db) =>
        db.updateTable('company').set({ graceExtendedTo }).where('id', '=', company.id).execute(),
      );
      const { policy } = scene.tools;
      await sweep({
        ...scene.tools,
        policy: { ...policy, grace: { ...policy.grace, then: 'block-otp-operations' } },
      });
      // Both are of one moment: the outbox keeps no order among them.
      expect((await limits(one)).map(({ limit, blocks }) => [limit, blocks])).to.have.deep.members([
        [endOfDay(scene.now + 4 * day), 'login'],
        [graceExtendedTo, 'operations'],
      ]);
    });

    it('tell no limit where nobody applied, for apps alone, and of a suspended company', async () => {
      for (const patch of [
        { otpApplication: 'none' },
        { otpApplication: 'software' },
        { suspendedAt: scene.now },
      ] as const) {
        await applied({ tokenArrivedAt: scene.now - 12 * day, ...patch });
        const one = await scene.person(company);
        await sweep();
        expect(await limits(one), JSON.stringify(patch)).to.deep.equal([]);
      }
    });

    it('tell only whose rights need a code where operations alone ask it, and everybody where the company asks at sign-in', async () => {
      const { policy } = scene.tools;
      const tools = { ...scene.tools, policy: { ...policy, otp: { ...policy.otp, at: 'operations' as const } } };
      for (const otpAtLogin of [false, true]) {
        const limit = await applied({ tokenArrivedAt: scene.now - 10 * day, otpAtLogin });
        const member = await scene.person(company);
        const admin = await scene.person(company, { role: 'admin' });
        const granted = await scene.person(company);
        await scene.at.store.portalPermission.grant(granted.id, ['strict']);
        const asking = {
          ...tools,
          portals: new Map([['strict', { clientId: 'strict', name: '厳格', open: false, demandsOtp: true }]]),
        };
        const due = async (): Promise<readonly (readonly [number, number])[]> => {
          const { lines } = await scene.at.store.tokenDue.list(
            {
              about: 'limit',
              from: scene.now,
              until: limit + 1,
              companyId: company.id,
              now: scene.now,
              needing: whoNeedsToken(asking, { otpAtLogin: false }),
              grace: policy.grace,
            },
            { page: 1, per: 50 },
          );
          return lines.map(({ people, told: informed }) => [people, informed]);
        };
        const all = otpAtLogin ? 3 : 2;
        expect(await due(), 'the due list counts the same people').to.deep.equal([[all, 0]]);
        await sweep(asking);
        expect(await due()).to.deep.equal([[all, all]]);
        const owed = await Promise.all([member, admin, granted].map(async (one) => (await limits(one)).length));
        expect(owed).to.deep.equal([otpAtLogin ? 1 : 0, 1, 1]);
      }
    });

    it('go out with the shipping once, and not again by the sweep of the same moment', async () => {
      await applied({ tokenArrivedAt: scene.now - 10 * day });
      const one = await scene.person(company);
      const ship = (): Promise<number> =>
        scene.tools.store.transaction((tables) => warnAtShipping(scene.tools, tables, scene.act(), company.id));
      expect(await ship()).to.equal(1);
      expect(await ship()).to.equal(0);
      await sweep();
      expect(await limits(one)).to.have.length(1);
      scene.now += 3 * day;
      await sweep();
      expect(await limits(one), 'a day before').to.have.length(2);
    });

    it('are sent by hand whatever was told, to nobody twice on one day, and recorded', async () => {
      await applied({ tokenArrivedAt: scene.now - 10 * day });
      const one = await scene.person(company);
      const old = await holder(40);
      await sweep();
      const by = { kind: 'operator', id: 'op1' } as const;
      const send = (about: 'limit' | 'expiry') =>
        remind(scene.tools, scene.act(), by, { about, companyId: company.id, serials: null });
      expect([await send('limit'), await send('expiry')]).to.deep.equal([1, 1]);
      expect([await send('limit'), await send('expiry')]).to.deep.equal([0, 0]);
      expect([(await limits(one)).length, (await expiry(old)).length]).to.deep.equal([2, 2]);
      scene.now += day;
      expect([await send('limit'), await send('expiry')]).to.deep.equal([1, 1]);
      const written = (await scene.at.store.audit.list({ chain: company.id }, 100)).map(
        (body): { event: string; actor: object; data: Record<string, unknown> } => JSON.parse(body),
      );
      const reminded = written.filter(({ event }) => event === 'token.reminded');
      expect(reminded).to.have.length(6);
      expect(reminded[0]?.actor).to.deep.equal(by);
      expect(reminded.map(({ data }) => data['count'])).to.have.members([0, 0, 1, 1, 1, 1]);
    });

    it('reach the holders of the named tokens alone', async () => {
      const [one, two] = [await holder(10), await holder(10)];
      const serial = (await scene.look(one)).token?.serial ?? '';
      const by = { kind: 'operator', id: 'op1' } as const;
      const sent = await remind(scene.tools, scene.act(), by, {
        about: 'expiry',
        companyId: company.id,
        serials: [serial],
      });
      expect([sent, (await expiry(one)).length, (await expiry(two)).length]).to.deep.equal([1, 1, 0]);
    });

    it('tell each of three hundred once, however many processes sweep and remind', async () => {
      await applied({ tokenArrivedAt: scene.now - 10 * day });
      const people = await Promise.all(Array.from({ length: 150 }, () => scene.person(company)));
      const { row } = await scene.token(company, [], { expiresAt: scene.now + 20 * day });
      const holders = await Promise.all(
        Array.from({ length: 150 }, async () => {
          const one = await scene.person(company);
          await holdToken(scene.at.store, row.id, one.id);
          return one;
        }),
      );
      const owed = await atOnce(4, () => sweep());
      expect(owed.reduce((sum, n) => sum + n, 0)).to.equal(300);
      for (const one of people) expect(await limits(one)).to.have.length(1);
      for (const one of holders) expect(await expiry(one)).to.have.length(1);
      expect(await sweep()).to.equal(0);
      const by = { kind: 'operator', id: 'op1' } as const;
      const sent = await atOnce(3, () =>
        remind(scene.tools, scene.act(), by, { about: 'limit', companyId: company.id }),
      );
      expect(
        sent.reduce((sum, n) => sum + n, 0),
        'once a day',
      ).to.equal(150);
    }).timeout(120_000);
  });
}
