// Killed while somebody changes what is their own: passwords, the e-mail address, another sign-in that is ended. All of it or
// nothing; the sign-in that acts goes on, every other one is over with the change, and each change is told once.
import { expect } from 'chai';
import { expectOver, expectUntouched, inTwoBrowsers, otherBrowser, signIn } from './console.ts';
import { newestCode, onward, toPortal, told } from './onward.ts';
import { type Person, somebody, visitor } from './person.ts';
import { password } from './scene.ts';
import { killedSuite } from './suite.ts';
import { refresh } from './token-endpoint.ts';
import { recordsOf } from './whole.ts';

describe('a gateway killed while somebody changes what is their own', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  const happened = async (person: Person, event: string): Promise<boolean> =>
    (await recordsOf(suite.scene, person)).some((record) => record.event === event);

  it('changes both passwords whole: the old ones or the new ones are right, and only the acting sign-in goes on', () =>
    suite.kill({
      name: 'changing one’s own passwords',
      atLeast: 12,
      // A turn that a dead process took is free again after half a minute.
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const { before, person, page } = await inTwoBrowsers(scene, '/self-service/password');
        expect(page.screen).to.equal('SLF010');
        const { chosen } = person;
        const form = {
          change_password: 'change',
          password,
          new_password: chosen.password,
          new_password_again: chosen.password,
          change_confirmation_password: 'change',
          confirmation_password: password,
          new_confirmation_password: chosen.confirmation,
          new_confirmation_password_again: chosen.confirmation,
        };
        return {
          person,
          act: () => person.visit.submit(page, form),
          goOn: async () => {
            const changed = await happened(person, 'password.changed');
            if (!changed) await expectUntouched(scene, before);
            let after = await person.visit.again();
            const trail = [told(after)];
            while (after.screen === 'SLF010' && trail.length < 4 && !(await happened(person, 'password.changed'))) {
              after = await person.visit.submit(after, form);
              trail.push(told(after));
            }
            expect(await happened(person, 'password.changed'), trail.join(' → ')).to.equal(true);
            if (!changed) expect(after.screen).to.equal('SLF011');
            await expectOver(scene, before, 1);
            const own = await person.visit.open(`${scene.demo.gateway}/self-service`);
            expect(own.screen, 'the acting sign-in').to.equal('SLF001');
            otherBrowser(scene, person);
            const next = await onward(scene, person, await toPortal(scene, person), { route: 'direct' });
            return `${trail.join(' → ')}; next login: ${next}`;
          },
        };
      },
    }));

  it('changes an e-mail address whole, and tells the former one and the new one once', () =>
    suite.kill({
      name: 'proving a new e-mail address of one’s own',
      atLeast: 8,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const person = await somebody(scene);
        const { chosen } = person;
        const asked = { email: chosen.email, confirmation_password: password };
        const first = await signIn(scene, person, '/self-service/email');
        expect(first.screen).to.equal('SLF020');
        const page = await person.visit.submit(first, asked);
        expect(page.screen).to.equal('SLF021');
        const code = (await newestCode(scene, chosen.email)) ?? '';
        return {
          person,
          act: () => person.visit.submit(page, { email_code: code }),
          goOn: async () => {
            const changed = await happened(person, 'email.changed');
            let after = await person.visit.again();
            const trail = [told(after)];
            while (after.screen !== 'SLF022' && trail.length < 8) {
              if (await happened(person, 'email.changed')) break;
              if (after.screen === 'SLF020') after = await person.visit.submit(after, asked);
              else if (after.refusal !== null) after = await person.visit.submit(after, {}, 'resend');
              else
                after = await person.visit.submit(after, { email_code: (await newestCode(scene, chosen.email)) ?? '' });
              trail.push(told(after));
            }
            expect(await happened(person, 'email.changed'), trail.join(' → ')).to.equal(true);
            if (!changed) expect(after.screen).to.equal('SLF022');
            const own = await person.visit.open(`${scene.demo.gateway}/self-service`);
            expect(own.screen, 'nothing ends by it').to.equal('SLF001');
            return trail.join(' → ');
          },
        };
      },
    }));

  it('ends another sign-in of one’s own whole: it is over everywhere, and this one goes on', () =>
    suite.kill({
      name: 'ending another sign-in of one’s own',
      atLeast: 4,
      begin: async () => {
        const { scene } = suite;
        const { before, person, first, page } = await inTwoBrowsers(scene, '/self-service/sessions');
        expect(page.screen).to.equal('SLF055');
        const [other] = await scene.sql(
          'select id from login where account_id = $1 and link_id is not null and ended_at is null',
          [person.account.id],
        );
        const session = String(other?.['id']);
        return {
          person,
          act: () => person.visit.submit(page, { session }, 'end_session'),
          goOn: async () => {
            if (!(await happened(person, 'session.ended'))) await expectUntouched(scene, before);
            const after = await person.visit.again();
            expect(after.screen, after.text()).to.equal('SLF055');
            const twice = await person.visit.submit(after, { session }, 'end_session');
            expect([twice.screen, twice.status]).to.deep.equal(['SLF055', 200]);
            const [row] = await scene.sql('select ended_why from login where id = $1', [session]);
            expect(row?.['ended_why']).to.equal('ended-by-self');
            expect((await refresh(scene, scene.demo.gateway, before.refreshToken)).error).to.equal('invalid_grant');
            const own = await person.visit.open(`${scene.demo.gateway}/self-service`);
            expect(own.screen, 'this one').to.equal('SLF001');
            person.visit = first;
            const over = await person.visit.open(`${scene.demo.gateway}/self-service`);
            expect(over.screen, 'the other one').to.equal('LGN001');
            person.visit = visitor(scene);
            return `${told(after)}; the other browser: ${told(over)}`;
          },
        };
      },
    }));
});
