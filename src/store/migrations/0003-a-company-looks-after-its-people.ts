// A company registers, changes, stops and deletes its own people; bank accounts are granted; passwords and
// addresses that others set are known as such; requests for a new master password wait for an operator.
import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table account
     add column deleted_at bigint,
     add column views_records boolean not null default false,
     add column email_by_other_at bigint,
     add column password_by_other_at bigint`,
  // Who set them, so that whoever did cannot also lift the guard (spec §2, takeover guard).
  `alter table account add column email_by_other text, add column password_by_other text`,
  `create index account_company_role on account (company_id, role) where deleted_at is null`,
  `create table bank_account (
     id text primary key,
     company_id text not null references company,
     branch_code text not null,
     branch_name text not null,
     kind text not null,
     number text not null,
     memo text not null default '',
     unique (company_id, branch_code, kind, number))`,
  `create table bank_account_grant (
     account_id text not null references account,
     bank_account_id text not null references bank_account,
     primary key (account_id, bank_account_id))`,
  `create table guess_budget (
     account_id text not null references account,
     who text not null,
     misses integer not null,
     locks integer not null,
     locked_until bigint,
     stopped_at bigint,
     primary key (account_id, who))`,
  `create table known_browser (
     account_id text not null references account,
     browser text not null,
     at bigint not null,
     primary key (account_id, browser))`,
  `create table alarm (
     id text primary key,
     company_id text references company,
     kind text not null,
     since bigint not null,
     told_at bigint not null,
     until bigint not null,
     data jsonb not null)`,
  `create index alarm_company on alarm (company_id, kind, until)`,
  `create table reset_request (
     id text primary key,
     number text not null unique,
     account_id text not null references account,
     company_id text not null references company,
     asked_at bigint not null,
     decided_at bigint,
     decision text check (decision in ('approved', 'refused')),
     decided_by text,
     why text)`,
  `create unique index one_open_reset_request on reset_request (account_id) where decided_at is null`,
  `create table told_expiry (
     account_id text not null references account,
     expires_at bigint not null,
     days integer not null,
     primary key (account_id, expires_at, days))`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
