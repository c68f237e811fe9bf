// One token with its code: six digits in two groups, a ring that empties, and the seconds in words. The digits change in
// silence; whoever wants to hear them presses a button.
import { draw, make } from './dom.js';
import { codeAt, secondsLeft, stepAt } from './totp.js';
import { brand, language, say } from './words.js';

/** @import { Token } from './memory.js' */
/**
 * @typedef {object} Card
 * @property {HTMLElement} element
 * @property {(now: number) => Promise<void>} tick
 */

/** @param {Pick<Token, 'name' | 'service'>} token */
export const nameOf = ({ name, service }) => name || service[language()] || brand('web');

/** @param {string} code */
const inGroups = (code) => [code.slice(0, Math.floor(code.length / 2)), code.slice(Math.floor(code.length / 2))];

/** What was just done, for eyes and screen readers; it stays until the next. */
function statusLine() {
  const element = make('p', { class: 'status', role: 'status' });
  return {
    element,
    /** @param {string} text */
    tell: (text) => {
      // The same words twice would be no change to a screen reader.
      element.replaceChildren();
      requestAnimationFrame(() => element.replaceChildren(text));
    },
  };
}

/**
 * @param {Token} token
 * @param {{ readonly used: () => void, readonly settings: boolean }} ways `used` notes that the token is in use
 * @returns {Card}
 */
export function cardOf(token, { used, settings }) {
  const { element: status, tell } = statusLine();
  const digits = make('p', { 'class': 'digits', 'aria-live': 'off' });
  const left = make('p', { 'class': 'left', 'aria-live': 'off' });
  const rest = draw('circle', { class: 'ring-rest', cx: '20', cy: '20', r: '15.9155', pathLength: '100' });
  const ring = draw(
    'svg',
    { 'class': 'ring', 'viewBox': '0 0 40 40', 'aria-hidden': 'true', 'focusable': 'false' },
    draw('circle', { class: 'ring-whole', cx: '20', cy: '20', r: '15.9155' }),
    rest,
  );
  let code = '';
  let shown = -1;
  let told = -1;

  const name = nameOf(token);
  // Two may bear the same name.
  const spoken = `${name} ${say('codes.ending', { last4: token.userId.slice(-4) })}`;
  const copy = async () => {
    used();
    try {
      await navigator.clipboard.writeText(code);
      tell(say('codes.copied'));
    } catch {
      tell(say('codes.notCopied'));
    }
  };
  const read = () => {
    used();
    tell(say('codes.reading', { name, digits: [...code].join(' '), left: left.textContent ?? '' }));
  };
  /** @param {string} word @param {() => void} act */
  const way = (word, act) =>
    make(
      'button',
      { 'type': 'button', 'class': 'button-small', 'click': act, 'aria-label': `${spoken} ${word}` },
      word,
    );

  return {
    element: make(
      'section',
      { 'class': 'token', 'aria-label': spoken },
      make('h2', { class: 'token-name' }, name),
      make('p', { class: 'token-user' }, say('codes.user', { last4: token.userId.slice(-4) })),
      make('div', { class: 'token-code' }, digits, make('div', { class: 'countdown' }, ring, left)),
      make(
        'div',
        { class: 'token-ways' },
        way(say('codes.copy'), () => void copy()),
        way(say('codes.read'), read),
        settings &&
          make(
            'a',
            {
              'class': 'button-small',
              'href': `#/token/${token.id}`,
              'aria-label': `${spoken} ${say('codes.settings')}`,
            },
            say('codes.settings'),
          ),
      ),
      status,
    ),
    async tick(now) {
      const step = stepAt(now, token.period);
      if (step !== shown) {
        shown = step;
        const next = await codeAt(token, step);
        // A later step may have been asked for while this one was computed.
        if (step !== shown) return;
        code = next;
        digits.replaceChildren(...inGroups(code).flatMap((group) => [make('span', {}, group), ' ']));
      }
      const seconds = secondsLeft(now, token.period);
      if (seconds === told) return;
      told = seconds;
      left.textContent = say('codes.left', { s: seconds });
      rest.setAttribute('stroke-dasharray', `${(seconds / token.period) * 100} 100`);
    },
  };
}
