// A spray over a company: one alarm to its master and the desk, nobody stopped by it (spec §2).
import { expect } from 'chai';
import { provePassword } from '../../src/flows/sign-in/prove-password.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord } from '../support/attempt.ts';
import { bothStores, run } from '../support/database.ts';
import { atOnce, minute, newId } from '../support/rows.ts';
import { flowScene, type OwedMail, rightPassword, type Scene, wrongPassword } from './scene.ts';

const hour = 60 * minute;

for (const { name, open } of bothStores) {
  describe(`a spray over a company, on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    let master: AccountRow;
    let people: readonly AccountRow[];
    let tools: Tools;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      company = await scene.company();
      master = await scene.person(company, { role: 'master' });
      people = [master, ...(await Promise.all(Array.from({ length: 12 }, () => scene.person(company))))];
      tools = { ...scene.tools, deskMail: `desk-${company.id}@bank.example` };
    });

    const miss = async (
      person: Pick<AccountRow, 'loginName'>,
      lasting: string | null = null,
      password = wrongPassword,
    ) => {
      const record = await scene.tools.attempts.begin(attemptRecord({ expiresAt: scene.now + 30 * minute }));
      const act = scene.act({ source: newId(), lasting });
      return provePassword(tools, act, record, { loginId: person.loginName, password });
    };
    const missed = async (count: number, from = 0): Promise<void> => {
      for (const person of people.slice(from, from + count)) await miss(person);
    };
    const standing = () => scene.at.store.alarm.standing(company.id, scene.now);
    const toDesk = async (): Promise<readonly OwedMail[]> =>
      (await run(scene.at, `select payload from outbox where payload->>'to' = '${tools.deskMail}' order by id`)).map(
        ({ payload }) => {
          const mail: OwedMail = JSON.parse(JSON.stringify(payload));
          return mail;
        },
      );
    const records = async (chain: string) =>
      (await scene.at.store.audit.list({ chain }, 1_000))
        .map((body): { readonly event: string; readonly data: Readonly<Record<string, unknown>> } => JSON.parse(body))
        .filter(({ event, data }) => event === 'alarm.spray' && (chain !== 'bank' || data['company'] === company.id));

    it('raises one alarm at the tenth person: to the master and the desk, in both chains, and stops nobody', async () => {
      const began = scene.now;
      await missed(9);
      await miss(people[0] ?? master);
      expect(await standing(), 'nine people, one of them twice').to.equal(null);
      await missed(1, 9);
      expect(await standing()).to.deep.include({ since: began, until: began + 6 * hour, data: { people: 10 } });
      const facts = { from: began, count: 10 };
      const [mail, ...more] = (await scene.mails(master)).filter((one) => one.mail === 'spray');
      expect([mail?.facts, more]).to.deep.equal([facts, []]);
      expect((await toDesk()).map((one) => [one.mail, one.facts])).to.deep.equal([['spray', facts]]);
      expect(await records(company.id)).to.have.length(1);
      expect(await records('bank')).to.have.length(1);
      await missed(3, 10);
      expect(await toDesk(), 'quiet for a while').to.have.length(1);
      for (const person of people) {
        const { account, login } = await scene.look(person);
        expect([account.stoppedAt, login.stoppedAt, login.lockedUntil]).to.deep.equal([null, null, null]);
      }
    }).timeout(30_000);

    it('is raised again when the quiet time is over and it goes on', async () => {
      await missed(10);
      scene.now += 6 * hour;
      expect(await standing()).to.equal(null);
      await missed(10);
      expect(await records(company.id)).to.have.length(2);
    }).timeout(30_000);

    it('is counted within its window', async () => {
      await missed(9);
      scene.now += 10 * minute;
      await missed(4, 9);
      expect(await standing()).to.equal(null);
    }).timeout(30_000);

    it('counts people whose password is locked, and not one who gets in, nor a browser that is known', async () => {
      const [first = master, second = master, third = master] = people;
      const lasting = newId();
      await miss(third, lasting, rightPassword);
      for (let n = 0; n < 6; n += 1) await miss(first);
      expect((await miss(second, null, rightPassword)).advanced).to.equal(true);
      await miss(third, lasting);
      await missed(8, 3);
      expect(await standing(), 'nine').to.equal(null);
      await miss(second);
      expect(await standing()).to.deep.include({ data: { people: 10 } });
    }).timeout(30_000);

    it('is nobody’s with IDs that nobody has, and each company’s own', async () => {
      for (let n = 0; n < 12; n += 1) await miss({ loginName: `x${newId().slice(0, 8)}` });
      await missed(6);
      const other = await scene.company();
      for (let n = 0; n < 6; n += 1) await miss(await scene.person(other));
      expect(await standing()).to.equal(null);
      expect(await scene.at.store.alarm.standing(other.id, scene.now)).to.equal(null);
    }).timeout(30_000);

    it('is raised once when the tenth comes many times at once', async () => {
      await missed(8);
      await atOnce(8, (n) => miss(people[8 + (n % 4)] ?? master));
      expect(await records(company.id)).to.have.length(1);
      expect(await toDesk()).to.have.length(1);
    }).timeout(30_000);

    it('is the cause that releasers are told when it led to a lock', async () => {
      const [, person = master] = people;
      const admin = await scene.person(company, { role: 'admin' });
      await missed(10);
      for (let n = 0; n < 4; n += 1) await miss(person);
      const told = (await scene.mails(admin)).find(({ mail }) => mail === 'user-stopped');
      expect(told?.facts).to.deep.equal({
        who: person.name,
        loginName: person.loginName,
        which: 'login',
        state: 'locked',
        until: scene.now + 30 * minute,
        cause: 'spray',
      });
    }).timeout(30_000);
  });
}
