// Judging one-time passwords (spec §5): each step once, a colleague's code not counted, five misses stop everything in one
// transaction, and two consecutive codes repair a drifted token.
import { expect } from 'chai';
import { checkOtp, type CheckedOtp } from '../../src/flows/otp.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { bothStores } from '../support/database.ts';
import { addDevice, addLink, addLogin, atOnce, minute, newId } from '../support/rows.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

for (const { name, open } of bothStores) {
  describe(`one-time passwords on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    let token: Token;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
      company = await scene.company();
    });
    beforeEach(async () => {
      person = await scene.person(company);
      token = await scene.token(company, [person]);
    });
    const type = (code: string, next: string | null = null, by = person): Promise<CheckedOtp> =>
      checkOtp(scene.tools, scene.act(), by.id, code, next, 'federated');
    const verdict = async (code: string, next: string | null = null, by = person): Promise<string> =>
      (await type(code, next, by)).verdict;
    const misses = async (by = person): Promise<number> => (await scene.look(by)).account.otpMisses;

    it('accepts a code with what it proves, and keeps step and record in one transaction', async () => {
      const step = scene.now / minute;
      expect(await type(token.code())).to.deep.equal({
        verdict: 'accepted',
        proof: { at: scene.now, tokenId: token.row.id, step, kind: 'hardware', shared: false },
      });
      expect((await scene.look(person)).token).to.include({ lastStep: step, lastStepBy: person.id, drift: 0 });
      const [record] = await scene.records(person);
      expect(record).to.deep.include({ event: 'otp.accepted', actor: { kind: 'account', id: person.id } });
      expect(record?.data).to.include({ token: token.row.id, step, route: 'federated', shared: false });
      expect(JSON.stringify(record)).not.to.include(token.code());
    });

    it('accepts a step once, ever, and no older one after it; neither is counted', async () => {
      const code = token.code();
      expect(await verdict(code)).to.equal('accepted');
      expect(await type(code)).to.deep.equal({ verdict: 'used', by: 'self', misses: 0 });
      expect(await verdict(token.code(-1)), 'the one before was never used').to.equal('used');
      scene.now += minute;
      expect(await verdict(code), 'still in the window').to.equal('used');
      expect(await verdict(token.code())).to.equal('accepted');
      expect(await misses()).to.equal(0);
      expect(await scene.events(person)).to.deep.equal([
        'otp.accepted',
        'otp.used-again',
        'otp.used-again',
        'otp.used-again',
        'otp.accepted',
      ]);
    });

    it('accepts one of many who send the same code at once, and counts none of the others', async () => {
      for (let round = 0; round < 3; round += 1) {
        const code = token.code();
        const verdicts = await atOnce(20, () => verdict(code));
        expect(verdicts.filter((one) => one === 'accepted')).to.have.length(1);
        expect(verdicts.filter((one) => one === 'used')).to.have.length(19);
        scene.now += minute;
      }
      expect(await misses()).to.equal(0);
    });

    it('accepts of hardware the steps around its drift, and learns it; of software the present and the previous', async () => {
      expect(await verdict(token.code(2))).to.equal('wrong');
      expect(await verdict(token.code(1))).to.equal('accepted');
      expect((await scene.look(person)).token?.drift).to.equal(1);
      scene.now += 10 * minute;
      expect(await verdict(token.code(2)), 'one further on').to.equal('accepted');
      expect((await scene.look(person)).token?.drift).to.equal(2);
      const phone = await scene.person(company);
      const app = await scene.token(company, [phone], { kind: 'software', serial: null });
      expect(await verdict(app.code(1), null, phone)).to.equal('wrong');
      expect(await verdict(app.code(-2), null, phone)).to.equal('wrong');
      expect(await verdict(app.code(-1), null, phone)).to.equal('accepted');
      expect((await scene.look(phone)).token?.drift, 'phones keep the time').to.equal(0);
    });

    describe('of a shared token', () => {
      let colleague: AccountRow;
      let shared: Token;
      beforeEach(async () => {
        colleague = await scene.person(company);
        person = await scene.person(company);
        shared = await scene.token(company, [person, colleague]);
      });

      it('do not count a colleague’s code as wrong; the next one is good, and proves a shared token', async () => {
        const code = shared.code();
        expect(await verdict(code, null, colleague)).to.equal('accepted');
        expect(await type(code)).to.deep.equal({ verdict: 'used', by: 'colleague', misses: 0 });
        scene.now += minute;
        const accepted = await type(shared.code());
        expect(accepted).to.nested.include({ 'verdict': 'accepted', 'proof.shared': true });
        expect(await misses()).to.equal(0);
      });

      it('go to one of two colleagues who type the same at once', async () => {
        for (let round = 0; round < 5; round += 1) {
          const code = shared.code();
          const verdicts = await Promise.all([verdict(code), verdict(code, null, colleague)]);
          expect(verdicts.toSorted((a, b) => a.localeCompare(b))).to.deep.equal(['accepted', 'used']);
          scene.now += minute;
        }
      });

      it('are counted for each person apart', async () => {
        await type(shared.wrong());
        await type(shared.wrong());
        await type(shared.wrong(), null, colleague);
        expect([await misses(), await misses(colleague)]).to.deep.equal([2, 1]);
        expect(await verdict(shared.code(), null, colleague)).to.equal('accepted');
        expect([await misses(), await misses(colleague)]).to.deep.equal([2, 0]);
      });
    });

    describe('five misses in a row', () => {
      it('stop: devices, logins and attempts end, portals and the person are told, all in one transaction', async () => {
        const { store } = scene.at;
        const linkId = await addLink(store, person);
        const deviceId = await addDevice(store, person.id, linkId);
        const logins = [await addLogin(store, person, { linkId }), await addLogin(store, person)];
        for (const loginId of logins) {
          await store.login.enter({
            loginId,
            clientId: 'demo-portal',
            sid: newId(),
            sessionUid: newId(),
            accountId: person.id,
            linkId: null,
            at: scene.now,
          });
        }
        for (const remaining of [4, 3, 2, 1]) {
          expect(await type(token.wrong())).to.deep.equal({ verdict: 'wrong', misses: 5 - remaining, remaining });
        }
        expect(await type(token.wrong())).to.deep.equal({ verdict: 'stop', misses: 5 });

        const { account } = await scene.look(person);
        expect(account).to.include({ otpMisses: 5, otpStoppedAt: scene.now, securityEpoch: 2, epochSpares: null });
        expect(await store.device.find(deviceId)).to.include({ endedAt: scene.now, endedWhy: 'otp-stop' });
        for (const id of logins) {
          expect(await store.login.find(id)).to.include({ endedAt: scene.now, endedWhy: 'otp-stopped' });
          expect(await store.login.standing(id, scene.now)).to.equal(null);
        }
        expect(await scene.logouts(person)).to.deep.equal(['demo-portal', 'demo-portal']);
        expect((await scene.mails(person)).map(({ mail, facts }) => [mail, facts['kind']])).to.deep.equal([
          ['otp-stopped', 'hardware'],
        ]);
        expect((await scene.events(person)).slice(-2)).to.deep.equal(['otp.missed', 'otp.stopped']);
        expect((await store.link.find(linkId))?.endedAt, 'the link stays').to.equal(null);
      });

      it('leave nothing that a right code could do', async () => {
        for (let n = 0; n < 5; n += 1) await type(token.wrong());
        scene.now += minute;
        expect(await verdict(token.code())).to.equal('gone');
        expect(await verdict(token.code(), token.code(1))).to.equal('gone');
        expect(await misses()).to.equal(5);
      });

      it('are exact under forty wrong ones at once: five counted, one stop', async () => {
        const verdicts = await atOnce(40, () => verdict(token.wrong()));
        expect(verdicts.filter((one) => one === 'wrong')).to.have.length(4);
        expect(verdicts.filter((one) => one === 'stop')).to.have.length(1);
        expect(verdicts.filter((one) => one === 'gone')).to.have.length(35);
        const events = await scene.events(person);
        expect(events.filter((one) => one === 'otp.stopped')).to.have.length(1);
        expect(events).to.have.length(5);
        expect(await scene.mails(person)).to.have.length(1);
      });

      it('begin anew after a right code; what was used before counts neither way', async () => {
        for (let n = 0; n < 4; n += 1) await type(token.wrong());
        expect(await verdict(token.code())).to.equal('accepted');
        await type(token.wrong());
        await type(token.code());
        expect(await misses()).to.equal(1);
      });
    });

    describe('two consecutive codes', () => {
      it('repair a token that has drifted far, and the later of them is used', async () => {
        expect(await verdict(token.code(40))).to.equal('wrong');
        const repaired = await type(token.code(40), token.code(41));
        expect(repaired).to.nested.include({ 'verdict': 'accepted', 'proof.step': scene.now / minute + 41 });
        expect((await scene.look(person)).token?.drift).to.equal(41);
        expect(await misses()).to.equal(0);
        expect((await scene.events(person)).at(-1)).to.equal('otp.repaired');
        expect(await verdict(token.code(40)), 'the first').to.equal('used');
        expect(await verdict(token.code(41)), 'the second').to.equal('used');
        expect(await verdict(token.code(42)), 'the next').to.equal('accepted');
      });

      it('must be consecutive, in order, and within the searched steps; a miss is counted', async () => {
        const { resyncSteps } = scene.tools.policy.otp;
        expect(await verdict(token.code(40), token.code(42))).to.equal('wrong');
        expect(await verdict(token.code(41), token.code(40))).to.equal('wrong');
        expect(await verdict(token.code(resyncSteps + 1), token.code(resyncSteps + 2))).to.equal('wrong');
        expect(await misses()).to.equal(3);
        expect(await verdict(token.code(-resyncSteps), token.code(1 - resyncSteps))).to.equal('accepted');
      });

      it('as far off as sixty steps clear the count, and one code does from then on', async () => {
        for (const off of [-60, 59]) {
          const somebody = await scene.person(company);
          const far = await scene.token(company, [somebody]);
          for (let n = 0; n < 4; n += 1) await verdict(far.code(off), null, somebody);
          expect(await misses(somebody)).to.equal(4);
          expect(await verdict(far.code(off), far.code(off + 1), somebody)).to.equal('accepted');
          expect([await misses(somebody), (await scene.look(somebody)).token?.drift]).to.deep.equal([0, off + 1]);
          scene.now += minute;
          expect(await verdict(far.code(off + 1), null, somebody)).to.equal('accepted');
        }
      });

      it('repair no app, which has the phone’s time: of it only the previous and the present code follow each other', async () => {
        const phone = await scene.person(company);
        const app = await scene.token(company, [phone], { kind: 'software', serial: null });
        expect(await verdict(app.code(5), app.code(6), phone)).to.equal('wrong');
        expect(await verdict(app.code(0), app.code(1), phone), 'not yet shown').to.equal('wrong');
        expect(await verdict(app.code(-2), app.code(-1), phone), 'too old').to.equal('wrong');
        expect(await verdict(app.code(-1), app.code(0), phone)).to.equal('accepted');
        expect((await scene.look(phone)).token).to.include({ drift: 0, lastStep: scene.now / minute });
      });

      it('that were used before repair nothing and are not counted', async () => {
        expect(await verdict(token.code(3), token.code(4))).to.equal('accepted');
        expect(await verdict(token.code(3), token.code(4))).to.equal('used');
        expect(await misses()).to.equal(0);
      });
    });

    it('of no usable token prove nothing and count nothing: none, retired, expired', async () => {
      const none = await scene.person(company);
      const retired = await scene.person(company);
      const expired = await scene.person(company);
      const old = await scene.token(company, [retired], { retiredAt: scene.now });
      const late = await scene.token(company, [expired], { expiresAt: scene.now });
      expect(await verdict('123456', null, none)).to.equal('gone');
      expect(await verdict(old.code(), null, retired)).to.equal('gone');
      expect(await verdict(late.code(), null, expired)).to.equal('gone');
      for (const somebody of [none, retired, expired]) expect(await scene.events(somebody)).to.deep.equal([]);
    });
  });
}
