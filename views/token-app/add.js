// APP002 and APP003: a token is asked for. The nonce is kept before it is sent, so that a lost answer is asked for again as if
// for the first time; the activation password is kept nowhere.
import { keep } from './added.js';
import { installNotice } from './codes.js';
import { make } from './dom.js';
import { field, form, plain, submit, summaryOf, textOf } from './form.js';
import { alertBox, button } from './frame.js';
import { wayToInstall } from './install.js';
import { CannotKeep, mostTokens } from './memory.js';
import { storage } from './notes.js';
import { activate } from './service.js';
import { say, timeOf } from './words.js';

/** @import { App, Drawn } from './app.js' */
/** @import { Mistake } from './form.js' */
/** @import { Answer } from './service.js' */
/** @typedef {{ readonly service_id: string, readonly user_id: string, readonly activation_password: string }} Asked */

/** What was typed stays while the app is open; the password does not. */
const draft = { service_id: '', user_id: '', token_name: '' };

/** The advice about the clock was given: it is not repeated at every press. */
let advised = false;

/**
 * APP002.
 * @param {App} app
 * @returns {Promise<Drawn | null>}
 */
export async function add(app) {
  if ((await app.memory.tokens()).length >= mostTokens) return app.go('#/full');
  if (clockIsWrong(app)) return app.go('#/clock');
  return asking(app, {});
}

/** @param {App} app */
function clockIsWrong({ clock }) {
  if (clock.wrongBy() === null || advised) return false;
  advised = true;
  return true;
}

/**
 * @param {App} app
 * @param {{ readonly mistakes?: readonly Mistake[], readonly reference?: string, readonly refusal?: string, readonly note?: string }} told
 * @returns {Drawn}
 */
function asking(app, { mistakes = [], reference = '', refusal, note }) {
  const state = { mistakes };
  const asked = form(
    (data) => void sent(app, data),
    field('service_id', { ...state, value: draft.service_id }),
    field('user_id', { ...state, value: draft.user_id }),
    field('activation_password', state),
    field('token_name', { ...state, value: draft.token_name }),
    submit(say('add.send')),
    make(
      'div',
      { class: 'ways' },
      button(say('back'), 'other', () => app.go('#/')),
    ),
  );
  asked.addEventListener('input', () => remember(new FormData(asked)));
  return {
    screen: {
      id: 'APP002',
      title: say('add.title'),
      ...(mistakes.length === 0 ? {} : { refusal: refusal ?? 'form' }),
      summary: summaryOf(mistakes, 'APP002', reference),
      content: [
        note !== undefined && make('p', { class: 'box', role: 'status' }, note),
        make('p', { class: 'lead' }, say('add.lead')),
        // There alone the app on the home screen begins without the browser's tokens.
        wayToInstall() === 'ios' && installNotice(),
        asked,
      ],
    },
  };
}

/** @param {FormData} data */
function remember(data) {
  draft.service_id = textOf(data, 'service_id');
  draft.user_id = textOf(data, 'user_id');
  draft.token_name = textOf(data, 'token_name').trim();
}

/** What is well formed; the same forms as the service's. */
const forms = {
  service_id: /^[0-9]{4,12}$/,
  user_id: /^[0-9A-Z]{12}$/,
  activation_password: /^[0-9]{4,8}$/,
};

/**
 * @param {App} app
 * @param {FormData} data
 */
async function sent(app, data) {
  remember(data);
  const asked = {
    service_id: plain(draft.service_id),
    user_id: plain(draft.user_id).toUpperCase(),
    activation_password: plain(textOf(data, 'activation_password')),
  };
  const names = /** @type {const} */ (['service_id', 'user_id', 'activation_password']);
  /** @type {Mistake[]} */
  const mistakes = names
    .filter((name) => !forms[name].test(asked[name]))
    .map((name) => ({
      field: name,
      text: asked[name] === '' ? say('form.required', { label: say(name) }) : say(`${name}.form`),
    }));
  if ([...draft.token_name].length > 40) mistakes.push({ field: 'token_name', text: say('token_name.form') });
  if (mistakes.length > 0) return app.draw(asking(app, { mistakes }));
  await app.clock.check();
  if (clockIsWrong(app)) return app.go('#/clock');
  return send(app, asked);
}

/**
 * APP003: asks, and shows what became of it. Leaving the screen ends the request; its nonce stays.
 * @param {App} app
 * @param {Asked} asked
 * @returns {Promise<void>}
 */
async function send(app, asked) {
  const pair = `${asked.service_id} ${asked.user_id}`;
  try {
    const nonce = await app.memory.nonceFor(pair, Date.now());
    const stop = new AbortController();
    app.draw(sending(app, stop));
    const answer = await activate({ ...asked, nonce }, stop);
    if (answer.verdict === 'granted') {
      const id = await keep(app, answer.granted, draft.token_name, pair);
      Object.assign(draft, { service_id: '', user_id: '', token_name: '' });
      app.go(`#/added/${id}`);
    } else if (!stop.signal.aborted || answer.verdict === 'away') app.draw(refused(app, asked, answer));
  } catch (error) {
    if (!(error instanceof CannotKeep)) throw error;
    app.draw(storage(app, 'APP002'));
  }
}

/**
 * @param {App} app
 * @param {AbortController} stop
 * @returns {Drawn}
 */
const sending = (app, stop) => ({
  screen: {
    id: 'APP003',
    title: say('sending.title'),
    content: [
      make('p', { class: 'lead', role: 'status' }, say('sending.lead')),
      make('progress', { 'class': 'progress-bar', 'aria-label': say('sending.progress') }),
      make(
        'div',
        { class: 'ways' },
        button(say('sending.stop'), 'other', () => app.draw(asking(app, { note: say('add.stopped') }))),
      ),
    ],
  },
  leave: () => stop.abort(),
});

/**
 * @param {App} app
 * @param {Asked} asked
 * @param {Exclude<Answer, { readonly verdict: 'granted' }>} answer
 * @returns {Drawn}
 */
function refused(app, asked, answer) {
  if (answer.verdict === 'mismatch')
    return asking(app, {
      mistakes: [{ field: null, text: say('activate.mismatch') }],
      reference: answer.reference,
      refusal: 'credentials',
    });
  if (answer.verdict === 'form') {
    const names = /** @type {const} */ (['service_id', 'user_id', 'activation_password']);
    const mistakes = names
      .filter((name) => answer.fields.includes(name))
      .map((name) => ({ field: name, text: say(`${name}.form`) }));
    // What the app itself sends wrong is nobody's mistake.
    if (mistakes.length > 0) return asking(app, { mistakes, reference: answer.reference });
  }
  if (answer.verdict === 'too-many') {
    const at = timeOf(app.clock.now() + answer.seconds * 1000);
    const mistakes = [{ field: null, text: say('activate.busy', { at }) }];
    return asking(app, { mistakes, reference: answer.reference, refusal: 'too-many' });
  }
  return {
    screen: {
      id: 'APP003',
      title: say('sending.title'),
      refusal: 'unavailable',
      summary: alertBox(make('p', {}, say('sending.away'))),
      content: [
        make('p', {}, say('sending.same')),
        make(
          'div',
          { class: 'ways' },
          button(say('sending.again'), 'main', () => void send(app, asked)),
          button(say('sending.stop'), 'other', () => app.draw(asking(app, { note: say('add.stopped') }))),
        ),
      ],
    },
  };
}
