// Fields of the app's forms (screens.md §3 rows 4 to 8): label, 要否, hint, input, error, tied together; and the summary of
// what is to be corrected.
import { alertBox } from './frame.js';
import { byId, make } from './dom.js';
import { say } from './words.js';

/** @typedef {'service_id' | 'user_id' | 'activation_password' | 'token_name'} FieldName */
/** @typedef {{ readonly field: FieldName | null, readonly text: string }} Mistake */

const manners = {
  service_id: { class: 'input input-number', inputmode: 'numeric', type: 'text' },
  user_id: { class: 'input input-id', inputmode: 'text', type: 'text', autocapitalize: 'characters' },
  activation_password: { class: 'input input-secret', inputmode: 'numeric', type: 'password' },
  token_name: { class: 'input input-text', inputmode: 'text', type: 'text', autocapitalize: 'sentences' },
};

/**
 * @param {FieldName} name
 * @param {{ readonly value?: string, readonly mistakes: readonly Mistake[] }} state
 */
export function field(name, { value, mistakes }) {
  const own = mistakes.filter((mistake) => mistake.field === name);
  const wrong = own.length > 0;
  const required = name !== 'token_name';
  const input = make('input', {
    'id': name,
    name,
    'autocomplete': 'off',
    'autocapitalize': 'none',
    'spellcheck': 'false',
    ...manners[name],
    required,
    'aria-invalid': wrong ? 'true' : null,
    'aria-describedby': [`${name}-hint`, wrong ? `${name}-error` : ''].join(' ').trim(),
  });
  input.value = value ?? '';
  return make(
    'div',
    { class: wrong ? 'field field-wrong' : 'field' },
    make(
      'p',
      { class: 'label' },
      make('label', { for: name }, say(name)),
      ' ',
      make('span', { class: required ? 'need need-required' : 'need' }, say(required ? 'required' : 'optional')),
    ),
    make('p', { class: 'hint', id: `${name}-hint` }, say(`${name}.hint`)),
    input,
    name === 'activation_password' && toggle(input),
    wrong && make('p', { class: 'field-error', id: `${name}-error` }, ...own.map(({ text }) => make('span', {}, text))),
  );
}

/** @param {HTMLInputElement} input */
function toggle(input) {
  const control = make('button', { type: 'button', class: 'toggle' });
  const name = () => {
    const word = say(input.type === 'password' ? 'show' : 'hide');
    control.textContent = word;
    control.setAttribute('aria-label', `${say('activation_password')} ${word}`);
  };
  control.addEventListener('click', () => {
    input.type = input.type === 'password' ? 'text' : 'password';
    name();
  });
  name();
  return control;
}

/**
 * @param {readonly Mistake[]} mistakes
 * @param {string} screen
 * @param {string} reference お問い合わせ番号, where the service answered; '' where it was not asked
 */
export function summaryOf(mistakes, screen, reference = '') {
  if (mistakes.length === 0) return null;
  return alertBox(
    make('h2', {}, say('form.title')),
    make(
      'ul',
      {},
      ...mistakes.map(({ field: name, text }) =>
        make(
          'li',
          {},
          name === null
            ? text
            : make(
                'a',
                {
                  href: `#${name}`,
                  click: (event) => {
                    event.preventDefault();
                    byId(name).focus();
                  },
                },
                text,
              ),
        ),
      ),
    ),
    reference !== '' && make('p', { class: 'reference' }, say('form.ref', { ref: reference, screen })),
  );
}

/**
 * A form that these scripts alone read: it is never sent by the browser.
 * @param {(form: FormData) => void} act
 * @param {...import('./dom.js').Child} children
 */
export const form = (act, ...children) => {
  const element = make('form', { class: 'form', method: 'post', novalidate: true }, ...children);
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    act(new FormData(element));
  });
  return element;
};

/** @param {string} label */
export const submit = (label, look = 'main') =>
  make('div', { class: 'act' }, make('button', { type: 'submit', class: `button button-${look}` }, label));

/**
 * As the service reads it: any width, without spaces and hyphens.
 * @param {string} typed
 */
export const plain = (typed) =>
  typed.normalize('NFKC').replace(/[\s\u200B\u2060\p{Pd}\u2212\u00AD\u2043\u30FC\u2500\u2501]/gu, '');

/**
 * @param {FormData} data
 * @param {string} name
 */
export const textOf = (data, name) => {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
};
