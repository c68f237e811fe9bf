// What is remembered of attempts, devices, codes, sources and logins: the same promises in the process and on Redis.
import { expect } from 'chai';
import type { LoginRecord } from '../../src/rules/login.ts';
import type { SignInRecord } from '../../src/rules/sign-in-record.ts';
import { type AttemptStore, attemptStore } from '../../src/store/attempt.ts';
import { consoleActivityStore, type FinishedAct } from '../../src/store/console-activity.ts';
import { type DeviceSecret, deviceSecretStore } from '../../src/store/device-secret.ts';
import { emailCodeStore } from '../../src/store/email-code.ts';
import { liveLoginStore } from '../../src/store/live-login.ts';
import { sourceStore } from '../../src/store/source.ts';
import { memoryState } from '../../src/store/state-memory.ts';
import { redisState } from '../../src/store/state-redis.ts';
import type { State } from '../../src/store/state.ts';
import { upstreamFlowStore } from '../../src/store/upstream-flow.ts';
import { attemptRecord } from '../support/attempt.ts';
import { atOnce, minute, newId, start } from '../support/rows.ts';

let now = start;
const clock = (): number => now;

const kinds = [
  { name: 'in the process', open: () => memoryState({ clock }) },
  {
    name: 'on Redis',
    open: () =>
      redisState({
        url: process.env['RENKEI_TEST_REDIS_URL'] ?? '',
        clock,
        commandTimeout: 5_000,
        prefix: `${newId()}:`,
      }),
  },
] as const;

for (const { name, open } of kinds) {
  describe(`remembered ${name}`, () => {
    let state: State;
    before(async () => {
      state = open();
      await state.ping();
    });
    after(() => state.close());
    beforeEach(() => {
      now = start;
    });

    describe('attempts', () => {
      let attempts: AttemptStore;
      let record: SignInRecord;
      beforeEach(() => {
        attempts = attemptStore(state);
        record = attemptRecord({ id: newId() });
      });

      it('come back as they were begun, until they expire to the millisecond', async () => {
        expect(await attempts.find(record.id)).to.equal(null);
        expect(await attempts.begin(record)).to.deep.equal(record);
        now = record.expiresAt - 1;
        expect(await attempts.find(record.id)).to.deep.equal(record);
        now = record.expiresAt;
        expect(await attempts.find(record.id)).to.equal(null);
        expect(await attempts.change(record.id, (newest) => ({ ...newest, route: 'direct' }))).to.equal(null);
      });

      it('are begun once: whoever comes second gets the first one’s record', async () => {
        const begun = await atOnce(10, (n) => attempts.begin({ ...record, browser: `browser ${n}` }));
        expect(new Set(begun.map(({ browser }) => browser)).size).to.equal(1);
        expect((await attempts.find(record.id))?.browser).to.equal(begun[0]?.browser);
      });

      it('lose no change when tabs write at the same moment', async () => {
        await attempts.begin(record);
        await atOnce(10, (n) =>
          attempts.change(record.id, (newest) => ({ ...newest, log: [...newest.log, { row: String(n), at: now }] })),
        );
        const rows = (await attempts.find(record.id))?.log.map(({ row }) => row).toSorted();
        expect(rows).to.deep.equal(Array.from({ length: 10 }, (_each, n) => String(n)));
      });

      it('may be given more time by a change', async () => {
        await attempts.begin(record);
        const later = record.expiresAt + 30 * minute;
        await attempts.change(record.id, (newest) => ({ ...newest, expiresAt: later }));
        now = later - 1;
        expect((await attempts.find(record.id))?.expiresAt).to.equal(later);
      });
    });

    describe('device values', () => {
      const secret: DeviceSecret = {
        deviceId: 'd',
        linkId: 'l',
        accountId: 'a',
        epoch: 1,
        generation: 1,
        successor: null,
        expiresAt: start + minute,
      };

      const proposal = (n: number) => ({ hash: `hash ${n} ${newId()}`, sealed: `sealed ${n}` });

      it('expire with their device', async () => {
        const devices = deviceSecretStore(state);
        const hash = newId();
        await devices.put(hash, secret);
        expect(await devices.find(hash)).to.deep.equal(secret);
        now = start + minute;
        expect(await devices.find(hash)).to.equal(null);
        expect(await devices.succeed(hash, proposal(0))).to.equal(null);
      });

      it('name one successor, the same for all tabs that ask at once', async () => {
        const devices = deviceSecretStore(state);
        const hash = newId();
        await devices.put(hash, secret);
        const proposed = [0, 1, 2, 3, 4, 5, 6, 7].map(proposal);
        const named = await Promise.all(proposed.map((each) => devices.succeed(hash, each)));
        expect(new Set(named).size).to.equal(1);
        expect(await devices.find(hash)).to.deep.equal({ ...secret, successor: named[0] });
        expect(await devices.succeed(newId(), proposal(8))).to.equal(null);
        // Its record is there, and nothing is left of those that lost.
        const following = { ...secret, generation: 2, successor: null };
        for (const { hash: own, sealed } of proposed)
          expect(await devices.find(own)).to.deep.equal(sealed === named[0] ? following : null);
      });

      it('have the record of a named successor written again when it is missing, and never over a newer one', async () => {
        const devices = deviceSecretStore(state);
        const [hash, next] = [newId(), newId()];
        await devices.put(hash, secret);
        await devices.follow(hash, next);
        expect((await devices.find(next))?.generation).to.equal(2);
        await devices.put(next, { ...secret, generation: 2, successor: 'named' });
        await devices.follow(hash, next);
        expect((await devices.find(next))?.successor).to.equal('named');
      });
    });

    describe('e-mail codes', () => {
      const limits = { valid: 10 * minute, tries: 3, resendAfter: minute, perHour: 3 };
      const code = (hash: string, address = 'a@example.jp') => ({ hash, address });
      let account: string;
      const keep = (hash: string, address?: string) =>
        emailCodeStore(state).keep(account, 'setup', code(hash, address), limits, now);
      const check = async (hash: string, address?: string) =>
        emailCodeStore(state).check(account, 'setup', code(hash, address), now);
      beforeEach(() => {
        account = newId();
      });

      it('are right once, for the address they were sent to, in their time', async () => {
        expect(await check('one')).to.deep.equal({ verdict: 'expired' });
        expect(await keep('one')).to.deep.equal({ sent: true });
        const { address, sentAt, until } = (await emailCodeStore(state).sent(account, 'setup')) ?? {};
        expect({ address, sentAt, until }).to.deep.equal({
          address: 'a@example.jp',
          sentAt: start,
          until: start + limits.valid,
        });
        expect(await check('one', 'b@example.jp'), 'another address').to.deep.equal({ verdict: 'expired' });
        now = start + limits.valid - 1;
        expect(await check('one')).to.deep.equal({ verdict: 'right' });
        expect(await check('one')).to.deep.equal({ verdict: 'expired' });
      });

      it('lapse to the millisecond', async () => {
        await keep('one');
        now = start + limits.valid;
        expect(await check('one')).to.deep.equal({ verdict: 'expired' });
      });

      it('are void after the last wrong try, exactly, also when tries come at once', async () => {
        await keep('one');
        const verdicts = await atOnce(10, () => check('wrong'));
        expect(verdicts.filter(({ verdict }) => verdict === 'wrong')).to.have.length(2);
        expect(verdicts.filter(({ verdict }) => verdict === 'void')).to.have.length(8);
        expect(await check('one'), 'the right one comes too late').to.deep.equal({ verdict: 'void' });
      });

      it('are right for one of many who type it at once', async () => {
        await keep('one');
        const verdicts = await atOnce(10, () => check('one'));
        expect(verdicts.filter(({ verdict }) => verdict === 'right')).to.have.length(1);
      });

      it('are sent again only after a pause, and a few times an hour, which sending again does not reset', async () => {
        await keep('one');
        now = start + minute - 1;
        expect(await keep('two')).to.deep.equal({ sent: false, from: start + minute });
        expect(await check('one'), 'the first one is still good').to.deep.equal({ verdict: 'right' });
        now = start + minute;
        expect(await keep('two')).to.deep.equal({ sent: true });
        now = start + 2 * minute;
        expect(await keep('three')).to.deep.equal({ sent: true });
        expect(await check('two'), 'replaced').to.deep.equal({ verdict: 'wrong', left: 2 });
        now = start + 3 * minute;
        expect(await keep('four')).to.deep.equal({ sent: false, from: start + 60 * minute });
        expect(await keep('five', 'b@example.jp'), 'not by another address either').to.include({ sent: false });
        now = start + 60 * minute;
        expect(await keep('six')).to.deep.equal({ sent: true });
      });

      it('to another address wait for no pause, and replace the one before', async () => {
        await keep('one');
        expect(await keep('two', 'b@example.jp')).to.deep.equal({ sent: true });
        expect(await check('one')).to.deep.equal({ verdict: 'expired' });
        expect(await check('two', 'b@example.jp')).to.deep.equal({ verdict: 'right' });
      });
    });

    describe('sources of failures', () => {
      const limits = { window: 10 * minute, failures: 5, ids: 3 };
      let source: string;
      const failed = (key: string): Promise<void> => sourceStore(state).failed(source, key, limits, now);
      const blocked = (): Promise<number | null> => sourceStore(state).blockedUntil(source, now);
      beforeEach(() => {
        source = `198.51.100.${newId()}`;
      });

      it('are blocked after so many failures, until the window of the first one ends', async () => {
        for (let n = 0; n < 4; n += 1) {
          now = start + n;
          await failed('same');
        }
        expect(await blocked()).to.equal(null);
        await failed('same');
        expect(await blocked()).to.equal(start + limits.window);
        now = start + limits.window;
        expect(await blocked()).to.equal(null);
        await failed('same');
        expect(await blocked(), 'counted anew').to.equal(null);
      });

      it('are blocked after so many different IDs; another address is not', async () => {
        await failed('a');
        await failed('b');
        await failed('a');
        expect(await blocked()).to.equal(null);
        await failed('c');
        expect(await blocked()).to.equal(start + limits.window);
        expect(await sourceStore(state).blockedUntil('203.0.113.9', now)).to.equal(null);
      });

      it('are counted exactly when failures come at once', async () => {
        await atOnce(4, () => failed('same'));
        expect(await blocked()).to.equal(null);
        await failed('same');
        expect(await blocked()).to.be.a('number');
      });
    });

    it('logins come back as they were put, the newest in place of the old, until they expire', async () => {
      const logins = liveLoginStore(state);
      const login: LoginRecord = {
        id: newId(),
        accountId: 'a',
        companyId: 'c',
        epoch: 1,
        linkId: null,
        route: 'direct',
        passwordAt: start,
        otp: null,
        deviceId: null,
        acr: 'urn:renkei:acr:password',
        amr: ['pwd'],
        authTime: start,
        startedAt: start,
        expiresAt: start + minute,
        displayName: '渡辺 陽子',
        loginName: 'ywatanabe85',
      };
      await logins.put(login);
      await logins.put({ ...login, acr: 'urn:renkei:acr:password-otp' });
      expect(await logins.find(login.id)).to.deep.equal({ ...login, acr: 'urn:renkei:acr:password-otp' });
      now = start + minute;
      expect(await logins.find(login.id)).to.equal(null);
    });

    it('what a redirect to an upstream left is taken by one callback, in its time', async () => {
      const flows = upstreamFlowStore(state);
      const flow = {
        issuer: 'https://bd.example',
        state: 's',
        nonce: 'n',
        codeVerifier: 'v',
        maxAge: null,
        reauthenticated: false,
        startedAt: start,
      };
      const pending = { attemptId: 'a', flow };
      const value = newId();
      await flows.add(value, pending, start + minute);
      const taken = await atOnce(8, () => flows.take(value));
      expect(taken.filter((one) => one !== null)).to.deep.equal([pending]);
      await flows.add(value, pending, start + minute);
      now = start + minute;
      expect(await flows.take(value)).to.equal(null);
    });

    describe('the activity of a console', () => {
      const act: FinishedAct = { at: start, reference: 'R', people: [], links: ['l'], endedItself: false };
      let login: string;
      beforeEach(() => {
        login = newId();
      });

      it('tells the last use', async () => {
        const consoles = consoleActivityStore(state);
        expect(await consoles.last(login)).to.equal(null);
        await consoles.touch(login, start + 5, start + minute);
        expect(await consoles.last(login)).to.equal(start + 5);
        now = start + minute;
        expect(await consoles.last(login)).to.equal(null);
      });

      it('gives the turn of an act to one at a time, again when it was given back or its process died', async () => {
        const consoles = consoleActivityStore(state);
        const begin = (key = 'k'): Promise<boolean> => consoles.begin(login, key, now + minute);
        expect((await atOnce(6, () => begin())).filter(Boolean)).to.have.length(1);
        expect(await begin('other'), 'another act').to.equal(true);
        expect(await consoles.begin(newId(), 'k', now + minute), 'another login').to.equal(true);
        await consoles.abandon(login, 'k');
        expect(await begin()).to.equal(true);
        now = start + minute;
        expect(await begin()).to.equal(true);
      });

      it('keeps the result for a page that is sent again', async () => {
        const consoles = consoleActivityStore(state);
        expect(await consoles.finished(login, 'k')).to.equal(null);
        await consoles.finish(login, 'k', act, start + minute);
        expect(await consoles.finished(login, 'k')).to.deep.equal(act);
        expect(await consoles.finished(newId(), 'k')).to.equal(null);
      });
    });
  });
}
