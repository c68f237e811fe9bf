// A person issues a software token: until its first right code the issue waits for the token app, or for the authenticator
// that scanned it. A wait after a revocation is a dated state; a token lost by its holder wants an e-mail code for the next.
import { type Kysely, sql } from 'kysely';

const statements = [
  `create table token_issue (
     id text primary key,
     token_id text not null unique references token,
     account_id text not null references account,
     kind text not null check (kind in ('app', 'authenticator')),
     user_id text unique,
     activation text,
     address text,
     misses integer not null default 0,
     nonce text,
     fetched_at bigint,
     issued_at bigint not null,
     expires_at bigint not null,
     ended_at bigint,
     ended_why text check (ended_why in ('activated', 'void', 'lapsed', 'cancelled', 'replaced', 'revoked')))`,
  `create unique index one_open_issue on token_issue (account_id) where ended_at is null`,
  `create index token_issue_account on token_issue (account_id, issued_at desc)`,
  `create index token_holder_account on token_holder (account_id)`,
  `alter table account
     add column waits_from bigint,
     add column token_lost_at bigint,
     add column issue_allowed_at bigint,
     add column issue_allowed_by text`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
