// Everything at once on real PostgreSQL, from two processes: whatever meets on the same people, tokens and chains, nobody waits
// in a circle (house lock order: accounts, link, token, device, audit head), and the audit chains stay whole.
import { expect } from 'chai';
import { endSession } from '../../src/flows/end-session.ts';
import { forget } from '../../src/flows/forget.ts';
import { guess } from '../../src/flows/guess.ts';
import { checkOtp } from '../../src/flows/otp.ts';
import { release } from '../../src/flows/release.ts';
import { finish } from '../../src/flows/sign-in/finish.ts';
import { registerToken } from '../../src/flows/sign-in/register-token.ts';
import type { Tools } from '../../src/flows/tools.ts';
import { unlink } from '../../src/flows/unlink.ts';
import { endThroughUpstream } from '../../src/flows/upstream-logout.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, verifiedUpstream } from '../support/attempt.ts';
import { besideStore, migratedDatabase, type OpenStore, run } from '../support/database.ts';
import type { FreshDatabase } from '../support/postgres.ts';
import { atOnce, minute, newId } from '../support/rows.ts';
import { flowScene, rightPassword, type Scene, type Token, wrongPassword } from './scene.ts';

const workers = 12;
const actsEach = 20;

describe('many acts at once', () => {
  let fresh: FreshDatabase;
  let processes: readonly OpenStore[];
  let scene: Scene;
  before(async function () {
    this.timeout(60_000);
    fresh = await migratedDatabase();
    processes = [await besideStore(fresh.url), await besideStore(fresh.url)];
    scene = await flowScene(async () => processes[0] ?? (await besideStore(fresh.url)));
  });
  after(async () => {
    await Promise.all(processes.map(({ database }) => database.close()));
    await fresh.drop();
  });

  it('never wait for each other in a circle', async () => {
    const companies: readonly CompanyRow[] = [await scene.company(), await scene.company({ sharingMode: 'one_each' })];
    const people: { readonly account: AccountRow; readonly token: Token }[] = [];
    const subjects = Array.from({ length: 4 }, newId);
    for (const company of companies) {
      const [one, other, third] = [
        await scene.person(company),
        await scene.person(company),
        await scene.person(company),
      ];
      const shared = await scene.token(company, [one, other]);
      people.push({ account: one, token: shared }, { account: other, token: shared });
      people.push({ account: third, token: await scene.token(company, [third]) });
    }
    const drawer = await scene.token(companies[0] ?? (await scene.company()), []);
    const pick = <T>(from: readonly T[]): T => {
      const one = from[Math.floor(Math.random() * from.length)];
      if (one === undefined) throw new Error('nothing to pick');
      return one;
    };
    const actor = { kind: 'operator', id: 'desk' } as const;
    const acts: readonly ((tools: Tools, person: AccountRow, token: Token) => Promise<unknown>)[] = [
      (tools, person, token) => checkOtp(tools, scene.act(), person.id, token.code(), null, 'direct'),
      (tools, person, token) => checkOtp(tools, scene.act(), person.id, token.wrong(), null, 'direct'),
      (tools, person) => guess(tools, scene.act(), person.id, 'login', pick([rightPassword, wrongPassword])),
      (tools, person) =>
        release(tools, scene.act(), { accountId: person.id, locks: ['login', 'otp'], actor, by: 'desk' }),
      (tools, person) => forget(tools, scene.act(), { accountId: person.id, actor, by: 'admin' }),
      (tools) => endThroughUpstream(tools, scene.act(), { issuer: 'https://bd.example', subject: pick(subjects) }),
      async (tools, person) => {
        for (const { id } of await tools.store.link.ofAccount(person.id))
          await unlink(tools, scene.act(), {
            linkId: id,
            companyId: null,
            actor,
            by: 'desk',
            why: 'unlinked-by-operator',
          });
      },
      async (tools, person) => {
        const previous = await tools.store.login.previous(person.id, scene.now + 1);
        const session = { accountId: person.id, sessionUid: 'session', loginIds: previous ? [previous.id] : [] };
        await endSession(tools, scene.act(), session, 'signed-out');
      },
      async (tools, person) => {
        const now = await tools.store.account.person(person.id);
        const account = now && { id: person.id, epoch: now.account.securityEpoch };
        const record = await tools.attempts.begin(
          attemptRecord({ route: 'direct', account, expiresAt: scene.now + minute }),
        );
        if (now)
          await registerToken(tools, scene.act(), record, now, { serial: drawer.row.serial ?? '', otp: '123456' });
      },
      async (tools, person) => {
        const now = await tools.store.account.find(person.id);
        const record = await tools.attempts.begin(
          attemptRecord({
            route: 'federated',
            upstream: verifiedUpstream({ subject: pick(subjects) }),
            account: now && { id: person.id, epoch: now.securityEpoch },
            passwordAt: scene.now,
            otp: { at: scene.now, tokenId: 't', step: 1, kind: 'hardware', shared: false, by: 'code' },
            remember: true,
            expiresAt: scene.now + minute,
          }),
        );
        const finished = await finish(tools, scene.act(), record, () => null);
        if (finished.verdict !== 'finished') return;
        const { id: loginId, linkId } = finished.login;
        await tools.store.login.enter({
          loginId,
          clientId: 'portal',
          sid: newId(),
          sessionUid: 'session',
          accountId: person.id,
          linkId,
          at: scene.now,
        });
      },
    ];
    const done = await atOnce(workers, async (worker) => {
      const { store } = processes[worker % processes.length] ?? scene.at;
      const tools = scene.toolsOn(store);
      for (let n = 0; n < actsEach; n += 1) {
        const { account, token } = pick(people);
        await pick(acts)(tools, account, token);
        if (worker === 0) scene.now += 20_000;
      }
      return actsEach;
    });
    expect(done).to.have.length(workers);
    for (const { id } of companies) {
      const verified = await scene.at.store.audit.verify(id);
      expect(verified.badAt).to.equal(null);
      expect(verified.records).to.be.above(10);
    }
    const twice = await run(
      scene.at,
      `select subject from link where ended_at is null group by issuer, subject having count(*) > 1`,
    );
    expect(twice).to.deep.equal([]);
  }).timeout(120_000);
});
