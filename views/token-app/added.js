// APP004: what was granted becomes a key on this telephone, and the first code is shown at once.
import { cardOf } from './code-card.js';
import { make } from './dom.js';
import { button } from './frame.js';
import { persist } from './install.js';
import { importSecret } from './totp.js';
import { say } from './words.js';

/** @import { App, Drawn } from './app.js' */
/** @import { Granted } from './service.js' */

/**
 * The key is made and kept; of the secret's text nothing stays. A token that this telephone had already is renewed.
 * @param {App} app
 * @param {Granted} granted
 * @param {string} called the name it was given; '' for none
 * @param {string} pair
 * @returns {Promise<string>} the token's id
 */
export async function keep(app, granted, called, pair) {
  const key = await importSecret(granted.secret, granted.algorithm);
  const { service_id: serviceId, user_id: userId, service, algorithm, digits, period } = granted;
  const tokens = await app.memory.tokens();
  const known = tokens.find((token) => token.serviceId === serviceId && token.userId === userId);
  const id = known?.id ?? crypto.randomUUID();
  const name = called || (known?.name ?? '');
  const addedAt = known?.addedAt ?? Date.now();
  await app.memory.keep(
    { id, name, serviceId, userId, service, algorithm, digits, period, key, addedAt, usedAt: null },
    pair,
  );
  void persist();
  return id;
}

/**
 * APP004: the first code, at once.
 * @param {App} app
 * @param {string} id
 * @returns {Promise<Drawn | null>}
 */
export async function added(app, id) {
  const token = (await app.memory.tokens()).find((each) => each.id === id);
  if (!token) return app.go('#/');
  const card = cardOf(token, { used: () => {}, settings: false });
  return {
    screen: {
      id: 'APP004',
      title: say('added.title'),
      content: [
        make('p', { class: 'lead' }, say('added.lead')),
        card.element,
        make(
          'div',
          { class: 'act' },
          button(say('next'), 'main', () => app.go('#/')),
        ),
      ],
    },
    tick: card.tick,
  };
}
