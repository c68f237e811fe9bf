// What restricts the people of a company – locks and stops –, as a releaser is told of it: who has one, and the facts from
// which rules/cause.ts reads why. Every question names the company.
import { sql } from 'kysely';
import type { LockCounter } from '../rules/lock.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import { stateConditions, stoppedStates } from './person-state.ts';

/** Of one person. Records are those of the one-time password's last run, and of the last stop of the account. */
export interface RestrictionFacts {
  readonly accountId: string;
  readonly login: LockCounter;
  readonly confirmation: LockCounter | null;
  readonly tokenExpiresAt: Instant | null;
  readonly records: readonly { readonly event: string; readonly body: string }[];
}

/** Records of one person that are looked at: a run of misses is never longer. */
const newest = 15;

export function restrictionTable(db: Db) {
  return {
    /** Everybody of the company with a lock or stop now; `state`: with this one. */
    async people(
      companyId: string,
      state: (typeof stoppedStates)[number] | null,
      now: Instant,
    ): Promise<readonly string[]> {
      const conditions = stateConditions(now);
      const stops = (state === null ? stoppedStates : [state]).map((one) => conditions[one]);
      const rows = await db
        .selectFrom('account')
        .innerJoin('credential as loginPassword', (join) =>
          join.onRef('loginPassword.accountId', '=', 'account.id').on('loginPassword.kind', '=', 'login'),
        )
        .leftJoin('credential as confirmation', (join) =>
          join.onRef('confirmation.accountId', '=', 'account.id').on('confirmation.kind', '=', 'confirmation'),
        )
        .select('account.id')
        .where('account.companyId', '=', companyId)
        .where('account.deletedAt', 'is', null)
        .where(sql<boolean>`(${sql.join(stops, sql` or `)})`)
        .execute();
      return rows.map(({ id }) => id);
    },

    /** The facts behind the locks and stops of these people of the company, in two statements. */
    async facts(companyId: string, ids: readonly string[]): Promise<readonly RestrictionFacts[]> {
      if (ids.length === 0) return [];
      const counters = await db
        .selectFrom('credential')
        .innerJoin('account', 'account.id', 'credential.accountId')
        .select(['credential.accountId', 'credential.kind', 'misses', 'locks', 'lockedUntil', 'credential.stoppedAt'])
        .select(
          sql<Instant | null>`(select max(token.expires_at) from token_holder as held join token on token.id = held.token_id
            where held.account_id = account.id and held.ended_at is null)`.as('tokenExpiresAt'),
        )
        .where('account.companyId', '=', companyId)
        .where('account.id', 'in', [...ids])
        .execute();
      const { rows: records } = await sql<{ accountId: string; event: string; body: string }>`
        select who.account_id, found.event, found.body
        from unnest(${sql.val([...ids])}::text[]) who (account_id)
        cross join lateral (
          select event, body, at, seq from audit
          where chain = ${companyId} and account_id = who.account_id
            and event in ('otp.missed', 'otp.used-again', 'otp.stopped', 'otp.accepted', 'otp.repaired', 'account.stopped')
          order by at desc, seq desc limit ${newest}) found
        order by who.account_id, found.at desc, found.seq desc`.execute(db);
      const of = Map.groupBy(records, ({ accountId }) => accountId);
      return [...Map.groupBy(counters, ({ accountId }) => accountId)].flatMap(([accountId, rows]) => {
        const login = rows.find(({ kind }) => kind === 'login');
        if (!login) return [];
        return [
          {
            accountId,
            login,
            confirmation: rows.find(({ kind }) => kind === 'confirmation') ?? null,
            tokenExpiresAt: login.tokenExpiresAt,
            records: of.get(accountId) ?? [],
          },
        ];
      });
    },

    /** Spray alarms over the company that stood after a time (spec §2). */
    async sprays(
      companyId: string,
      since: Instant,
    ): Promise<readonly { readonly since: Instant; readonly until: Instant }[]> {
      return db
        .selectFrom('alarm')
        .select(['since', 'until'])
        .where('companyId', '=', companyId)
        .where('kind', '=', 'spray')
        .where('until', '>', since)
        .execute();
    },

    /** Open logins of each: what ends with a stop. */
    async logins(ids: readonly string[], now: Instant): Promise<ReadonlyMap<string, number>> {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom('login')
        .select(['accountId', sql<number>`count(*)::int`.as('n')])
        .where('accountId', 'in', [...ids])
        .where('endedAt', 'is', null)
        .where('replacedBy', 'is', null)
        .where('expiresAt', '>', now)
        .groupBy('accountId')
        .execute();
      return new Map(rows.map(({ accountId, n }) => [accountId, n]));
    },
  };
}
