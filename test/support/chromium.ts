// Chromium in front of the demo, as a person uses it: a window of one language and width, forms filled by name, one button
// pressed. Every page it comes to is looked over, for what no page may have: errors in the console, resources that fail,
// sideways scrolling, findings of axe.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type ConsoleMessage,
  type Page,
  type Request,
} from 'playwright-core';
import { findTool } from './tools.ts';

export interface Eyes {
  readonly language: 'ja' | 'en';
  readonly width: 360 | 1280;
  /** Whether the pages' scripts run. */
  readonly scripts: boolean;
}

export interface Tab {
  readonly page: Page;
  /** Opens an address and waits for the page it leads to. @returns its screen ID */
  open(url: string): Promise<string>;
  /** Fills fields of the page's main form by name (true ticks a box), and presses a button by its action ('' = main act). */
  send(fields: Readonly<Record<string, string | true>>, action?: string): Promise<string>;
  /** Does something that leads to another page. @returns its screen ID */
  follow(deed: () => Promise<unknown>): Promise<string>;
  screen(): Promise<string>;
  refusal(): Promise<string | null>;
  /** The text that stands in main, in one line. */
  text(): Promise<string>;
  /** What has the focus: its id, else its text. */
  focus(): Promise<string>;
  /** The claims that the demo's portal shows; null when it shows none. */
  claims(): Promise<Readonly<Record<string, unknown>> | null>;
  close(): Promise<void>;
}

/** A browser of somebody's own: cookies and all are shared by its tabs, and by nobody else. */
export interface Window {
  readonly eyes: Eyes;
  tab(): Promise<Tab>;
  /** Names of its cookies that begin so, with their values. */
  cookies(prefix: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Chromium {
  window(eyes?: Partial<Eyes>): Promise<Window>;
  /** What was found wrong since it was last asked, each once. */
  faults(): readonly string[];
  close(): Promise<void>;
}

const widths = [360, 1280] as const;
const heights = { 360: 740, 1280: 900 } as const;

/** Set to a folder, keeps a picture of every page at both widths there. */
const pictures = process.env['RENKEI_TEST_PICTURES'];

/** Starts Chromium. Needs the program: ask `needs` first. */
export async function startChromium(): Promise<Chromium> {
  const browser: Browser = await chromium.launch({
    executablePath: findTool('chromium') ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const faults = new Set<string>();
  return {
    async window(some = {}) {
      const eyes: Eyes = { language: 'ja', width: 1280, scripts: true, ...some };
      const context = await browser.newContext({
        locale: eyes.language === 'ja' ? 'ja-JP' : 'en-US',
        viewport: { width: eyes.width, height: heights[eyes.width] },
        javaScriptEnabled: eyes.scripts,
        reducedMotion: 'reduce',
      });
      return windowOf(context, eyes, faults);
    },
    faults() {
      const found = [...faults];
      faults.clear();
      return found;
    },
    close: () => browser.close(),
  };
}

/** Pages that were looked over in this process, by what tells them apart. */
const seen = new Set<string>();

function windowOf(context: BrowserContext, eyes: Eyes, faults: Set<string>): Window {
  return {
    eyes,
    async tab() {
      const page = await context.newPage();
      listen(page, faults);
      return tabOf(page, eyes, faults);
    },
    async cookies(prefix) {
      const all = await context.cookies();
      return all.filter(({ name }) => name.startsWith(prefix)).map(({ name, value }) => `${name}=${value}`);
    },
    close: () => context.close(),
  };
}

/**
 * The browser calls a refused form, whose status is not 200, an error of loading. What pages load besides is judged by its
 * own answer.
 */
const isAnswer = (message: ConsoleMessage): boolean => message.text().startsWith('Failed to load resource');

/** What the token app asks for may be refused, and so may a file; the page tells that. */
const isRefusedFetch = (url: string, status: number): boolean => {
  const { pathname } = new URL(url);
  if (pathname === '/helpdesk/tokens/import') return status === 422;
  return pathname === '/token-app/api/activate' && [403, 429].includes(status);
};

/** No page waits for its icon: whoever goes on at once leaves it behind. */
const isLeftIcon = (request: Request): boolean =>
  new URL(request.url()).pathname === '/assets/icon.svg' && request.failure()?.errorText === 'net::ERR_ABORTED';

function listen(page: Page, faults: Set<string>): void {
  const add = (fault: string): void => void faults.add(`${new URL(page.url()).pathname}: ${fault}`);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isAnswer(message)) add(message.text());
  });
  page.on('pageerror', (error) => add(error.message));
  page.on('requestfailed', (request) => {
    if (!request.isNavigationRequest() && !isLeftIcon(request))
      add(`${request.url()} failed: ${request.failure()?.errorText ?? ''}`);
  });
  page.on('response', (response) => {
    if (
      !response.request().isNavigationRequest() &&
      response.status() >= 400 &&
      !isRefusedFetch(response.url(), response.status())
    )
      add(`${response.url()} answered ${response.status()}`);
  });
}

function tabOf(page: Page, eyes: Eyes, faults: Set<string>): Tab {
  const attribute = (name: string): Promise<string | null> => page.locator('main').getAttribute(name);
  const screen = async (): Promise<string> => (await attribute('data-screen')) ?? '';
  const follow = async (deed: () => Promise<unknown>): Promise<string> => {
    await Promise.all([page.waitForEvent('load'), deed()]);
    await lookOver(page, eyes, faults);
    return screen();
  };
  return {
    page,
    follow,
    screen,
    open: (url) => follow(() => page.goto(url)),
    async send(fields, action = '') {
      const form = page.locator('main form[method=post]');
      for (const [name, value] of Object.entries(fields)) {
        const field = form.locator(`[name="${name}"]`);
        if (value === true) await field.check();
        else await field.fill(value);
      }
      const submit = form.locator('button:not([type=button])');
      const button = action === '' ? submit.first() : form.locator(`button[name=action][value="${action}"]`);
      return follow(() => button.click());
    },
    refusal: () => attribute('data-refusal'),
    text: async () => (await page.locator('main').innerText()).replace(/\s+/g, ' '),
    focus: () => page.evaluate<string>('document.activeElement.id || document.activeElement.textContent.trim()'),
    async claims() {
      const found = page.locator('script#claims');
      return (await found.count()) === 0 ? null : JSON.parse((await found.textContent()) ?? 'null');
    },
    close: () => page.close(),
  };
}

const whichPage = `(({ dataset, innerHTML }) =>
  [dataset.screen, dataset.refusal, innerHTML.includes('class="banner') && 'with-banner'].filter(Boolean).join(' ')
)(document.querySelector('main'))`;

/**
 * At both widths: no sideways scrolling; axe finds nothing; and a picture for human eyes, where they are wanted. A page
 * that looks like one already seen is passed by.
 */
async function lookOver(page: Page, eyes: Eyes, faults: Set<string>): Promise<void> {
  const name = await page.evaluate<string>(whichPage);
  const known = `${name} ${eyes.language} ${eyes.scripts}`;
  if (seen.has(known)) return;
  seen.add(known);
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] });
    const where = `${name} in ${eyes.language} at ${width}`;
    const over = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (over > 0) faults.add(`${where} scrolls sideways by ${over}`);
    if (eyes.scripts) for (const finding of await axe(page)) faults.add(`${where}: ${finding}`);
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      const file = `${eyes.language}-${width}-${name} ${String(seen.size).padStart(3, '0')}`.replaceAll(' ', '-');
      await page.screenshot({ path: join(pictures, `${file}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: eyes.width, height: heights[eyes.width] });
}

async function axe(page: Page): Promise<readonly string[]> {
  const judge = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await judge.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' … ')}`);
}
