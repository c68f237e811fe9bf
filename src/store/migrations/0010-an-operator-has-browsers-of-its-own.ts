// Browsers in which an operator signed in before have guesses of their own: strangers who use up theirs keep nobody from the desk.
import { type Kysely, sql } from 'kysely';

const statements = [
  `create table operator_browser (
     operator_id text not null references operator,
     browser text not null,
     at bigint not null,
     misses integer not null default 0,
     locks integer not null default 0,
     locked_until bigint,
     stopped_at bigint,
     primary key (operator_id, browser))`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
