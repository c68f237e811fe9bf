// What must hold of somebody's passwords, address, stops, deletion and logins whatever was killed: what stands in the rows is
// what the records tell, and nothing lives on that a change ended.
import { expect } from 'chai';
import type { Person } from './person.ts';
import type { Scene } from './scene.ts';
import type { Told } from './whole.ts';

type Row = Readonly<Record<string, unknown>>;

/** Throws when rows and records disagree. @param account their row as it stands */
export async function checkChanges(
  scene: Scene,
  person: Person,
  account: Row,
  records: readonly Told[],
): Promise<void> {
  const { id, companyId } = person.account;
  const of = (...events: readonly string[]): readonly Told[] => records.filter(({ event }) => events.includes(event));
  const rows = (table: string): Promise<readonly Row[]> =>
    scene.sql(`select * from ${table} where account_id = $1`, [id]);

  for (const { kind, hash } of await rows('credential')) {
    const told = of('password.changed', 'password.set-by-other').some(({ data }) => has(data['which'], kind));
    const chosen =
      kind === 'login' ? ['setup.password-chosen', 'reset.taken-up'] : ['setup.confirmation-password-chosen'];
    expect(hash !== scene.hash, `another ${String(kind)} password, and its record`).to.equal(
      told || of(...chosen).length > 0,
    );
  }
  const letter = of('reset.approved', 'reset.taken-up').at(-1)?.event === 'reset.approved';
  const [login] = (await rows('credential')).filter(({ kind }) => kind === 'login');
  expect(login?.['letter_hash'] !== null, 'a letter under way').to.equal(letter);
  const decided = (await rows('reset_request')).filter((request) => request['decided_at'] !== null);
  expect(decided.length, 'decided requests').to.equal(of('reset.approved', 'reset.refused').length);

  const deleted = of('account.deleted').length;
  expect(account['deleted_at'] === null ? 0 : 1, 'the deletion').to.equal(deleted);
  if (person.account.setUpAt !== null) {
    const changed = of('email.changed').length;
    expect(changed, 'changes of the address').to.be.at.most(1);
    const address = changed === 1 ? person.chosen.email : person.account.email;
    expect(account['email'], 'the address').to.equal(deleted === 1 ? null : address);
  }
  const stops =
    (person.account.stoppedAt === null ? 0 : 1) + of('account.stopped').length - of('account.resumed').length;
  expect(account['stopped_at'] === null ? 0 : 1, 'the stop of use').to.equal(deleted === 1 ? 1 : stops);

  const live = async (table: string): Promise<number> =>
    (await rows(table)).filter((row) => row['ended_at'] === null).length;
  if (account['stopped_at'] !== null)
    for (const table of ['device', 'login']) expect(await live(table), `${table}s of somebody stopped`).to.equal(0);
  if (deleted === 1)
    for (const table of ['link', 'token_holder']) expect(await live(table), `${table}s of nobody`).to.equal(0);
  const overdue = await scene.sql(
    `select login.id from login join account on account.id = login.account_id
     where account_id = $1 and ended_at is null and replaced_by is null and epoch <> security_epoch
       and not (coalesce(epoch_spares, '') = login.id and epoch >= epoch_spares_from)`,
    [id],
  );
  expect(overdue, 'logins that live though their epoch is over').to.deep.equal([]);
  const left = await scene.sql(
    `select login.id from portal_session join login on login.id = login_id
     where login.account_id = $1 and login.ended_at is not null and portal_session.ended_at is null`,
    [id],
  );
  expect(left, 'portals of ended logins that were not told').to.deep.equal([]);
  const own = (await rows('login')).filter((row) => row['ended_why'] === 'ended-by-self');
  expect(
    own.map((row) => row['id']),
    'logins ended by oneself',
  ).to.have.members(of('session.ended').flatMap(({ data }) => (Array.isArray(data['logins']) ? data['logins'] : [])));

  const masters = await scene.sql(`select id from account where company_id = $1 and role = 'master'`, [companyId]);
  if (masters.length > 0)
    expect(await scene.stores.store.company.releasers(companyId, ''), 'who can release others').to.be.at.least(1);
}

const has = (list: unknown, one: unknown): boolean => Array.isArray(list) && list.includes(one);
