// The frame around every screen (screens.md §3): header with language, main with 画面ID and title, footer with the desk. The
// same order on every screen; what a screen says stands in main alone.
import { byId, make } from './dom.js';
import { brand, language, say } from './words.js';

/** @import { Child } from './dom.js' */
/** @import { Language } from './words.js' */
/**
 * @typedef {object} Screen
 * @property {string} id 画面ID
 * @property {string} title
 * @property {string} [refusal] why it was refused (`data-refusal`)
 * @property {string} [error] what is told first, in a box that takes the focus
 * @property {Child} [summary] the same as an element
 * @property {readonly Child[]} content
 */

// Addresses of the form #/… are the screens': what leads to a place on one goes there by hand.
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});

/** @param {(chosen: Language) => void} choose */
export function showFrame(choose) {
  byId('skip').textContent = say('skip');
  /** @param {Language} value @param {string} word */
  const choice = (value, word) =>
    make(
      'button',
      {
        'type': 'button',
        'lang': value,
        'aria-current': language() === value ? 'true' : null,
        'click': () => choose(value),
      },
      word,
    );
  const demo = document.documentElement.dataset['environment'] === 'demo';
  byId('header').replaceChildren(
    make(
      'div',
      { class: 'header-row' },
      make('p', { class: 'brand' }, brand('web')),
      make(
        'div',
        { 'class': 'language', 'role': 'group', 'aria-label': say('language') },
        choice('ja', '日本語'),
        choice('en', 'English'),
      ),
    ),
    ...(demo ? [make('p', { class: 'environment' }, make('strong', {}, say('demo')), ' ', say('demo.note'))] : []),
  );
}

/**
 * Shows a screen in place of the one before. The focus goes to its title, so that it is read out; to the error box if there
 * is one.
 * @param {Screen} screen
 * @param {boolean} moveFocus false where the person did nothing that leads here
 */
export function show({ id, title, refusal, summary, content }, moveFocus = true) {
  const main = byId('main');
  main.dataset['screen'] = id;
  if (refusal === undefined) delete main.dataset['refusal'];
  else main.dataset['refusal'] = refusal;
  const heading = make('h1', { tabindex: '-1' }, title);
  main.replaceChildren(
    make('p', { class: 'screen-id' }, say('screen', { screen: id })),
    heading,
    ...[summary, ...content].filter((child) => child instanceof Node),
  );
  document.title = `${summary ? say('error') : ''}${title} - ${brand('web')}`;
  const { desk, hours } = { desk: brand('desk'), hours: brand('hours') };
  byId('footer').replaceChildren(
    make(
      'div',
      { class: 'footer-help' },
      make('p', {}, make('a', { href: '#/help', class: 'footer-link' }, say('help'))),
      make(
        'p',
        {},
        say('desk', { desk, phone: document.documentElement.dataset['phone'] ?? '' }),
        make('br', {}),
        say('hours', { hours }),
      ),
    ),
    make('p', { class: 'footer-page' }, say('screen', { screen: id })),
  );
  if (!moveFocus) return;
  scrollTo(0, 0);
  (summary instanceof HTMLElement ? summary : heading).focus({ preventScroll: !summary });
}

/**
 * A box that is told at once.
 * @param {readonly Child[]} content
 */
export const alertBox = (...content) =>
  make('div', { class: 'summary', role: 'alert', tabindex: '-1', id: 'summary' }, ...content);

/**
 * @param {'warning' | 'important'} kind
 * @param {...Child} content
 */
export const banner = (kind, ...content) =>
  make(
    'div',
    { class: `banner banner-${kind}` },
    make(
      'div',
      {},
      make('p', {}, make('strong', { class: 'kind' }, say(kind)), ' ', content[0] ?? ''),
      ...content.slice(1),
    ),
  );

/**
 * @param {string} label
 * @param {string} look
 * @param {() => void} act
 */
export const button = (label, look, act) =>
  make('button', { type: 'button', class: `button button-${look}`, click: act }, label);
