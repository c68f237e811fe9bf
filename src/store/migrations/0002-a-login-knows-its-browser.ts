// A login says in which browser it was made, so that who signs out ends all that this browser's tabs made at once.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw('alter table login add column browser text').execute(db);
}
