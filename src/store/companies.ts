// The bank's companies as its desk lists them, and who of one has no key-fob yet. What a company may know of itself is elsewhere.
import { sql } from 'kysely';
import type { Instant } from '../rules/sign-in-record.ts';
import type { CompanyRow } from './account.ts';
import type { Db } from './database.ts';
import { usedGrace } from './used-grace.ts';
import { needsToken, type Needing } from './needing.ts';

export interface ListedCompany extends CompanyRow {
  readonly people: number;
  /** People who hold a token, of either kind. */
  readonly withToken: number;
}

export interface Unregistered {
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
  readonly createdAt: Instant;
  readonly setUpAt: Instant | null;
}

export function companiesTable(db: Db) {
  const matching = (text: string) => {
    const words = text
      .normalize('NFKC')
      .replace(/\s/gu, '')
      .replace(/[\\%_]/g, (sign) => `\\${sign}`);
    return db
      .selectFrom('company')
      .where((eb) =>
        words === ''
          ? eb.lit(true)
          : eb.or([
              sql<boolean>`replace(normalize(company.name, nfkc), ' ', '') ilike ${`%${words}%`}`,
              eb('company.contractNumber', 'like', `${words.replaceAll('-', '')}%`),
            ]),
      );
  };

  return {
    /** One page by contract number; a page past the end is the last one. */
    async list(asked: {
      /** In the name, or how the contract number begins; '': all. */
      readonly text: string;
      readonly page: number;
      readonly per: number;
    }): Promise<{ readonly total: number; readonly page: number; readonly companies: readonly ListedCompany[] }> {
      const { text, per } = asked;
      const { total } = await matching(text)
        .select(sql<number>`count(*)::int`.as('total'))
        .executeTakeFirstOrThrow();
      const page = Math.min(asked.page, Math.max(1, Math.ceil(total / per)));
      const companies = await matching(text)
        .selectAll('company')
        .select([
          sql<number>`(select count(*)::int from account where account.company_id = company.id and account.deleted_at is null)`.as(
            'people',
          ),
          sql<number>`(select count(*)::int from account join token_holder as holding on holding.account_id = account.id
            where account.company_id = company.id and account.deleted_at is null and holding.ended_at is null)`.as(
            'withToken',
          ),
        ])
        .orderBy('company.contractNumber')
        .limit(per)
        .offset((page - 1) * per)
        .execute();
      return { total, page, companies };
    },

    /** People of a company who are to have a token and had none since its present application, longest registered first, and how many they are. */
    async unregistered(
      companyId: string,
      needing: Needing,
      most: number,
    ): Promise<{ readonly total: number; readonly people: readonly Unregistered[] }> {
      const found = await db
        .selectFrom('account')
        .select(['id', 'name', 'loginName', 'createdAt', 'setUpAt'])
        .select(sql<number>`(count(*) over ())::int`.as('total'))
        .where('companyId', '=', companyId)
        .where('deletedAt', 'is', null)
        .where(needsToken(needing))
        .where(sql<boolean>`not ${usedGrace}`)
        .orderBy('createdAt')
        .orderBy('id')
        .limit(most)
        .execute();
      return { total: found[0]?.total ?? 0, people: found.map(({ total: _total, ...one }) => one) };
    },
  };
}
