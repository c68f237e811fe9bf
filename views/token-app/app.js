// The token app: opens what the telephone remembers, shows the screen that the address names, and keeps codes and clock up to
// date while somebody looks. Screens know each other by address alone.
import { add } from './add.js';
import { added } from './added.js';
import { startClock } from './clock.js';
import { codes } from './codes.js';
import { byId } from './dom.js';
import { alertBox, show, showFrame } from './frame.js';
import { keepOffline, lookForRelease, persist, watchInstallation } from './install.js';
import { CannotKeep, openMemory } from './memory.js';
import { clock as clockNote, full, help, storage } from './notes.js';
import { remove, token } from './token.js';
import { say, speak } from './words.js';

/** @import { Clock } from './clock.js' */
/** @import { Screen } from './frame.js' */
/** @import { Memory } from './memory.js' */
/**
 * @typedef {object} Drawn
 * @property {Screen} screen
 * @property {(now: number) => Promise<void>} [tick] brings it up to date, twice a second
 * @property {() => void} [leave] another screen takes its place
 */
/**
 * @typedef {object} App
 * @property {Memory} memory
 * @property {Clock} clock
 * @property {(path: string) => null} go
 * @property {(drawn: Drawn) => void} draw shows a screen that has no address of its own
 * @property {() => string} cameFrom the address before this one
 */

/** @type {Readonly<Record<string, (app: App, id: string) => Promise<Drawn | null>>>} */
const screens = { '': codes, add, added, token, 'delete': remove, 'clock': clockNote, full, help };

/** Nonces are of no use once their issue has lapsed; longer than any bank lets it wait. */
const pendingLife = 30 * 86_400_000;

/** @type {Drawn | null} */
let present = null;
let drawn = 0;
let [here, before] = ['#/', '#/'];

/**
 * @param {Drawn} next
 * @param {Clock | null} clock
 * @param {boolean} moveFocus
 */
function put(next, clock, moveFocus) {
  drawn += 1;
  present?.leave?.();
  present = next;
  show(next.screen, moveFocus);
  if (clock) void next.tick?.(clock.now());
}

/** @param {string} path */
function go(path) {
  // Forms and results have no place to go back to.
  if (/^#\/(added|full|clock)/.test(path) || here.startsWith('#/added')) location.replace(path);
  else location.hash = path;
  return null;
}

/**
 * @param {App} app
 * @param {boolean} moveFocus
 */
async function follow(app, moveFocus) {
  const path = location.hash.startsWith('#/') ? location.hash : '#/';
  if (path !== here) [before, here] = [here, path];
  const [, name = '', id = ''] = path.split('/');
  const turn = (drawn += 1);
  try {
    const next = await (screens[name] ?? codes)(app, id);
    if (next && turn === drawn) put(next, app.clock, moveFocus);
  } catch (error) {
    if (error instanceof CannotKeep) put(storage(reopening, 'APP001'), null, moveFocus);
    else throw error;
  }
}

/** Where nothing can be kept, the way back is to try once more. */
const reopening = {
  go: () => {
    location.reload();
    return null;
  },
};

/** @returns {Promise<Memory | null>} */
async function remembered() {
  try {
    return await openMemory();
  } catch (error) {
    if (error instanceof CannotKeep) return null;
    throw error;
  }
}

async function start() {
  const memory = await remembered();
  speak(await memory?.setting('language'));
  const clock = await startClock(memory);
  /** @type {App | null} */
  const app = memory && {
    memory,
    clock,
    go,
    draw: (next) => put(next, clock, true),
    cameFrom: () => (before === here ? '#/' : before),
  };
  /** @param {boolean} moveFocus */
  const redraw = async (moveFocus) => {
    if (app) await follow(app, moveFocus);
    else put(storage(reopening, 'APP001'), null, moveFocus);
  };
  /** @param {unknown} chosen */
  const choose = async (chosen) => {
    const language = speak(chosen);
    showFrame((next) => void choose(next));
    await redraw(false);
    await memory?.set('language', language).catch(() => {});
  };
  showFrame((next) => void choose(next));
  await redraw(false);

  addEventListener('hashchange', () => void redraw(true));
  const check = () => void clock.check();
  addEventListener('online', check);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    check();
    void lookForRelease();
    tick();
  });
  const tick = () => {
    if (!document.hidden) void present?.tick?.(clock.now());
  };
  setInterval(tick, 500);
  // The demo's clock is moved by hand; a telephone's seldom.
  setInterval(check, document.documentElement.dataset['environment'] === 'demo' ? 5_000 : 300_000);
  check();
  watchInstallation(tick);
  void keepOffline();
  if (!memory) return;
  await memory.forgetPending(Date.now() - pendingLife).catch(() => {});
  if ((await memory.tokens()).length > 0) await persist();
}

// What nobody foresaw is told, whatever screen it left behind.
addEventListener('unhandledrejection', () => byId('main').prepend(alertBox(say('unexpected'))));

void start();
