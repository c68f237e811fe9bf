// APP007 to APP010: what a person has to know or to put right on the telephone itself.
import { nameOf } from './code-card.js';
import { make } from './dom.js';
import { banner, button } from './frame.js';
import { isInstalled, persist } from './install.js';
import { mostTokens } from './memory.js';
import { dateOf, say } from './words.js';

/** @import { App, Drawn } from './app.js' */
/** @import { Word } from './words.js' */

/**
 * @param {Word} heading
 * @param {...(Node | string)} content
 */
const part = (heading, ...content) => [
  make('h2', {}, say(heading)),
  ...content.map((each) => (typeof each === 'string' ? make('p', {}, each) : each)),
];

/** @param {App} app */
const back = (app) => button(say('back'), 'other', () => app.go(app.cameFrom()));

/**
 * APP007, with a clock that was measured just now.
 * @param {App} app
 * @returns {Promise<Drawn>}
 */
export async function clock(app) {
  await app.clock.check();
  const off = app.clock.wrongBy();
  const known = app.clock.reached();
  return {
    screen: {
      id: 'APP007',
      title: say('clock.title'),
      content: [
        !known
          ? make('p', { class: 'box' }, say('clock.unknown'))
          : off === null
            ? make('p', { class: 'box', role: 'status' }, say('clock.right'))
            : banner('important', say('clock.off', { n: off })),
        ...part('clock.iphone', say('clock.iphoneHow')),
        ...part('clock.android', say('clock.androidHow')),
        make(
          'div',
          { class: 'ways' },
          button(say('clock.again'), 'main', () => void clock(app).then((drawn) => app.draw(drawn))),
          back(app),
        ),
      ],
    },
  };
}

/**
 * APP008.
 * @param {App} app
 * @returns {Promise<Drawn>}
 */
export async function full(app) {
  const tokens = await app.memory.tokens();
  /** @param {{ readonly usedAt: number | null, readonly addedAt: number }} token */
  const since = ({ usedAt, addedAt }) => usedAt ?? addedAt;
  const [longest] = [...tokens].sort((one, other) => since(one) - since(other));
  return {
    screen: {
      id: 'APP008',
      title: say('full.title'),
      content: [
        make('p', { class: 'lead' }, say('full.lead', { most: mostTokens })),
        longest !== undefined &&
          make(
            'dl',
            { class: 'facts' },
            make(
              'div',
              {},
              make('dt', {}, say('full.unused')),
              make(
                'dd',
                {},
                make(
                  'a',
                  { href: `#/token/${longest.id}` },
                  say('full.since', { name: nameOf(longest), at: dateOf(since(longest)) }),
                ),
              ),
            ),
          ),
        make(
          'div',
          { class: 'ways' },
          button(say('back'), 'main', () => app.go('#/')),
        ),
      ],
    },
  };
}

/**
 * APP009.
 * @param {{ readonly go: (path: string) => null }} app
 * @param {'APP001' | 'APP002'} from where it was found out
 * @returns {Drawn}
 */
export const storage = (app, from) => ({
  screen: {
    id: 'APP009',
    title: say('storage.title'),
    refusal: 'unavailable',
    content: [
      make('p', { class: 'lead' }, say('storage.lead')),
      make(
        'ul',
        { class: 'list' },
        make('li', {}, say('storage.private')),
        make('li', {}, say('storage.blocked')),
        make('li', {}, say('storage.full')),
      ),
      from === 'APP002' && make('p', {}, say('storage.safe')),
      make(
        'div',
        { class: 'ways' },
        button(say('back'), 'main', () => app.go('#/')),
      ),
    ],
  },
});

/**
 * APP010.
 * @param {App} app
 * @returns {Promise<Drawn>}
 */
export async function help(app) {
  const safe = await persist();
  return {
    screen: {
      id: 'APP010',
      title: say('help.title'),
      content: [
        ...part('help.install', say('help.installWhy'), say('help.installIos'), say('help.installAndroid')),
        ...part('help.kept', say(safe || isInstalled() ? 'help.persisted' : 'help.notPersisted')),
        ...part('help.offline', say('help.offlineHow')),
        ...part(
          'help.clock',
          say('help.clockHow'),
          make('p', {}, make('a', { href: '#/clock' }, say('help.clockLink'))),
        ),
        ...part('help.change', say('help.changeHow')),
        ...part('help.lost', say('help.lostHow')),
        make('div', { class: 'ways' }, back(app)),
      ],
    },
  };
}
