// Requests of one browser, or of a thief beside it, that meet at a chosen moment: while one of them writes, the other one is
// done from beginning to end. The order is forced by a store that holds one command back.
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { memoryState } from '../../src/store/state-memory.ts';
import {
  authorize,
  back,
  type Answer,
  type Browser,
  codeFor,
  type CountedState,
  gateway,
  type Gateway,
  login,
  moveClock,
  pass,
  payload,
  redeem,
  refresh,
  restoreClock,
  signIn,
  userinfo,
  verifier,
} from './provider-harness.ts';

type Verb = 'put' | 'swap' | 'add' | 'remove';

interface Held {
  /** The command was sent, and does not reach the store. */
  readonly reached: Promise<void>;
  go(): void;
}

type HoldingState = CountedState & { hold(verb: Verb, key: string): Held };

/** A store that holds back the next command of a verb on a key. */
function holding(inner: CountedState): HoldingState {
  const waiting: { readonly verb: Verb; readonly key: string; readonly reach: () => void; gone: Promise<void> }[] = [];
  const held = async (verb: Verb, key: string): Promise<void> => {
    const index = waiting.findIndex((one) => one.verb === verb && key.includes(one.key));
    const [found] = index < 0 ? [] : waiting.splice(index, 1);
    found?.reach();
    await found?.gone;
  };
  return {
    ...inner,
    get commands() {
      return inner.commands;
    },
    async put(key, value, expiresAt) {
      await held('put', key);
      return inner.put(key, value, expiresAt);
    },
    async swap(key, before, after, expiresAt) {
      await held('swap', key);
      return inner.swap(key, before, after, expiresAt);
    },
    async add(key, value, expiresAt) {
      await held('add', key);
      return inner.add(key, value, expiresAt);
    },
    async remove(key) {
      await held('remove', key);
      return inner.remove(key);
    },
    hold(verb, key) {
      let [reach, go] = [(): void => {}, (): void => {}];
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const gone = new Promise<void>((resolve) => (go = resolve));
      waiting.push({ verb, key, reach, gone });
      return { reached, go };
    },
  };
}

describe('requests that meet in one session', () => {
  before(moveClock);
  after(restoreClock);
  const open: Gateway[] = [];
  const start = async (): Promise<{ gate: Gateway; state: HoldingState }> => {
    const state = holding(memoryState({ clock: () => Date.now() }));
    const gate = await gateway({ state });
    open.push(gate);
    return { gate, state };
  };
  afterEach(async () => {
    const unexpected = open.flatMap((gate) => gate.fakes.events.filter(({ kind }) => kind === 'unexpected'));
    await Promise.all(open.splice(0).map((gate) => gate.close()));
    expect(unexpected).to.deep.equal([]);
  });

  const sessionOf = async (who: Browser): Promise<unknown> => (await who.go('/session/now')).json()['session'];
  const cookiesOf = (gate: Gateway, who: Browser): Browser => {
    const copy = gate.browser();
    for (const [name, cookie] of who.jar) copy.jar.set(name, cookie);
    return copy;
  };
  const code = (answer: Answer): string => answer.location?.searchParams.get('code') ?? '';
  /** A browser with a session in which nobody has signed in. */
  const anonymous = async (gate: Gateway): Promise<Browser> => {
    const who = gate.browser();
    await who.go('/oidc/end-session');
    expect([...who.jar.keys()].join()).to.contain('renkei_session');
    return who;
  };

  it('the id of a session in which nobody had signed in leads nowhere after the sign-in', async () => {
    const { gate } = await start();
    const thief = await anonymous(gate);
    const victim = cookiesOf(gate, thief);
    await codeFor(gate, victim);
    expect(await sessionOf(victim)).to.include({ accountId: 'hanako' });
    expect(await sessionOf(thief)).to.equal(null);
  });

  it('nor when a request with the old id was under way meanwhile, and that one does not shorten the session', async () => {
    const { gate, state } = await start();
    const thief = await anonymous(gate);
    const victim = cookiesOf(gate, thief);
    const tab = cookiesOf(gate, thief);
    // A later second: the session's end moves, so there is something to write.
    pass(2_000);
    const hold = state.hold('swap', 'oidc:Session:');
    const underWay = authorize(thief, { client: 'beta' });
    await hold.reached;
    await codeFor(gate, victim);
    hold.go();
    const late = await underWay;
    expect(await sessionOf(thief)).to.equal(null);
    expect(await sessionOf(tab)).to.equal(null);
    expect(await sessionOf(victim)).to.include({ accountId: 'hanako' });
    // It is told to ask again, and loses no cookie by it.
    expect(late.status).to.equal(303);
    expect(late.location?.pathname).to.equal('/oidc/authorize');
    expect(late.headers.getSetCookie()).to.deep.equal([]);
  });

  it('an id that a new sign-in of the same person gave up does not come back with a request that was under way', async () => {
    const { gate, state } = await start();
    const who = gate.browser();
    await codeFor(gate, who);
    const thief = cookiesOf(gate, who);
    const page = await authorize(who, { params: { prompt: 'login' } });
    pass(2_000);
    const hold = state.hold('swap', 'oidc:Session:');
    const underWay = authorize(thief, { client: 'beta' });
    await hold.reached;
    const returned = await signIn(who, page, login(gate.fakes, 'hanako'));
    expect(code(returned)).to.not.equal('');
    hold.go();
    await underWay;
    expect(await sessionOf(thief)).to.equal(null);
    expect(await sessionOf(who)).to.include({ accountId: 'hanako' });
  });

  it('two people who sign in at once from one session that was nobody’s: one of them has it, and nothing of the other', async () => {
    const { gate, state } = await start();
    const one = await anonymous(gate);
    const other = cookiesOf(gate, one);
    const pages = [await authorize(one), await authorize(other, { client: 'beta' })] as const;
    const [hanako, taro] = [login(gate.fakes, 'hanako'), login(gate.fakes, 'taro')];
    const finished = await other.go(`${pages[1].location?.pathname}/finish?login=${taro.id}`);
    pass(2_000);
    const hold = state.hold('swap', 'oidc:Session:');
    const late = other.go(finished.location?.href ?? '');
    await hold.reached;
    const first = await signIn(one, pages[0], hanako);
    hold.go();
    const second = await late;
    expect(await sessionOf(one)).to.include({ accountId: 'hanako', loginId: hanako.id });
    expect((await redeem(gate, code(first))).status).to.equal(200);
    expect(code(second)).to.equal('');
    expect(second.headers.getSetCookie()).to.deep.equal([]);
  });

  it('one person who signs in twice at once from one session: both codes are good, and either tab is signed in', async () => {
    const { gate, state } = await start();
    const one = await anonymous(gate);
    const other = cookiesOf(gate, one);
    const pages = [await authorize(one), await authorize(other, { client: 'beta' })] as const;
    const [first, second] = [login(gate.fakes, 'hanako'), login(gate.fakes, 'hanako')];
    const finished = await other.go(`${pages[1].location?.pathname}/finish?login=${second.id}`);
    pass(2_000);
    const hold = state.hold('swap', 'oidc:Session:');
    const late = other.go(finished.location?.href ?? '');
    await hold.reached;
    const quick = await signIn(one, pages[0], first);
    hold.go();
    expect((await redeem(gate, code(quick))).status).to.equal(200);
    expect((await redeem(gate, code(await late), 'beta')).status).to.equal(200);
    expect(await sessionOf(one)).to.include({ accountId: 'hanako' });
    expect(await sessionOf(other)).to.include({ accountId: 'hanako' });
  });

  for (const client of ['alpha', 'beta']) {
    it(`a portal entered in two tabs of a live session, ${client === 'alpha' ? 'again' : 'for the first time'}: every code is good, under one sid`, async () => {
      const { gate, state } = await start();
      const who = gate.browser();
      await codeFor(gate, who);
      pass(2_000);
      const hold = state.hold('swap', 'oidc:Session:');
      const late = authorize(who, { client });
      await hold.reached;
      const quick = await authorize(who, { client });
      hold.go();
      const tokens = await Promise.all(
        [quick, await late].map(async (answer) => (await redeem(gate, code(answer), client)).json()),
      );
      const sids = tokens.map((each) => payload(each['id_token'])['sid']);
      expect(new Set(sids).size).to.equal(1);
      for (const each of tokens) expect((await userinfo(gate, each['access_token'])).status).to.equal(200);
      const told = gate.fakes.entered.filter((entry) => entry.clientId === client);
      expect(new Set(told.map(({ sid }) => sid))).to.deep.equal(new Set(sids));
    });
  }

  it('a sign-out beside a sign-in of the same session that is about to be answered: what is left names no ended login', async () => {
    const { gate, state } = await start();
    const who = gate.browser();
    const before = login(gate.fakes, 'hanako');
    await codeFor(gate, who, {}, before);
    const tab = cookiesOf(gate, who);
    const page = await authorize(who, { client: 'beta', params: { prompt: 'login' } });
    const again = login(gate.fakes, 'hanako');
    const finished = await who.go(`${page.location?.pathname}/finish?login=${again.id}`);
    pass(2_000);
    const hold = state.hold('swap', 'oidc:Session:');
    const late = who.go(finished.location?.href ?? '');
    await hold.reached;
    await tab.go('/sign-out/now');
    expect(gate.fakes.ended.has(before.id)).to.equal(true);
    // The flow ends every login of this browser; here the later one is ended by hand.
    gate.fakes.ended.add(again.id);
    hold.go();
    const answer = await late;
    expect(await sessionOf(who)).to.equal(null);
    expect((await redeem(gate, code(answer), 'beta')).json()['error']).to.equal('invalid_grant');
  });

  it('a step-up in one tab while another signs out brings no session back', async () => {
    const { gate, state } = await start();
    const who = gate.browser();
    const record = login(gate.fakes, 'hanako');
    await codeFor(gate, who, {}, record);
    const tab = cookiesOf(gate, who);
    gate.fakes.step = { to: 'page', slug: 'otp' };
    const page = await authorize(who, { client: 'strong' });
    const finished = await who.go(`${page.location?.pathname}/finish?login=${record.id}`);
    gate.fakes.step = { to: 'finish' };
    pass(2_000);
    const hold = state.hold('swap', 'oidc:Session:');
    const late = who.go(finished.location?.href ?? '');
    // The portal insists on a code; without one there is an error and no session to write.
    await Promise.race([hold.reached, late]);
    await tab.go('/sign-out/now');
    hold.go();
    await late;
    expect(await sessionOf(who)).to.equal(null);
    expect(await sessionOf(tab)).to.equal(null);
  });

  it('no answer leaves before what it tells stands: redirect, code, tokens, a refresh', async () => {
    const { gate, state } = await start();
    const who = gate.browser();
    const waits = async (held: Held, answer: Promise<Answer>): Promise<Answer> => {
      let answered = false;
      void answer.then(() => (answered = true));
      await held.reached;
      await new Promise((resolve) => setTimeout(resolve, 40));
      expect(answered, 'an answer before its record').to.equal(false);
      held.go();
      return answer;
    };
    const page = await waits(state.hold('put', 'oidc:Interaction:'), authorize(who));
    const record = login(gate.fakes, 'hanako');
    const finished = await waits(
      state.hold('put', 'oidc:Interaction:'),
      who.go(`${page.location?.pathname}/finish?login=${record.id}`),
    );
    const returned = await waits(
      state.hold('put', 'oidc:AuthorizationCode:'),
      who.go(finished.location?.href ?? '/nowhere'),
    );
    const tokens = await waits(state.hold('put', 'oidc:AccessToken:'), redeem(gate, code(returned)));
    expect(tokens.status).to.equal(200);
    const rotated = await waits(
      state.hold('swap', 'oidc:RefreshToken:'),
      refresh(gate, tokens.json()['refresh_token']),
    );
    expect(rotated.status).to.equal(200);
    // By form, too, whose page holds the code itself.
    await waits(
      state.hold('put', 'oidc:AuthorizationCode:'),
      authorize(who, { params: { response_mode: 'form_post' } }),
    );
    const out = await waits(state.hold('remove', 'oidc:Session:'), who.go('/sign-out/now'));
    expect(out.status).to.equal(200);
  });

  it('a refresh token without overlap, rotated twice at once: the second ends the grant', async () => {
    const { gate, state } = await start();
    const first = await redeem(gate, await codeFor(gate, gate.browser(), { client: 'spa' }), 'spa');
    const hold = state.hold('swap', 'oidc:RefreshToken:');
    const late = refresh(gate, first.json()['refresh_token'], 'spa');
    await hold.reached;
    const quick = await refresh(gate, first.json()['refresh_token'], 'spa');
    expect(quick.status).to.equal(200);
    hold.go();
    expect((await late).json()['error']).to.equal('invalid_grant');
    expect((await refresh(gate, quick.json()['refresh_token'], 'spa')).json()['error']).to.equal('invalid_grant');
    expect((await userinfo(gate, quick.json()['access_token'])).status).to.equal(401);
  });

  it('a sign-in that is resumed twice at once: whatever it gave ends with its one login', async () => {
    const { gate, state } = await start();
    const who = gate.browser();
    const page = await authorize(who);
    const record = login(gate.fakes, 'hanako');
    const finished = await who.go(`${page.location?.pathname}/finish?login=${record.id}`);
    const twin = cookiesOf(gate, who);
    const hold = state.hold('remove', 'oidc:Interaction:');
    const late = who.go(finished.location?.href ?? '');
    await hold.reached;
    const quick = await twin.go(finished.location?.href ?? '');
    hold.go();
    const given = await Promise.all([quick, await late].map(async (answer) => redeem(gate, code(answer))));
    expect(given.map(({ status }) => status)).to.include(200);
    await twin.go('/sign-out/now');
    for (const tokens of given.filter(({ status }) => status === 200)) {
      expect((await userinfo(gate, tokens.json()['access_token'])).status).to.equal(401);
      expect((await refresh(gate, tokens.json()['refresh_token'])).json()['error']).to.equal('invalid_grant');
    }
    expect(await sessionOf(who)).to.equal(null);
  });

  it('a session’s id is taken whole and signed, or not at all', async () => {
    const { gate } = await start();
    const [who, neighbour] = [gate.browser(), gate.browser()];
    await codeFor(gate, who);
    await codeFor(gate, neighbour, {}, login(gate.fakes, 'taro'));
    const idOf = ({ jar }: Browser): string => jar.get('renkei_session;/')?.value ?? '';
    const [uid = '', part = ''] = idOf(who).split('.');
    const [otherUid = ''] = idOf(neighbour).split('.');
    expect([uid.length, part.length]).to.deep.equal([43, 43]);
    const sign = (text: string): string => createHmac('sha1', 'cookie-key').update(text).digest('base64url');
    const withId = async (id: string, signed = true): Promise<unknown> => {
      const cookie = `renkei_session=${id}${signed ? `; renkei_session.sig=${sign(`renkei_session=${id}`)}` : ''}`;
      const answer = await gate.browser().go('/session/now', { headers: { cookie } });
      expect(answer.status, id).to.equal(200);
      const asked = await gate.browser().go('/oidc/authorize?client_id=alpha&prompt=none', { headers: { cookie } });
      expect(asked.status, id).to.be.below(500);
      return answer.json()['session'];
    };
    expect(await withId(idOf(who))).to.include({ accountId: 'hanako' });
    expect(await withId(idOf(who), false), 'unsigned').to.equal(null);
    for (const odd of [
      uid,
      `${uid}.`,
      `.${part}`,
      '.',
      '..',
      `${otherUid}.${part}`,
      `${uid}.${part}.`,
      `${uid}.x.${part}`,
      `${uid}.${part.slice(0, -1)}`,
      `${uid}.${part}x`,
      `${uid}.${part.toUpperCase()}`,
      `__proto__.${part}`,
      'constructor.length',
      `${uid}:.${part}`,
      `${uid}.${'x'.repeat(10_000)}`,
      `${'x'.repeat(10_000)}.${part}`,
    ])
      expect(await withId(odd), odd.slice(0, 60)).to.equal(null);
  });

  it('requests in one pipe are strangers to each other', async () => {
    const { gate } = await start();
    const [hanako, taro] = [gate.browser(), gate.browser()];
    await codeFor(gate, hanako);
    await codeFor(gate, taro, {}, login(gate.fakes, 'taro'));
    const line = (who: Browser | null, last: boolean): string => {
      const cookies = [...(who?.jar ?? [])].map(([name, { value }]) => `${name.split(';')[0]}=${value}`);
      const cookie = who ? `cookie: ${cookies.join('; ')}\r\n` : '';
      return `GET /session/now HTTP/1.1\r\nhost: x\r\n${cookie}connection: ${last ? 'close' : 'keep-alive'}\r\n\r\n`;
    };
    const { port } = new URL(gate.url);
    const socket = connect({ host: 'localhost', port: Number(port) });
    socket.end([hanako, taro, null, hanako, null, taro].map((who, index) => line(who, index === 5)).join(''));
    const seen = [...(await text(socket)).matchAll(/"session":(?:null|\{[^}]*"accountId":"(\w+)")/g)];
    expect(seen.map(([, accountId]) => accountId ?? null)).to.deep.equal([
      'hanako',
      'taro',
      null,
      'hanako',
      null,
      'taro',
    ]);
  });

  it('many sign-ins in one session leave one id, not a list of all', async () => {
    const { gate, state } = await start();
    const who = gate.browser();
    const ids = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const page = await authorize(who, { params: { prompt: 'login' } });
      await signIn(who, page, login(gate.fakes, 'hanako'));
      ids.add(who.jar.get('renkei_session;/')?.value ?? '');
    }
    expect(ids.size).to.equal(12);
    expect(new Set([...ids].map((id) => id.split('.')[0])).size, 'one session').to.equal(1);
    const [uid = ''] = ([...ids].at(-1) ?? '').split('.');
    const kept: { ids: string[] } = JSON.parse((await state.get(`oidc:Session:${uid}`)) ?? '');
    expect(kept.ids).to.have.length(1);
  });

  it('a code redeemed by another portal, or with another verifier, beside the right one is not used up by it', async () => {
    const { gate } = await start();
    const good = await codeFor(gate, gate.browser());
    const [foreign, wrong, right] = await Promise.all([
      redeem(gate, good, 'beta'),
      back(gate, '/oidc/token', 'alpha', {
        grant_type: 'authorization_code',
        code: good,
        redirect_uri: 'https://alpha.example/cb',
        code_verifier: `${verifier.slice(0, -1)}${verifier.endsWith('A') ? 'B' : 'A'}`,
      }),
      redeem(gate, good),
    ]);
    expect([foreign.status, wrong.status, right.status]).to.deep.equal([400, 400, 200]);
    expect((await userinfo(gate, right.json()['access_token'])).status).to.equal(200);
  });
});
