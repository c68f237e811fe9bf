// Companies (tenants) and the list of their people. Every question names the company: nothing of another one is ever seen.
import { sql } from 'kysely';
import type { AccountState } from '../rules/account.ts';
import type { CredentialFacts } from '../rules/person-facts.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from './account.ts';
import type { Db } from './database.ts';
import { stateConditions, stoppedStates } from './person-state.ts';
import type { TokenKind } from './schema.ts';

/** One row of a company's list of people. */
export interface ListedPerson {
  readonly account: AccountRow;
  readonly login: CredentialFacts;
  readonly confirmation: CredentialFacts | null;
  readonly token: { readonly kind: TokenKind; readonly serial: string | null } | null;
  readonly link: {
    readonly id: string;
    readonly display: string;
    readonly madeAt: Instant;
    readonly usedAt: Instant;
  } | null;
  /** Devices that skip the code now. */
  readonly devices: number;
  readonly lastLoginAt: Instant | null;
}

export interface PeopleQuery {
  readonly companyId: string;
  readonly text: string;
  readonly state: AccountState | null;
  readonly linked: boolean | null;
  /** These people alone; null: all. */
  readonly ids: readonly string[] | null;
  readonly now: Instant;
  /** A device that was not used since then counts no more (policy.device.unused). */
  readonly usedSince: Instant;
  readonly page: number;
  readonly per: number;
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

export function companyTable(db: Db) {
  return {
    async find(id: string): Promise<CompanyRow | null> {
      return (await db.selectFrom('company').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    async add(row: CompanyRow): Promise<void> {
      await db.insertInto('company').values(row).execute();
    },

    async byContract(contractNumber: string): Promise<CompanyRow | null> {
      return (
        (await db.selectFrom('company').selectAll().where('contractNumber', '=', contractNumber).executeTakeFirst()) ??
        null
      );
    },

    /**
     * Locks the company's row until the transaction ends, before any of its accounts: who may be the last one able to
     * release others is decided one at a time.
     */
    async lock(id: string): Promise<CompanyRow> {
      return db.selectFrom('company').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
    },

    /**
     * Masters and admins of the company, but one person, who can release others now: set up, neither deleted nor stopped,
     * nor stopped in what an act asks of them – a one-time password or the confirmation password.
     */
    async releasers(companyId: string, but: string): Promise<number> {
      const row = await db
        .selectFrom('account')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('companyId', '=', companyId)
        .where('id', '!=', but)
        .where('role', 'in', ['master', 'admin'])
        .where('setUpAt', 'is not', null)
        .where('stoppedAt', 'is', null)
        .where('deletedAt', 'is', null)
        .where('otpStoppedAt', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('credential')
                .select('accountId')
                .whereRef('credential.accountId', '=', 'account.id')
                .where('kind', '=', 'confirmation')
                .where('stoppedAt', 'is not', null),
            ),
          ),
        )
        .executeTakeFirstOrThrow();
      return row.n;
    },

    /** For the console's first page: people with a lock or stop now, and people who hold no token that counts. */
    async counts(
      companyId: string,
      now: Instant,
    ): Promise<{ readonly stopped: number; readonly withoutToken: number }> {
      const conditions = stateConditions(now);
      const stops = stoppedStates.map((state) => conditions[state]);
      const held = sql`exists (select 1 from token_holder as held join token on token.id = held.token_id where held.account_id = account.id
        and held.ended_at is null and token.retired_at is null and (token.expires_at is null or token.expires_at > ${now}))`;
      return db
        .selectFrom('account')
        .innerJoin('credential as loginPassword', (join) =>
          join.onRef('loginPassword.accountId', '=', 'account.id').on('loginPassword.kind', '=', 'login'),
        )
        .leftJoin('credential as confirmation', (join) =>
          join.onRef('confirmation.accountId', '=', 'account.id').on('confirmation.kind', '=', 'confirmation'),
        )
        .select([
          sql<number>`(count(*) filter (where ${sql.join(stops, sql` or `)}))::int`.as('stopped'),
          sql<number>`(count(*) filter (where not ${held}))::int`.as('withoutToken'),
        ])
        .where('account.companyId', '=', companyId)
        .where('account.deletedAt', 'is', null)
        .executeTakeFirstOrThrow();
    },

    /** One page of the company's people by login ID, with the number of all that match. */
    async people(query: PeopleQuery): Promise<{ readonly total: number; readonly people: readonly ListedPerson[] }> {
      const { now } = query;
      let base = db
        .selectFrom('account')
        .innerJoin('credential as loginPassword', (join) =>
          join.onRef('loginPassword.accountId', '=', 'account.id').on('loginPassword.kind', '=', 'login'),
        )
        .leftJoin('credential as confirmation', (join) =>
          join.onRef('confirmation.accountId', '=', 'account.id').on('confirmation.kind', '=', 'confirmation'),
        )
        // One row for a person, also where the policy gives an account several links: the one in the lowest slot is shown.
        .leftJoin('link', (join) =>
          join.on('link.id', '=', (eb) =>
            eb
              .selectFrom('link as live')
              .select('live.id')
              .whereRef('live.accountId', '=', 'account.id')
              .where('live.endedAt', 'is', null)
              .orderBy('live.slot')
              .limit(1),
          ),
        )
        .where('account.companyId', '=', query.companyId)
        .where('account.deletedAt', 'is', null);
      if (query.text !== '') {
        const like = `%${escapeLike(query.text)}%`;
        base = base.where((eb) =>
          eb.or([
            eb('account.name', 'ilike', like),
            eb('account.loginName', 'ilike', like),
            eb('link.display', 'ilike', like),
          ]),
        );
      }
      if (query.linked !== null) base = base.where('link.id', query.linked ? 'is not' : 'is', null);
      if (query.ids !== null) {
        if (query.ids.length === 0) return { total: 0, people: [] };
        base = base.where('account.id', 'in', [...query.ids]);
      }
      if (query.state !== null) base = base.where(stateConditions(now)[query.state]);
      const { total } = await base.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
      const rows = await base
        .selectAll('account')
        .select([
          'loginPassword.lockedUntil as loginLockedUntil',
          'loginPassword.stoppedAt as loginStoppedAt',
          'loginPassword.forced as loginForced',
          'loginPassword.expiresAt as loginExpiresAt',
          'loginPassword.issued as loginIssued',
          'loginPassword.issuedUntil as loginIssuedUntil',
          'confirmation.hash as confirmationHash',
          'confirmation.issued as confirmationIssued',
          'confirmation.issuedUntil as confirmationIssuedUntil',
          'confirmation.lockedUntil as confirmationLockedUntil',
          'confirmation.stoppedAt as confirmationStoppedAt',
          'confirmation.forced as confirmationForced',
          'confirmation.expiresAt as confirmationExpiresAt',
          'link.id as linkId',
          'link.display as linkDisplay',
          'link.madeAt as linkMadeAt',
          'link.usedAt as linkUsedAt',
        ])
        .select((eb) => [
          eb
            .selectFrom('device')
            .select(sql<number>`count(*)::int`.as('n'))
            .whereRef('device.accountId', '=', 'account.id')
            .whereRef('device.epoch', '=', 'account.securityEpoch')
            .where('device.endedAt', 'is', null)
            .where('device.expiresAt', '>', now)
            .where('device.usedAt', '>', query.usedSince)
            .as('devices'),
          eb
            .selectFrom('login as signIn')
            .select((inner) => inner.fn.max('signIn.startedAt').as('at'))
            .whereRef('signIn.accountId', '=', 'account.id')
            .as('lastLoginAt'),
          eb
            .selectFrom('tokenHolder')
            .innerJoin('token', 'token.id', 'tokenHolder.tokenId')
            .select('token.kind')
            .whereRef('tokenHolder.accountId', '=', 'account.id')
            .where('tokenHolder.endedAt', 'is', null)
            .as('tokenKind'),
          eb
            .selectFrom('tokenHolder')
            .innerJoin('token', 'token.id', 'tokenHolder.tokenId')
            .select('token.serial')
            .whereRef('tokenHolder.accountId', '=', 'account.id')
            .where('tokenHolder.endedAt', 'is', null)
            .as('tokenSerial'),
        ])
        .orderBy('account.loginName')
        .limit(query.per)
        .offset((query.page - 1) * query.per)
        .execute();
      return { total, people: rows.map(listed) };

      function listed(row: (typeof rows)[number]): ListedPerson {
        const {
          loginLockedUntil,
          loginStoppedAt,
          loginForced,
          loginExpiresAt,
          loginIssued,
          loginIssuedUntil,
          confirmationHash,
          confirmationLockedUntil,
          confirmationStoppedAt,
          confirmationForced,
          confirmationExpiresAt,
          confirmationIssued,
          confirmationIssuedUntil,
          linkId,
          linkDisplay,
          linkMadeAt,
          linkUsedAt,
          devices,
          lastLoginAt,
          tokenKind,
          tokenSerial,
          ...account
        } = row;
        return {
          account,
          login: {
            lockedUntil: loginLockedUntil,
            stoppedAt: loginStoppedAt,
            forced: loginForced,
            expiresAt: loginExpiresAt,
            issued: loginIssued,
            issuedUntil: loginIssuedUntil,
          },
          confirmation:
            confirmationHash === null
              ? null
              : {
                  lockedUntil: confirmationLockedUntil,
                  stoppedAt: confirmationStoppedAt,
                  forced: confirmationForced ?? false,
                  expiresAt: confirmationExpiresAt,
                  issued: confirmationIssued ?? false,
                  issuedUntil: confirmationIssuedUntil,
                },
          token: tokenKind === null ? null : { kind: tokenKind, serial: tokenSerial },
          link:
            linkId === null
              ? null
              : { id: linkId, display: linkDisplay ?? '', madeAt: linkMadeAt ?? 0, usedAt: linkUsedAt ?? 0 },
          devices: devices ?? 0,
          lastLoginAt,
        };
      }
    },
  };
}
