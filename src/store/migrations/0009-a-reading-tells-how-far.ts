// A seed file that is being read tells how far it is, in bytes; and key-fobs that a company gives up and soon applies for again
// are the application of before, with its dates.
import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table token_import
     add column size bigint,
     add column read bigint not null default 0`,
  `create table application_given_up (
     company_id text primary key references company,
     given_up_at bigint not null,
     otp_applied_at bigint,
     token_arrived_at bigint,
     grace_extended_to bigint,
     grace_extended_at bigint,
     grace_extended_by text)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
