// A company may be stricter than its bank: a code at sign-in too, and hours of its own (spec, Profiles: a company may only
// tighten).
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table company
     add column otp_at_login boolean not null default false,
     add column hours_from text,
     add column hours_to text`.execute(db);
}
