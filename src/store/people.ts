// The list of a company's people: search, filters, order, pages, and what a row shows of each. Every question names the
// company: nobody of another one, and nobody deleted, is ever found. First who is on the page, then the facts of these alone.
import { type RawBuilder, sql } from 'kysely';
import { accountStates, type AccountState } from '../rules/account.ts';
import type { PeopleSort } from '../rules/people-sort.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import { factsOfPeople, type ListedPerson } from './people-facts.ts';
import { stateConditions, stoppedStates } from './person-state.ts';
import type { Role, TokenKind } from './schema.ts';

export interface PeopleFilter {
  readonly companyId: string;
  /** In name, login ID or Business Direct ID, without regard to case, width and spaces; '': everybody. */
  readonly text: string;
  readonly state: AccountState | null;
  readonly role: Role | null;
  readonly tokenKind: TokenKind | 'none' | null;
  readonly linked: boolean | null;
  /** Only those with a token in hand, an issue that waits for its first code, or a wait after a revocation. */
  readonly withToken?: boolean;
  readonly sort: PeopleSort;
  readonly now: Instant;
}

export interface PeopleQuery extends PeopleFilter {
  /** A device that was not used since then counts no more (policy.device.unused). */
  readonly usedSince: Instant;
  readonly page: number;
  readonly per: number;
}

export function peopleTable(db: Db) {
  const of = factsOfPeople(db);

  /** Everybody of the company, with both passwords at hand under the names that the conditions of states use. */
  const everybody = (companyId: string) =>
    db
      .selectFrom('account')
      .leftJoin('credential as loginPassword', (join) =>
        join.onRef('loginPassword.accountId', '=', 'account.id').on('loginPassword.kind', '=', 'login'),
      )
      .leftJoin('credential as confirmation', (join) =>
        join.onRef('confirmation.accountId', '=', 'account.id').on('confirmation.kind', '=', 'confirmation'),
      )
      .where('account.companyId', '=', companyId)
      .where('account.deletedAt', 'is', null);

  function matching(filter: PeopleFilter) {
    const conditions = [
      ...(filter.text === '' ? [] : [holdsText(filter.text)]),
      ...(filter.state === null ? [] : [stateConditions(filter.now)[filter.state]]),
      ...(filter.role === null ? [] : [sql<boolean>`account.role = ${filter.role}`]),
      ...(filter.tokenKind === null ? [] : [holdsToken(filter.tokenKind)]),
      ...(filter.withToken === true ? [concernedWithToken(filter.now)] : []),
      ...(filter.linked === null ? [] : [filter.linked ? linked : sql<boolean>`not ${linked}`]),
    ];
    return everybody(filter.companyId).where((eb) => eb.and(conditions));
  }

  const ordered = (filter: PeopleFilter) =>
    matching(filter)
      .select('account.id')
      .orderBy(orderOf(filter))
      .orderBy(sql`lower(account.login_name) collate "C"`)
      .orderBy('account.id');

  const count = async (filter: PeopleFilter): Promise<number> =>
    (
      await matching(filter)
        .select(sql<number>`count(*)::int`.as('n'))
        .executeTakeFirstOrThrow()
    ).n;

  return {
    /**
     * One page, with the number of all that match; a page past the end is the last one.
     * @returns the page that is shown, from 1
     */
    async list(
      query: PeopleQuery,
    ): Promise<{ readonly total: number; readonly page: number; readonly people: readonly ListedPerson[] }> {
      const total = await count(query);
      const page = Math.min(query.page, Math.max(1, Math.ceil(total / query.per)));
      const ids = await ordered(query)
        .limit(query.per)
        .offset((page - 1) * query.per)
        .execute();
      return {
        total,
        page,
        people: await of(
          query.companyId,
          ids.map(({ id }) => id),
          query,
        ),
      };
    },

    count,

    /** The ids of all that match, in their order: what an export or an act for all of them goes through. */
    async ids(filter: PeopleFilter): Promise<readonly string[]> {
      return (await ordered(filter).execute()).map(({ id }) => id);
    },

    /** These people of the company, as far as they are there, in the order of the ids. */
    of,

    /** People with a lock or stop now. */
    async stopped(companyId: string, now: Instant): Promise<number> {
      const conditions = stateConditions(now);
      const stops = stoppedStates.map((state) => conditions[state]);
      const row = await everybody(companyId)
        .select(sql<number>`(count(*) filter (where ${sql.join(stops, sql` or `)}))::int`.as('n'))
        .executeTakeFirstOrThrow();
      return row.n;
    },
  };
}

// Scalar subselects, each answered from an index for the people of this company: as joins they would be planned over all
// links and tokens of the bank.
const linked = sql<boolean>`coalesce((select true from link where link.account_id = account.id and link.ended_at is null limit 1), false)`;
const heldKind = sql<TokenKind | null>`(select token.kind from token_holder as held join token on token.id = held.token_id
  where held.account_id = account.id and held.ended_at is null)`;

const concernedWithToken = (now: Instant): RawBuilder<boolean> =>
  sql<boolean>`(exists (select 1 from token_holder held where held.account_id = account.id and held.ended_at is null)
    or account.waits_until > ${now} or exists (select 1 from token_issue issue where issue.account_id = account.id
    and issue.ended_at is null and issue.expires_at > ${now}))`;

/** In the form in which words are compared: half-width letters and digits, full-width kana, no spaces. */
const folded = (column: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`replace(normalize(${column}, nfkc), ' ', '')`;

function holdsText(text: string): RawBuilder<boolean> {
  const words = text
    .normalize('NFKC')
    .replace(/\s/gu, '')
    .replace(/[\\%_]/g, (sign) => `\\${sign}`);
  const like = `%${words}%`;
  return sql<boolean>`(${folded(sql`account.name`)} ilike ${like} or account.login_name ilike ${like} or exists (select 1 from link
    where link.account_id = account.id and link.ended_at is null and ${folded(sql`link.display`)} ilike ${like}))`;
}

const holdsToken = (kind: TokenKind | 'none'): RawBuilder<boolean> =>
  kind === 'none' ? sql<boolean>`${heldKind} is null` : sql<boolean>`${heldKind} = ${kind}`;

function orderOf({ sort, now }: PeopleFilter): RawBuilder<unknown> {
  const down = sort.startsWith('-');
  const way = down ? sql`desc nulls last` : sql`asc nulls first`;
  switch (sort) {
    case 'name':
    case '-name':
      return sql`account.name collate "C" ${way}`;
    case 'last_login':
    case '-last_login':
      return sql`(select max(started_at) from login as sign_in where sign_in.account_id = account.id) ${way}`;
    case 'state':
    case '-state': {
      // Of several states the one that is told last counts.
      const conditions = stateConditions(now);
      const ranks = accountStates
        .map((state, rank) => sql`when ${conditions[state]} then ${sql.lit(rank)}`)
        .slice(1)
        .toReversed();
      return sql`case ${sql.join(ranks, sql` `)} else 0 end ${way}`;
    }
    case 'login_id':
    case '-login_id':
      return sql`lower(account.login_name) collate "C" ${way}`;
  }
}
