// Sealing everything anew (spec §5): while people sign in, killed anywhere and begun again, twice at once; and what is told of
// keys that are needed, not needed, or missing.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCommand } from '../../src/command/commands.ts';
import { signingKeys } from '../../src/flows/first-keys.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import { noticeUnknownKeys, rotateSealing, type Rotated } from '../../src/flows/rotate-sealing.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { createSecrets, type GatewaySecrets } from '../../src/secrets/gateway-secrets.ts';
import { SealBroken } from '../../src/secrets/sealing.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { besideStore, chainMac, migratedDatabase, type OpenStore, run } from '../support/database.ts';
import { addToken, newId } from '../support/rows.ts';
import { dyingStore, Killed } from './dying.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

/** Everything of a database is sealed anew: these tests have theirs for themselves. */
const places: readonly { readonly name: string; readonly open: () => Promise<OpenStore> }[] = [
  {
    name: 'PGlite on disk',
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'renkei-sealing-'));
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      const database = await openDatabase({ url: null, folder });
      await database.migrate();
      return { database, store: createStore(database, chainMac), url: null };
    },
  },
  { name: 'PostgreSQL', open: async () => besideStore((await migratedDatabase()).url) },
];

const master = Buffer.alloc(32, 9);
const key = (): Uint8Array => Uint8Array.from(randomBytes(32));
const operator = { kind: 'operator', id: 'command-line' } as const;

for (const { name, open } of places) {
  describe(`sealing everything anew on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    let company: CompanyRow;
    const [first, second] = [key(), key()];
    before(async () => {
      scene = await flowScene(open);
      await scene.at.store.deployment.begin({ demo: false, createdAt: scene.now, clockOffset: 0, demoSecret: null });
      company = await scene.company();
      await signingKeys(scene.at.store, secretsOf([first]).keyMaker, scene.now);
    });
    after(() => scene.at.database.close());

    const secretsOf = (keys: readonly (Uint8Array | 'master')[]): GatewaySecrets =>
      createSecrets(master, 2, () => scene.now, keys);
    const toolsOf = (keys: readonly (Uint8Array | 'master')[], store = scene.at.store): Tools => {
      const tools = scene.toolsOn(store);
      return { ...tools, secrets: { ...secretsOf(keys), hasher: tools.secrets.hasher } };
    };
    const rotate = (tools: Tools, progress: (done: number, of: number) => void = () => {}): Promise<Rotated> =>
      rotateSealing(tools, scene.act(), { actor: operator, progress });
    /** Tokens whose secrets the first of these keys sealed; nothing else is left of the test before. */
    const sealed = async (count: number, keys: readonly (Uint8Array | 'master')[]): Promise<readonly string[]> => {
      await run(scene.at, 'delete from token_holder');
      await run(scene.at, 'delete from token');
      const secrets = secretsOf(keys);
      return Promise.all(
        Array.from({ length: count }, async () => {
          const id = newId();
          await addToken(scene.at.store, company.id, { id, secret: secrets.newTokenSecret(id) });
          return id;
        }),
      );
    };
    const opened = async (keys: readonly (Uint8Array | 'master')[]): Promise<readonly string[]> => {
      const secrets = secretsOf(keys);
      const rows = await run(scene.at, 'select id, secret from token order by id');
      return rows.map(({ id, secret }) =>
        Buffer.from(secrets.openTokenSecret(String(secret), String(id))).toString('hex'),
      );
    };
    const records = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
      (await scene.at.store.audit.list({ chain: 'bank' }, 1_000))
        .map((body): { readonly event: string; readonly data: Readonly<Record<string, unknown>> } => JSON.parse(body))
        .filter(({ event }) => event === 'sealing.rotated')
        .map(({ data }) => data)
        .toReversed();
    const under = (keys: readonly (Uint8Array | 'master')[]): string => secretsOf(keys).sealing.keys[0] ?? '';

    it('puts every secret under the newest key; then the old one can be taken away, and without it all opens', async () => {
      await sealed(450, [first]);
      const before = await opened([first]);
      const told: (readonly [number, number])[] = [];
      const rotated = await rotate(toolsOf([second, first]), (done, of) => told.push([done, of]));
      expect(rotated).to.deep.include({ newest: under([second]), tokenSecrets: 450, signingKeys: 2, unopened: 0 });
      expect(rotated.keys).to.deep.equal([
        { id: under([second]), seals: 452, configured: true },
        { id: under([first]), seals: 0, configured: true },
        { id: 'k1', seals: 0, configured: true },
      ]);
      expect(told).to.deep.equal([
        [202, 452],
        [402, 452],
        [452, 452],
      ]);
      expect(await opened([second])).to.deep.equal(before);
      expect(await signingKeys(scene.at.store, secretsOf([second]).keyMaker, scene.now)).to.have.length(2);
      expect(() => secretsOf([first]).openTokenSecret(secretsOf([second]).newTokenSecret('a'), 'a')).to.throw(
        SealBroken,
        'not configured',
      );
      const [begun, done, ...more] = await records();
      expect(begun).to.deep.include({ stage: 'begun', newest: under([second]) });
      expect(done).to.deep.include({ stage: 'done', tokenSecrets: 450, signingKeys: 2, unopened: 0 });
      expect(more).to.deep.equal([]);
      expect(await scene.at.store.audit.verify('bank')).to.deep.include({ badAt: null });

      const again = await rotate(toolsOf([second]));
      expect(again, 'nothing is left to do').to.deep.include({ tokenSecrets: 0, signingKeys: 0 });
      await rotate(toolsOf([first, second]));
    });

    it('goes from the master’s own key to another and back, which nobody has to hand in twice', async () => {
      await sealed(3, []);
      const before = await opened([]);
      await rotate(toolsOf([second, first]));
      expect(await opened([second])).to.deep.equal(before);
      await rotate(toolsOf(['master', second]));
      expect(await opened([])).to.deep.equal(before);
      await rotate(toolsOf([first, second]));
    });

    it('killed before any of its calls leaves everything openable, and goes on where it was', async () => {
      await sealed(5, [second]);
      const before = await opened([second]);
      let done = 0;
      for (let at = 1; ; at += 1) {
        if (at % 4 === 0) await sealed(5, [second]);
        const expected = at % 4 === 0 ? await opened([first, second]) : null;
        const { store } = dyingStore(scene.at.store, at);
        const ended = await rotate(toolsOf([first, second], store)).catch((error: unknown) => error);
        if (expected) expect(await opened([first, second])).to.deep.equal(expected);
        expect(await opened([first, second])).to.have.length(before.length);
        if (!(ended instanceof Killed)) {
          done = at;
          break;
        }
      }
      expect(done).to.be.greaterThan(8);
      const last = await rotate(toolsOf([first, second]));
      expect(last.keys.find(({ id }) => id === under([second]))?.seals).to.equal(0);
      expect(await opened([first])).to.have.length(5);
    });

    it('goes on from half-way: what was done is not done again', async () => {
      await sealed(6, [second]);
      const before = await opened([second]);
      // Its record, what seals what (two), its signing keys, the first batch; then one call for each token.
      const calls = dyingStore(scene.at.store, 10_000);
      await rotate(toolsOf([first, second], calls.store));
      const whole = calls.fuse.calls;
      await sealed(6, [second]);
      const half = await opened([second]);
      const { store } = dyingStore(scene.at.store, whole - 8);
      expect(await rotate(toolsOf([first, second], store)).catch((error: unknown) => error)).to.be.instanceOf(Killed);
      const left = (await scene.at.store.token.sealedUnder()).find(({ key: id }) => id === under([second]));
      expect(left?.secrets).to.be.within(1, 5);
      const resumed = await rotate(toolsOf([first, second]));
      expect(resumed.tokenSecrets).to.equal(left?.secrets);
      expect(await opened([first])).to.deep.equal(half);
      expect(before).to.have.length(6);
    });

    it('twice at once does each secret once', async () => {
      await sealed(60, [second]);
      const before = await opened([second]);
      const beside = scene.at.url === null ? scene.at : await besideStore(scene.at.url);
      const both = await Promise.all([
        rotate(toolsOf([first, second])),
        rotate(toolsOf([first, second], beside.store)),
      ]);
      expect(both.reduce((sum, { tokenSecrets }) => sum + tokenSecrets, 0)).to.equal(60);
      expect(await opened([first])).to.deep.equal(before);
      if (beside !== scene.at) await beside.database.close();
    });

    it('goes on while codes are judged: nobody is refused, and no accepted step is lost', async () => {
      await sealed(40, [second]);
      const people: readonly { readonly person: AccountRow; readonly token: Token }[] = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const person = await scene.person(company);
          return { person, token: await scene.token(company, [person]) };
        }),
      );
      // The scene's own tokens are sealed by the master's key.
      const gatewayTools = toolsOf(['master', second, first]);
      const beside = scene.at.url === null ? scene.at : await besideStore(scene.at.url);
      let going = true;
      const accepted: string[] = [];
      const signIns = Promise.all(
        people.map(async ({ person, token }) => {
          for (let round = 0; going || round < 3; round += 1) {
            const act = scene.act({ now: scene.now + round * 60_000 });
            const judged = await checkOtp(gatewayTools, act, person.id, token.code(round), null, 'direct');
            accepted.push(judged.verdict);
          }
        }),
      );
      const rotated = await rotate(toolsOf([first, second], beside.store));
      going = false;
      await signIns;
      expect(rotated.tokenSecrets).to.equal(46);
      expect(new Set(accepted)).to.deep.equal(new Set(['accepted']));
      for (const { person, token } of people) {
        const { lastStep, secret } = (await scene.look(person)).token ?? {};
        expect(lastStep).to.be.greaterThanOrEqual(Math.floor(scene.now / 60_000) + 2);
        expect(secret?.split('.')[1]).to.equal(under([first]));
        expect(token.row.secret.split('.')[1]).to.equal('k1');
      }
      if (beside !== scene.at) await beside.database.close();
    });

    it('says which key is missing, leaves what it sealed, and does the rest', async () => {
      const gone = key();
      const [lost = ''] = await sealed(1, [gone]);
      const others = await Promise.all(
        Array.from({ length: 2 }, async () => {
          const id = newId();
          await addToken(scene.at.store, company.id, { id, secret: secretsOf([second]).newTokenSecret(id) });
          return id;
        }),
      );
      const tools = toolsOf([first, second]);
      const noticed: unknown[] = [];
      await noticeUnknownKeys({ ...tools, notice: (event, fields) => noticed.push([event, fields]) });
      expect(noticed).to.deep.equal([['sealing.unknown-key', { key: under([gone]), secrets: 1 }]]);
      const lines: string[] = [];
      const answer = await runCommand(tools, scene.act(), { name: 'keys', args: ['rotate-sealing'] }, (line) =>
        lines.push(line),
      );
      expect(answer.ok).to.equal(false);
      expect(answer.json).to.deep.include({ error: 'unknown_key', token_secrets: 2, unopened: 1 });
      expect(answer.text).to.contain(
        `Key ${under([gone])} is not configured: 1 secrets that it sealed cannot be opened. Name it again in RENKEI_SEALING_KEYS`,
      );
      expect(lines).to.deep.equal(['Sealed secrets looked at: 3 of 3.']);
      for (const id of others)
        expect((await scene.at.store.token.lock(id))?.secret.split('.')[1]).to.equal(under([first]));
      const again = await runCommand(toolsOf([first, second, gone]), scene.act(), {
        name: 'keys',
        args: ['rotate-sealing'],
      });
      expect(again.json).to.deep.include({ ok: true, token_secrets: 1, newest: under([first]) });
      expect(again.text).to.contain(`Key ${under([gone])} is not needed any more`);
      expect((await scene.at.store.token.lock(lost))?.secret.split('.')[1]).to.equal(under([first]));
    });

    it('says of signing keys at the start which key is missing', async () => {
      await sealed(0, [first]);
      const gone = key();
      await rotate(toolsOf([gone, first]));
      const failed = await signingKeys(scene.at.store, secretsOf([first]).keyMaker, scene.now).catch(
        (error: unknown) => error,
      );
      expect(failed)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.contains(`the key ${under([gone])}`);
      await rotate(toolsOf([first, gone]));
      const other = createSecrets(Buffer.alloc(32, 8), 2, () => scene.now, ['master']);
      await rotate(toolsOf(['master', first]));
      const wrongMaster = await signingKeys(scene.at.store, other.keyMaker, scene.now).catch((error: unknown) => error);
      expect(wrongMaster)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.contains('RENKEI_SECRET is not the one');
      await rotate(toolsOf([first, 'master']));
    });

    it('leaves a secret that was moved to another row or altered as it is, and says so', async () => {
      const [one = '', two = ''] = await sealed(2, [second]);
      await run(
        scene.at,
        `update token set secret = (select other.secret from token as other where other.id = '${two}') where id = '${one}'`,
      );
      const answer = await runCommand(toolsOf([first, second]), scene.act(), {
        name: 'keys',
        args: ['rotate-sealing'],
      });
      expect(answer.json).to.deep.include({ ok: false, error: 'seal_broken', unopened: 1, token_secrets: 1 });
      expect(answer.text).to.contain('1 secrets did not open and were left as they are.').and.not.contain('again');
    });

    it('knows no other act', async () => {
      expect((await runCommand(toolsOf([first]), scene.act(), { name: 'keys', args: [] })).text).to.equal(
        'Use: keys rotate-sealing',
      );
    });
  });
}
