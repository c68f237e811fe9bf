// What an upstream says of a person and of itself, and how far that is believed.
import { expect } from 'chai';
import type { UpstreamAsk, Upstreams } from '../../src/oidc/upstream.ts';
import { plainly, upstreamScene } from '../support/upstream-scene.ts';

const minute = 60_000;

describe('a person whom an upstream vouches for', () => {
  const scene = upstreamScene();

  describe('when the person signed in there', () => {
    const trusting = (auth_time: boolean): Upstreams =>
      scene.make({ upstreams: [scene.bank.config({ trust: { auth_time, otp: 'none' } })] });
    const authTime = async (of: Upstreams, ask: UpstreamAsk = plainly): Promise<number | string> => {
      const answer = await scene.signIn(ask, of);
      return answer.ok ? answer.upstream.authTime : `${answer.kind}${answer.stale ? ', stale' : ''}`;
    };
    const inSeconds = (instant: number): number => Math.floor(instant / 1000);

    it('is what it says only if it is trusted', async () => {
      scene.bank.say('id-token', { auth_time: inSeconds(scene.now - minute) });
      expect(await authTime(trusting(true))).to.equal(inSeconds(scene.now - minute) * 1000);
      expect(await authTime(trusting(false))).to.equal(scene.now);
    });

    it('is the callback when it says nothing, and the lowest when it says zero or the future', async () => {
      expect(await authTime(trusting(true))).to.equal(scene.now);
      for (const odd of [0, inSeconds(scene.now + 60 * minute)]) {
        scene.bank.say('id-token', { auth_time: odd });
        expect(await authTime(trusting(true))).to.equal(1000);
      }
      scene.bank.say('id-token', { auth_time: 'just now' });
      expect(await authTime(trusting(true)), 'no time at all').to.equal('refused');
    });

    it('meets no demand when it says nothing, zero or the future', async () => {
      for (const odd of [undefined, 0, inSeconds(scene.now + 60 * minute)]) {
        scene.bank.say('id-token', { auth_time: odd });
        for (const ask of [
          { ...plainly, reauthenticate: true },
          { ...plainly, maxAge: 3600 },
        ])
          expect(await authTime(trusting(true), ask)).to.equal('refused, stale');
      }
    });

    it('is sent upstream as a demand, and too old an answer is to be asked for once more', async () => {
      const again: UpstreamAsk = { ...plainly, reauthenticate: true };
      expect(new URL((await scene.begun(again)).url).searchParams.get('prompt')).to.equal('login');
      const told = new URL((await scene.begun(again, trusting(true))).url).searchParams;
      expect(told.get('max_age'), 'so that it has to say when').to.equal('0');
      const aged = new URL((await scene.begun({ ...plainly, maxAge: 300 })).url).searchParams;
      expect([aged.get('max_age'), aged.get('prompt')]).to.deep.equal(['300', null]);
      expect(new URL((await scene.begun({ ...plainly, maxAge: 0 })).url).searchParams.get('prompt')).to.equal('login');

      scene.bank.say('id-token', { auth_time: inSeconds(scene.now - 4 * minute) });
      expect(await authTime(trusting(true), again)).to.equal('refused, stale');
      expect(await authTime(trusting(true), { ...plainly, maxAge: 0 })).to.equal('refused, stale');
      expect(await authTime(trusting(true), { ...plainly, maxAge: 60 })).to.equal('refused, stale');
      expect(await authTime(trusting(true), { ...plainly, maxAge: 300 })).to.be.a('number');
      expect(await authTime(trusting(false), again), 'not trusted: it proves nothing either way').to.equal(scene.now);
      scene.bank.say('id-token', { auth_time: inSeconds(scene.now) });
      expect(await authTime(trusting(true), again)).to.equal(inSeconds(scene.now) * 1000);
    });
  });

  describe('what it says of the person', () => {
    const of = (): Upstreams =>
      scene.make({ upstreams: [scene.bank.config({ display_claim: 'bd_id', company_claim: 'contract' })] });
    const told = async (): Promise<unknown> => {
      const answer = await scene.signIn(plainly, of());
      return answer.ok ? [answer.upstream.display, answer.upstream.company] : answer.kind;
    };

    it('comes from the ID token, and userinfo is not asked for what stands there', async () => {
      scene.bank.say('id-token', {
        bd_id: '三和商事 001',
        contract: { contract_number: '12345678', name: '三和商事' },
      });
      expect(await told()).to.deep.equal(['三和商事 001', { contractNumber: '12345678', name: '三和商事' }]);
      expect(scene.bank.requests).not.to.include('/userinfo');
    });

    it('comes from userinfo otherwise, of the same person only', async () => {
      scene.bank.say('userinfo', { bd_id: 'BD-77', contract: '12345678' });
      expect(await told()).to.deep.equal(['BD-77', { contractNumber: '12345678', name: null }]);
      scene.bank.misbehave('userinfo-of-another');
      expect(await told()).to.equal('refused');
    });

    it('is shown as a masked sub when it is absent, over-long or not printable', async () => {
      scene.bank.say('id-token', { sub: 'customer-4711' });
      scene.bank.say('userinfo', { sub: 'customer-4711' });
      expect(await told()).to.deep.equal(['cu***11', null]);
      for (const odd of ['x'.repeat(65), 'a\u202eb', 'a\nb', ' ', '', 7, ['x']]) {
        scene.bank.say('id-token', { sub: 'customer-4711', bd_id: odd });
        expect(await told()).to.deep.equal(['cu***11', null]);
      }
    });

    it('is refused when the company cannot be read', async () => {
      for (const odd of [7, '', [], {}, { contract_number: 7 }, { contract_number: 'x'.repeat(65) }, 'a\u0000']) {
        scene.bank.say('id-token', { bd_id: 'x', contract: odd });
        expect(await told()).to.equal('refused');
      }
    });
  });
});
