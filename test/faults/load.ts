// A handful of people who go on signing in, refreshing, linking and unlinking while a store fails. What they were told is
// written down, and how often they tried; afterwards it is compared with SQL (compare.ts).
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Tokens } from '../support/own-portal.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { alertOf } from '../support/walks.ts';
import { faultOfOutage, faultOfTokenOutage, type Scene } from './scene.ts';

export type Fact =
  | 'signed in'
  | 'token issued'
  | 'refreshed'
  | 'link made'
  | 'unlinked'
  | 'remembered'
  | 'password changed';

export interface Told {
  readonly fact: Fact;
  readonly loginId: string;
  /** Of the ID token; of a password, the password. */
  readonly detail: string;
  /** Milliseconds of this process's own clock. */
  readonly at: number;
}

export interface Load {
  readonly told: readonly Told[];
  /** How often somebody pressed the button that makes the fact, answered or not. */
  readonly tried: ReadonlyMap<string, number>;
  /** What people saw instead of what they wanted, and how often. */
  readonly seen: ReadonlyMap<string, number>;
  /** What nobody may see. */
  readonly problems: readonly string[];
  /** Milliseconds of the longest answer. */
  slowest(): number;
  /** Seconds from this moment until every kind of walker got what it wanted again. */
  untilAllServed(since: number): Promise<number>;
  /** Waits until somebody saw this. */
  untilSeen(what: RegExp, count?: number): Promise<void>;
  stop(): Promise<void>;
}

/** What a walk ends with that did not reach its end. */
interface Stopped extends Error {
  readonly seen: string;
}

const stopped = (seen: string): Stopped => Object.assign(new Error(seen), { seen });
/** Nobody sees it: the test's own clock was in the way. Business Direct's codes and ours live for a minute of it. */
const ofTheTest = '';
const isStopped = (error: unknown): error is Stopped => error instanceof Error && 'seen' in error;

/** One at a time has a code: every person's next one is in a step that no other walker's clock has gone past. */
function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

/** Passwords that the password walker may have by now, the likeliest first: the scene's, over all of its faults. */
export type Passwords = Map<string, string[]>;

export async function beginLoad(scene: Scene, passwords: Passwords): Promise<Load> {
  const { demo, portal } = scene;
  const told: Told[] = [];
  const tried = new Map<string, number>();
  const seen = new Map<string, number>();
  const problems: string[] = [];
  const served = new Map<string, number>();
  const lastSteps = new Map<string, number>();
  const turn = turns();
  let running = true;
  let lastForward = -Infinity;
  let slowest = 0;

  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  const tell = (fact: Fact, person: DemoPerson, detail = ''): void =>
    void told.push({ fact, loginId: person.login_id, detail, at: performance.now() });
  const tries = (fact: Fact, person: DemoPerson): void => count(tried, `${fact} ${person.login_id}`);

  /** Asks, and looks whether what came is a page to go on with. */
  const ask = async (work: () => Promise<Page>): Promise<Page> => {
    const began = performance.now();
    const page = await work();
    slowest = Math.max(slowest, performance.now() - began);
    if (page.status === 503) {
      const fault = faultOfOutage(page);
      if (fault !== null) problems.push(fault);
      throw stopped('503 REF020');
    }
    if (page.status >= 500) problems.push(`${page.status} ${page.screen} at ${page.url}`);
    if (page.refusal === 'upstream-refused' && lastForward > performance.now() - 10_000) throw stopped(ofTheTest);
    if (page.status >= 400 && page.status !== 422)
      throw stopped(`${page.status} ${page.screen ?? '?'} ${page.refusal ?? ''}`.trim());
    return page;
  };

  /** Gives the next code of this person that was not used yet to the page. */
  const withCode = (person: DemoPerson, use: (code: string) => Promise<Page>): Promise<Page> =>
    turn(async () => {
      const period = person.otp?.period ?? 60;
      const step = async (): Promise<number> => Math.floor((await demo.now()) / 1000 / period);
      if ((lastSteps.get(person.login_id) ?? -1) >= (await step())) {
        lastForward = Infinity;
        try {
          await demo.forward(period);
        } catch {
          throw stopped(ofTheTest);
        } finally {
          lastForward = performance.now();
        }
      }
      lastSteps.set(person.login_id, await step());
      const page = await use(await demo.code(person));
      if (page.status === 422 && page.refusal !== 'otp-used') problems.push(`a right code: ${page.refusal}`);
      return page;
    });

  interface Entered {
    readonly page: Page;
    readonly asked: readonly string[];
    /** When it was: a code lives as long as a token's step, by the clock that is moved. */
    readonly at: number;
  }

  /** To the portal's callback, over whatever is asked; tells what that acknowledged. */
  const enter = async (
    browser: ScriptBrowser,
    person: DemoPerson,
    how: { readonly route?: 'direct' | 'federated'; readonly remember?: boolean },
  ): Promise<Entered> => {
    const asked: string[] = [];
    const candidates = (): readonly string[] => passwords.get(person.login_id) ?? [person.password];
    let guess = 0;
    tries('signed in', person);
    let page = await ask(async () => browser.open(await portal.authorizeUrl(demo.gateway)));
    for (let steps = 0; page.screen !== 'CALLBACK'; steps += 1) {
      if (steps > 12) throw stopped(`going round at ${page.screen}`);
      const here = page;
      asked.push(here.screen ?? '?');
      switch (here.screen) {
        case 'LGN001':
          page = await ask(() => browser.submit(here, {}, how.route ?? 'federated'));
          break;
        case 'BDD001': {
          const { id = '', password = '' } = person.business_direct ?? {};
          page = await ask(() => browser.submit(here, { business_direct_id: id, business_direct_password: password }));
          break;
        }
        case 'LGN002':
        case 'LNK001': {
          const password = candidates()[guess] ?? person.password;
          if (here.screen === 'LNK001') tries('link made', person);
          page = await ask(() => browser.submit(here, { login_id: person.login_id, password }));
          // Of changes in doubt there may be more than guesses: the one in force is tried before the other old ones.
          if (page.screen !== here.screen) {
            const others = candidates().filter((candidate) => candidate !== password);
            if (passwords.has(person.login_id)) passwords.set(person.login_id, [password, ...others]);
            guess = 0;
            break;
          }
          guess += 1;
          if (guess >= Math.min(3, candidates().length)) {
            problems.push(`none of ${guess} passwords of ${person.login_id}: ${alertOf(page)}`);
            throw stopped('password refused');
          }
          break;
        }
        case 'OTP001':
        case 'OTP002': {
          if (how.remember === true) tries('remembered', person);
          const box = how.remember === true && here.html.includes('name="remember"') ? { remember: 'on' } : {};
          page = await withCode(person, (otp) => ask(() => browser.submit(here, { otp, ...box })));
          break;
        }
        case 'PWC001': {
          const next = `Aozora${String(1000 + (tried.get(`password changed ${person.login_id}`) ?? 0))}${Math.floor(Math.random() * 90 + 10)}`;
          const password = candidates()[guess] ?? person.password;
          tries('password changed', person);
          passwords.set(person.login_id, [next, ...candidates()]);
          guess += 1;
          page = await ask(() => browser.submit(here, { password, new_password: next, new_password_again: next }));
          if (page.screen === 'PWC003') {
            tell('password changed', person, next);
            passwords.set(person.login_id, [next]);
          } else if (page.screen === 'PWC001') throw stopped(`the change: ${alertOf(page)}`);
          break;
        }
        case 'PWC003':
          page = await ask(() => browser.submit(here, {}));
          break;
        default:
          throw stopped(`${here.status} ${here.screen} ${here.refusal ?? ''}`.trim());
      }
    }
    const at = performance.now();
    const back = portal.answer(page);
    if (back.get('error') !== null) throw stopped(`the portal is told ${back.get('error')}`);
    // Who is signed in already comes through without a new login.
    if (asked.length > 0) tell('signed in', person);
    if (asked.includes('LNK001')) tell('link made', person);
    if (how.remember === true && asked.includes('OTP001')) tell('remembered', person);
    return { page, asked, at };
  };

  const redeem = async (person: DemoPerson, entered: Entered): Promise<Tokens> => {
    const tokens = await portal.redeem(demo.gateway, entered.page);
    if (tokens.status === 503) throw stopped('503 to the portal');
    if (tokens.error !== null && lastForward > entered.at - 200) throw stopped(ofTheTest);
    if (tokens.error !== null) throw stopped(`the code: ${tokens.error}`);
    const { sid } = tokens.claims;
    tell('token issued', person, typeof sid === 'string' ? sid : '');
    return tokens;
  };

  const walk = async (name: string, pause: number, round: () => Promise<void>): Promise<void> => {
    while (running) {
      try {
        await round();
        served.set(name, performance.now());
      } catch (error) {
        if (!isStopped(error)) {
          problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
          await sleep(500);
        } else if (error.seen !== ofTheTest) count(seen, error.seen);
      }
      await sleep(pause);
    }
  };

  const direct = async (): Promise<void> => {
    const person = demo.person('okondo31');
    await redeem(person, await enter(demo.browser(), person, { route: 'direct' }));
  };

  const office = demo.browser();
  let skips = false;
  const remembered = async (): Promise<void> => {
    const person = demo.person('msuzuki14');
    for (const name of office.cookies().keys()) if (!name.startsWith('renkei_device')) office.dropCookie(name);
    const entered = await enter(office, person, { remember: true });
    if (entered.asked.includes('OTP001') && skips) count(seen, 'the code although remembered');
    skips = true;
    await redeem(person, entered);
  };

  const withOtp = (loginId: string) => async (): Promise<void> => {
    const person = demo.person(loginId);
    await redeem(person, await enter(demo.browser(), person, { remember: true }));
  };

  const discovery: { readonly token_endpoint: string } = JSON.parse(
    await (await fetch(`${demo.gateway}/.well-known/openid-configuration`)).text(),
  );
  const secret = `${portal.clientId}:${String(portal.entry()['client_secret'])}`;
  let refreshToken: string | null = null;
  const refreshing = demo.browser();
  const refresh = async (): Promise<void> => {
    const person = demo.person('nishii42');
    refreshToken ??= (await redeem(person, await enter(refreshing, person, { route: 'direct' }))).refreshToken;
    const answer = await fetch(discovery.token_endpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    if (answer.status === 503) {
      const fault = await faultOfTokenOutage(answer);
      if (fault !== null) problems.push(fault);
      throw stopped('503 to the portal');
    }
    const next: Record<string, string | undefined> = JSON.parse(await answer.text());
    refreshToken = next['refresh_token'] ?? null;
    if (refreshToken === null) throw stopped(`refresh: ${next['error']}`);
    tell('refreshed', person);
  };

  const unlink = async (): Promise<void> => {
    const person = demo.person('dyamamoto47');
    const browser = demo.browser();
    await enter(browser, person, {});
    let page = await ask(() => browser.open(`${demo.gateway}/self-service/link`));
    page = await ask(() => browser.submit(page, {}, 'unlink'));
    const check = page;
    if (check.screen !== 'SLF041') throw stopped(`${check.status} ${check.screen}`);
    tries('unlinked', person);
    const proof = { confirmation_password: person.confirmation_password ?? '' };
    page = await withCode(person, (otp) => ask(() => browser.submit(check, { ...proof, otp })));
    if (page.screen !== 'SLF042') throw stopped(`${page.status} ${page.screen} ${page.refusal ?? ''}`);
    tell('unlinked', person);
  };

  let changed = false;
  const password = async (): Promise<void> => {
    const person = demo.person('mkato99');
    if (changed) return;
    await redeem(person, await enter(demo.browser(), person, { route: 'direct' }));
    changed = true;
  };

  await scene.sql(
    `update credential set forced = true where kind = 'login'
       and account_id = (select id from account where login_name = 'mkato99')`,
  );
  const kinds = { direct, remembered, ksato82: withOtp('ksato82'), refresh, unlink };
  // Everybody has come in once before anything fails.
  for (const [name, round] of Object.entries(kinds)) {
    await round();
    served.set(name, performance.now());
  }
  const began = performance.now();
  const walks = [
    ...Object.entries(kinds).map(([name, round]) => walk(name, name === 'refresh' ? 100 : 250, round)),
    walk('password', 400, password),
  ];
  await sleep(300);

  return {
    told,
    tried,
    seen,
    problems,
    slowest: () => slowest,
    async untilAllServed(since) {
      for (;;) {
        const late = Object.keys(kinds).filter((name) => (served.get(name) ?? 0) <= since);
        if (late.length === 0 && changed) return (Math.max(...served.values(), since) - since) / 1000;
        if (performance.now() - since > 30_000)
          throw new Error(
            `not served again: ${late.join(', ')}; seen ${JSON.stringify([...seen])}; ${problems.join('; ')}`,
          );
        await sleep(25);
      }
    },
    async untilSeen(what, times = 1) {
      for (;;) {
        const found = [...seen].filter(([name]) => what.test(name)).reduce((sum, [, n]) => sum + n, 0);
        if (found >= times) return;
        if (performance.now() - began > 30_000)
          throw new Error(`nobody saw ${what}: ${JSON.stringify([...seen])}; ${problems.join('; ')}`);
        await sleep(25);
      }
    },
    async stop() {
      running = false;
      await Promise.all(walks);
    },
  };
}
