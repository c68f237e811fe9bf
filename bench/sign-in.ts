// How people of the bench sign in, page by page, up to the portal with the code redeemed. Every step must be the one that is
// meant: a page that was not expected ends the run.
import type { Answer, Browser } from './browser.ts';
import { callback, type Begun, type Portal, type Tokens } from './portal.ts';
import { password, type Person } from './people.ts';

export const acrs = {
  password: 'urn:renkei:acr:password',
  federated: 'urn:renkei:acr:federated',
  federatedOtp: 'urn:renkei:acr:federated-otp',
} as const;

export interface Entered {
  readonly begun: Begun;
  readonly tokens: Tokens;
}

type Act = (page: Answer) => Promise<Answer>;

/** Answers each page by its screen, each screen once, until the portal is reached. */
async function walk(start: Answer, acts: Readonly<Record<string, Act>>): Promise<Answer> {
  const left = new Map(Object.entries(acts));
  let page = start;
  while (!page.url.startsWith(callback)) {
    const act = left.get(page.screen ?? '');
    left.delete(page.screen ?? '');
    if (!act)
      throw new Error(`unexpected ${page.status} ${page.screen ?? ''} at ${page.url}: ${page.body.slice(0, 300)}`);
    page = await act(page);
  }
  return page;
}

/** With login ID and password. */
export async function signInDirectly(portal: Portal, browser: Browser, person: Person): Promise<Entered> {
  const begun = portal.begin();
  const back = await walk(await browser.open(begun.url), {
    LGN001: (page) => browser.submit(page, {}, 'direct'),
    LGN002: (page) => browser.submit(page, { login_id: person.loginId, password }),
  });
  return { begun, tokens: await portal.redeem(begun, back) };
}

/** Through Business Direct, with the code that is asked; `otp` null: this browser is remembered and must not be asked. */
export async function signInFederated(
  portal: Portal,
  browser: Browser,
  person: Person,
  otp: { readonly remember: boolean } | null,
): Promise<Entered> {
  const begun = portal.begin();
  const code: Act = (page) =>
    browser.submit(page, { otp: person.code() ?? '', ...(otp?.remember === true ? { remember: 'on' } : {}) });
  const back = await walk(await browser.open(begun.url), {
    LGN001: (page) => browser.submit(page, {}, 'federated'),
    ...(otp === null ? {} : { OTP001: code, OTP002: code }),
  });
  return { begun, tokens: await portal.redeem(begun, back) };
}

/** At the bare provider, with its one page. */
export async function signInBare(portal: Portal, browser: Browser, loginId: string): Promise<Entered> {
  const begun = portal.begin();
  const back = await walk(await browser.open(begun.url), {
    LOGIN: (page) => browser.submit(page, { login_id: loginId }),
  });
  return { begun, tokens: await portal.redeem(begun, back) };
}

/** Without a page, on a live session. */
export async function enterSilently(portal: Portal, browser: Browser): Promise<Entered> {
  const begun = portal.begin({ prompt: 'none' });
  const back = await walk(await browser.open(begun.url), {});
  return { begun, tokens: await portal.redeem(begun, back) };
}
