// What must end a remembered device, through the flows that really do it: passwords changed, reset and set by others, stops,
// token changes of every kind, deletion. OTP is asked on both gateways at once, on a Redis that was set back to the time
// before, and still after the event itself was undone. What pages and commands do is in attacks-events.
import { expect } from 'chai';
import { runCommand } from '../../src/command/commands.ts';
import { createUpstreams } from '../../src/oidc/upstream.ts';
import { readConfig } from '../../src/config.ts';
import type { DemoPerson } from '../../src/demo/people.ts';
import { setPasswords } from '../../src/flows/company/set-password.ts';
import { deleteAccount } from '../../src/flows/delete.ts';
import { forget } from '../../src/flows/forget.ts';
import { stopOtp } from '../../src/flows/otp.ts';
import { releaseLocks } from '../../src/flows/release.ts';
import { takeUp } from '../../src/flows/reset/take-up.ts';
import { changeOwnPasswords } from '../../src/flows/self-service/change-password.ts';
import { stopUse } from '../../src/flows/stop.ts';
import { activateToken } from '../../src/flows/token/activate.ts';
import { revokeDevice } from '../../src/flows/token/revoke-device.ts';
import { revokeToken } from '../../src/flows/token/revoke.ts';
import type { Act, Tools } from '../../src/flows/tools.ts';
import { unlink } from '../../src/flows/unlink.ts';
import { codeAt, stepAt } from '../../src/secrets/totp.ts';
import type { AccountRow } from '../../src/store/account.ts';
import type { Tables } from '../../src/store/store.ts';
import { createTools, openStores, type Stores } from '../../src/stores.ts';
import type { ScriptBrowser } from '../support/script-browser.ts';
import { root } from '../support/source.ts';
import { cookiesNamed } from '../support/walks.ts';
import { enter, onlyDevices, theScene, through, type Scene } from './attacks-scene.ts';

interface Hand {
  readonly tools: Tools;
  readonly act: Act;
  readonly account: AccountRow;
  /** Runs in one transaction, with the person's account locked. */
  locked<T>(work: (tables: Tables, account: AccountRow) => Promise<T>): Promise<T>;
}

interface Event {
  readonly name: string;
  readonly who: 'key-fob' | 'app';
  happen(hand: Hand, person: DemoPerson): Promise<void>;
  /** What somebody sees who comes with the device after it. */
  readonly asks: RegExp;
  /** The same once the event was undone: the code, unless the link is gone. */
  readonly afterwards?: RegExp;
}

const byDesk = { actor: { kind: 'operator', id: 'command-line' }, by: 'desk' } as const;
const admin = { kind: 'account', id: 'an-admin' } as const;
const code = /^OTP001$/;
const registration = /^(TKN00\d|BOT0\d\d|WAI001|REF0\d\d)$/;

/** A new software token of somebody without a usable one, whose first code is right. */
async function activate({ tools, act, locked }: Hand): Promise<void> {
  const [issueId, tokenId] = [tools.secrets.id(), tools.secrets.id()];
  const secret = tools.secrets.newTokenSecret(tokenId);
  const front = await locked(async (tables, account) => {
    await tables.token.add({
      id: tokenId,
      companyId: account.companyId,
      kind: 'software',
      serial: null,
      secret,
      algorithm: 'SHA1',
      digits: 6,
      period: 60,
      drift: 0,
      lastStep: null,
      lastStepBy: null,
      expiresAt: null,
      retiredAt: null,
    });
    await tables.tokenIssue.add({
      id: issueId,
      tokenId,
      accountId: account.id,
      kind: 'authenticator',
      userId: null,
      activation: null,
      address: null,
      issuedAt: act.now,
      expiresAt: act.now + 3_600_000,
    });
    const person = await tables.account.person(account.id);
    if (!person) throw new Error('nobody');
    const stamp = { id: 'another attempt', epoch: account.securityEpoch };
    return { person, route: 'direct', stamp, login: null, progress: null, keep: async () => {} } as const;
  });
  const shown = { secret: tools.secrets.openTokenSecret(secret, tokenId), algorithm: 'SHA1', digits: 6, period: 60 };
  const typed = codeAt({ ...shown, algorithm: 'SHA1' }, stepAt(act.now, 60));
  expect((await activateToken(tools, act, front, typed)).verdict).to.equal('activated');
}

const events: readonly Event[] = [
  {
    name: 'the person changes both passwords elsewhere',
    who: 'key-fob',
    async happen({ tools, act, account }, person) {
      const standing = await tools.store.account.person(account.id);
      const [login] = await tools.store.login.surplus(account.id, 0, act.now);
      const record = login === undefined ? null : await tools.logins.find(login);
      if (!standing || !record) throw new Error('the person is not signed in');
      const wanted = { login: true, confirmation: true };
      const current = { login: person.password, confirmation: person.confirmation_password ?? '' };
      const candidate = { login: 'Kawatta2030', confirmation: 'Kakunin2030' };
      const by = { person: standing, login: record };
      const done = await changeOwnPasswords(tools, act, by, 'page', { wanted, current, candidate, again: candidate });
      expect(done.verdict).to.equal('finished');
    },
    asks: code,
  },
  {
    name: 'an administrator sets a password, without demanding another one',
    who: 'key-fob',
    async happen({ tools, act, locked }) {
      const hash = await tools.secrets.hasher.hash('Kawatta2031');
      await locked(async (tables, account) => {
        const person = await tables.account.person(account.id);
        const password = { which: 'confirmation', hash, issued: false, force: false } as const;
        if (person) await setPasswords(tools, tables, act, person, [password], admin.id);
      });
    },
    asks: code,
  },
  {
    name: 'the password that came by post is used for the first time',
    who: 'key-fob',
    happen: async ({ tools, act, locked }) => {
      expect(await locked((tables, account) => takeUp(tools, tables, act, account.id))).to.be.a('number');
    },
    asks: code,
  },
  {
    name: 'the fifth wrong code of a console stops the one-time password, and it is released',
    who: 'key-fob',
    async happen({ tools, act, locked }) {
      await locked((tables, account) => stopOtp(tools, tables, act, account, 5, { route: 'direct' }));
      const locks = ['otp'] as const;
      await locked((tables, account) => releaseLocks(tools, tables, act, account, { locks, ...byDesk }));
    },
    asks: code,
  },
  {
    name: 'an administrator stops the person',
    who: 'key-fob',
    happen: async ({ tools, act, locked }) => {
      expect(await locked((tables, account) => stopUse(tools, tables, act, account, byDesk))).to.equal(true);
    },
    asks: /^REF005$/,
  },
  {
    name: 'a person revokes the own key-fob',
    who: 'key-fob',
    happen: async ({ tools, act, locked }) => {
      const own = { why: 'lost', actor: admin, by: 'self' } as const;
      expect(await locked((tables, account) => revokeToken(tools, tables, act, account, own))).not.to.equal(null);
    },
    asks: registration,
  },
  {
    name: 'an administrator revokes the app of a person',
    who: 'app',
    happen: async ({ tools, act, locked }) => {
      const asked = { why: 'phone', actor: admin, by: 'admin' } as const;
      expect(await locked((tables, account) => revokeToken(tools, tables, act, account, asked))).not.to.equal(null);
    },
    asks: registration,
  },
  {
    name: 'a key-fob is revoked for everybody who holds it',
    who: 'key-fob',
    async happen({ tools, act, account }) {
      const held = (await tools.store.account.person(account.id))?.token;
      if (!held) throw new Error('the person holds none');
      const holders = await tools.store.token.heldBy(held.id);
      const done = await tools.store.transaction((tables) =>
        revokeDevice(tools, tables, act, { tokenId: held.id, holders, why: 'lost', ...byDesk }),
      );
      expect(done?.has(account.id)).to.equal(true);
    },
    asks: registration,
  },
  {
    name: 'a new software token takes the place of a retired one',
    who: 'app',
    async happen(hand) {
      const held = (await hand.tools.store.account.person(hand.account.id))?.token;
      await hand.tools.store.token.retire(held?.id ?? '', hand.act.now);
      await activate(hand);
    },
    asks: code,
  },
  {
    name: 'a software token is issued and activated in place of a revoked one',
    who: 'app',
    async happen(hand) {
      const { tools, act, locked } = hand;
      const asked = { why: 'phone', actor: admin, by: 'admin' } as const;
      await locked((tables, account) => revokeToken(tools, tables, act, account, asked));
      await activate(hand);
    },
    asks: code,
  },
  {
    name: 'an administrator forgets it',
    who: 'app',
    happen: async ({ tools, act, account }) => {
      expect(await forget(tools, act, { accountId: account.id, actor: admin, by: 'admin' })).to.be.greaterThan(0);
    },
    asks: code,
  },
  {
    name: 'an administrator removes the link',
    who: 'key-fob',
    async happen({ tools, act, account }) {
      const [link] = await tools.store.link.ofAccount(account.id);
      const asked = { companyId: account.companyId, actor: admin, by: 'admin', why: 'unlinked-by-admin' } as const;
      expect(await unlink(tools, act, { linkId: link?.id ?? '', ...asked })).not.to.equal(null);
    },
    asks: /^LNK001$/,
    afterwards: /^LNK001$/,
  },
  {
    name: 'the company is suspended, and resumed',
    who: 'app',
    async happen({ tools, act, account }) {
      const [{ contractNumber = '' } = {}] = [(await tools.store.company.find(account.companyId)) ?? undefined];
      const run = (what: string) => runCommand(tools, act, { name: 'company', args: [what, contractNumber] });
      expect((await run('suspend')).json).to.include({ ok: true, suspended: true });
      expect((await run('suspend')).json).to.include({ ok: false, error: 'suspended_before' });
      expect((await run('resume')).json).to.include({ ok: true, suspended: false });
      expect((await run('resume')).json).to.include({ ok: false, error: 'not_suspended' });
    },
    asks: code,
  },
  {
    name: 'the registration is deleted',
    who: 'app',
    happen: async ({ tools, act, locked }) => {
      expect(await locked((tables, account) => deleteAccount(tools, tables, act, account, byDesk))).to.equal(true);
    },
    asks: /^LNK001$/,
    afterwards: /^LNK001$/,
  },
];

/** What an event may change and its undoing puts back; never the epoch, a device, a link or a login. */
const kept = { account: ['id'], credential: ['account_id', 'kind'], token_holder: ['id'] } as const;
const stays = new Set(['security_epoch', 'epoch_spares', 'epoch_spares_from']);

describe('a remembered device', function () {
  this.timeout(180_000);
  let scene: Scene;
  let stores: Stores;
  let tools: Tools;
  let ahead = 0;
  const clock = (): number => Date.now() + ahead;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
    const [row] = await scene.sql('select demo_secret from deployment');
    const env = { ...scene.demo.env, RENKEI_SECRET: String(row?.['demo_secret']) };
    const config = readConfig({ env, mode: 'demo', root, beside: true });
    stores = await openStores(config, clock);
    const upstreams = createUpstreams({
      upstreams: [],
      callbackUrl: config.issuer,
      clock,
      demo: false,
      once: async () => false,
    });
    tools = createTools(config, stores, upstreams);
  });
  after(() => stores.close());

  const hand = async (person: DemoPerson): Promise<Hand> => {
    ahead = (await scene.demo.now()) - Date.now();
    const account = await stores.store.account.find(await scene.accountId(person));
    if (!account) throw new Error('nobody');
    return {
      tools,
      act: { now: clock(), reference: stores.secrets.reference(), agent: 'test', source: 'test', language: 'ja' },
      account,
      locked: (work) => stores.store.transaction(async (tables) => work(tables, await tables.account.lock(account.id))),
    };
  };

  /** Rows of the person as they stand; the answer puts them back, and takes away what came beside them. */
  const keepRows = async (person: DemoPerson): Promise<() => Promise<void>> => {
    const id = await scene.accountId(person);
    const held = 'select token_id from token_holder where account_id = $1';
    const rows = {
      account: await scene.sql('select * from account where id = $1', [id]),
      credential: await scene.sql('select * from credential where account_id = $1', [id]),
      token_holder: await scene.sql(
        'select * from token_holder where token_id in (select token_id from token_holder where account_id = $1)',
        [id],
      ),
    };
    return async () => {
      await scene.sql(`update token set retired_at = 1 where id in (${held})`, [id]);
      await scene.sql('update token_holder set ended_at = 1 where account_id = $1 and ended_at is null', [id]);
      await scene.sql(
        `update token_issue set ended_at = 1, ended_why = 'cancelled' where account_id = $1 and ended_at is null`,
        [id],
      );
      for (const [table, keys] of Object.entries(kept)) {
        for (const row of rows[
          table === 'account' ? 'account' : table === 'credential' ? 'credential' : 'token_holder'
        ]) {
          const columns = Object.keys(row).filter((name) => !stays.has(name));
          const values = columns.map((name) =>
            typeof row[name] === 'object' && row[name] !== null ? JSON.stringify(row[name]) : row[name],
          );
          const set = columns.map((name, index) => `${name} = $${index + 1}`).join(', ');
          const where = keys.map((name) => `${name} = $${columns.indexOf(name) + 1}`).join(' and ');
          await scene.sql(`update ${table} set ${set} where ${where}`, values);
        }
      }
      await scene.sql(
        'update token set retired_at = null where id in (select token_id from token_holder where account_id = $1 and ended_at is null)',
        [id],
      );
    };
  };

  const comes = async (browser: ScriptBrowser, person: DemoPerson, asks: RegExp, when: string): Promise<void> => {
    // Each request goes to the other gateway in turn, so each of them begins one of these.
    for (const copy of [onlyDevices(browser), onlyDevices(browser), onlyDevices(browser)])
      expect((await through(scene, copy, person)).screen, when).to.match(asks);
  };

  /** A browser whose device was used once; only the device is left of it. */
  const remembered = async (person: DemoPerson): Promise<ScriptBrowser> => {
    const browser = scene.browser();
    await enter(scene, browser, person, { remember: true });
    expect(cookiesNamed(browser, 'renkei_device_')).to.have.length(1);
    const own = onlyDevices(browser);
    expect((await through(scene, own, person)).screen).to.equal('CALLBACK');
    return onlyDevices(own);
  };

  it('goes on where nothing happened, also when Redis is put back as it was', async () => {
    const person = scene.demo.person('dyamamoto47');
    await scene.asBefore(person);
    const browser = await remembered(person);
    const restore = await scene.keepState();
    await restore();
    expect((await through(scene, onlyDevices(browser), person)).screen).to.equal('CALLBACK');
    await scene.asBefore(person);
  });

  for (const event of events) {
    it(`is asked for the code after ${event.name}: on both gateways, on an older Redis, and when it was undone`, async () => {
      const person = scene.demo.person(event.who === 'app' ? 'skikuchi63' : 'dyamamoto47');
      await scene.asBefore(person);
      const putBack = await keepRows(person);
      const browser = await remembered(person);
      // What Redis holds from here on agrees with the database: only the event can make it void.
      const restore = await scene.keepState();
      const at = await hand(person);
      try {
        await event.happen(at, person);
        expect((await scene.holdings(person)).devices, 'rows').to.equal(0);
        await comes(browser, person, event.asks, 'at once');
        await restore();
        await comes(browser, person, event.asks, 'on an older state');
        await putBack();
        await restore();
        await comes(browser, person, event.afterwards ?? code, 'undone, on an older state');
      } finally {
        await putBack();
        await scene.asBefore(person);
      }
    });
  }
});
