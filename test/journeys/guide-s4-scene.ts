// What the parts of guide S4 share: the demo under its profile, whoever reads, the key-fobs of a company, and the ways to the
// pages that ask a code.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Demo } from '../support/demo-process.ts';
import { type Reader, rowOf, signIn, type Walk } from '../support/guide-reader.ts';
import { type KeyFob, shownNext } from '../support/key-fob.ts';

export interface GuideS4 {
  readonly demo: Demo;
  readonly walk: Walk;
  /** Of the company that the guide is walked with; the bank's seed file brings them. */
  readonly fobs: readonly KeyFob[];
  /** The day in forty days from the demo's first start, on which the key-fob of やまなみ観光 ends. */
  readonly inFortyDays: string;
}

/** Signs somebody in directly, in a window of their own. @returns it, with the screen it stands on */
export async function enter(
  { walk }: Pick<GuideS4, 'walk'>,
  person: DemoPerson,
  path = '/',
): Promise<{ readonly reader: Reader; readonly screen: string }> {
  const reader = await walk.reader();
  return { reader, screen: await signIn(reader, person.login_id, person.password, path) };
}

/** Signs somebody in who is asked for nothing but the password: at operations alone a code is asked. */
export async function enterAt(scene: Pick<GuideS4, 'walk'>, person: DemoPerson, path = '/'): Promise<Reader> {
  const { reader, screen } = await enter(scene, person, path);
  expect(screen, await reader.text()).not.to.match(/^(LGN|OTP|TKN|REF)/);
  return reader;
}

export const confirmed = (person: DemoPerson): Readonly<Record<string, string>> => ({
  確認用パスワード: person.confirmation_password ?? '',
});

/** Confirmation password and a code that nobody has typed. */
export async function proven(demo: Demo, person: DemoPerson, fob: KeyFob): Promise<Readonly<Record<string, string>>> {
  return { ...confirmed(person), otp: await shownNext(demo, fob) };
}

/** 利用者の変更, up to its check page: what is asked there is what the journey is about. */
export async function toChange(
  reader: Reader,
  loginId: string,
  fill: Readonly<Record<string, string>>,
): Promise<string> {
  expect(await reader.open('/company/people?per=100')).to.equal('CON010');
  expect(await reader.press('変更', { people: await rowOf(reader, loginId) })).to.equal('CON030');
  expect(await reader.press('次へ', fill)).to.equal('CON031');
  expect(await reader.press('次へ')).to.equal('CON032');
  return reader.press('次へ');
}

export const asksCode = async (reader: Reader): Promise<boolean> =>
  /<main\b[\s\S]*<input\b[^>]*name="otp"/.test(await reader.html());

/** The claims of the ID token that the demo's portal gets for a direct sign-in without anything but the password. */
export async function claimsOf(demo: Demo, person: DemoPerson): Promise<Readonly<Record<string, unknown>>> {
  const browser = demo.browser(demo.gateways.length > 1);
  let page = await browser.submit(await browser.open(`${demo.portal}/`), {}, 'login');
  page = await browser.submit(page, {}, 'direct');
  page = await browser.submit(page, { login_id: person.login_id, password: person.password });
  if (page.screen === 'TKN001') page = await browser.submit(page, {}, 'skip_registration');
  expect(page.screen, page.text()).to.equal('PTL002');
  return page.json('claims') ?? {};
}
