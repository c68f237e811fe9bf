// Seed files into the stock: all of a file or nothing, whatever is wrong with it, whoever does the same at once, and wherever
// the process dies (spec §5).
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import {
  cancelImport,
  importOf,
  importProblems,
  newestImports,
  readImport,
  seeImport,
  type SeedFile,
  sweepImports,
  takeOver,
} from '../../src/flows/token-import/import.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { keptProblems } from '../../src/rules/seed-file.ts';
import { codeAt } from '../../src/secrets/totp.ts';
import { bothStores, run, wholeContent } from '../support/database.ts';
import { day, minute, newId } from '../support/rows.ts';
import {
  closedCbc,
  csvFile,
  csvHead,
  csvLine,
  inChunks,
  pskcFile,
  seedToken,
  seedTokens,
} from '../support/seed-file.ts';
import { dyingStore, Killed } from './dying.ts';
import { flowScene, type Scene } from './scene.ts';

const desk = { kind: 'operator', id: 'OP-1' } as const;
const shell = { kind: 'command-line' } as const;
const hour = 60 * minute;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const fileOf = (bytes: Uint8Array, patch: Partial<SeedFile> = {}): SeedFile => ({
  name: 'C:\\seeds\\2026-11.csv',
  format: null,
  bytes: inChunks(bytes),
  key: null,
  checkOnly: false,
  ...patch,
});

for (const { name, open } of bothStores) {
  describe(`importing tokens, on ${name}`, function () {
    this.timeout(120_000);
    let scene: Scene;
    let prefix: string;

    before(async () => {
      scene = await flowScene(open);
    });
    beforeEach(() => {
      prefix = `T${newId()
        .replace(/[^a-z0-9]/gi, '')
        .slice(-8)}`.toUpperCase();
    });

    const inStock = async (): Promise<number> => {
      const [row] = await run(scene.at, `select count(*)::int as n from token where serial like '${prefix}%'`);
      return Number(row?.['n']);
    };
    const staged = async (id?: string): Promise<number> => {
      const which = id === undefined ? `serial like '${prefix}%'` : `import_id = '${id}'`;
      const [row] = await run(scene.at, `select count(*)::int as n from token_import_row where ${which}`);
      return Number(row?.['n']);
    };
    const found = async (id: string) => {
      const row = await importOf(scene.tools, id);
      if (!row) throw new Error('no import');
      return row;
    };
    const problems = async (id: string): Promise<readonly string[]> =>
      (await importProblems(scene.tools, id, -1, 100)).map(({ line, field, why }) => `${line} ${field} ${why}`);
    const records = async (id: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
      (await run(scene.at, `select body from audit where chain = 'bank' order by seq`))
        .map(({ body }): { event: string; data: Record<string, unknown> } => JSON.parse(String(body)))
        .filter(({ data }) => data['import'] === id)
        .map(({ event, data }) => ({ event, ...data }));
    const read = (bytes: Uint8Array, patch: Partial<SeedFile> = {}, tools: Tools = scene.tools) =>
      readImport(tools, scene.act(), patch.digest === undefined ? desk : shell, fileOf(bytes, patch));

    it('takes an encrypted file over whole: sealed for its tokens, with its record, and the codes are right', async () => {
      const key = Buffer.alloc(32, 5);
      const tokens = seedTokens(3, prefix);
      const bytes = pskcFile(tokens, closedCbc(key));
      const seen: string[] = [];
      const file = fileOf(bytes, { key: key.toString('base64'), name: '../2026年11月.xml' });
      const { id } = await readImport(scene.tools, scene.act(), desk, file, (one) => seen.push(one));
      expect(seen).to.deep.equal([id]);
      expect(await found(id)).to.deep.include({
        fileName: '2026年11月.xml',
        format: 'pskc',
        digest: sha256(bytes),
        size: null,
        read: bytes.length,
        state: 'done',
        why: null,
        tokens: 3,
        problems: 0,
        startedBy: 'OP-1',
        endedAt: scene.now,
      });
      const token = await scene.at.store.token.lockBySerial(`${prefix}00000002`);
      expect(token).to.deep.include({
        importId: id,
        importedAt: scene.now,
        companyId: null,
        kind: 'hardware',
        model: 'Acme T1',
        digits: 6,
        period: 60,
      });
      const secret = scene.secrets.openTokenSecret(token?.secret ?? '', token?.id ?? '');
      expect(codeAt({ secret, algorithm: 'SHA1', digits: 6, period: 60 }, 7)).to.equal(
        codeAt({ secret: seedToken(2, prefix).secret, algorithm: 'SHA1', digits: 6, period: 60 }, 7),
      );
      expect([await inStock(), await staged()]).to.deep.equal([3, 0]);
      const [record, ...others] = await records(id);
      expect(record).to.deep.include({
        event: 'token.imported',
        file: '2026年11月.xml',
        digest: sha256(bytes),
        format: 'pskc',
        tokens: 3,
      });
      expect(others).to.deep.equal([]);
      // Others import into the same store meanwhile.
      expect((await newestImports(scene.tools, 500)).map((row) => row.id)).to.include(id);
    });

    it('names one bad line in ten thousand, and imports nothing', async () => {
      const tokens = seedTokens(10_000, prefix);
      const lines = tokens.map(csvLine);
      lines[7_890] = csvLine(seedToken(7_891, prefix)).replace(/,[0-9a-f]{40},/, ',0123,');
      const bytes = Buffer.from(csvHead + lines.join(''));
      const { id } = await read(bytes);
      expect(await found(id)).to.deep.include({
        state: 'failed',
        why: 'problems',
        tokens: 9_999,
        problems: 1,
        lines: 10_001,
        digest: sha256(bytes),
      });
      expect(await importProblems(scene.tools, id, -1, 10)).to.deep.equal([
        { line: 7_892, field: 'secret', why: 'short', serial: `${prefix}00007891` },
      ]);
      expect([await inStock(), await staged()]).to.deep.equal([0, 0]);
      expect((await records(id)).map(({ event, why }) => [event, why])).to.deep.equal([
        ['token.import-failed', 'problems'],
      ]);
      expect(await takeOver(scene.tools, scene.act(), desk, id)).to.equal('gone');

      expect(await found((await read(csvFile(tokens))).id)).to.deep.include({ state: 'done', tokens: 10_000 });
      expect(await inStock()).to.equal(10_000);
    });

    it('names both lines of a serial number that stands twice, and those that the bank has', async () => {
      await read(csvFile(seedTokens(2, prefix)));
      const tokens = seedTokens(2_500, prefix).slice(2);
      const again = [seedToken(2_400, prefix), seedToken(5, prefix), seedToken(5, prefix), seedToken(1, prefix)];
      const { id } = await read(csvFile([...tokens, ...again]), { checkOnly: true });
      expect(await problems(id)).to.deep.equal([
        '4 serial twice',
        '2399 serial twice',
        '2500 serial twice',
        '2501 serial twice',
        '2502 serial twice',
        '2503 serial known',
      ]);
      expect(await found(id)).to.deep.include({ state: 'checked', problems: 6, tokens: 2_498 });
      expect(await takeOver(scene.tools, scene.act(), desk, id)).to.equal('problems');
      expect([await inStock(), await staged()]).to.deep.equal([2, 0]);
    });

    it('counts everything that is wrong and keeps what people can look at', async () => {
      const lines = Array.from({ length: keptProblems + 700 }, (_one, n) => `${prefix}${n},00,2000-01-01,\n`);
      const { id } = await read(Buffer.from(csvHead + lines.join('')), { checkOnly: true });
      const [{ n } = { n: 0 }] = await run(
        scene.at,
        `select count(*)::int as n from token_import_problem where import_id = '${id}'`,
      );
      expect([n, (await found(id)).problems]).to.deep.equal([keptProblems, keptProblems + 700]);
      expect(await importProblems(scene.tools, id, 4_000, 2)).to.have.length(4);
    });

    it('checks alone when asked, and takes over within a day what was checked', async () => {
      const bytes = csvFile(seedTokens(5, prefix));
      const [one, other] = [await read(bytes, { checkOnly: true }), await read(bytes, { checkOnly: true })];
      expect([await inStock(), await staged()]).to.deep.equal([0, 10]);
      expect((await records(one.id)).map(({ event }) => event)).to.deep.equal(['token.import-checked']);
      scene.now += 23 * hour;
      await sweepImports(scene.tools, scene.act());
      expect(await takeOver(scene.tools, scene.act(), desk, one.id)).to.equal('done');
      expect(await takeOver(scene.tools, scene.act(), desk, one.id)).to.equal('done');
      expect([await inStock(), await staged(one.id)]).to.deep.equal([5, 0]);
      expect((await records(one.id)).map(({ event }) => event)).to.deep.equal([
        'token.import-checked',
        'token.imported',
      ]);

      expect(await takeOver(scene.tools, scene.act(), desk, other.id)).to.equal('conflict');
      expect(await found(other.id)).to.deep.include({ state: 'failed', why: 'conflict', problems: 5 });
      expect(await problems(other.id)).to.deep.equal([2, 3, 4, 5, 6].map((line) => `${line} serial known`));
      expect([await inStock(), await staged(other.id)]).to.deep.equal([5, 0]);

      const late = await read(csvFile(seedTokens(5, `${prefix}L`)), { checkOnly: true });
      scene.now += day + minute;
      await sweepImports(scene.tools, scene.act());
      expect(await takeOver(scene.tools, scene.act(), desk, late.id)).to.equal('gone');
      expect([(await found(late.id)).state, await staged()]).to.deep.equal(['cancelled', 0]);
      expect(await takeOver(scene.tools, scene.act(), desk, 'none')).to.equal('gone');
    });

    it('imports the same file handed in twice at once a single time', async () => {
      const bytes = csvFile(seedTokens(4_500, prefix));
      const both = await Promise.all([read(bytes), read(bytes)]);
      const rows = await Promise.all(both.map(({ id }) => found(id)));
      // The later one is led to the other, unless both came to their ends at once.
      const states = rows.map(({ state }) => state).toSorted();
      expect(states).to.be.deep.oneOf([
        ['done', 'done'],
        ['done', 'failed'],
      ]);
      if (states[1] === 'failed') expect(rows.find(({ state }) => state === 'failed')?.why).to.equal('conflict');
      expect([await inStock(), await staged()]).to.deep.equal([4_500, 0]);
    });

    it('takes one of two checked files with the same tokens, pressed at once', async () => {
      const bytes = csvFile(seedTokens(4_500, prefix));
      const both = [await read(bytes, { checkOnly: true }), await read(bytes, { checkOnly: true })];
      const taken = await Promise.all(both.map(({ id }) => takeOver(scene.tools, scene.act(), desk, id)));
      expect(taken.toSorted()).to.deep.equal(['conflict', 'done']);
      expect([await inStock(), await staged()]).to.deep.equal([4_500, 0]);
    });

    it('killed at any point leaves nothing in the stock, or everything; and asked again goes on to everything', async () => {
      let [died, wentOn, whole] = [0, 0, 0];
      for (let point = 1; ; point += 1) {
        const own = `${prefix}${point}X`;
        scene.now += minute;
        const bytes = csvFile(seedTokens(1_100, own));
        const { store } = dyingStore(scene.at.store, point);
        const killed = await read(bytes, { digest: sha256(bytes) }, scene.toolsOn(store)).then(
          () => false,
          (error: unknown) => {
            if (error instanceof Killed) return true;
            throw error;
          },
        );
        const count = async (): Promise<number> =>
          Number((await run(scene.at, `select count(*)::int as n from token where serial like '${own}%'`))[0]?.['n']);
        expect([0, 1_100], `killed before call ${point}`).to.include(await count());
        if (!killed) break;
        died += 1;
        const left = (await newestImports(scene.tools, 1)).find(({ digest }) => digest === sha256(bytes));
        const firstToken = await run(scene.at, `select token_id from token_import_row where serial = '${own}00000001'`);
        // What was being read, or taken over, is gone on with.
        scene.now += 2 * minute;
        const { id } = await read(bytes, { digest: sha256(bytes) });
        if (left?.state === 'reading') {
          wentOn += 1;
          expect(id, `killed before call ${point}`).to.equal(left.id);
          const kept = await run(scene.at, `select id as token_id from token where serial = '${own}00000001'`);
          if (firstToken.length > 0) expect(kept).to.deep.equal(firstToken);
        } else if (left?.state === 'importing' || left?.state === 'done') whole += 1;
        if (left?.state === 'importing') expect(id, `killed before call ${point}`).to.equal(left.id);
        expect(await count(), `killed before call ${point}, and asked again`).to.equal(1_100);
        expect(
          Number(
            (await run(scene.at, `select count(*)::int as n from token_import_row where serial like '${own}%'`))[0]?.[
              'n'
            ],
          ),
        ).to.equal(0);
      }
      expect(died).to.be.greaterThan(15);
      expect([wentOn > 5, whole > 3]).to.deep.equal([true, true]);
    });

    describe('an upload that was killed while it was taken over', () => {
      let bytes: Buffer;
      let left: string;
      beforeEach(async () => {
        scene.now += minute;
        bytes = csvFile(seedTokens(1_200, prefix));
        left = (await read(bytes, { checkOnly: true })).id;
        await scene.at.store.tokenImport.settle(left, ['checked'], { state: 'importing' });
        scene.now += 10_000;
      });
      const other = { kind: 'operator', id: 'OP-2' } as const;
      const again = (patch: Partial<SeedFile> = {}) => {
        const seen: string[] = [];
        const sent = readImport(scene.tools, scene.act(), other, fileOf(bytes, patch), (id) => seen.push(id));
        return sent.then(({ id }) => ({ id, seen }));
      };
      const whole = async (): Promise<void> => {
        expect(await found(left)).to.deep.include({ state: 'done', problems: 0, tokens: 1_200 });
        expect([await inStock(), await staged()]).to.deep.equal([1_200, 0]);
        expect((await records(left)).map(({ event }) => event)).to.deep.equal([
          'token.import-checked',
          'token.imported',
        ]);
      };

      it('is gone on with by the same file sent again, before the sweep came; what was sent points to it', async () => {
        const { id, seen } = await again();
        expect([id, seen.at(-1)]).to.deep.equal([left, left]);
        await whole();
        const [sent = ''] = seen;
        expect(await found(sent)).to.deep.include({ state: 'cancelled', why: 'elsewhere', problems: 0 });
        expect((await records(sent)).map(({ event, why }) => [event, why])).to.deep.equal([
          ['token.import-failed', 'elsewhere'],
        ]);
        expect((await seeImport(scene.tools, scene.act(), sent))?.id).to.equal(left);
      });

      it('is what a check of the same file leads to, too', async () => {
        expect((await again({ checkOnly: true })).id).to.equal(left);
        await whole();
      });

      it('is what the same file leads to when the sweep came while it was read, though its lines are known by then', async () => {
        const meanwhile = async function* (): AsyncGenerator<Uint8Array> {
          yield bytes.subarray(0, 1_000);
          await sweepImports(scene.tools, { ...scene.act(), now: scene.now + 2 * minute });
          yield* inChunks(bytes.subarray(1_000), 10_000);
        };
        expect((await again({ bytes: meanwhile() })).id).to.equal(left);
        await whole();
      });

      it('is gone on with by whoever looks at its page', async () => {
        expect(await seeImport(scene.tools, scene.act(), left)).to.deep.include({ id: left, state: 'done' });
        await whole();
      });

      it('leaves later files of the same tokens to be told as known', async () => {
        await again();
        scene.now += minute;
        const { id } = await again();
        expect(id).to.not.equal(left);
        expect(await found(id)).to.deep.include({ state: 'failed', why: 'problems', problems: 1_200 });
      });

      // One connection has no second transaction.
      const onServer = name === 'PostgreSQL' ? it : () => {};
      onServer('is left alone by its page while somebody is at it', async () => {
        await scene.at.store.transaction(async (tables) => {
          expect(await tables.stagedToken.takeTurn()).to.equal(true);
          expect(await seeImport(scene.tools, scene.act(), left)).to.deep.include({ id: left, state: 'importing' });
        });
        await seeImport(scene.tools, scene.act(), left);
        await whole();
      });

      it('ends as a conflict where it died after it had named what the bank has by now', async () => {
        await read(csvFile(seedTokens(1, prefix)));
        await scene.at.store.tokenImport.settle(left, ['importing'], { problems: 1 });
        scene.now += 2 * minute;
        await sweepImports(scene.tools, scene.act());
        expect(await found(left)).to.deep.include({ state: 'failed', why: 'conflict', problems: 1 });
        expect([await inStock(), await staged(left)]).to.deep.equal([1, 0]);
      });
    });

    it('of an upload that broke off leaves nothing, at once or by the sweep', async () => {
      const bytes = csvFile(seedTokens(2_500, prefix));
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield* inChunks(bytes.subarray(0, 100_000), 10_000);
        throw new Error('the browser went');
      };
      const { id } = await read(bytes, { bytes: broken() });
      expect(await found(id)).to.deep.include({ state: 'failed', why: 'interrupted' });
      expect([await inStock(), await staged()]).to.deep.equal([0, 0]);

      scene.now += minute;
      const { store, fuse } = dyingStore(scene.at.store, 22);
      await read(bytes, {}, scene.toolsOn(store)).catch(() => {});
      expect(fuse.calls).to.be.at.least(22);
      const [left] = await newestImports(scene.tools, 1);
      const kept = await staged();
      expect([left?.state, kept > 0]).to.deep.equal(['reading', true]);
      scene.now += 5 * minute;
      await sweepImports(scene.tools, scene.act());
      expect(await staged(), 'it may still be alive').to.equal(kept);
      scene.now += 6 * minute;
      await sweepImports(scene.tools, scene.act());
      expect(await found(left?.id ?? '')).to.deep.include({ state: 'failed', why: 'interrupted' });
      expect([await inStock(), await staged()]).to.deep.equal([0, 0]);
    });

    it('does not mix two files: one that changed between its two readings is left', async () => {
      const bytes = csvFile(seedTokens(3, prefix));
      const { id } = await read(bytes, { digest: sha256(Buffer.from('another')) });
      expect(await found(id)).to.deep.include({ state: 'failed', why: 'interrupted' });
      expect([await inStock(), await staged()]).to.deep.equal([0, 0]);
    });

    it('ends when somebody gives it up, and tells a file that is none', async () => {
      const bytes = csvFile(seedTokens(3_000, prefix));
      let cancelled = false;
      let running = '';
      const { id } = await readImport(
        scene.tools,
        scene.act(),
        desk,
        fileOf(bytes, {
          bytes: (async function* () {
            for await (const chunk of inChunks(bytes, 20_000)) {
              yield chunk;
              if (running !== '' && (await staged(running)) > 0 && !cancelled)
                cancelled = await cancelImport(scene.tools, scene.act(), desk, running);
            }
          })(),
        }),
        (one) => {
          running = one;
        },
      );
      expect([cancelled, (await found(id)).state, await staged(), await inStock()]).to.deep.equal([
        true,
        'cancelled',
        0,
        0,
      ]);
      expect(await cancelImport(scene.tools, scene.act(), desk, id)).to.equal(false);

      const none = await read(Buffer.from('<!DOCTYPE x>'));
      expect(await found(none.id)).to.deep.include({ state: 'failed', why: 'doctype', tokens: 0, digest: null });
      const closed = await read(pskcFile(seedTokens(2, prefix), closedCbc(Buffer.alloc(16, 1))), { key: 'wrong' });
      expect(await found(closed.id)).to.deep.include({ state: 'failed', why: 'key-wrong', format: 'pskc' });
    });

    it('puts no secret and no key anywhere but sealed', async () => {
      const key = Buffer.alloc(16, 0xa7);
      const tokens = seedTokens(4, prefix);
      const noticed: unknown[] = [];
      const tools: Tools = { ...scene.tools, notice: (event, fields) => void noticed.push(event, fields) };
      await read(pskcFile(tokens, closedCbc(key)), { key: key.toString('hex') }, tools);
      await read(
        csvFile([...tokens, { ...seedToken(5, prefix), secret: Buffer.from('0123456789') }]),
        { checkOnly: true },
        tools,
      );
      await read(csvFile(seedTokens(2, `${prefix}Q`)).subarray(0, -2), {}, tools);
      const all = [...(await wholeContent(scene.at)), JSON.stringify(noticed)].join('\n').toLowerCase();
      const words = [
        key,
        Buffer.from('0123456789'),
        ...seedTokens(5, prefix).map(({ secret }) => secret),
        seedToken(1, `${prefix}Q`).secret,
      ].flatMap((bytes) => [
        Buffer.from(bytes).toString('hex'),
        Buffer.from(bytes).toString('base64'),
        Buffer.from(bytes).toString('base64url'),
        scene.secrets.base32(bytes),
      ]);
      expect(words.filter((word) => all.includes(word.toLowerCase()))).to.deep.equal([]);
    });
  });
}
