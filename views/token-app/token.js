// APP005 and APP006: a token's name, and its end on this telephone.
import { nameOf } from './code-card.js';
import { draw, make } from './dom.js';
import { field, form, submit, summaryOf, textOf } from './form.js';
import { button } from './frame.js';
import { dateOf, say } from './words.js';

/** @import { App, Drawn } from './app.js' */
/** @import { Token } from './memory.js' */
/** @import { Mistake } from './form.js' */

/**
 * @param {App} app
 * @param {string} id
 */
const find = async ({ memory }, id) => (await memory.tokens()).find((token) => token.id === id);

/** @param {...readonly [string, string]} facts */
const list = (...facts) =>
  make(
    'dl',
    { class: 'facts' },
    ...facts.map(([term, text]) => make('div', {}, make('dt', {}, term), make('dd', {}, text))),
  );

/** The sign of what cannot be undone. */
const sign = () =>
  draw(
    'svg',
    { 'class': 'icon', 'viewBox': '0 0 24 24', 'aria-hidden': 'true', 'focusable': 'false' },
    draw('path', { d: 'M12 2 1 21h22L12 2Zm-1 7h2v6h-2V9Zm0 8h2v2h-2v-2Z', fill: 'currentColor' }),
  );

/** @param {Token} token */
const userOf = ({ userId }) => say('codes.ending', { last4: userId.slice(-4) });

/**
 * APP005.
 * @param {App} app
 * @param {string} id
 * @returns {Promise<Drawn | null>}
 */
export async function token(app, id) {
  const found = await find(app, id);
  return found ? settings(app, found, []) : app.go('#/');
}

/**
 * @param {App} app
 * @param {Token} found
 * @param {readonly Mistake[]} mistakes
 * @returns {Drawn}
 */
function settings(app, found, mistakes) {
  return {
    screen: {
      id: 'APP005',
      title: say('token.title'),
      ...(mistakes.length === 0 ? {} : { refusal: 'form' }),
      summary: summaryOf(mistakes, 'APP005'),
      content: [
        list(
          [say('token.service'), `${nameOf({ ...found, name: '' })} (${say('service_id')} ${found.serviceId})`],
          [say('user_id'), userOf(found)],
          [say('token.added'), dateOf(found.addedAt)],
        ),
        form(
          (data) => void rename(app, found, textOf(data, 'token_name').trim()),
          field('token_name', { value: found.name, mistakes }),
          submit(say('token.save')),
          make(
            'div',
            { class: 'ways' },
            button(say('token.delete'), 'other', () => app.go(`#/delete/${found.id}`)),
            button(say('back'), 'other', () => app.go('#/')),
          ),
        ),
      ],
    },
  };
}

/**
 * @param {App} app
 * @param {Token} found
 * @param {string} name
 * @returns {Promise<unknown>}
 */
async function rename(app, found, name) {
  if ([...name].length > 40)
    return app.draw(settings(app, { ...found, name }, [{ field: 'token_name', text: say('token_name.form') }]));
  await app.memory.change(found.id, { name });
  return app.go('#/');
}

/**
 * APP006.
 * @param {App} app
 * @param {string} id
 * @returns {Promise<Drawn | null>}
 */
export async function remove(app, id) {
  const found = await find(app, id);
  if (!found) return app.go('#/');
  return {
    screen: {
      id: 'APP006',
      title: say('delete.title'),
      content: [
        make('div', { class: 'box box-danger' }, sign(), make('p', {}, say('delete.warning'))),
        list([say('delete.token'), nameOf(found)], [say('user_id'), userOf(found)]),
        form(
          () => void app.memory.forget(found.id).then(() => app.go('#/')),
          submit(say('delete.act'), 'danger'),
          make(
            'div',
            { class: 'ways' },
            button(say('back'), 'other', () => app.go(`#/token/${found.id}`)),
          ),
        ),
      ],
    },
  };
}
