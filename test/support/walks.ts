// Ways that many journeys walk: signing in to the end, signing out, reading what a page says. Acts over HTTP alone.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, directly, throughBusinessDirect } from './demo-process.ts';
import { decode, type Page, type ScriptBrowser } from './script-browser.ts';
import { root } from './source.ts';

/** A folder for RENKEI_CONFIG; the files' values are written as JSON, which is YAML. */
export function overlay(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-config-'));
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(value));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A code that nobody has used: the clock goes on to the next step of the token. */
export async function nextCode(demo: Demo, person: DemoPerson): Promise<string> {
  await demo.forward(person.otp?.period ?? 60);
  return demo.code(person);
}

/** A well-formed code that is not this person's, in no step near now. */
export async function wrongCode(demo: Demo, person: DemoPerson): Promise<string> {
  const near = await Promise.all([-2, -1, 0, 1, 2].map((step) => demo.code(person, step)));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
}

type Button = Parameters<typeof throughBusinessDirect>[3];

/** Through Business Direct up to the portal: first-link check and code where they are asked. */
export async function enterLinked(
  demo: Demo,
  browser: ScriptBrowser,
  person: DemoPerson,
  options: { readonly button?: Button; readonly remember?: boolean } = {},
): Promise<Page> {
  let page = await throughBusinessDirect(demo, browser, person, options.button);
  if (page.screen === 'LNK001') {
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  }
  if (page.screen?.startsWith('OTP')) {
    page = await browser.submit(page, {
      otp: await nextCode(demo, person),
      ...(options.remember === true ? { remember: 'on' } : {}),
    });
  }
  return page;
}

/** With login ID, password and code up to the portal. */
export async function enterDirectly(
  demo: Demo,
  browser: ScriptBrowser,
  person: DemoPerson,
  button?: Button,
): Promise<Page> {
  const page = await directly(demo, browser, person, button);
  return page.screen === 'OTP002' ? browser.submit(page, { otp: await nextCode(demo, person) }) : page;
}

/** Signs in to one of the gateway's own pages, through Business Direct or directly. */
export async function enterOwnPages(
  demo: Demo,
  browser: ScriptBrowser,
  person: DemoPerson,
  path: string,
  route: 'federated' | 'direct',
): Promise<Page> {
  let page = await browser.open(`${demo.gateway}${path}`);
  if (page.screen === 'LGN001') page = await browser.submit(page, {}, route);
  if (page.screen === 'BDD001' && person.business_direct) {
    const { id, password } = person.business_direct;
    page = await browser.submit(page, { business_direct_id: id, business_direct_password: password });
  }
  if (page.screen === 'LGN002' || page.screen === 'LNK001') {
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  }
  if (page.screen?.startsWith('OTP')) page = await browser.submit(page, { otp: await nextCode(demo, person) });
  return page;
}

/** Presses the portal's 「ログアウト」. */
export async function leavePortal(demo: Demo, browser: ScriptBrowser): Promise<Page> {
  return browser.submit(await browser.open(`${demo.portal}/`), {}, 'logout');
}

/** What the demo's portal knows of this browser. */
export interface PortalState {
  readonly signedIn: boolean;
  readonly sub: string | null;
  readonly sid: string | null;
  readonly lastLogoutToken: { readonly at: string; readonly sub: string | null; readonly sid: string | null } | null;
}

export async function portalState(demo: Demo, browser: ScriptBrowser): Promise<PortalState> {
  return JSON.parse((await browser.open(`${demo.portal}/session.json`)).html);
}

/** Looks again until it holds; back-channel logout and mail go out right after the answer, in processes of their own. */
export async function soon<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  let seen = await look();
  for (let round = 0; round < 100 && !holds(seen); round += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    seen = await look();
  }
  return seen;
}

/** The newest code that was mailed to an address; after `old`, another one. */
export async function mailedCode(demo: Demo, to: string, old: string | null = null): Promise<string> {
  const newest = async () =>
    (await demo.mails(to)).toSorted((a, b) => Number(a.id) - Number(b.id)).findLast(({ code }) => code !== null)
      ?.code ?? '';
  return soon(newest, (code) => code !== '' && code !== old);
}

/** The codes or names in cookies of this browser that begin so. */
export function cookiesNamed(browser: ScriptBrowser, prefix: string): readonly (readonly [string, string])[] {
  return [...browser.cookies()].filter(([name]) => name.startsWith(prefix));
}

/** What stands in the elements with role="alert", as text. */
export function alertOf(page: Page): string {
  const found = /<(\w+)\b[^>]*role="alert"[^>]*>([\s\S]*?)<\/\1>/.exec(page.html)?.[2] ?? '';
  return decode(found.replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

/** The value that a field of the page shows; null when the page has no such field. */
export function shownValue(page: Page, field: string): string | null {
  const input = [...page.html.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .find((tag) => tag.includes(`name="${field}"`));
  return input === undefined ? null : decode(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? '');
}

export const hasField = (page: Page, field: string): boolean => shownValue(page, field) !== null;

export const hasButton = (page: Page, action: string): boolean =>
  new RegExp(`<button\\b[^>]*name="action"[^>]*value="${action}"`).test(page.html);

/** Runs `npx renkei …` on the demo's stores. */
export function renkei(
  demo: Pick<Demo, 'env'>,
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'src/main.ts', ...args],
      { cwd: root, env: demo.env },
      (error, out, err) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? 1), out, err });
      },
    );
  });
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One GET under a host name of its own, as a reverse proxy would send it; redirects are not followed. */
export function get(
  port: number,
  path: string,
  host: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = request(
      { hostname: '127.0.0.1', port, path, headers: { accept: 'text/html', ...headers, host } },
      (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject);
      },
    );
    call.on('error', reject);
    call.end();
  });
}
