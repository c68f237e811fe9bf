// Killed while a seed file is imported, through the desk's pages and by the command: it is in the stock whole or not at all,
// and with the same file again all of it is in the stock once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Page } from '../support/script-browser.ts';
import { atDesk, clerk, type Clerk, freshCode, provenCode, type SeedFile, seedFile, watchClerk } from './desk.ts';
import { told } from './onward.ts';
import { importsOf, inStock, watchFile } from './stock-whole.ts';
import { killedSuite } from './suite.ts';

const path = '/helpdesk/tokens/import';

describe('a process killed while a seed file is imported', function () {
  this.timeout(900_000);
  const suite = killedSuite();
  const files: SeedFile[] = [];
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'renkei-killed-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const newFile = (): SeedFile => {
    const file = seedFile(5);
    files.push(file);
    return file;
  };

  /** An operator at HDK041, with a file. */
  async function uploading() {
    const { scene } = suite;
    const desk = await clerk(scene);
    const page = await atDesk(scene, desk, path);
    expect(page.screen, page.text()).to.equal('HDK041');
    const file = newFile();
    return { desk, page, file, watched: [await watchClerk(scene, desk), watchFile(scene, file)] };
  }

  /** Sends the file, or presses the button, until it was let pass; a code that was accepted before is not. */
  async function press(
    desk: Clerk,
    page: Page,
    more: Readonly<Record<string, SeedFile['upload']>> = {},
  ): Promise<Page> {
    const spent = await provenCode(suite.scene, desk);
    if (spent !== null) {
      const refused = await desk.visit.submit(page, { otp: spent, ...more });
      expect(refused.refusal, 'a spent code').to.be.oneOf(['otp-used', 'otp-wrong']);
    }
    return desk.visit.submit(page, { ...(await freshCode(desk)), ...more });
  }

  /** Whichever import it came by: this one, or the one that was left and taken up. */
  async function expectOnce(file: SeedFile, page: Page): Promise<string> {
    expect(await inStock(suite.scene, file), `${told(page)}: ${page.text()}`).to.equal(file.tokens.length);
    expect(page.screen).to.equal('HDK043');
    return 'HDK043, in the stock once';
  }

  /** Ten minutes later the next import takes away what nobody can go on with. */
  async function expectSwept(): Promise<void> {
    const { scene } = suite;
    await scene.forward(11 * 60);
    const { desk, page } = await uploading();
    const { upload } = seedFile(1);
    const checked = await desk.visit.submit(page, { dry_run: 'yes', file: upload });
    expect(checked.screen, checked.text()).to.equal('HDK043');
    const names = files.map(({ name }) => name);
    const left = await scene.sql(
      `select state, (select count(*)::int from token_import_row where import_id = token_import.id) as staged
       from token_import where file_name = any($1)`,
      [names],
    );
    for (const { state, staged } of left) {
      expect(state).to.be.oneOf(['done', 'failed', 'cancelled', 'checked']);
      expect(staged, `staged tokens of what is ${String(state)}`).to.equal(state === 'checked' ? 5 : 0);
    }
    for (const file of files.splice(0)) await watchFile(scene, file).check();
  }

  it('uploads a file whole: what nobody finished is not in the stock, and the same file again is in it once', async () => {
    await suite.kill({
      name: 'an operator imports a seed file',
      atLeast: 14,
      // Another code is shown by then.
      later: 61,
      begin: async () => {
        const { desk, page, file, watched } = await uploading();
        return {
          person: desk,
          watched,
          act: async () => desk.visit.submit(page, { ...(await freshCode(desk)), file: file.upload }),
          atOnce: async () => ((await inStock(suite.scene, file)) > 0 ? 'in the stock' : 'not in the stock'),
          goOn: async () => {
            const [kept] = await importsOf(suite.scene, file);
            const after = await press(desk, page, { file: file.upload });
            // What was being taken over is gone on with at once: the same file is not told that the bank has its tokens.
            if (kept?.state === 'importing') expect(after.refusal, after.text()).to.equal(null);
            return expectOnce(file, after);
          },
        };
      },
    });
    await expectSwept();
  });

  it('checks a file first, then takes it over whole', async () => {
    await suite.kill({
      name: 'an operator checks a seed file, then takes it over',
      atLeast: 18,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const { desk, page, file, watched } = await uploading();
        const check = (): Promise<Page> => desk.visit.submit(page, { dry_run: 'yes', file: file.upload });
        return {
          person: desk,
          watched,
          act: async () => desk.visit.submit(await check(), await freshCode(desk)),
          atOnce: async () => (await importsOf(scene, file))[0]?.state ?? 'nothing read',
          goOn: async () => {
            const [kept] = await importsOf(scene, file);
            const goesOn = ['checked', 'importing', 'done'].includes(kept?.state ?? '');
            const seen = goesOn ? await desk.visit.open(`${scene.demo.gateway}${path}/${kept?.id}`) : await check();
            expect(seen.screen, seen.text()).to.equal('HDK043');
            const ready = seen.html.includes('name="otp"');
            const after = ready ? await press(desk, seen) : seen;
            return `${goesOn ? '' : 'sent again: '}${await expectOnce(file, after)}`;
          },
        };
      },
    });
    await expectSwept();
  });

  it('goes on with the command when it is called again with the same file', async () => {
    await suite.kill({
      name: 'renkei tokens import',
      atLeast: 12,
      begin: async () => {
        const { scene } = suite;
        const file = newFile();
        const at = join(folder, file.name);
        writeFileSync(at, file.upload.content);
        const command = ['tokens', 'import', at, '--json'];
        return {
          person: null,
          watched: [watchFile(scene, file)],
          act: command,
          atOnce: async () => (await importsOf(scene, file))[0]?.state ?? 'nothing read',
          goOn: async () => {
            const was = await inStock(scene, file);
            const { out } = await suite.shell(command);
            // Before its answer it tells how far it has come.
            const answer: { readonly ok: boolean; readonly error?: string; readonly bad_lines: number } = JSON.parse(
              out.slice(out.indexOf('{')),
            );
            expect(await inStock(scene, file), out).to.equal(file.tokens.length);
            expect([answer.ok, answer.error], out).to.deep.equal(was > 0 ? [false, 'problems'] : [true, undefined]);
            const imports = (await importsOf(scene, file)).map(({ state }) => state);
            expect(imports, 'one import goes on').to.deep.equal(was > 0 ? ['done', 'failed'] : ['done']);
            return `again: ${answer.ok ? 'imported' : 'every line is in the stock already'}`;
          },
        };
      },
    });
    await expectSwept();
  });
});
