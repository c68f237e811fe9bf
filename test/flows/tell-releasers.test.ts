// MAI029: who is told that somebody was locked or stopped – those who may release it, and nobody else.
import { expect } from 'chai';
import { guess } from '../../src/flows/guess.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { AccountRow, CompanyRow, CredentialRow } from '../../src/store/account.ts';
import { minute } from '../support/rows.ts';
import { flowScene, type OwedMail, type Scene, type Token, wrongPassword } from './scene.ts';

describe('telling those who may release', () => {
  let scene: Scene;
  let company: CompanyRow;
  let master: AccountRow;
  let admin: AccountRow;
  let person: AccountRow;
  before(async () => {
    scene = await flowScene();
  });
  beforeEach(async () => {
    company = await scene.company();
    master = await scene.person(company, { role: 'master' });
    admin = await scene.person(company, { role: 'admin' });
    person = await scene.person(company);
  });

  const told = async (account: AccountRow): Promise<readonly OwedMail['facts'][]> =>
    (await scene.mails(account)).filter(({ mail }) => mail === 'user-stopped').map(({ facts }) => facts);
  const miss = async (account: AccountRow, kind: CredentialRow['kind'], times = 5): Promise<void> => {
    for (let n = 0; n < times; n += 1) await guess(scene.tools, scene.act(), account.id, kind, wrongPassword);
  };
  const missCodes = async (account: AccountRow, token: Token, code = token.wrong(), tools: Tools = scene.tools) => {
    for (let n = 0; n < 5; n += 1) await checkOtp(tools, scene.act(), account.id, code, null, 'direct');
  };

  for (const which of ['login', 'confirmation'] as const) {
    it(`a locked and then a stopped ${which} password: master and admins, each once, with who, which and why`, async () => {
      const facts = { who: person.name, loginName: person.loginName, which, cause: 'misses' };
      await miss(person, which);
      const locked = { ...facts, state: 'locked', until: scene.now + 30 * minute };
      for (const one of [master, admin]) expect(await told(one)).to.deep.equal([locked]);
      for (let lock = 0; lock < 2; lock += 1) {
        scene.now += 30 * minute;
        await miss(person, which);
      }
      expect((await told(master)).at(-1)).to.deep.equal({ ...facts, state: 'stopped', until: null });
      expect(await told(admin)).to.have.length(3);
      expect(await told(person)).to.deep.equal([]);
    });
  }

  it('not oneself, nor anybody who cannot act: not set up, stopped, without a proven address, or of another company', async () => {
    const out = await Promise.all([
      scene.person(company, { role: 'admin', setUpAt: null }),
      scene.person(company, { role: 'admin', stoppedAt: scene.now }),
      scene.person(company, { role: 'admin', otpStoppedAt: scene.now }),
      scene.person(company, { role: 'admin', deletedAt: scene.now }),
      scene.person(company, { role: 'admin', emailProvenAt: null }),
      scene.person(company, { viewsRecords: true }),
      scene.person(await scene.company(), { role: 'master' }),
    ]);
    await miss(admin, 'login');
    expect(await told(master)).to.have.length(1);
    for (const one of [admin, ...out]) expect(await told(one), one.role).to.deep.equal([]);
  });

  it('a stopped one-time password goes by the matrix: a key-fob is the desk’s, an app the company’s', async () => {
    const fob = await scene.token(company, [person], { kind: 'hardware' });
    await missCodes(person, fob);
    expect(await told(master)).to.deep.equal([]);
    const other = await scene.person(company);
    const app = await scene.token(company, [other], { kind: 'software', serial: null });
    await missCodes(other, app);
    const facts = { who: other.name, loginName: other.loginName, which: 'otp', state: 'stopped', until: null };
    expect(await told(master)).to.deep.equal([{ ...facts, cause: 'misses' }]);

    const { policy } = scene.tools;
    const companyReleases: Tools = {
      ...scene.tools,
      policy: { ...policy, release: { softwareOtp: 'company', hardwareOtp: 'company' } },
    };
    const third = await scene.person(company);
    const slow = await scene.token(company, [third], { kind: 'hardware' });
    await missCodes(third, slow, slow.code(-20), companyReleases);
    expect((await told(master)).find(({ cause }) => cause === 'drift')).to.include({
      loginName: third.loginName,
      which: 'otp',
    });
  });
});
