// Killed while a software token is issued, fetched, brought into use or revoked: there is one issue or none, the app gets its
// secret, the first code is spent once, and a revocation ends everything of the person or nothing.
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import type { CompanyRow } from '../../src/store/account.ts';
import { ownCode, type OwnToken } from '../support/phone.ts';
import { addCompany, day } from '../support/rows.ts';
import type { Page } from '../support/script-browser.ts';
import {
  entered,
  expectOver,
  expectUntouched,
  insist,
  master,
  otherBrowser,
  proof,
  resend,
  signIn,
} from './console.ts';
import { newestCode, told } from './onward.ts';
import { newId, password, type Scene } from './scene.ts';
import { type Person, somebody } from './person.ts';
import { killedSuite } from './suite.ts';
import { recordsOf } from './whole.ts';

const activation = '60417';

/** A company whose people have apps alone. */
const appCompany = (scene: Scene): Promise<CompanyRow> =>
  addCompany(scene.stores.store, {
    otpApplication: 'software',
    createdAt: scene.now() - 400 * day,
    otpAppliedAt: scene.now() - 400 * day,
    tokenArrivedAt: null,
  });

/** Somebody without a token, their telephone, and the page that they have come to. */
interface Issuing {
  readonly person: Person;
  /** The address of the telephone. */
  readonly address: string;
  readonly nonce: string;
  /** What the telephone keeps. */
  token: OwnToken | null;
  page: Page;
}

describe('a gateway killed while a token is issued or taken away', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  const issueOf = async ({ person }: Issuing) => {
    const [issue] = await suite.scene.sql('select * from token_issue where account_id = $1 and ended_at is null', [
      person.account.id,
    ]);
    return issue;
  };

  /** As an app asks for its secret. */
  async function fetchSecret(
    issuing: Issuing,
    gateway = suite.scene.demo.gateway,
    nonce = issuing.nonce,
  ): Promise<{ readonly status: number; readonly token: OwnToken | null }> {
    const userId = String((await issueOf(issuing))?.['user_id']);
    const answer = await fetch(`${gateway}/token-app/api/activate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ service_id: '10000001', user_id: userId, activation_password: activation, nonce }),
    });
    const text = await answer.text();
    return { status: answer.status, token: answer.status === 200 ? JSON.parse(text) : null };
  }

  const shown = ({ token }: Issuing): string => (token ? ownCode(token, suite.scene.now()) : '');

  /** Answers the pages of an issue until the sign-in is over, or one of them is reached. @returns which pages came */
  async function onwards(issuing: Issuing, until = 'SLF001'): Promise<string> {
    const { scene } = suite;
    const { person } = issuing;
    const trail = [told(issuing.page)];
    const next = async (fields: Readonly<Record<string, string>>, action?: string): Promise<void> => {
      issuing.page = await person.visit.submit(issuing.page, fields, action);
      trail.push(told(issuing.page));
    };
    for (let round = 0; issuing.page.screen !== until; round += 1) {
      if (round > 24) throw new Error(`no end: ${trail.join(' → ')}`);
      switch (issuing.page.screen) {
        case 'LGN001':
          await next({}, 'direct');
          break;
        case 'LGN002':
          await next({ login_id: person.account.loginName, password });
          break;
        case 'BOT011':
          await next({ token_kind: 'software' });
          break;
        case 'BOT012':
          await next({});
          break;
        case 'BOT001': {
          const { address: email } = issuing;
          const typed = { activation_password: activation, activation_password_again: activation };
          await next({ email, email_again: email, ...typed });
          break;
        }
        case 'BOT002': {
          const code = issuing.page.refusal === null ? await newestCode(scene, person.account.email ?? '') : null;
          if (code === null) await next({}, 'resend');
          else await next({ confirmation_password: password, email_code: code });
          break;
        }
        case 'BOT003':
          await next({});
          break;
        case 'BOT004':
          if (!issuing.token) {
            const { status, token } = await fetchSecret(issuing);
            expect(status, 'the secret').to.equal(200);
            issuing.token = token;
          }
          await next({ otp: shown(issuing) });
          break;
        case 'OTP002':
          // The first code was spent, and this sign-in did not hear of it.
          await next({ otp: shown(issuing) });
          break;
        default:
          if (![400, 404, 409, 410].includes(issuing.page.status))
            throw new Error(`${trail.join(' → ')}: ${issuing.page.text().slice(0, 300)}`);
          trail.push('anew');
          issuing.page = await person.visit.open(`${scene.demo.gateway}/self-service`);
          trail.push(told(issuing.page));
      }
    }
    return trail.filter((step, place) => step !== trail[place - 1]).join(' → ');
  }

  async function begun(until: string): Promise<Issuing> {
    const { scene } = suite;
    const person = await somebody(scene, { company: await appCompany(scene), unregistered: true });
    const issuing: Issuing = {
      person,
      address: `${newId()}@phone.example.jp`,
      nonce: randomBytes(32).toString('base64url'),
      token: null,
      page: await person.visit.open(`${scene.demo.gateway}/self-service`),
    };
    await onwards(issuing, until);
    return issuing;
  }

  /** Whoever is signed in now comes in again by the token, with a code that was not used. */
  async function expectInUse({ person, token }: Issuing): Promise<void> {
    const { scene } = suite;
    const [row] = await scene.sql(
      `select token.last_step from token join token_holder on token_id = token.id where account_id = $1 and ended_at is null`,
      [person.account.id],
    );
    expect(Number(row?.['last_step']), 'the step of a token in hand').to.be.above(0);
    otherBrowser(scene, person);
    let page = await person.visit.open(`${scene.demo.gateway}/self-service`);
    page = await person.visit.submit(page, {}, 'direct');
    page = await person.visit.submit(page, { login_id: person.account.loginName, password });
    expect(page.screen, 'the next sign-in').to.equal('OTP002');
    const step = Number(row?.['last_step']);
    const spent = token ? ownCode(token, step * token.period * 1000) : '';
    expect((await person.visit.submit(page, { otp: spent })).refusal, 'a spent code').to.be.oneOf([
      'otp-used',
      'otp-wrong',
    ]);
  }

  it('issues a token whole or not at all, and never two: the mail to the telephone goes once', () =>
    suite.kill({
      name: 'confirming the issue of a token',
      atLeast: 8,
      later: 61,
      begin: async () => {
        const issuing = await begun('BOT002');
        const { person } = issuing;
        const code = (await newestCode(suite.scene, person.account.email ?? '')) ?? '';
        const act = { confirmation_password: password, email_code: code };
        return {
          person,
          act: () => person.visit.submit(issuing.page, act),
          atOnce: async () => ((await issueOf(issuing)) ? 'issued' : 'no issue'),
          goOn: async () => {
            const before = await issueOf(issuing);
            issuing.page = await person.visit.again();
            const trail = await onwards(issuing);
            const made = (await recordsOf(suite.scene, person)).filter(({ event }) => event === 'token.issued');
            expect(made.length, trail).to.equal(1);
            if (before) expect(made[0]?.data['issue']).to.equal(before['id']);
            await expectInUse(issuing);
            return trail;
          },
        };
      },
    }));

  it('hands the secret to the first app alone, and to it again where the answer was lost', () =>
    suite.kill({
      name: 'an app fetches its secret',
      atLeast: 3,
      begin: async () => {
        const issuing = await begun('BOT003');
        const { person } = issuing;
        return {
          person,
          act: (address) => fetchSecret(issuing, address),
          goOn: async () => {
            const bound = (await issueOf(issuing))?.['nonce'] !== null;
            const other = randomBytes(32).toString('base64url');
            // Before it was bound, whoever knows everything is the first app.
            if (bound) expect((await fetchSecret(issuing, undefined, other)).status, 'another app').to.equal(403);
            const first = await fetchSecret(issuing);
            const again = await fetchSecret(issuing);
            expect([first.status, again.status]).to.deep.equal([200, 200]);
            expect(again.token?.secret, 'the same secret').to.equal(first.token?.secret);
            expect((await fetchSecret(issuing, undefined, other)).status, 'another app').to.equal(403);
            issuing.token = first.token;
            const trail = await onwards(issuing);
            return `${bound ? 'fetched again' : 'fetched'}; ${trail}`;
          },
        };
      },
    }));

  it('brings a token into use whole: its first code is spent once, and the sign-in goes on', () =>
    suite.kill({
      name: 'the first code of a token',
      atLeast: 10,
      later: 61,
      begin: async () => {
        const issuing = await begun('BOT004');
        const { person } = issuing;
        issuing.token = (await fetchSecret(issuing)).token;
        const otp = shown(issuing);
        return {
          person,
          act: () => person.visit.submit(issuing.page, { otp }),
          atOnce: async () => ((await issueOf(issuing)) ? 'not yet in use' : 'in use'),
          goOn: async () => {
            issuing.page = await person.visit.again();
            const trail = await onwards(issuing);
            const started = (await recordsOf(suite.scene, person)).filter(({ event }) => event === 'token.activated');
            expect(started.length, trail).to.equal(1);
            await expectInUse(issuing);
            return trail;
          },
        };
      },
    }));

  /** What the person meets who signs in after a revocation. */
  async function afterwards(person: Person): Promise<string> {
    const { scene } = suite;
    otherBrowser(scene, person);
    let page = await person.visit.open(`${scene.demo.gateway}/self-service`);
    page = await person.visit.submit(page, {}, 'direct');
    page = await person.visit.submit(page, { login_id: person.account.loginName, password });
    expect(page.screen, 'no code is asked any more: a token has to be registered').to.be.oneOf([
      'BOT011',
      'BOT012',
      'TKN002',
    ]);
    return `next login: ${told(page)}`;
  }

  const revoked = async (person: Person): Promise<boolean> =>
    (await recordsOf(suite.scene, person)).some(({ event }) => event === 'token.revoked');

  it('revokes one’s own token whole: it opens nothing any more, or nothing has changed', () =>
    suite.kill({
      name: 'revoking one’s own lost token',
      atLeast: 10,
      // A turn that a dead process took is free again after half a minute.
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const before = await entered(scene, { token: 'software', company: await appCompany(scene) });
        const { person } = before;
        const page = await person.visit.open(`${scene.demo.gateway}/self-service/otp/revoke?reason=lost`);
        expect(page.screen, page.text()).to.equal('SLF030');
        const act = { reason: 'lost', confirmation_password: password };
        return {
          person,
          act: () => person.visit.submit(page, act),
          goOn: async () => {
            const done = await revoked(person);
            if (!done) await expectUntouched(scene, before);
            let after = await person.visit.again();
            const trail = [told(after)];
            while (after.screen === 'SLF030' && trail.length < 6) {
              after = await person.visit.submit(after, act);
              trail.push(told(after));
            }
            expect(await revoked(person), trail.join(' → ')).to.equal(true);
            await expectOver(scene, before);
            return `${trail.join(' → ')}; ${await afterwards(person)}`;
          },
        };
      },
    }));

  it('revokes somebody’s token whole, and once: the person is out everywhere, the administrator goes on', () =>
    suite.kill({
      name: 'a master revokes somebody’s token',
      atLeast: 14,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const actor = await master(scene);
        const before = await entered(scene, { company: actor.company, token: 'software' });
        const { person } = before;
        const list = await signIn(scene, actor, '/company/people/token-revoke');
        expect(list.screen, list.text()).to.equal('CON060');
        const page = await actor.visit.submit(list, { people: [person.account.id], reason: 'phone' });
        expect(page.screen, page.text()).to.equal('CON061');
        return {
          person: actor,
          others: [person],
          act: async () => actor.visit.submit(page, await proof(actor, page)),
          goOn: async () => {
            if (!(await revoked(person))) await expectUntouched(scene, before);
            const { trail, page: after } = await insist(actor, await resend(actor, page), 'CON061');
            expect(await revoked(person), trail).to.equal(true);
            expect(after.screen, trail).to.be.oneOf(['CON062', 'CON060']);
            await expectOver(scene, before);
            const own = await actor.visit.open(`${scene.demo.gateway}/company`);
            expect(own.screen, 'the administrator').to.equal('CON001');
            return `${trail}; ${await afterwards(person)}`;
          },
        };
      },
    }));
});
