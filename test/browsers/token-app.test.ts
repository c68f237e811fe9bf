// The token app in Chromium, as a telephone keeps it: a token is added, its codes are the service's, they come back without a
// network and after a restart, and no script can read the key they are made of.
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { type RunningDemo, startDemo } from '../../src/demo.ts';
import { codeAt, secretFromBase32, stepAt, type TotpAlgorithm } from '../../src/secrets/totp.ts';
import { freePorts } from '../support/ports.ts';
import { root } from '../support/source.ts';
import { addIssue, type AddedIssue } from '../support/token-issue.ts';
import { findTool } from '../support/tools.ts';

type Language = 'ja' | 'en';

const widths = [360, 1280] as const;
/** Set to a folder, keeps a picture of every screen at both widths there. */
const pictures = process.env['RENKEI_TEST_PICTURES'];
const service = '10000001';

/** RFC 6238, appendix B: by time in seconds, the codes for SHA-1, SHA-256 and SHA-512. */
const vectors = [
  [59, '94287082', '46119246', '90693936'],
  [1_111_111_109, '07081804', '68084774', '25091201'],
  [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'],
  [2_000_000_000, '69279037', '90698825', '38618901'],
  [20_000_000_000, '65353130', '77737706', '47863826'],
] as const;

describe('the token app in Chromium', function () {
  this.timeout(120_000);
  let demo: RunningDemo;
  let port: number;
  let app: string;
  const folder = mkdtempSync(join(tmpdir(), 'renkei-token-app-'));
  const faults: string[] = [];
  const seen = new Set<string>();
  const contexts = new Set<BrowserContext>();

  const start = async (config?: string): Promise<void> => {
    demo = await startDemo({
      env: {
        RENKEI_PORT: String(port),
        RENKEI_DATA_DIR: join(folder, 'data'),
        ...(config === undefined ? {} : { RENKEI_CONFIG: config }),
      },
      root,
      reset: false,
      gatewayOnly: false,
      log: () => {},
    });
  };
  before(async () => {
    port = await freePorts(5);
    app = `http://localhost:${port}/token-app`;
    await start();
  });
  after(async () => {
    await demo?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
    expect(faults.splice(0)).to.deep.equal([]);
  });

  let profiles = 0;
  const newProfile = (): string => join(folder, `profile-${(profiles += 1)}`);

  /** Opens the browser of one telephone: what it kept before is there. `script` runs before the app's own. */
  async function phone(
    profile: string,
    { language = 'ja', script, offline = false }: { language?: Language; script?: string; offline?: boolean } = {},
  ): Promise<Page> {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: findTool('chromium') ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
      locale: language === 'ja' ? 'ja-JP' : 'en-US',
      viewport: { width: 360, height: 740 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    contexts.add(context);
    await context.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective, event.blockedURI));${script ?? ''}`,
    );
    if (offline) await context.setOffline(true);
    const page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // Refusals and a missing network are what some of these tests are about.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        faults.push(message.text());
    });
    return page;
  }
  const closed = async (page: Page): Promise<void> => {
    contexts.delete(page.context());
    await page.context().close();
  };

  /** Waits for a screen, and looks it over: no sideways scrolling, nothing for axe to find, a picture where they are wanted. */
  async function screen(page: Page, id: string, refusal: string | null = null): Promise<void> {
    const wanted = refusal === null ? ':not([data-refusal])' : `[data-refusal="${refusal}"]`;
    await page.locator(`main[data-screen="${id}"]${wanted}`).waitFor({ timeout: 15_000 });
    const language = await page.evaluate<string>('document.documentElement.lang');
    const tokens = await page.locator('.token').count();
    const name = [id, refusal ?? '', tokens > 0 ? `${tokens}-tokens` : '', language].filter(Boolean).join('-');
    if (seen.has(name)) return;
    seen.add(name);
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
      const over = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (over > 0) faults.push(`${name} scrolls sideways by ${over} at ${width}`);
      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode()
        .options({ resultTypes: ['violations'] })
        .analyze();
      for (const { id: rule, nodes } of violations)
        faults.push(`${name} at ${width}: ${rule}: ${nodes.map(({ html }) => html).join(' … ')}`);
      if (pictures === undefined) continue;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 360, height: 740 });
  }
  const textOf = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  const main = (page: Page) => page.locator('main .button-main');

  /** Fills APP002 and sends it. */
  async function enter(page: Page, issue: AddedIssue, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const all = { service_id: service, user_id: issue.userId, activation_password: issue.password, ...fields };
    for (const [name, value] of Object.entries(all)) await page.fill(`main [name=${name}]`, value);
    await page.locator('main form button[type=submit]').click();
  }
  /** From an opened app to APP004. */
  async function added(page: Page, issue: AddedIssue, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await page.goto(`${app}#/add`);
    await screen(page, 'APP002');
    await enter(page, issue, fields);
    await screen(page, 'APP004');
  }
  /** The worker keeps the whole app from now on. */
  async function kept(page: Page): Promise<void> {
    await page.evaluate(`navigator.serviceWorker.ready.then(() => new Promise((done) => {
      const look = () => (navigator.serviceWorker.controller ? done(null) : setTimeout(look, 50));
      look();
    }))`);
  }
  /** The code that is shown, with the moment's own by the service; read again when the minute changed between. */
  async function codes(page: Page, { bytes }: AddedIssue): Promise<readonly [string, string]> {
    for (;;) {
      await page.locator('.digits').first().getByText(/\d/).first().waitFor();
      const at = Date.now();
      const text = await page.locator('.digits').first().innerText();
      const step = stepAt(at, 60);
      const code = codeAt({ secret: bytes, algorithm: 'SHA1', digits: 6, period: 60 }, step);
      // Within a second of the change either may have looked first.
      if (stepAt(Date.now() + 1_500, 60) === step && stepAt(at - 1_500, 60) === step)
        return [text.replace(/\s/g, ''), code];
      await page.waitForTimeout(500);
    }
  }
  async function showsItsCode(page: Page, issue: AddedIssue): Promise<void> {
    const [shown, right] = await codes(page, issue);
    expect(shown).to.equal(right);
  }

  it('computes the codes of RFC 6238, and in everything else the service’s', async () => {
    const page = await phone(newProfile());
    await page.goto(app);
    await screen(page, 'APP001');
    const compute = (asked: readonly (readonly [string, string, number, number])[]): Promise<readonly string[]> =>
      page.evaluate<readonly string[]>(`(async () => {
        const address = document.querySelector('script[type=module]').src.replace('app.js', 'totp.js');
        const { importSecret, codeAt } = await import(address);
        const codes = [];
        for (const [secret, algorithm, digits, step] of ${JSON.stringify(asked)})
          codes.push(await codeAt({ key: await importSecret(secret, algorithm), digits, period: 30 }, step));
        return codes;
      })()`);
    const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const;
    const text = '1234567890'.repeat(7);
    const secrets = [20, 32, 64].map((length) => base32(Buffer.from(text.slice(0, length))));
    const asked = vectors.flatMap(([seconds]) =>
      algorithms.map((algorithm, n) => [secrets[n] ?? '', algorithm, 8, Math.floor(seconds / 30)] as const),
    );
    expect(await compute(asked)).to.deep.equal(vectors.flatMap(([, ...expected]) => expected));

    const random = Array.from({ length: 90 }, (_each, n) => {
      const bytes = Buffer.from(
        Array.from({ length: 10 + (n % 55) }, (_byte, at) => (n * 31 + at * 97 + at * at) % 256),
      );
      return [base32(bytes), algorithms[n % 3] ?? 'SHA1', 6 + (n % 3), n * 987_654_321] as const;
    });
    expect(await compute(random)).to.deep.equal(
      random.map(([secret, algorithm, digits, step]) =>
        codeAt({ secret: secretFromBase32(secret), algorithm: named(algorithm), digits, period: 30 }, step),
      ),
    );
  });

  for (const language of ['ja', 'en'] as const) {
    it(`adds a token, and shows its codes offline, after a reload and after a restart, in ${language}`, async () => {
      const issue = await addIssue(demo.stores, 'sito48', Date.now());
      const profile = newProfile();
      let page = await phone(profile, { language });
      await page.goto(app);
      await screen(page, 'APP001');
      await page.locator('main a[href="#/add"]').click();
      await screen(page, 'APP002');
      await page.locator('main form button[type=submit]').click();
      await screen(page, 'APP002', 'form');
      expect(await page.evaluate('document.activeElement.id')).to.equal('summary');
      await enter(page, issue, { activation_password: '555123' });
      await screen(page, 'APP002', 'credentials');
      expect(await textOf(page)).to.match(
        language === 'ja'
          ? /組み合わせを確認できませんでした.*お問い合わせ番号 \w{4}-\w{4}/
          : /these three.*Reference number/,
      );
      const fullWidth = issue.password.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
      await enter(page, issue, {
        user_id: issue.userId.toLowerCase().replace(/(.{4})(?=.)/g, '$1-'),
        activation_password: fullWidth,
        token_name: language === 'ja' ? '経理課のトークン' : 'Accounting',
      });
      await screen(page, 'APP004');
      await showsItsCode(page, issue);
      await main(page).click();
      await screen(page, 'APP001');
      await showsItsCode(page, issue);
      expect(await textOf(page))
        .to.include(issue.userId.slice(-4))
        .and.not.to.include(issue.userId);

      await kept(page);
      await page.context().setOffline(true);
      await page.reload();
      await screen(page, 'APP001');
      await page.locator('.offline').waitFor();
      await showsItsCode(page, issue);
      const second = await page.context().newPage();
      await second.goto(app);
      await showsItsCode(second, issue);
      await closed(page);

      page = await phone(profile, { language, offline: true });
      await page.goto(`${app}/`);
      await screen(page, 'APP001');
      await showsItsCode(page, issue);
      expect(await page.context().cookies()).to.deep.equal([]);
    });
  }

  it('copies a code, reads one out, and counts down in silence', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const page = await phone(newProfile());
    await added(page, issue);
    await main(page).click();
    await screen(page, 'APP001');
    const [shown] = await codes(page, issue);
    await page.getByRole('button', { name: 'コピー' }).click();
    await page.getByText('コピーしました').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(shown);
    await page.getByRole('button', { name: '読み上げ' }).click();
    await page.locator('[role=status]', { hasText: [...shown].join(' ') }).waitFor();
    expect(await page.locator('.digits').getAttribute('aria-live')).to.equal('off');
    expect(await page.locator('.left').getAttribute('aria-live')).to.equal('off');
    const left = async (): Promise<number> => Number(/\d+/.exec(await page.locator('.left').innerText())?.[0]);
    const before = await left();
    let after = before;
    while (after === before) after = await left();
    expect([before - 1, 60]).to.include(after);
  });

  it('keeps a key that no script can read again, and no text of the secret anywhere', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const page = await phone(newProfile());
    await added(page, issue);
    await kept(page);
    const found = await page.evaluate<{
      readonly tokens: readonly Readonly<Record<string, unknown>>[];
      readonly dump: string;
      readonly usages: readonly string[];
      readonly refusals: readonly string[];
    }>(`(async () => {
      const opened = await new Promise((done) => {
        const request = indexedDB.open('token-app');
        request.onsuccess = () => done(request.result);
      });
      const all = {};
      for (const name of opened.objectStoreNames)
        all[name] = await new Promise((done) => {
          const request = opened.transaction(name).objectStore(name).getAll();
          request.onsuccess = () => done(request.result);
        });
      const { key } = all.tokens[0];
      const refusals = [];
      for (const format of ['raw', 'jwk'])
        refusals.push(await crypto.subtle.exportKey(format, key).then(() => 'EXPORTED', (error) => error.name));
      const wrapper = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['wrapKey']);
      const iv = new Uint8Array(12);
      refusals.push(await crypto.subtle.wrapKey('raw', key, wrapper, { name: 'AES-GCM', iv }).then(() => 'WRAPPED', (error) => error.name));
      const cached = [];
      for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) cached.push(request.url);
      const dump = JSON.stringify([all, { ...localStorage }, { ...sessionStorage }, document.cookie, cached, location.href, history.state]);
      const { extractable, type } = key;
      return { tokens: all.tokens.map(({ key: { extractable, type }, ...token }) => ({ ...token, extractable, type })), usages: key.usages, dump, refusals, extractable };
    })()`);
    expect(found.refusals).to.deep.equal(['InvalidAccessError', 'InvalidAccessError', 'InvalidAccessError']);
    expect(found.tokens[0]).to.include({ extractable: false, type: 'secret', userId: issue.userId });
    expect(found.usages).to.deep.equal(['sign']);
    const hex = Buffer.from(issue.bytes).toString('hex');
    const base64 = Buffer.from(issue.bytes).toString('base64');
    for (const text of [issue.secret, hex, base64, issue.password]) expect(found.dump).not.to.include(text);
    expect(found.dump).to.include('"pending":[]').and.not.to.include('/api/');
  });

  it('asks again with the same nonce when the answer was lost, also after a reload', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const page = await phone(newProfile());
    await page.goto(`${app}#/add`);
    await screen(page, 'APP002');
    await page.route('**/api/activate', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await enter(page, issue);
    await screen(page, 'APP003', 'unavailable');
    expect(await textOf(page)).to.include('同じ入力でやり直せます');
    await main(page).click();
    await screen(page, 'APP003', 'unavailable');
    await page.reload();
    await screen(page, 'APP002');
    await page.unroute('**/api/activate');
    await enter(page, issue);
    await screen(page, 'APP004');
    await showsItsCode(page, issue);
    const row = await demo.stores.store.tokenIssue.byUserId(issue.userId);
    expect(row).to.include({ misses: 0, endedAt: null });

    const other = await phone(newProfile());
    await other.goto(`${app}#/add`);
    await screen(other, 'APP002');
    await enter(other, issue);
    await screen(other, 'APP002', 'credentials');
  });

  it('lets a request be stopped half-way', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const page = await phone(newProfile());
    await page.goto(`${app}#/add`);
    await screen(page, 'APP002');
    await page.route('**/api/activate', () => {});
    await enter(page, issue);
    await screen(page, 'APP003');
    await page.getByRole('button', { name: '中止' }).click();
    await screen(page, 'APP002');
    expect(await textOf(page)).to.include('中止しました');
    expect(await page.inputValue('[name=user_id]'), 'what was typed stays').to.equal(issue.userId);
    expect(await page.inputValue('[name=activation_password]'), 'but no secret').to.equal('');
  });

  it('says until when the service takes nothing, and that it could not be reached', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const page = await phone(newProfile());
    await page.goto(`${app}#/add`);
    await screen(page, 'APP002');
    const answering = (status: number, error: string) =>
      page.route('**/api/activate', (route) =>
        route.fulfill({ status, headers: { 'retry-after': '300' }, json: { error, reference: '7K3F-92QD' } }),
      );
    await answering(429, 'too-many');
    await enter(page, issue);
    await screen(page, 'APP002', 'too-many');
    expect(await textOf(page))
      .to.match(/受付を止めています。\d{1,2}:\d{2}以降に/)
      .and.to.include('7K3F-92QD');
    await page.unroute('**/api/activate');
    await answering(503, 'unavailable');
    await enter(page, issue);
    await screen(page, 'APP003', 'unavailable');
    await page.unroute('**/api/activate');
    await main(page).click();
    await screen(page, 'APP004');
  });

  it('tells how far the telephone’s clock is off, before a token is added', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const late = 'const now = Date.now.bind(Date); Date.now = () => now() - 95_000;';
    const page = await phone(newProfile(), { script: late });
    await page.goto(`${app}#/add`);
    await page.waitForTimeout(500);
    if ((await page.locator('main').getAttribute('data-screen')) === 'APP002') await enter(page, issue);
    await screen(page, 'APP007');
    expect(await textOf(page)).to.match(/端末の時刻が9[456]秒ずれています/);
    await page.getByRole('button', { name: '戻る' }).click();
    await screen(page, 'APP002');
    await page.goto(`${app}#/`);
    await page.getByText(/9[456]秒ずれています/).waitFor();

    const right = await phone(newProfile(), { language: 'en' });
    await right.goto(`${app}#/clock`);
    await screen(right, 'APP007');
    expect(await textOf(right)).to.include('The clock of this device is right.');
  });

  it('renames and deletes a token, with the warning, and leaves the others alone', async () => {
    const page = await phone(newProfile());
    const first = await addIssue(demo.stores, 'sito48', Date.now());
    await added(page, first, { token_name: '一つ目' });
    const second = await addIssue(demo.stores, 'sito48', Date.now());
    await added(page, second, { token_name: '二つ目' });
    await main(page).click();
    await screen(page, 'APP001');
    expect(await page.locator('.token h2').allInnerTexts()).to.deep.equal(['一つ目', '二つ目']);
    await page.locator('.token a').first().click();
    await screen(page, 'APP005');
    await page.fill('[name=token_name]', '');
    await main(page).click();
    await screen(page, 'APP001');
    expect(await page.locator('.token h2').first().innerText(), 'the service’s own name').to.equal('Webサービス');
    await page.locator('.token a').first().click();
    await page.getByRole('button', { name: '削除' }).click();
    await screen(page, 'APP006');
    expect(await textOf(page)).to.include('元に戻せません');
    await page.getByRole('button', { name: '削除する' }).click();
    await screen(page, 'APP001');
    expect(await page.locator('.token h2').allInnerTexts()).to.deep.equal(['二つ目']);
    await showsItsCode(page, second);
    await page.reload();
    await screen(page, 'APP001');
    expect(await page.locator('.token').count()).to.equal(1);
  });

  it('holds ten tokens, and says which is unused longest', async () => {
    const page = await phone(newProfile());
    await page.goto(app);
    await screen(page, 'APP001');
    await page.evaluate(`(async () => {
      const opened = await new Promise((done) => {
        const request = indexedDB.open('token-app');
        request.onsuccess = () => done(request.result);
      });
      const key = await crypto.subtle.importKey('raw', new Uint8Array(20), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
      const work = opened.transaction('tokens', 'readwrite');
      for (let n = 0; n < 10; n += 1)
        work.objectStore('tokens').put({ id: 'token-' + n, name: 'トークン' + n, serviceId: '10000001', userId: 'AAAABBBB000' + n,
          service: { ja: 'Webサービス', en: 'Web Service' }, algorithm: 'SHA1', digits: 6, period: 60, key,
          addedAt: Date.UTC(2026, 0, 1 + n), usedAt: n === 3 ? null : Date.UTC(2026, 5, 1 + n) });
      await new Promise((done) => { work.oncomplete = done; });
      opened.close();
    })()`);
    await page.reload();
    await screen(page, 'APP001');
    expect(await page.locator('.token').count()).to.equal(10);
    await page.locator('main a[href="#/add"]').click();
    await screen(page, 'APP008');
    expect(await textOf(page))
      .to.include('10件まで')
      .and.to.include('トークン3(2026年1月4日(日)から)');
  });

  it('says so where nothing can be kept, and asks the service for nothing', async () => {
    const blocked = await phone(newProfile(), {
      script: "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };",
    });
    await blocked.goto(app);
    await screen(blocked, 'APP009', 'unavailable');

    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const full = await phone(newProfile(), {
      script: `const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...args) {
          const asked = put.apply(this, args);
          if (this.name === 'pending') this.transaction.abort();
          return asked;
        };`,
    });
    await full.goto(`${app}#/add`);
    await screen(full, 'APP002');
    await enter(full, issue);
    await screen(full, 'APP009', 'unavailable');
    expect(await demo.stores.store.tokenIssue.byUserId(issue.userId)).to.include({ fetchedAt: null });
  });

  it('speaks the language that was chosen, and explains itself', async () => {
    const profile = newProfile();
    const page = await phone(profile);
    await page.goto(`${app}#/help`);
    await screen(page, 'APP010');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Help' }).waitFor();
    await screen(page, 'APP010');
    await closed(page);
    const again = await phone(profile);
    await again.goto(app);
    await again.getByRole('heading', { name: 'One-time passwords' }).waitFor();
  });

  it('is walked through with the keyboard alone', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const page = await phone(newProfile(), { language: 'en' });
    const key = (name: string): Promise<void> => page.keyboard.press(name);
    await page.goto(`${app}#/add`);
    await screen(page, 'APP002');
    await page.keyboard.press('Tab');
    await key('Enter');
    expect(await page.evaluate('document.activeElement.id'), 'the first Tab skips the header').to.equal('main');
    for (const text of [service, issue.userId, issue.password]) {
      await key('Tab');
      await page.keyboard.type(text);
    }
    await key('Enter');
    await screen(page, 'APP004');
    expect(await page.evaluate('document.activeElement.tagName'), 'the new screen is read from its title').to.equal(
      'H1',
    );
  });

  it('says in both languages that it needs JavaScript', async () => {
    const browser = await chromium.launch({ executablePath: findTool('chromium') ?? '', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ javaScriptEnabled: false });
      await page.goto(app);
      const text = await page.locator('main').innerText();
      expect(text).to.include('JavaScriptを使用します').and.to.include('uses JavaScript');
    } finally {
      await browser.close();
    }
  });

  it('follows the demo’s clock without calling the telephone’s wrong, and a new release keeps the tokens', async () => {
    const issue = await addIssue(demo.stores, 'sito48', Date.now());
    const profile = newProfile();
    const page = await phone(profile);
    await added(page, issue);
    await kept(page);
    const before = await page.evaluate<readonly string[]>('caches.keys()');
    const moved = await fetch(`http://localhost:${port + 3}/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ offset_seconds: 7_200 }),
    });
    expect(moved.status).to.equal(200);
    await page.goto(`${app}#/clock`);
    await screen(page, 'APP007');
    expect(await textOf(page)).to.include('端末の時刻は合っています');
    await page.goto(`${app}#/`);
    await screen(page, 'APP001');
    await showsItsCode(page, issue);

    await demo.close();
    const config = join(folder, 'config');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'brand.yaml'), 'web: { ja: 新しいサービス, en: New Service }\n');
    await start(config);
    await page.reload();
    // The new release is kept as a whole, and its worker has taken over.
    const settled = `(async () => {
      const { installing, waiting, active } = await navigator.serviceWorker.getRegistration('/token-app');
      const names = await caches.keys();
      return !installing && !waiting && active?.state === 'activated' && names.at(-1) !== ${JSON.stringify(before[0])};
    })()`;
    while (!(await page.evaluate<boolean>(settled))) await page.waitForTimeout(200);
    await page.context().setOffline(true);
    await page.reload();
    await page.locator('.brand', { hasText: '新しいサービス' }).waitFor();
    await showsItsCode(page, issue);
  });
});

const named = (algorithm: string): TotpAlgorithm =>
  algorithm === 'SHA512' ? 'SHA512' : algorithm === 'SHA256' ? 'SHA256' : 'SHA1';

/** Without the program that is tested. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}
