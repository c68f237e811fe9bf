// Ways that the browser journeys walk in Chromium, by screen IDs: what is asked is answered, whatever comes first.
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Tab } from './chromium.ts';
import type { Demo } from './demo-process.ts';
import { nextCode } from './walks.ts';

export type PortalButton = 'login' | 'login_otp' | 'login_again' | 'login_silent' | 'logout';

/** Presses a button of the demo's portal. @returns the screen it leads to */
export async function press(demo: Demo, tab: Tab, button: PortalButton): Promise<string> {
  await tab.open(`${demo.portal}/`);
  return tab.send({}, button);
}

/** From a page of the sign-in through Business Direct, up to the first page of Renkei that asks for something. */
export async function throughBusinessDirect(tab: Tab, person: DemoPerson): Promise<string> {
  let screen = await tab.screen();
  if (screen === 'LGN001') screen = await tab.send({}, 'federated');
  if (screen !== 'BDD001') return screen;
  const { id = '', password = '' } = person.business_direct ?? {};
  return tab.send({ business_direct_id: id, business_direct_password: password });
}

/** Login ID and login password, on LGN002 or LNK001; from LGN001 by the direct route. */
export async function provePassword(tab: Tab, person: Pick<DemoPerson, 'login_id' | 'password'>): Promise<string> {
  if ((await tab.screen()) === 'LGN001') await tab.send({}, 'direct');
  return tab.send({ login_id: person.login_id, password: person.password });
}

/** A code that nobody has used, on the page that asks for one. */
export async function proveCode(demo: Demo, tab: Tab, person: DemoPerson, remember = false): Promise<string> {
  const otp = await nextCode(demo, person);
  return tab.send(remember ? { otp, remember: true } : { otp });
}

/** The newest code in the mail reader's pages for an address, as a person finds it there. */
export async function readMailedCode(demo: Demo, tab: Tab, to: string): Promise<string> {
  await tab.open(`${demo.mail}/?q=${encodeURIComponent(to)}`);
  const mail = tab.page.locator('main tbody tr', { hasText: /メール通知パスワード/ }).first();
  // It is on its way: the worker sends right after the page that promised it.
  for (let round = 0; round < 50 && (await mail.count()) === 0; round += 1)
    await tab.follow(() => tab.page.locator('main form button').first().click());
  await tab.follow(() => mail.getByRole('link').click());
  return ((await tab.page.locator('main dd.code').textContent()) ?? '').replace(/\s/g, '');
}
