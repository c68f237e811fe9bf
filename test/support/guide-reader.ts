// Somebody who follows a guide by its words: presses what it names, fills what it names, sees which screen comes. The same
// walk in Chromium with its scripts, and by a browser that has none and knows forms alone.
import { startChromium, type Tab } from './chromium.ts';
import { chromiumPhone } from './chromium-phone.ts';
import type { Demo } from './demo-process.ts';
import { type Phone, scriptPhone } from './phone.ts';
import { decode, mainForm, type Page, type Upload } from './script-browser.ts';

/** By the words of a label, or by a field's name; lists and choices by their values, true and false tick and untick. */
export type Fill = Readonly<Record<string, Filled>>;

type Filled = string | boolean | readonly string[] | Upload;

const isUpload = (value: Filled): value is Upload => typeof value === 'object' && 'fileName' in value;

export interface Reader {
  /** Opens a path of the gateway. @returns the screen it leads to */
  open(path: string): Promise<string>;
  /** Fills, then presses the link or button of these words in main. @returns the screen it leads to */
  press(words: string, fill?: Fill): Promise<string>;
  screen(): Promise<string>;
  refusal(): Promise<string | null>;
  status(): number;
  /** What stands in main, in one line. */
  text(): Promise<string>;
  html(): Promise<string>;
  /** Reads the page again, as with F5. @returns its screen */
  reload(): Promise<string>;
  path(): string;
  /** Presses 「ログアウト」 at the top of the page. @returns the screen it leads to */
  logOut(): Promise<string>;
  close(): Promise<void>;
}

/** How a guide is read: what the titles of its tests say, and who reads. */
export interface Reading {
  readonly name: string;
  readonly needsChromium: boolean;
  /** Once per walk; `close` ends it. */
  begin(demo: Demo): Promise<Walk>;
}

export interface Walk {
  reader(): Promise<Reader>;
  /** Somebody's telephone, for the token app. */
  phone(): Promise<Phone>;
  faults(): readonly string[];
  close(): Promise<void>;
}

/** Without scripts, over HTTP alone. */
export const withoutScripts: Reading = {
  name: 'without JavaScript',
  needsChromium: false,
  async begin(demo) {
    return {
      reader: async () => scriptReader(demo),
      phone: async () => scriptPhone(demo),
      faults: () => [],
      close: async () => {},
    };
  },
};

/** In Chromium, at a desk, with the pages' own scripts. Needs the program: ask `needs` first. */
export const inChromium: Reading = {
  name: 'in Chromium with JavaScript',
  needsChromium: true,
  async begin(demo) {
    const chromium = await startChromium();
    return {
      async reader() {
        const window = await chromium.window({ language: 'ja', width: 1280, scripts: true });
        return tabReader(demo, await window.tab(), () => window.close());
      },
      phone: () => chromiumPhone(demo, chromium),
      faults: () => chromium.faults(),
      close: () => chromium.close(),
    };
  },
};

const isName = (key: string): boolean => /^[a-z_]+$/.test(key);

function tabReader(demo: Demo, tab: Tab, close: () => Promise<void>): Reader {
  let status = 0;
  tab.page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === tab.page.mainFrame())
      status = response.status();
  });
  const form = tab.page.locator('main form[method=post]').first();
  const fillOne = async (key: string, value: Filled): Promise<void> => {
    if (isUpload(value)) {
      const file = { name: value.fileName, mimeType: 'application/octet-stream', buffer: Buffer.from(value.content) };
      await (isName(key) ? form.locator(`[name="${key}"]`) : form.getByLabel(key, { exact: true })).setInputFiles(file);
      return;
    }
    if (typeof value === 'boolean') {
      const box = isName(key) ? form.locator(`[name="${key}"]`) : form.getByLabel(key, { exact: true });
      await box.setChecked(value);
      return;
    }
    if (isName(key)) {
      const inputs = form.locator(`[name="${key}"]`);
      if (typeof value !== 'string' || /^(radio|checkbox)$/.test((await inputs.first().getAttribute('type')) ?? '')) {
        for (const one of typeof value === 'string' ? [value] : value)
          await form.locator(`[name="${key}"][value="${one}"]`).check();
        return;
      }
    }
    await (isName(key) ? form.locator(`[name="${key}"]`) : form.getByLabel(key, { exact: true })).fill(String(value));
  };
  return {
    open: (path) => tab.open(`${demo.gateway}${path}`),
    async press(words, fill = {}) {
      for (const [key, value] of Object.entries(fill)) await fillOne(key, value);
      const main = tab.page.locator('main');
      // Links of a table's rows say, out of sight, whom they are about.
      const name = new RegExp(`^${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?: .*)?$`);
      const target = main.getByRole('button', { name }).or(main.getByRole('link', { name })).first();
      return tab.follow(() => target.click({ timeout: 5_000 }));
    },
    screen: () => tab.screen(),
    refusal: () => tab.refusal(),
    status: () => status,
    text: () => tab.text(),
    html: () => tab.page.content(),
    reload: () => tab.follow(() => tab.page.reload()),
    path: () => new URL(tab.page.url()).pathname,
    logOut: () => tab.follow(() => tab.page.locator('header').getByRole('button', { name: 'ログアウト' }).click()),
    close,
  };
}

function scriptReader(demo: Demo): Reader {
  const browser = demo.browser(demo.gateways.length > 1);
  let page: Page;
  const shown = async (next: Promise<Page>): Promise<string> => {
    page = await next;
    return page.screen ?? '';
  };
  return {
    open: (path) => shown(browser.open(`${demo.gateway}${path}`)),
    async press(words, fill = {}) {
      const main = /<main\b[\s\S]*<\/main>/.exec(page.html)?.[0] ?? '';
      const button = [...main.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)].find(
        ([, , inner = '']) => plain(inner) === words,
      );
      if (button) {
        const [, attributes = ''] = button;
        const action = /name="action"/.test(attributes) ? (/value="([^"]*)"/.exec(attributes)?.[1] ?? '') : '';
        return shown(browser.submit(page, asSent(page, fill), action));
      }
      const link = [...main.matchAll(/<a\b[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)].find(
        ([, , inner = '']) => plain(inner) === words,
      );
      if (!link) throw new Error(`nothing to press says 「${words}」 on ${page.screen}: ${page.text().slice(0, 400)}`);
      return shown(browser.open(new URL(decode(link[1] ?? ''), page.url).href));
    },
    screen: async () => page.screen ?? '',
    refusal: async () => page.refusal,
    status: () => page.status,
    text: async () => page.text(),
    html: async () => page.html,
    reload: () => shown(browser.open(page.url)),
    path: () => new URL(page.url).pathname,
    logOut: () => {
      const form = /<form\b[^>]*action="\/logout"[^>]*>[\s\S]*?<\/form>/.exec(page.html)?.[0] ?? '';
      const csrf = /name="csrf" value="([^"]*)"/.exec(form)?.[1] ?? '';
      const body = new URLSearchParams({ csrf: decode(csrf), action: 'logout' }).toString();
      return shown(browser.post(new URL('/logout', page.url).href, body));
    },
    close: async () => {},
  };
}

/** The words of a piece of a page, in one line, without what only screen readers are told. */
const plain = (html: string): string =>
  decode(html.replace(/<span class="hidden">[^<]*<\/span>/g, '').replace(/<[^>]+>/g, ''))
    .replace(/\s+/g, ' ')
    .trim();

const attribute = (tag: string, name: string): string | null => {
  const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`).exec(tag);
  return found ? decode(found[1] ?? '') : null;
};

/** What a browser sends of the main form once this is filled in: what the page had filled in and ticked goes along. */
function asSent(page: Page, fill: Fill): Record<string, string | readonly string[] | Upload> {
  const form =
    /<form\b[^>]*method="post"[^>]*>[\s\S]*?<\/form>/.exec(/<main\b[\s\S]*<\/main>/.exec(page.html)?.[0] ?? '')?.[0] ??
    '';
  const inputs = [...form.matchAll(/<(input|textarea)\b[^>]*>(?:([^<]*)<\/textarea>)?/g)].map(
    ([whole, kind, inner]) => {
      const tag = `${whole.slice(0, whole.indexOf('>'))} >`;
      const type = kind === 'textarea' ? 'textarea' : (attribute(tag, 'type') ?? 'text');
      return {
        name: attribute(tag, 'name') ?? '',
        id: attribute(tag, 'id') ?? '',
        type,
        value:
          type === 'textarea' ? decode(inner ?? '') : (attribute(tag, 'value') ?? (type === 'checkbox' ? 'on' : '')),
        ticked: attribute(tag, 'checked') !== null,
      };
    },
  );
  const labelled = (words: string): string => {
    const label = [...form.matchAll(/<label\b[^>]*for="([^"]*)"[^>]*>([\s\S]*?)<\/label>/g)].find(
      ([, , inner = '']) => plain(inner) === words,
    );
    const input = inputs.find(({ id }) => label !== undefined && id === label[1]);
    if (!input) throw new Error(`no field is called 「${words}」 on ${page.screen}: ${page.text().slice(0, 400)}`);
    return input.name;
  };
  const hidden = new Set(mainForm(page.html).hidden.map(([name]) => name));
  const sent = new Map<string, string[]>();
  for (const { name, type, value, ticked } of inputs) {
    if (name === '' || type === 'hidden' || hidden.has(name)) continue;
    if ((type === 'radio' || type === 'checkbox') && !ticked) continue;
    sent.set(name, [...(sent.get(name) ?? []), value]);
  }
  const uploads: Record<string, Upload> = {};
  for (const [key, value] of Object.entries(fill)) {
    const name = isName(key) ? key : labelled(key);
    const own = inputs.filter((input) => input.name === name);
    if (own.length === 0) throw new Error(`no field ${name} on ${page.screen}: ${page.text().slice(0, 400)}`);
    if (typeof value === 'boolean') {
      if (value) sent.set(name, [own[0]?.value ?? 'on']);
      else sent.delete(name);
      continue;
    }
    if (isUpload(value)) {
      uploads[name] = value;
      continue;
    }
    const values = typeof value === 'string' ? [value] : [...value];
    if (own[0]?.type === 'checkbox') sent.set(name, [...new Set([...(sent.get(name) ?? []), ...values])]);
    else sent.set(name, values);
  }
  return { ...Object.fromEntries(sent), ...uploads };
}

/** The account id that a list's row carries, by the login ID that it shows. */
export async function rowOf(reader: Reader, loginId: string): Promise<string> {
  const rows = [...(await reader.html()).matchAll(/<tr\b[^>]*data-account="([^"]*)"[^>]*>([\s\S]*?)<\/tr>/g)];
  const found = rows.find(([, , inner = '']) => new RegExp(`\\b${loginId}\\b`).test(plain(inner)));
  if (!found) throw new Error(`${loginId} has no row on ${await reader.screen()}`);
  return found[1] ?? '';
}

/** What a row of a list says, in one line, and its states. */
export async function rowText(reader: Reader, loginId: string): Promise<{ text: string; states: string }> {
  const rows = [...(await reader.html()).matchAll(/<tr\b[^>]*data-account="[^"]*"[^>]*>[\s\S]*?<\/tr>/g)];
  const found = rows.map(([row]) => row).find((row) => new RegExp(`\\b${loginId}\\b`).test(plain(row)));
  return {
    text: found === undefined ? '' : decode(found.replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' '),
    states: /data-state="([^"]*)"/.exec(found ?? '')?.[1] ?? '',
  };
}

/** What stands beside a term in the page's lists of facts. */
export async function factOf(reader: Reader, term: string): Promise<string> {
  const all = [...(await reader.html()).matchAll(/<dt\b[^>]*>([\s\S]*?)<\/dt>\s*<dd\b[^>]*>([\s\S]*?)<\/dd>/g)];
  const found = all.find(([, words = '']) => plain(words) === term);
  return found ? plain(found[2] ?? '') : '';
}

/** Signs in with login ID and login password. @returns the screen after the password */
export async function signIn(reader: Reader, loginId: string, password: string, path = '/'): Promise<string> {
  const screen = await reader.open(path);
  if (screen === 'LGN001') await reader.press('ログインIDでログイン');
  return reader.press('ログイン', { ログインID: loginId, ログインパスワード: password });
}
