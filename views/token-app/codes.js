// APP001: every token with its code, and what a person should know meanwhile: no network, a wrong clock, a browser that may
// clear everything.
import { cardOf } from './code-card.js';
import { make } from './dom.js';
import { banner, button } from './frame.js';
import { install, isInstalled, wayToInstall } from './install.js';
import { say } from './words.js';

/** @import { App, Drawn } from './app.js' */

/**
 * @param {App} app
 * @returns {Promise<Drawn>}
 */
export async function codes(app) {
  const tokens = await app.memory.tokens();
  const cards = tokens.map((token) =>
    cardOf(token, {
      used: () => void app.memory.change(token.id, { usedAt: Date.now() }).catch(() => {}),
      settings: true,
    }),
  );
  const notices = noticesOf(app);
  const empty = tokens.length === 0;
  return {
    screen: {
      id: 'APP001',
      title: say('codes.title'),
      content: [
        notices.element,
        // What comes first: without tokens the home screen, with them their codes.
        empty && notices.advice,
        empty && make('p', { class: 'empty' }, say('codes.empty')),
        !empty && make('div', { class: 'tokens' }, ...cards.map(({ element }) => element)),
        make('a', { class: `button button-${empty ? 'main' : 'other'}`, href: '#/add' }, say('codes.add')),
        !empty && notices.advice,
      ],
    },
    async tick(now) {
      notices.tick();
      await Promise.all(cards.map((card) => card.tick(now)));
    },
  };
}

/** @param {App} app */
function noticesOf({ clock }) {
  const element = make('div', { class: 'banners' });
  const advice = make('div', { class: 'banners' });
  let shown = '';
  return {
    element,
    advice,
    tick() {
      const off = clock.wrongBy();
      const state = JSON.stringify([clock.reached(), off, isInstalled(), wayToInstall()]);
      if (state === shown) return;
      shown = state;
      element.replaceChildren(
        ...[
          off === null
            ? null
            : banner(
                'important',
                say('codes.clock', { n: off }),
                make('p', {}, make('a', { href: '#/clock' }, say('codes.clockHow'))),
              ),
          clock.reached() ? null : make('p', { class: 'offline' }, say('codes.offline')),
        ].filter((each) => each !== null),
      );
      advice.replaceChildren(...[installNotice()].filter((each) => each !== null));
    },
  };
}

/** Insists on the home screen and says why; null once the app stands there. */
export function installNotice() {
  if (isInstalled()) return null;
  const way = wayToInstall();
  return banner(
    'warning',
    make('strong', {}, say('install.title')),
    make('p', {}, say('install.why')),
    way === 'offer'
      ? make(
          'p',
          {},
          button(say('install.act'), 'other', () => void install()),
        )
      : make('p', {}, say(way === 'ios' ? 'install.ios' : 'install.menu')),
  );
}
