// Who of a company shares a token, and the token that a serial number of the company names. Every question names the company:
// nothing of another one is found.
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import type { TokenKind } from './schema.ts';

export interface Sharer {
  readonly tokenId: string;
  readonly accountId: string;
  readonly name: string;
  readonly loginName: string;
}

/** A person with a token, as the bank's command line lists one. */
export interface TokenLine {
  readonly contractNumber: string;
  readonly loginName: string;
  readonly name: string;
  readonly waitsUntil: Instant | null;
  /** Null: an issue or a wait alone. */
  readonly kind: TokenKind | null;
  readonly serial: string | null;
  readonly expiresAt: Instant | null;
  readonly retiredAt: Instant | null;
  readonly holders: number | null;
  readonly issueUntil: Instant | null;
}

export function tokensOfPeopleTable(db: Db) {
  return {
    /** Everybody who holds one of these tokens of the company now, by login ID. */
    async sharers(companyId: string, tokenIds: readonly string[]): Promise<readonly Sharer[]> {
      if (tokenIds.length === 0) return [];
      return db
        .selectFrom('tokenHolder')
        .innerJoin('account', 'account.id', 'tokenHolder.accountId')
        .select(['tokenHolder.tokenId', 'account.id as accountId', 'account.name', 'account.loginName'])
        .where('account.companyId', '=', companyId)
        .where('account.deletedAt', 'is', null)
        .where('tokenHolder.tokenId', 'in', [...tokenIds])
        .where('tokenHolder.endedAt', 'is', null)
        .orderBy(sql`lower(account.login_name) collate "C"`)
        .execute();
    },

    /** The company's token of this serial number, which is still in use; null otherwise. `companyId` null: of any company. */
    async bySerial(
      companyId: string | null,
      serial: string,
    ): Promise<{ readonly id: string; readonly kind: TokenKind; readonly companyId: string } | null> {
      const found = await db
        .selectFrom('token')
        .select(['id', 'kind', 'companyId'])
        .where('serial', '=', serial)
        .where('retiredAt', 'is', null)
        .executeTakeFirst();
      if (!found || found.companyId === null || (companyId !== null && found.companyId !== companyId)) return null;
      return { ...found, companyId: found.companyId };
    },

    /** Everybody with a token in hand, an issue that waits for its first code, or a wait; of every company where none is named. */
    async list(companyId: string | null, now: Instant): Promise<readonly TokenLine[]> {
      return db
        .selectFrom('account')
        .innerJoin('company', 'company.id', 'account.companyId')
        .leftJoin('tokenHolder as held', (join) =>
          join.onRef('held.accountId', '=', 'account.id').on('held.endedAt', 'is', null),
        )
        .leftJoin('token', 'token.id', 'held.tokenId')
        .leftJoin('tokenIssue as issue', (join) =>
          join.onRef('issue.accountId', '=', 'account.id').on('issue.endedAt', 'is', null),
        )
        .select([
          'company.contractNumber',
          'account.loginName',
          'account.name',
          'account.waitsUntil',
          'token.kind',
          'token.serial',
          'token.expiresAt',
          'token.retiredAt',
          'issue.expiresAt as issueUntil',
        ])
        .select((eb) => [
          eb
            .selectFrom('tokenHolder as each')
            .select(sql<number>`count(*)::int`.as('n'))
            .whereRef('each.tokenId', '=', 'held.tokenId')
            .where('each.endedAt', 'is', null)
            .as('holders'),
        ])
        .where('account.deletedAt', 'is', null)
        .where((eb) => (companyId === null ? eb.lit(true) : eb('account.companyId', '=', companyId)))
        .where((eb) =>
          eb.or([eb('held.id', 'is not', null), eb('issue.expiresAt', '>', now), eb('account.waitsUntil', '>', now)]),
        )
        .orderBy('company.contractNumber')
        .orderBy(sql`lower(account.login_name) collate "C"`)
        .execute();
    },

    /** How many people of the company wait for the issue of their next token. */
    async waiting(companyId: string, now: Instant): Promise<number> {
      const row = await db
        .selectFrom('account')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('companyId', '=', companyId)
        .where('deletedAt', 'is', null)
        .where('waitsUntil', '>', now)
        .executeTakeFirstOrThrow();
      return row.n;
    },
  };
}
