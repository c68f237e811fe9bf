// A proof counts only for what it was given for. While one tab's proof is under way, another tab of the same browser takes
// the attempt elsewhere: to another person, or to another Business Direct ID. The order is forced by a lock in the database.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { theScene, initiated, toDirect, type Scene } from './scene.ts';

describe('a proof that another tab overtakes', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
  });

  it('an OTP of one account is not the OTP of another whose password was proven meanwhile in the same attempt', async () => {
    const { demo } = scene;
    const mine = demo.person('ywatanabe85');
    const victim = demo.person('msaito50');
    const tab = demo.browser(true);
    let page = await toDirect(scene, tab);
    page = await tab.submit(page, { login_id: mine.login_id, password: mine.password });
    expect(page.screen).to.equal('OTP002');
    const attempt = page.url.slice(0, page.url.lastIndexOf('/'));

    const known = await logins(scene, victim);
    const holder = await scene.connection();
    await holder.query('begin');
    await holder.query('select id from account where id = $1 for update', [await scene.accountId(mine)]);
    const late = tab.submit(page, { otp: await demo.code(mine) });
    // The code is being judged, and waits for the row.
    await scene.untilWaiting();
    let other = await tab.submit(page, {}, 'direct');
    expect(other.screen).to.equal('LGN002');
    other = await tab.submit(other, { login_id: victim.login_id, password: victim.password });
    expect(other.screen).to.equal('OTP002');
    expect(other.html).to.contain(victim.login_id);
    await holder.query('rollback');
    await holder.end();

    await late;
    const now = await tab.open(attempt);
    expect(now.screen).to.equal('OTP002');
    expect(now.html).to.contain(victim.login_id);
    expect(await logins(scene, victim)).to.equal(known);
  });

  it('a password proven beside one Business Direct ID links no other one that came back meanwhile', async () => {
    const { demo } = scene;
    const person = demo.person('okondo31');
    const tab = demo.browser(true);
    // Other races may have linked them: the rows end as an operator's unlink would end them.
    for (const each of [person, demo.person('nishii42')]) {
      await scene.sql(
        "update link set ended_at = 1, ended_why = 'test' where (account_id = $1 or display = $2) and ended_at is null",
        [await scene.accountId(each), each.business_direct?.id],
      );
    }
    const page = await initiated(scene, tab, person.business_direct);
    expect(page.screen).to.equal('LNK001');

    const holder = await scene.connection();
    await holder.query('begin');
    await holder.query('select account_id from credential where account_id = $1 for update', [
      await scene.accountId(person),
    ]);
    const late = tab.submit(page, { login_id: person.login_id, password: person.password });
    await scene.untilWaiting();
    // The other tab: another user of Business Direct in the same attempt.
    for (const name of tab.cookies().keys()) if (name.startsWith('bd_')) tab.dropCookie(name);
    let other = await tab.submit(page, {}, 'federated');
    expect(other.screen).to.equal('BDD001');
    const { id, password } = demo.person('nishii42').business_direct ?? { id: '', password: '' };
    other = await tab.submit(other, { business_direct_id: id, business_direct_password: password });
    expect(other.screen).to.equal('LNK001');
    expect(other.html).to.contain(id);
    await holder.query('rollback');
    await holder.end();

    const after = await late;
    expect(after.screen).to.equal('LNK001');
    const links = await scene.sql('select display from link where account_id = $1 and ended_at is null', [
      await scene.accountId(person),
    ]);
    expect(links).to.deep.equal([]);
  });
});

async function logins(scene: Scene, person: DemoPerson): Promise<unknown> {
  const [row] = await scene.sql('select count(*)::int as n from login where account_id = $1', [
    await scene.accountId(person),
  ]);
  return row?.['n'];
}
