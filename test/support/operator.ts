// Operators of the demo at their desk: signing in over HTTP, with codes that an authenticator would show.
import operators from '../../config/demo/operators.json' with { type: 'json' };
import type { Demo } from './demo-process.ts';
import { shownAt } from './key-fob.ts';
import type { Page, ScriptBrowser } from './script-browser.ts';

export interface DeskOperator {
  readonly login_id: string;
  readonly name: string;
  readonly role: string;
  readonly password: string;
  /** Base32. */
  readonly secret: string;
}

export type Role = 'clerk' | 'supervisor' | 'auditor';

/** Ready operators of a role, in the file's order. */
export const operatorsOf = (role: Role): readonly DeskOperator[] =>
  operators.flatMap(({ otp, ...one }) => (otp && one.role === role ? [{ ...one, secret: otp.secret }] : []));

export function operatorOf(role: Role): DeskOperator {
  const [found] = operatorsOf(role);
  if (!found) throw new Error(`no ${role} in config/demo/operators.json`);
  return found;
}

/** The one who has an issued password and no authenticator yet. */
export function freshOperator(): Omit<DeskOperator, 'secret'> {
  const found = operators.find(({ otp }) => otp === null);
  if (!found) throw new Error('no new operator in config/demo/operators.json');
  return found;
}

const minute = 60_000;

/** What the authenticator shows now, or some steps later. */
export async function deskCode(demo: Demo, { secret }: Pick<DeskOperator, 'secret'>, steps = 0): Promise<string> {
  return shownAt({ secret, algorithm: 'SHA1', digits: 6, period: 60 }, (await demo.now()) + steps * minute);
}

/** A code that nobody has used: the clock goes on to the next step. */
export async function freshDeskCode(demo: Demo, operator: Pick<DeskOperator, 'secret'>): Promise<string> {
  await demo.forward(60);
  return deskCode(demo, operator);
}

/** Six digits that the authenticator shows nowhere near now. */
export async function wrongDeskCode(demo: Demo, operator: Pick<DeskOperator, 'secret'>): Promise<string> {
  const near = await Promise.all([-2, -1, 0, 1, 2, 3].map((steps) => deskCode(demo, operator, steps)));
  return (
    ['000000', '111111', '222222', '333333', '444444', '555555', '666666'].find((code) => !near.includes(code)) ?? ''
  );
}

/** ID and password: the page after them. */
export async function toCode(
  demo: Demo,
  browser: ScriptBrowser,
  operator: Pick<DeskOperator, 'login_id' | 'password'>,
  path = '/helpdesk',
): Promise<Page> {
  const page = await browser.open(`${demo.gateway}${path}`);
  return browser.submit(page, { login_id: operator.login_id, password: operator.password });
}

/** Signed in at a page of the desk. */
export async function enterDesk(
  demo: Demo,
  browser: ScriptBrowser,
  operator: DeskOperator,
  path = '/helpdesk',
): Promise<Page> {
  const page = await toCode(demo, browser, operator, path);
  return browser.submit(page, { otp: await freshDeskCode(demo, operator) });
}
