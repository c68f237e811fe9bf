// What breaks the stock from within: a seed file of one line that holds nothing and has no end, imports that wait for each other,
// and old key-fobs whose registration would begin other people's days.
import { expect } from 'chai';
import { importOf, readImport, sweepImports } from '../../src/flows/token-import/import.ts';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import { refusalOf } from '../../src/seed-files/refused.ts';
import { readSeeds } from '../../src/seed-files/read-seeds.ts';
import type { AccountRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { bothStores, serverStore } from '../support/database.ts';
import { day, minute, newId } from '../support/rows.ts';
import { csvFile, csvHead, inChunks, seedTokens } from '../support/seed-file.ts';
import { flowScene, type Scene, type Token } from '../flows/scene.ts';

describe('attacks on the stock by a seed file', () => {
  /** The beginning, and then one line of these cells without an end; what was told, and how much of it was read for that. */
  async function endless(begin: Buffer | string, cells: string): Promise<readonly [readonly string[], number]> {
    const piece = Buffer.from(cells.repeat(Math.ceil(65_536 / cells.length)));
    let bytes = 0;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(begin);
      for (; bytes < 4_000_000; bytes += piece.length) yield piece;
    }
    const said: string[] = [];
    const accepts = { digits: 6, period: 60 };
    try {
      for await (const entry of readSeeds(file(), { format: null, key: null, now: Date.UTC(2026, 10, 22), accepts }))
        if ('problem' in entry) said.push(`${entry.problem.line} ${entry.problem.field} ${entry.problem.why}`);
    } catch (error) {
      said.push(String(refusalOf(error)));
    }
    return [said, bytes];
  }

  it('a line without an end is given up soon, also when its cells are empty', async () => {
    const cases: readonly (readonly [Buffer | string, string, string])[] = [
      [csvHead, ',', '2 line form'],
      [csvHead, '"",', '2 line form'],
      [csvFile(seedTokens(3)), ',', '5 line form'],
      ['x', ',', '1 line form'],
    ];
    for (const [begin, cells, said] of cases) {
      const [told, bytes] = await endless(begin, cells);
      expect(told, cells).to.deep.equal([said]);
      expect(bytes, cells).to.be.below(500_000);
    }
  });
});

describe('attacks on an import by others that wait', function () {
  this.timeout(60_000);

  it('one that was left while it was taken over, and one that takes long, stop no other file', async () => {
    const { tools, act } = await flowScene(serverStore);
    const read = async (): Promise<string> => {
      const bytes = inChunks(csvFile(seedTokens(3, `W${newId().slice(-8)}`.toUpperCase())));
      const by = { kind: 'operator', id: 'OP-1' } as const;
      const file = { name: 'seeds.csv', format: null, bytes, key: null, checkOnly: true };
      return (await readImport(tools, act(), by, file)).id;
    };
    const state = async (id: string) => (await importOf(tools, id))?.state;
    const [long, left] = [await read(), await read()];
    const since = act().now - 2 * minute;
    for (const id of [long, left])
      await tools.store.tokenImport.settle(id, ['checked'], { state: 'importing', touchedAt: since });
    const other = await tools.store.transaction(async (tables) => {
      expect(await tables.stagedToken.takeTurn()).to.equal(true);
      await tables.tokenImport.lock(long);
      return read();
    });
    expect(await state(other)).to.equal('checked');
    expect([await state(long), await state(left)]).to.deep.equal(['importing', 'importing']);
    await sweepImports(tools, act());
    expect([await state(long), await state(left)]).to.deep.equal(['done', 'done']);
  });
});

for (const { name, open } of bothStores)
  describe(`attacks on the days of a company, on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    before(async () => {
      scene = await flowScene(open);
    });

    async function register(account: AccountRow, token: Token): Promise<void> {
      const person = await scene.look(account);
      const { securityEpoch: epoch } = person.account;
      const begun = attemptRecord({ route: 'direct', account: { id: account.id, epoch }, passwordAt: scene.now });
      const record = await scene.tools.attempts.begin({ ...begun, expiresAt: scene.now + 30 * minute });
      const typed = { serial: token.row.serial ?? '', otp: token.code() };
      expect(await registerToken(scene.tools, scene.act(), record, person, typed)).to.deep.equal({ advanced: true });
    }

    it('who registers a token of an earlier application, or one that followed another, begins nobody’s fourteen days', async () => {
      const company = await scene.company({ otpAppliedAt: scene.now - 5 * day, tokenArrivedAt: null });
      const orderId = scene.tools.secrets.id();
      const order = { id: orderId, companyId: company.id, tokens: 1, free: 0, fee: 0, formNumber: null };
      await scene.tools.store.tokenOrder.add({
        ...order,
        reason: 'successor',
        orderedAt: scene.now - 2 * day,
        orderedBy: 'the clerk',
      });
      const arrived = async (account: AccountRow) => (await scene.look(account)).company.tokenArrivedAt;
      const before = await scene.person(company);
      await register(before, await scene.token(company, [], { orderedAt: scene.now - 100 * day }));
      expect(await arrived(before)).to.equal(null);
      const follower = await scene.person(company);
      await register(follower, await scene.token(company, [], { orderId, orderedAt: scene.now - 2 * day }));
      expect(await arrived(follower)).to.equal(null);
      const first = await scene.person(company);
      await register(first, await scene.token(company, [], { orderedAt: scene.now - day }));
      expect(await arrived(first)).to.equal(scene.now);
    });
  });
