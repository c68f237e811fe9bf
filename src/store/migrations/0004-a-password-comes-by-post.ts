// An approved request for a new master password: what the letter says stands beside the present password until it is used.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(`alter table credential add column letter_hash text, add column letter_until bigint`).execute(db);
}
