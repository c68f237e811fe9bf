// `renkei tokens import`: what the shell says of a file, and what it leaves.
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyIn } from '../../src/command/key-file.ts';
import { serverStore } from '../support/database.ts';
import { newId } from '../support/rows.ts';
import { closedByPassword, csvFile, csvHead, csvLine, pskcFile, seedToken, seedTokens } from '../support/seed-file.ts';
import { tokenCommandLine } from '../support/token-command.ts';
import { flowScene, type Scene } from './scene.ts';

describe('tokens import', function () {
  this.timeout(60_000);
  let scene: Scene;
  let folder: string;
  let prefix: string;
  const tokens = tokenCommandLine(() => ({ tools: scene.tools, act: scene.act() }));
  const file = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  before(async () => {
    scene = await flowScene(serverStore);
    folder = mkdtempSync(join(tmpdir(), 'renkei-seeds-'));
    prefix = `K${newId()
      .replace(/[^a-z0-9]/gi, '')
      .slice(-8)}`.toUpperCase();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('checks, then imports, and says so in words and for machines', async () => {
    const path = file('good.csv', csvFile(seedTokens(3, prefix)));
    const checked = await tokens('import', { file: path, check: true });
    expect(checked.json).to.deep.include({ ok: true, state: 'checked', tokens: 3, bad: [] });
    expect(checked.text).to.include('Nothing was imported');
    const done = await tokens('import', { file: path });
    expect(done.json).to.deep.include({
      ok: true,
      state: 'done',
      file: 'good.csv',
      format: 'csv',
      tokens: 3,
      bad_lines: 0,
    });
    expect(done.text).to.match(/^3 tokens are in the stock now \(SHA-256 of the file [0-9a-f]{64}\)\.$/);
    const again = await tokens('import', { file: path });
    expect(again.ok).to.equal(false);
    expect(again.text).to.include(`Line 2 (${prefix}00000001): serial is in the stock already`);
    expect(again.text).to.include('3 lines have something wrong. Nothing was imported.');
  });

  it('opens an encrypted file with its key alone, and never says the key', async () => {
    const path = file('closed.xml', pskcFile(seedTokens(2, `${prefix}E`), closedByPassword('秘密の鍵')));
    expect((await tokens('import', { file: path })).json).to.deep.include({
      ok: false,
      error: 'key-missing',
      state: 'failed',
    });
    const wrong = await tokens('import', { file: path, key: '違う鍵' });
    expect(wrong.json).to.deep.include({ ok: false, error: 'key-wrong' });
    expect(JSON.stringify(wrong)).to.not.include('違う鍵');
    expect((await tokens('import', { file: path, key: '秘密の鍵', format: 'pskc' })).json).to.deep.include({
      ok: true,
      tokens: 2,
    });
  });

  it('reads the key from its file, and says which file it could not', () => {
    expect(keyIn(file('a.key', ' 0011\n'))).to.equal('0011');
    expect(() => keyIn(join(folder, 'none.key'))).to.throw(/^The key file .*none\.key can't be read\.$/);
    expect(() => keyIn(file('empty.key', '\n'))).to.throw(/is empty\.$/);
  });

  it('lists bad lines, and asks for what is missing', async () => {
    const path = file('bad.csv', csvHead + csvLine(seedToken(9, prefix)).replace('2031-03-31', '31.3.2031'));
    const bad = await tokens('import', { file: path });
    expect(bad.json).to.deep.include({
      ok: false,
      error: 'problems',
      bad_lines: 1,
      bad: [{ line: 2, field: 'expires', why: 'form', serial: `${prefix}00000009` }],
    });
    expect(bad.text).to.include('1 line has something wrong').and.to.include('column names is line 1');
    expect((await tokens('import', { file: join(folder, 'none.csv') })).json).to.deep.include({ error: 'unreadable' });
    expect((await tokens('import', {})).json).to.deep.include({ error: 'file_missing' });
    expect((await tokens('import', { file: path, format: 'xls' })).json).to.deep.include({ error: 'unknown_format' });
  });
});
