// The desk sees on each page how many key-fobs stand where: counted from narrow indexes, never from the rows with their secrets.
import { type Kysely, sql } from 'kysely';

const statements = [
  `create index token_ended on token (retired_why) where kind = 'hardware' and retired_at is not null`,
  `create index token_in_stock_until on token (expires_at desc, serial)
     where kind = 'hardware' and company_id is null and retired_at is null`,
  `create index token_on_its_way on token (arrived_at, shipped_at, expires_at, id)
     where kind = 'hardware' and company_id is not null and retired_at is null`,
  // A token's life names who held it once, too.
  `create index token_holder_ever on token_holder (token_id)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
