// A clock that was set back (spec §5): no older step is accepted by it, nobody is stopped by it, and the desk is told once in a
// while. Set forward again, everything is as before.
import { expect } from 'chai';
import { checkOtp, type CheckedOtp } from '../../src/flows/otp.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { bothStores, run } from '../support/database.ts';
import { atOnce, day, minute, start } from '../support/rows.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

const hour = 60 * minute;

for (const { name, open } of bothStores) {
  describe(`a clock that was set back, on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    let fob: Token;
    let tools: Tools;
    let noticed: unknown[];
    let after: number;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
      await scene.at.store.deployment.begin({ demo: false, createdAt: start, clockOffset: 0, demoSecret: null });
      company = await scene.company();
    });
    beforeEach(async () => {
      await run(scene.at, `delete from alarm where kind = 'clock'`);
      scene.now = start + 10 * day;
      person = await scene.person(company);
      fob = await scene.token(company, [person]);
      noticed = [];
      after = 0;
      tools = {
        ...scene.tools,
        deskMail: `desk-${person.id}@bank.example`,
        notice: (event, fields) => noticed.push([event, fields]),
        after: async (work) => {
          after += 1;
          await work();
        },
      };
    });
    const type = (code: string, next: string | null = null, by = person): Promise<CheckedOtp> =>
      checkOtp(tools, scene.act(), by.id, code, next, 'direct');
    const alarms = () => run(scene.at, `select * from alarm where kind = 'clock' order by since`);
    const toDesk = () =>
      run(scene.at, `select payload from outbox where payload->>'to' = '${tools.deskMail}' order by created_at`);
    const records = async (): Promise<number> =>
      (await scene.at.store.audit.list({ chain: 'bank' }, 1_000)).filter((body) => {
        const record: { readonly event: string; readonly data: { readonly token?: string } } = JSON.parse(body);
        return record.event === 'alarm.clock' && record.data.token === fob.row.id;
      }).length;
    const untouched = async (by = person): Promise<void> => {
      const { account } = await scene.look(by);
      expect([account.otpMisses, account.otpStoppedAt]).to.deep.equal([0, null]);
    };

    for (const kind of ['hardware', 'software'] as const) {
      for (const back of [minute, 2 * minute, 3 * minute, 10 * minute, 3 * hour, 5 * day]) {
        it(`by ${back / minute} minutes accepts of a ${kind} token nothing, old or new, and counts nothing`, async () => {
          if (kind === 'software') person = await scene.person(company);
          const token =
            kind === 'hardware' ? fob : await scene.token(company, [person], { kind: 'software', serial: null });
          const trueTime = scene.now;
          const lastCode = token.code();
          expect((await type(lastCode)).verdict).to.equal('accepted');
          const right = [token.code(1), token.code(2), token.code(3)];
          scene.now = trueTime - back;
          // The code that was used, those that the token shows now by true time, and those that this clock expects.
          for (const code of [lastCode, ...right, token.code(-1), token.code(0), token.code(1), token.wrong()])
            expect((await type(code)).verdict, code).to.equal('used');
          expect((await type(token.code(20), token.code(21))).verdict, 'two codes').to.equal('used');
          await untouched();
          const { token: held } = await scene.look(person);
          expect(held).to.include({ lastStep: trueTime / minute, drift: 0 });
          expect(await alarms()).to.have.length(back > 2 * minute ? 1 : 0);
          scene.now = trueTime + minute;
          expect((await type(token.code())).verdict, 'the clock is right again').to.equal('accepted');
        });
      }
    }

    it('by more than two steps raises one alarm for six hours: mail to the desk, a record, a line of the log', async () => {
      expect((await type(fob.code())).verdict).to.equal('accepted');
      scene.now -= 10 * minute;
      for (let n = 0; n < 3; n += 1) await type(fob.code(10));
      const [alarm, ...more] = await alarms();
      expect(alarm).to.deep.include({
        companyId: null,
        kind: 'clock',
        since: scene.now,
        until: scene.now + 6 * hour,
        data: { token: fob.row.id, steps: 10, minutes: 10 },
      });
      expect(more).to.deep.equal([]);
      const [mail, ...others] = await toDesk();
      expect(mail?.['payload']).to.deep.include({ mail: 'clock', facts: { behind: 10 }, by: 'system', personName: '' });
      expect(others).to.deep.equal([]);
      expect(noticed).to.deep.equal([['alarm.clock', { token: fob.row.id, minutes: 10 }]]);
      expect(await records()).to.equal(1);
      expect((await scene.records(person)).at(-1)?.data).to.include({ clock: 'behind', steps: 10 });

      // Its own time has gone on, and the clock was set back once more by as much.
      scene.now += 6 * hour;
      expect((await type(fob.code())).verdict).to.equal('accepted');
      scene.now -= 10 * minute;
      await type(fob.code());
      scene.now += 30 * minute;
      expect(await alarms(), 'the first one stands until then').to.have.length(1);
      expect((await type(fob.code())).verdict).to.equal('accepted');
      scene.now -= 10 * minute;
      await type(fob.code());
      expect(await alarms()).to.have.length(2);
    });

    it('is told of again when it was set back behind the alarm itself', async () => {
      expect((await type(fob.code())).verdict).to.equal('accepted');
      scene.now -= 10 * minute;
      await type(fob.code());
      scene.now -= day;
      await type(fob.code());
      await type(fob.code());
      expect(await alarms()).to.have.length(2);
    });

    it('raises one alarm when many notice at once', async () => {
      const people = await Promise.all(Array.from({ length: 6 }, () => scene.person(company)));
      const tokens = await Promise.all(people.map((one) => scene.token(company, [one])));
      for (const [n, token] of tokens.entries()) await type(token.code(), null, people[n]);
      scene.now -= hour;
      await atOnce(6, (n) => type(tokens[n]?.code() ?? '', null, people[n]));
      expect(await alarms()).to.have.length(1);
      expect(await toDesk()).to.have.length(1);
    });

    it('is not what a drifted token, a colleague’s code or a step forward looks like', async () => {
      const colleague = await scene.person(company);
      const shared = await scene.token(company, [person, colleague].slice(1));
      expect((await type(fob.code(40), fob.code(41))).verdict, 'repaired').to.equal('accepted');
      expect((await type(fob.code(41))).verdict).to.equal('used');
      expect((await type(shared.code(1), null, colleague)).verdict).to.equal('accepted');
      expect((await type(shared.code(0), null, colleague)).verdict).to.equal('used');
      scene.now += 5 * hour;
      expect((await type(fob.code(41))).verdict).to.equal('accepted');
      scene.now += minute;
      // A key-fob that loses time: its drift goes back, its steps never do.
      expect((await type(fob.code(40))).verdict).to.equal('used');
      scene.now += minute;
      expect((await type(fob.code(40))).verdict).to.equal('accepted');
      expect([await alarms(), after]).to.deep.equal([[], 0]);
    });

    it('is told without a desk’s address to the records and the log alone', async () => {
      tools = { ...tools, deskMail: null };
      expect((await type(fob.code())).verdict).to.equal('accepted');
      scene.now -= hour;
      await type(fob.code());
      expect([await records(), noticed.length, (await alarms()).length]).to.deep.equal([1, 1, 1]);
    });
  });
}
