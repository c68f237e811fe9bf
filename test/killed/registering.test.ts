// Killed while an administrator registers somebody, prints the sheet, or sets somebody's passwords: the person is there whole or
// not at all, pressing again registers nobody twice, and what was issued is on the sheet, or can be issued again.
import { expect } from 'chai';
import type { Page } from '../support/script-browser.ts';
import {
  type Entered,
  entered,
  expectOver,
  expectUntouched,
  insist,
  mailsTo,
  master,
  otherBrowser,
  pressAgain,
  proof,
  resend,
  signIn,
} from './console.ts';
import { onward, toPortal, told } from './onward.ts';
import { type Person, visitor } from './person.ts';
import { newId, type Scene } from './scene.ts';
import { killedSuite } from './suite.ts';
import { recordsOf } from './whole.ts';

/** What a sheet shows as secrets; nothing when it was shown before. */
const secretsOf = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/<span class="secret">([\s\S]*?)<\/span><\/span>/g)].map(([, groups = '']) =>
    groups.replace(/<[^>]+>/g, ''),
  );

/** Values of the boxes that a page offers, or of those that are ticked. */
const boxesOf = ({ html }: Page, name: string, ticked = false): readonly string[] =>
  [...html.matchAll(new RegExp(`<input type="checkbox"[^>]*name="${name}"[^>]*>`, 'g'))]
    .filter(([input]) => !ticked || / checked/.test(input))
    .map(([input]) => /value="([^"]*)"/.exec(input)?.[1] ?? '');

/** A master, and what they enter to register somebody: with every portal and account that is offered. */
async function registering(
  scene: Scene,
): Promise<{ readonly actor: Person; readonly email: string; readonly page: Page }> {
  const actor = await master(scene);
  const line = { branchCode: '001', branchName: '本店', kind: '普通', number: '0000001', memo: '' };
  await scene.stores.store.bankAccount.load(actor.company.id, [line], newId);
  const email = `${newId()}@registered.example.jp`;
  let page = await signIn(scene, actor, '/company/people/new');
  expect(page.screen).to.equal('CON020');
  page = await actor.visit.submit(page, { person_name: '佐野 葵', email, admin: 'none' });
  expect(page.screen).to.equal('CON021');
  page = await actor.visit.submit(page, { permissions: 'view-records', portals: boxesOf(page, 'portals') });
  page = await actor.visit.submit(page, { accounts: boxesOf(page, 'accounts') });
  expect(page.screen).to.equal('CON023');
  return { actor, email, page };
}

/** How many there are: accounts of this address, their passwords and names, accounts granted, records, mails. */
async function registered(scene: Scene, email: string): Promise<Readonly<Record<string, number>>> {
  const [rows] = await scene.sql(
    `select count(*)::int as people,
       (select count(*)::int from credential where account_id in (select id from account where email = $1)) as passwords,
       (select count(*)::int from login_name where account_id in (select id from account where email = $1)) as names,
       (select count(*)::int from bank_account_grant where account_id in (select id from account where email = $1)) as accounts,
       (select count(*)::int from audit where event = 'account.created' and body like '%' || $1 || '%') as records
     from account where email = $1`,
    [email],
  );
  const count = (name: string): number => Number(rows?.[name]);
  const { people, passwords, names, accounts, records } = {
    people: count('people'),
    passwords: count('passwords'),
    names: count('names'),
    accounts: count('accounts'),
    records: count('records'),
  };
  return { people, passwords, names, accounts, records };
}

const nobody = { people: 0, passwords: 0, names: 0, accounts: 0, records: 0 };
const once = { people: 1, passwords: 1, names: 1, accounts: 1, records: 1 };

/** Whoever has the sheet begins the first-time setup with it. */
async function expectOpens(scene: Scene, [loginId = '', secret = '']: readonly string[]): Promise<void> {
  const { open, submit } = visitor(scene);
  let page = await submit(await open(`${scene.demo.gateway}/`), {}, 'direct');
  page = await submit(page, { login_id: loginId, password: secret });
  expect(told(page), 'with what the sheet shows').to.equal('SET001');
}

describe('a gateway killed while an administrator gives somebody a password', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  it('registers a person whole or not at all, and never twice', () =>
    suite.kill({
      name: 'a master registers somebody',
      atLeast: 14,
      // A turn that a dead process took is free again after half a minute.
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const { actor, email, page } = await registering(scene);
        return {
          person: actor,
          act: async () => actor.visit.submit(page, await proof(actor, page)),
          atOnce: async () => ((await registered(scene, email))['people'] === 1 ? 'registered' : 'nobody'),
          goOn: async () => {
            const before = await registered(scene, email);
            expect(before, 'whole or not at all').to.deep.equal(before['people'] === 1 ? once : nobody);
            const { trail, page: result } = await insist(actor, await resend(actor, page), 'CON023');
            expect(result.screen, trail).to.equal('CON024');
            const again = await pressAgain(actor, page);
            expect(await registered(scene, email), 'once').to.deep.equal(once);
            const sheet = await actor.visit.submit(result, {}, 'print');
            expect(secretsOf(sheet), 'on the sheet').to.have.length(2);
            await expectOpens(scene, secretsOf(sheet));
            expect(await mailsTo(scene, email, '利用者登録のお知らせ'), 'mails').to.equal(1);
            return `${trail} → ${told(sheet)}; ${again}; the sheet opens the setup`;
          },
        };
      },
    }));

  it('shows a sheet at most once; one that was lost is issued anew', () =>
    suite.kill({
      name: 'printing the sheet of somebody who was registered',
      atLeast: 3,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const { actor, email, page } = await registering(scene);
        const result = await actor.visit.submit(page, await proof(actor, page));
        expect(result.screen).to.equal('CON024');
        return {
          person: actor,
          act: () => actor.visit.submit(result, {}, 'print'),
          goOn: async () => {
            const sheet = await actor.visit.again();
            // Without the password it still shows the ID.
            if (secretsOf(sheet).length === 2) {
              await expectOpens(scene, secretsOf(sheet));
              return `${told(sheet)}, with the password`;
            }
            const [row] = await scene.sql('select id from account where email = $1', [email]);
            const first = await actor.visit.open(`${scene.demo.gateway}/company/people/${String(row?.['id'])}/edit`);
            const check = await toCheck(actor, first, { change_password: 'change' });
            const { trail, page: anew } = await insist(actor, check, 'CON033');
            expect(anew.screen, trail).to.equal('CON034');
            const other = await actor.visit.submit(anew, {}, 'print');
            expect(secretsOf(other), `${trail} → ${told(other)}: ${other.text()}`).to.have.length(2);
            await expectOpens(scene, secretsOf(other));
            expect(await registered(scene, email)).to.include({ people: 1, passwords: 1, records: 1 });
            return `${told(sheet)}, shown before; issued anew: ${trail}`;
          },
        };
      },
    }));

  it('sets somebody’s passwords whole: the person keeps the old ones, or must change the new ones', () =>
    suite.kill({
      name: 'a master sets somebody’s passwords',
      atLeast: 14,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const actor = await master(scene);
        const before = await entered(scene, { company: actor.company });
        const { person } = before;
        const path = `/company/people/${person.account.id}/edit`;
        const page = await toCheck(actor, await signIn(scene, actor, path), both);
        return {
          person: actor,
          others: [person],
          act: async () => actor.visit.submit(page, await proof(actor, page)),
          goOn: async () => {
            if (!(await wasSet(person))) await expectUntouched(scene, before);
            const { trail, page: after } = await insist(actor, await resend(actor, page), 'CON033');
            expect(await wasSet(person), trail).to.equal(true);
            const shown = after.screen === 'CON034' ? await actor.visit.submit(after, {}, 'print') : null;
            const [secret = '', ...more] = shown === null ? [] : secretsOf(shown).slice(-1);
            expect(more).to.deep.equal([]);
            return `${trail}; ${await takeOver(actor, before, path, secret)}`;
          },
        };
      },
    }));

  /** One is issued, the other typed; the person must change both. */
  const both = {
    change_password: 'change',
    new_password_by: 'issue',
    force_change_password: 'on',
    change_confirmation_password: 'change',
    new_confirmation_password_by: 'typed',
    new_confirmation_password: 'Sakura4471',
    force_change_confirmation_password: 'on',
  } as const;

  const wasSet = async (person: Person): Promise<boolean> =>
    (await recordsOf(suite.scene, person)).some(({ event }) => event === 'password.set-by-other');

  /** What the person had is over; with the password that was issued, or issued again, they choose their own. */
  async function takeOver(actor: Person, entry: Entered, path: string, issued: string): Promise<string> {
    const { scene } = suite;
    const { person } = entry;
    await expectOver(scene, entry);
    let secret = issued;
    if (secret === '') {
      const first = await actor.visit.open(`${scene.demo.gateway}${path}`);
      // What was typed is the person's now: it can't be given again.
      const given = { ...both, change_confirmation_password: 'keep' };
      const { trail, page } = await insist(actor, await toCheck(actor, first, given), 'CON033');
      expect(page.screen, trail).to.equal('CON034');
      secret = secretsOf(await actor.visit.submit(page, {}, 'print')).at(-1) ?? '';
    }
    person.names = [{ loginId: person.account.loginName, password: secret }];
    otherBrowser(scene, person);
    const present = { login: secret, confirmation: both.new_confirmation_password };
    const trail = await onward(scene, person, await toPortal(scene, person), { route: 'direct', present });
    expect(trail).to.include('PWC001');
    return `${issued === '' ? 'set again; ' : ''}${trail}`;
  }

  /** From the first page of a change to its check page; name, address and rights are left as they stand. */
  async function toCheck(actor: Person, first: Page, given: Readonly<Record<string, string>>): Promise<Page> {
    expect(first.screen).to.equal('CON030');
    const value = (name: string): string =>
      new RegExp(`<input[^>]* name="${name}"[^>]* value="([^"]*)"`).exec(first.html)?.[1] ?? '';
    const basics = { person_name: value('person_name'), email: value('email'), admin: 'none' };
    let page = await actor.visit.submit(first, { ...basics, ...given });
    expect(page.screen, page.text()).to.equal('CON031');
    const stands = (name: string): readonly string[] => boxesOf(page, name, true);
    page = await actor.visit.submit(page, { permissions: stands('permissions'), portals: stands('portals') });
    page = await actor.visit.submit(page, { accounts: stands('accounts') });
    expect(page.screen, page.text()).to.equal('CON033');
    return page;
  }
});
