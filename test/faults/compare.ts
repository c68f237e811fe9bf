// What people were told against what SQL holds: nothing acknowledged is lost, nothing unacknowledged is half there.
import { expect } from 'chai';
import { directly } from '../support/demo-process.ts';
import type { Fact, Load, Passwords } from './load.ts';
import type { Row, Scene } from './scene.ts';

const number = (rows: readonly Row[]): number => Number(rows[0]?.['n'] ?? 0);

/** Rows that may not be there, whatever failed. */
const never: Readonly<Record<string, string>> = {
  'a remembered device without its link': `select count(*) as n from device d left join link k on k.id = d.link_id
     where d.ended_at is null and (k.id is null or k.ended_at is not null or k.account_id <> d.account_id)`,
  'a live login on a link that ended': `select count(*) as n from login l join link k on k.id = l.link_id
     where l.ended_at is null and k.ended_at is not null`,
  'two live links of one side': `select count(*) as n from (
     select issuer, subject from link where ended_at is null group by 1, 2 having count(*) > 1
     union all select account_id, issuer from link where ended_at is null group by 1, 2 having count(*) > 1) twice`,
  'a federated login without a link, or a skip without a device': `select count(*) as n from login
     where (route = 'federated' and link_id is null)
        or (receipt->>'otpAnswer' = 'skipped-by-device' and device_id is null)`,
  'a code that was due and not asked': `select count(*) as n from login l join account a on a.id = l.account_id
     where a.login_name in ('msuzuki14', 'ksato82', 'dyamamoto47', 'mkato99') and l.receipt->>'otpAnswer' = 'not-asked'`,
  'a step of a token twice': `select count(*) as n from (
     select body::jsonb->'data'->>'token', body::jsonb->'data'->>'step' from audit where event = 'otp.accepted'
     group by 1, 2 having count(*) > 1) twice`,
  'a chain with a gap or a fork': `select count(*) as n from (
     select seq, previous_mac, lag(mac, 1, '') over (partition by chain order by seq) as expected,
            row_number() over (partition by chain order by seq) as place from audit) chained
     where seq <> place or previous_mac <> expected`,
  'a head that is not the last record': `select count(*) as n from audit_head h
     where h.seq <> (select max(seq) from audit a where a.chain = h.chain)`,
  'a login without its record, or a record without its login': `select count(*) as n from login l
     full join (select body::jsonb->'data'->>'login' as id from audit where event = 'login.finished') f on f.id = l.id
     where l.id is null or f.id is null`,
};

/** What of a person's is counted before and after. */
const counted: Readonly<Partial<Record<Fact, string>>> = {
  'signed in': 'select count(*) from login where account_id = a.id',
  'link made': 'select count(*) from link where account_id = a.id',
  'unlinked': 'select count(*) from link where account_id = a.id and ended_at is not null',
  'remembered': 'select count(*) from device where account_id = a.id',
};

/** The tallies of every person, by fact and login ID. */
export async function tally(scene: Scene): Promise<ReadonlyMap<string, number>> {
  const columns = Object.entries(counted).map(([fact, sql]) => `(${sql})::int as "${fact}"`);
  const rows = await scene.sql(`select a.login_name, ${columns.join(', ')} from account a`);
  return new Map(
    rows.flatMap((row) =>
      Object.keys(counted).map((fact) => [`${fact} ${String(row['login_name'])}`, Number(row[fact])] as const),
    ),
  );
}

/** Compares, and says it for the table. */
export async function compare(
  scene: Scene,
  load: Load,
  before: ReadonlyMap<string, number>,
  passwords: Passwords,
): Promise<string> {
  expect(load.problems, 'what nobody may see').to.deep.equal([]);
  for (const [what, sql] of Object.entries(never)) expect(number(await scene.sql(sql)), what).to.equal(0);

  const after = await tally(scene);
  const acknowledged = new Map<string, number>();
  for (const { fact, loginId } of load.told)
    acknowledged.set(`${fact} ${loginId}`, (acknowledged.get(`${fact} ${loginId}`) ?? 0) + 1);
  for (const [key, rows] of after) {
    const [said, tries] = [acknowledged.get(key) ?? 0, load.tried.get(key) ?? 0];
    const made = rows - (before.get(key) ?? 0);
    expect(made, `${key}: told ${said} times, tried ${tries} times`).to.be.within(said, tries);
  }
  const sids = [...new Set(load.told.filter(({ fact }) => fact === 'token issued').map(({ detail }) => detail))];
  const known = await scene.sql(
    'select distinct p.sid from portal_session p join login l on l.id = p.login_id where p.sid = any($1)',
    [sids],
  );
  expect(known.length, 'every sid of a token belongs to a login').to.equal(sids.length);
  await comparePasswords(scene, passwords);
  const facts = load.told.length;
  const kinds = new Set(load.told.map(({ fact }) => fact)).size;
  return `${facts} facts of ${kinds} kinds, 0 lost, 0 half there`;
}

/** One of the passwords that were tried is in force; one that was acknowledged, unless a later one was tried. */
async function comparePasswords({ demo }: Scene, passwords: Passwords): Promise<void> {
  for (const [loginId, known] of passwords) {
    const person = demo.person(loginId);
    const screens = [];
    for (const password of known.slice(0, 3)) {
      const page = await directly(demo, demo.browser(), { ...person, password });
      screens.push(page.screen);
      if (page.screen === 'OTP002') return;
    }
    expect.fail(`${loginId}: none of the last passwords is in force (${screens.join(', ')})`);
  }
}

/** What people saw, in words of a table's cell. */
export function saw(load: Load): string {
  const words = [...load.seen].map(([what, times]) => `${what} ×${times}`);
  return words.length === 0 ? 'nothing of it' : words.join('; ');
}
