// A gateway that dies in the middle of a move of tokens leaves the whole of it or nothing (spec §10): each move runs again and
// again on a store that dies one call later each time.
import { expect } from 'chai';
import { changeApplication, seenApplication } from '../../src/flows/stock/application.ts';
import { reportArrival } from '../../src/flows/stock/arrive.ts';
import { assignTokens } from '../../src/flows/stock/assign.ts';
import { endTokens } from '../../src/flows/stock/end.ts';
import { exchangeTokens } from '../../src/flows/stock/exchange.ts';
import { shipTokens } from '../../src/flows/stock/ship.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { endOfDay } from '../../src/rules/japan-time.ts';
import type { CompanyRow } from '../../src/store/account.ts';
import { besideStore, migratedDatabase, type OpenStore, wholeContent } from '../support/database.ts';
import type { FreshDatabase } from '../support/postgres.ts';
import { day } from '../support/rows.ts';
import { dyingStore, Killed } from './dying.ts';
import { flowScene, type Scene } from './scene.ts';
import { clerk, given, none, stocked, supervisor } from './stock-scene.ts';

describe('a move of tokens whose process is killed', () => {
  let fresh: FreshDatabase;
  let at: OpenStore;
  let scene: Scene;
  let company: CompanyRow;

  before(async function () {
    this.timeout(60_000);
    fresh = await migratedDatabase();
    at = await besideStore(fresh.url);
    scene = await flowScene(async () => at);
  });
  after(async () => {
    await at.database.close();
    await fresh.drop();
  });
  beforeEach(async () => {
    company = await scene.company({
      otpApplication: 'hardware',
      otpAppliedAt: scene.now - 5 * day,
      tokenArrivedAt: null,
    });
  });

  /** Each act with what it starts from. */
  const acts: Readonly<Record<string, () => Promise<(tools: Tools) => Promise<unknown>>>> = {
    割当: async () => {
      const asked = {
        companyId: company.id,
        serials: await stocked(scene, 2),
        reason: 'application',
        formNumber: null,
        freeUsed: 0,
        stale: none,
      } as const;
      return (tools) => assignTokens(tools, scene.act(), clerk, asked);
    },
    発送: async () => {
      await scene.person(company);
      const serials = [await given(scene, company), await given(scene, company)];
      return (tools) => shipTokens(tools, scene.act(), clerk, { serials, stale: none });
    },
    到着: async () => {
      const serials = [await given(scene, company, { shippedAt: scene.now })];
      return (tools) => reportArrival(tools, scene.act(), clerk, { serials, stale: none });
    },
    交換: async () => {
      const old = await scene.token(company, [await scene.person(company)], { expiresAt: scene.now + day });
      const [next = ''] = await stocked(scene, 1);
      const serial = old.row.serial ?? '';
      const asked = { serials: [serial], pairs: [{ old: serial, next }], stale: none };
      return (tools) => exchangeTokens(tools, scene.act(), clerk, asked);
    },
    紛失: async () => {
      const people = [await scene.person(company), await scene.person(company)];
      const serial = (await scene.token(company, people)).row.serial ?? '';
      const holders = new Map([[serial, people.map(({ id }) => id)]]);
      const asked = { move: 'lose', serials: [serial], holders, stale: none, words: '郵送中に紛失' } as const;
      return (tools) => endTokens(tools, scene.act(), clerk, asked);
    },
    お申込と登録期限: async () => {
      await scene.person(company);
      const seen = seenApplication(company);
      const limit = endOfDay(scene.now + 44 * day);
      const asked = { companyId: company.id, to: 'both', limit, words: '配送の遅れ', seen } as const;
      return (tools) => changeApplication(tools, scene.act(), supervisor, asked);
    },
  };

  for (const [name, prepare] of Object.entries(acts)) {
    it(`leaves nothing half-done: ${name}`, async () => {
      const act = await prepare();
      const before = await wholeContent(at);
      let point = 1;
      for (; ; point += 1) {
        const { store } = dyingStore(at.store, point);
        const done = await act(scene.toolsOn(store)).catch((error: unknown) => error);
        if (!(done instanceof Killed)) break;
        expect(await wholeContent(at), `killed before call ${point}`).to.deep.equal(before);
      }
      expect(point, 'points at which it died').to.be.above(4);
      expect(await wholeContent(at)).not.to.deep.equal(before);
    }).timeout(60_000);
  }
});
