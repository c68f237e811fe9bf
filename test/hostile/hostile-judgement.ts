// What every misbehaviour has to end in, as the browser, the portal, the tables, the audit and the log see it.
import { expect } from 'chai';
import { evidenceTable } from '../support/evidence-table.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { portalState, soon } from '../support/walks.ts';
import { aWhile, comesIn, honest, inBoth, type Row, walk, type Which, type World } from './hostile-scene.ts';

export interface Outcome {
  readonly screen: 'REF001' | 'REF012' | 'REF013' | 'REF014';
  readonly status: number;
  readonly refusal: string;
  /** The audit record's event; null: what anybody can call at will writes none. */
  readonly event: string | null;
}

export const refusedOutcome: Outcome = {
  screen: 'REF013',
  status: 403,
  refusal: 'upstream-refused',
  event: 'upstream.refused',
};
export const downOutcome: Outcome = { screen: 'REF014', status: 503, refusal: 'upstream-down', event: 'upstream.down' };
export const cancelledOutcome: Outcome = {
  screen: 'REF012',
  status: 200,
  refusal: 'upstream-refused',
  event: 'upstream.cancelled',
};
/** A state that nobody has, or no longer. */
export const lostOutcome: Outcome = { screen: 'REF001', status: 410, refusal: 'start-over', event: null };
/** A state of ours that came back where it does not belong. */
export const strayOutcome: Outcome = { ...lostOutcome, event: 'upstream.refused' };

const titles = {
  REF001: { ja: '手続きをもう一度始めてください', en: 'Start again' },
  REF012: { ja: 'でのログインを中止しました', en: 'cancelled' },
  REF013: { ja: 'からの情報を確認できませんでした', en: 'Could not verify' },
  REF014: { ja: 'に接続できません', en: 'Cannot reach' },
} as const;

/** Of the provider, of its tokens, or of what it was told in confidence. */
const foreign =
  /secret text|<script>|javascript:|an-access-token|eyJ[\w-]+\.|bd-0001|of-nobody|a secret|x{200}|\/elsewhere|169\.254/;

export const table = evidenceTable('hostile-upstream', [
  'misbehaviour',
  'the person sees',
  'audit record',
  'link, device, login',
]);

/**
 * Milliseconds for one walk. All requests of ours for one callback together may take five seconds; the rest is for a busy
 * machine.
 */
const inTime = 12_000;

/** What holds of a person: it may not change by anything that is refused. */
export async function standing(world: World): Promise<unknown> {
  const read = async (text: string): Promise<readonly Row[] | null> => world.sql(text);
  return [
    await read('select * from link order by id'),
    await read('select id, generation, seen, used_at, expires_at, ended_at from device order by id'),
    await read("select id from login where route = 'federated' order by id"),
    await read('select id, security_epoch from account order by id'),
  ];
}

const referenceIn = (page: Page): string =>
  /[23456789A-HJKMNP-Z]{4}-[23456789A-HJKMNP-Z]{4}/.exec(page.text())?.[0] ?? '';

/** Judges a page that refuses. Returns the audit record's reason where the tables can be read. */
export async function judge(
  world: World,
  browser: ScriptBrowser,
  page: Page,
  outcome: Outcome,
  label: string,
  {
    language = 'ja',
    log: logOf = world.demo.log,
  }: { readonly language?: 'ja' | 'en'; readonly log?: () => string } = {},
): Promise<string> {
  const { demo } = world;
  const { screen, status, refusal, event } = outcome;
  expect({ ...page, text: '' }, `${label} ${page.text()}`).to.include({ screen, status, refusal });
  expect(page.html, label).to.include(`<html lang="${language}"`);
  expect(page.text(), label).to.include(titles[screen][language]);
  expect(page.headers.get('content-security-policy'), label).to.include("default-src 'none'");
  if (status === 503) expect(Number(page.headers.get('retry-after')), label).to.be.greaterThan(0);
  const reference = referenceIn(page);
  expect(reference, `${label}: a number to give on the telephone`).not.to.equal('');
  expect(page.headers.get('x-renkei-reference'), label).to.equal(reference);
  world.refused.push({ label: `${label} (${language})`, reference, event });
  expect(page.html.replace(/<script src="[^"]*" defer(="")?><\/script>/, ''), `${label}: nothing foreign`).not.to.match(
    foreign,
  );

  expect(page.hops.filter((hop) => hop.startsWith(`${demo.portal}/callback`), label)).to.deep.equal([]);
  if (screen !== 'REF001') {
    const again = await browser.open(page.url);
    expect([again.status, referenceIn(again)], `${label}: looked at again`).to.deep.equal([status, reference]);
  }
  const log = await soon(
    async () => logOf(),
    (lines) => lines.includes(reference),
  );
  expect(log, `${label}: the number stands in the log`).to.include(reference);
  for (const hop of page.hops) {
    const query = new URL(hop).searchParams;
    for (const name of ['state', 'code', 'nonce', 'code_challenge']) {
      const value = query.get(name);
      if (value !== null && value.length > 20)
        expect(log.includes(value), `${label}: ${name} in the log`).to.equal(false);
    }
  }
  return reasonUnder(world, reference, event, label);
}

async function reasonUnder(world: World, reference: string, event: string | null, label: string): Promise<string> {
  const rows = await world.sql('select event, body from audit where reference = $1', [reference]);
  if (rows === null) return '';
  expect(
    rows.map((row) => row['event']),
    `${label}: one audit record`,
  ).to.deep.equal(event === null ? [] : [event]);
  return event === null ? '' : reasonIn(String(rows[0]?.['body']), label);
}

/** The word of the check, and nothing of anybody's making. */
export function reasonIn(body: string, label: string): string {
  const told: { data: { reason: string } } = JSON.parse(body);
  expect(body, label).not.to.match(foreign);
  expect(told.data.reason, label).to.match(/^[\x20-\x7e]{5,200}$/);
  return told.data.reason;
}

/** Nobody is signed in here: not at the portal, not in our own pages. */
export async function nobodyIn(world: World, browser: ScriptBrowser, label: string): Promise<void> {
  expect((await portalState(world.demo, browser)).signedIn, label).to.equal(false);
  expect((await browser.open(`${world.demo.gateway}/self-service`)).screen, label).to.equal('LGN001');
}

export const seen = ({ screen, refusal, status }: Outcome): string => `${screen} \`${refusal}\` ${status}`;
export const recorded = ({ event }: Outcome, reason: string): string =>
  event === null ? 'none: the log alone' : `\`${event}\`: ${reason}`;
export const nothing = 'nothing changed; an honest login afterwards came in';

/**
 * One misbehaviour, whole: in both worlds in Japanese from the portal, on real stores also in English from our own pages;
 * then an honest login.
 */
export async function misbehaves(
  name: string,
  outcome: Outcome,
  set: (world: World) => void | Promise<void>,
  options: {
    readonly which?: Which;
    /** Seconds that pass before. */
    readonly age?: number;
    readonly meanwhile?: (world: World) => Promise<unknown>;
  } = {},
): Promise<void> {
  const { which = 'bank', age = aWhile } = options;
  const reasons = await inBoth(async (world) => {
    await world.pass(age);
    const before = await standing(world);
    await set(world);
    const refused = async (from: 'portal' | 'own', language: 'ja' | 'en'): Promise<string> => {
      const browser = world.browser(language);
      const began = performance.now();
      const page = await walk(world, browser, { from, which });
      expect(performance.now() - began, `${name}: in time`).to.be.lessThan(inTime);
      const reason = await judge(world, browser, page, outcome, name, { language });
      await nobodyIn(world, browser, name);
      return reason;
    };
    const inEnglish = world.name === 'real' ? refused('own', 'en') : null;
    const [ja, en] = await Promise.all([refused('portal', 'ja'), inEnglish, options.meanwhile?.(world)]).finally(() =>
      honest(world.bank, world.second, world.person),
    );
    expect(world.bank.requests.concat(world.second.requests), name).not.to.include('/elsewhere');
    expect(await standing(world), `${name}: nothing changed`).to.deep.equal(before);
    if (en !== null) expect(en, name).to.equal(ja);
    await comesIn(world, which);
    return ja;
  });
  table.row([`\`${name}\``, seen(outcome), recorded(outcome, reasons[0] ?? ''), nothing]);
}
