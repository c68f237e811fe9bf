// HDK041–043 in Chromium, with and without the pages' scripts: a file is chosen, sent, told what is wrong with it, and taken
// over; and an answer that comes before the file was sent still arrives.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { codeAt, secretFromBase32, stepAt } from '../../src/secrets/totp.ts';
import { type Chromium, type Eyes, startChromium, type Tab } from '../support/chromium.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { csvFile, csvHead, csvLine, pskcFile, seedTokens } from '../support/seed-file.ts';
import { root } from '../support/source.ts';
import { needs } from '../support/tools.ts';

interface DemoOperator {
  readonly login_id: string;
  readonly password: string;
  readonly otp: {
    readonly secret: string;
    readonly algorithm: 'SHA1';
    readonly digits: number;
    readonly period: number;
  };
}

describe('importing tokens in a browser', function () {
  this.timeout(90_000);
  let demo: Demo;
  let chromium: Chromium;
  const path = '/helpdesk/tokens/import';
  const at = (address: string): string => `${demo.gateway}${address}`;

  before(async function () {
    needs(this, 'chromium');
    [demo, chromium] = await Promise.all([startDemo('embedded'), startChromium()]);
  });
  after(async () => {
    await chromium?.close();
    await demo?.stop();
  });
  afterEach(() => {
    expect(chromium.faults()).to.deep.equal([]);
  });

  const operators: readonly DemoOperator[] = JSON.parse(readFileSync(join(root, 'config/demo/operators.json'), 'utf8'));
  const clerk = operators.find(({ login_id }) => login_id === 'tantou01');

  async function freshCode(): Promise<string> {
    if (!clerk) throw new Error('no clerk');
    await demo.forward(2 * clerk.otp.period);
    return codeAt(
      { ...clerk.otp, secret: secretFromBase32(clerk.otp.secret) },
      stepAt(await demo.now(), clerk.otp.period),
    );
  }

  async function enter(eyes: Partial<Eyes>): Promise<Tab> {
    const tab = await (await chromium.window(eyes)).tab();
    await tab.open(at('/helpdesk'));
    await tab.send({ login_id: clerk?.login_id ?? '', password: clerk?.password ?? '' });
    expect(await tab.send({ otp: await freshCode() })).to.equal('HDK001');
    return tab;
  }

  /** Chooses a file, and sends the form by its main act. */
  async function send(
    tab: Tab,
    buffer: Buffer,
    fields: Readonly<Record<string, string>> = {},
    check = true,
    told = false,
  ) {
    await tab.open(at(path));
    const { page } = tab;
    for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value);
    if (!check) await page.locator('#dry_run').uncheck();
    await page.locator('#file').setInputFiles({ name: 'FT-200.csv', mimeType: 'text/csv', buffer });
    const press = (): Promise<void> => page.locator('main form .act button:visible').click();
    if (!told) return tab.follow(press);
    // With scripts, what is told on the same page is no loading that this window's owner could wait for.
    await page.evaluate(`document.querySelector('main').setAttribute('data-before', '')`);
    await press();
    await page.locator('main:not([data-before])').waitFor();
    await page.waitForLoadState();
    return tab.screen();
  }

  for (const eyes of [
    { scripts: true, language: 'ja', width: 1280 },
    { scripts: false, language: 'en', width: 360 },
  ] as const)
    it(`checks, tells, and takes over, ${eyes.scripts ? 'with' : 'without'} scripts`, async () => {
      const prefix = eyes.scripts ? 'SC' : 'NS';
      const tab = await enter(eyes);
      await tab.open(at(path));
      const { page } = tab;
      const buttons = (): Promise<readonly string[]> => page.locator('main form .act button:visible').allTextContents();
      expect(await buttons()).to.deep.equal([eyes.language === 'ja' ? '検証する' : 'Check file']);
      await page.locator('#dry_run').uncheck();
      expect(await buttons()).to.deep.equal([eyes.language === 'ja' ? '取り込む' : 'Import now']);

      const tokens = seedTokens(40, prefix);
      expect(await send(tab, csvFile(tokens), { transport_key: 'a key of the maker' }, false, true)).to.equal('HDK041');
      expect(await tab.refusal(), 'without a code').to.equal('form');
      expect(await tab.focus()).to.equal('summary');
      expect(await page.locator('#transport_key').inputValue()).to.equal('');
      expect(await page.locator('#file').inputValue()).to.equal('');
      expect(await page.locator('#dry_run').isChecked(), 'what was chosen stays').to.equal(false);

      const bad = tokens.map(csvLine).with(7, `${prefix}00000008,abcd,2031-03-31,FT-200\r\n`);
      expect(await send(tab, Buffer.from(csvHead + bad.join('')))).to.equal('HDK043');
      expect(await tab.refusal()).to.equal('form');
      expect(await tab.text()).to.include(`${prefix}00000008`);
      const [list] = await Promise.all([
        page.waitForEvent('download'),
        page.locator(`main a[href$="/problems.csv"]`).click(),
      ]);
      expect(readFileSync(await list.path(), 'utf8')).to.include(`${prefix}00000008`);

      expect(await send(tab, csvFile(tokens))).to.equal('HDK043');
      expect(await tab.refusal()).to.equal(null);
      const address = page.url();
      await page.reload();
      expect(page.url()).to.equal(address);
      expect(await tab.send({ otp: await freshCode() })).to.equal('HDK043');
      expect(await tab.text()).to.include(eyes.language === 'ja' ? '登録 40件' : 'Registered: 40');

      const large = pskcFile(seedTokens(8000, `${prefix}L`));
      expect(await send(tab, large, { otp: await freshCode() }, false)).to.equal('HDK043');
      expect(await tab.text()).to.include(eyes.language === 'ja' ? '登録 8,000件' : 'Registered: 8,000');
      expect(await tab.open(at(path))).to.equal('HDK041');
      await tab.close();
    });

  it('hears at once that nobody is signed in any more, although a large file is still being sent', async () => {
    for (const scripts of [false, true]) {
      const tab = await enter({ scripts });
      await tab.open(at(path));
      await tab.page.locator('#file').setInputFiles({
        name: 'large.xml',
        mimeType: 'text/xml',
        buffer: Buffer.alloc(20_000_000, 'x'),
      });
      await tab.page.context().clearCookies();
      await tab.follow(() => tab.page.locator('main form .act button:visible').click());
      expect(await tab.screen()).to.equal('HDK003');
      await tab.close();
    }
  });
});
