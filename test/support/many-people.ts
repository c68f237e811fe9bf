// A company with thousands of people, written by the database itself in a few statements. What each of them is follows from
// their number, so that a test can say who must be found.
import { addCompany, day, minute, start } from './rows.ts';
import { run, type OpenStore } from './database.ts';

/**
 * Person number `n`, from 1: ID `<company>-n`, login ID `p<n, five digits>x<company>`.
 * @param of a company that is there and has its master already; without it a new one, whose number 1 is its master
 * @returns the company's ID
 */
export async function addManyPeople(open: OpenStore, count: number, of?: string): Promise<string> {
  const id = of ?? (await addCompany(open.store)).id;
  const first = of === undefined ? 'master' : 'member';
  const statements = [
    `insert into account (id, company_id, role, name, email, email_proven_at, login_name, login_name_chosen, set_up_at,
       stopped_at, otp_stopped_at, created_at)
     select '${id}-' || n, '${id}', case when n = 1 then '${first}' when n % 100 = 2 then 'admin' else 'member' end,
       case when n % 1000 = 7 then 'ﾊｾｶﾞﾜ　' else '利用者 ' end || n, 'p' || n || '@example.jp', ${start},
       'p' || lpad(n::text, 5, '0') || 'x${id}', true, case when n % 30 = 0 then null else ${start} end,
       case when n % 50 = 0 then ${start} end, case when n % 70 = 0 then ${start} end, ${start}
     from generate_series(1, ${count}) as n`,
    `insert into credential (account_id, kind, hash, set_at, locked_until, forced)
     select '${id}-' || n, kind, 'hash', ${start}, case when n % 90 = 0 then ${start + 30 * minute} end, n % 110 = 0
     from generate_series(1, ${count}) as n, (values ('login'), ('confirmation')) as kinds (kind)`,
    `insert into link (id, account_id, company_id, issuer, subject, display, made_at, used_at)
     select 'l${id}-' || n, '${id}-' || n, '${id}', 'https://bd.example', '${id}-' || n, 'minato' || n, ${start}, ${start}
     from generate_series(1, ${count}) as n where n % 3 <> 0`,
    `insert into device (id, link_id, account_id, label, created_at, used_at, expires_at, epoch, generation)
     select 'd${id}-' || n, 'l${id}-' || n, '${id}-' || n, 'Chrome', ${start}, ${start}, ${start + 90 * day}, 1, 1
     from generate_series(1, ${count}) as n where n % 3 = 1`,
    `insert into token (id, company_id, kind, serial, secret, algorithm, digits, period)
     select 't${id}-' || n, '${id}', case when n % 4 = 3 then 'software' else 'hardware' end, 's${id}-' || n, 'sealed', 'SHA1', 6, 60
     from generate_series(1, ${count}) as n where n % 4 <> 0`,
    `insert into token_holder (id, token_id, account_id, registered_at)
     select 'h${id}-' || n, 't${id}-' || n, '${id}-' || n, ${start} from generate_series(1, ${count}) as n where n % 4 <> 0`,
    `insert into login (id, attempt_id, account_id, company_id, route, client_id, receipt, epoch, started_at, expires_at, ended_at)
     select 'i${id}-' || n || '-' || k, 'i${id}-' || n || '-' || k, '${id}-' || n, '${id}', 'direct', 'renkei-web', '{}', 1,
       ${start} - n * ${minute} - k * ${day}, ${start}, ${start}
     from generate_series(1, ${count}) as n, generate_series(0, 2) as k where n % 5 <> 0`,
  ];
  for (const statement of statements) await run(open, statement);
  return id;
}
