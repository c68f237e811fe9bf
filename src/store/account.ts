// Accounts with everything that belongs to one person: company, credentials, token, granted portals. Owns the login-ID
// register (an ID is never used twice) and the security epoch; judges nothing.
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres';
import type { Letter } from '../rules/reset-request.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Db } from './database.ts';
import { usedGrace } from './used-grace.ts';
import type {
  AccountTable,
  BankAccountTable,
  CompanyTable,
  CredentialTable,
  TokenIssueTable,
  TokenTable,
} from './schema.ts';

export type AccountRow = Selectable<AccountTable>;
export type CompanyRow = Selectable<CompanyTable>;
export type CredentialRow = Omit<Selectable<CredentialTable>, keyof Letter> & Letter;

/** A token in somebody's hands. */
export type HeldToken = Selectable<TokenTable> & {
  readonly holderId: string;
  readonly registeredAt: Instant;
  /** How many people hold it now. */
  readonly holders: number;
};

export interface Person {
  readonly account: AccountRow;
  readonly company: CompanyRow;
  readonly login: CredentialRow;
  readonly confirmation: CredentialRow | null;
  readonly token: HeldToken | null;
  /** The software token that waits for its first right code. */
  readonly issue: Selectable<TokenIssueTable> | null;
  /** A token was held once, now or before. */
  readonly hadToken: boolean;
  readonly portals: readonly string[];
}

/** What portals may be told of a person. */
export type Told = Pick<AccountRow, 'loginName' | 'name' | 'email' | 'emailProvenAt' | 'role'> &
  Pick<CompanyRow, 'contractNumber'> & {
    readonly companyName: string;
    /** When the oldest live link was made; null when there is none. */
    readonly linkedSince: Instant | null;
    readonly bankAccounts: readonly BankAccount[];
  };

/** 利用可能口座 as portals are told of one. */
export type BankAccount = Pick<Selectable<BankAccountTable>, 'branchCode' | 'branchName' | 'kind' | 'number'>;

/** The columns of it, where account and company are joined. */
export const toldColumns = [
  'account.loginName',
  'account.name',
  'account.email',
  'account.emailProvenAt',
  'account.role',
  'company.contractNumber',
  'company.name as companyName',
  sql<Instant | null>`(select min(made_at) from link as own where own.account_id = account.id and own.ended_at is null)`.as(
    'linkedSince',
  ),
  sql<
    readonly BankAccount[]
  >`coalesce((select json_agg(json_build_object('branchCode', branch_code, 'branchName', branch_name,
    'kind', kind, 'number', number) order by branch_code, kind, number) from bank_account_grant as granted
    join bank_account on bank_account.id = granted.bank_account_id where granted.account_id = account.id), '[]')`.as(
    'bankAccounts',
  ),
] as const;

/** Who is spared by a rise of the epoch: the attempt or login that makes the change, and the epoch it holds. */
export interface Spared {
  readonly id: string;
  readonly epoch: number;
}

export function accountTable(db: Db) {
  return {
    /** Everything a sign-in or a console asks about one person, in one statement; null when unknown. */
    async person(id: string): Promise<Person | null> {
      const row = await db
        .selectFrom('account')
        .selectAll('account')
        .select((eb) => [
          jsonObjectFrom(eb.selectFrom('company').selectAll().whereRef('company.id', '=', 'account.companyId'))
            .$notNull()
            .as('company'),
          jsonArrayFrom(eb.selectFrom('credential').selectAll().whereRef('credential.accountId', '=', 'account.id')).as(
            'credentials',
          ),
          jsonObjectFrom(
            eb
              .selectFrom('tokenHolder as held')
              .innerJoin('token', 'token.id', 'held.tokenId')
              .selectAll('token')
              .select([
                'held.id as holderId',
                'held.registeredAt',
                sql<number>`(select count(*)::int from token_holder as each where each.token_id = token.id and each.ended_at is null)`.as(
                  'holders',
                ),
              ])
              .whereRef('held.accountId', '=', 'account.id')
              .where('held.endedAt', 'is', null),
          ).as('token'),
          jsonObjectFrom(
            eb
              .selectFrom('tokenIssue as open')
              .selectAll()
              .whereRef('open.accountId', '=', 'account.id')
              .where('open.endedAt', 'is', null),
          ).as('issue'),
          usedGrace.as('hadToken'),
          jsonArrayFrom(
            eb
              .selectFrom('portalPermission')
              .select('clientId')
              .whereRef('portalPermission.accountId', '=', 'account.id'),
          ).as('portals'),
        ])
        .where('account.id', '=', id)
        .executeTakeFirst();
      if (!row) return null;
      const { company, credentials, token, issue, hadToken, portals, ...account } = row;
      const login = credentials.find((credential) => credential.kind === 'login');
      if (!login) throw new Error(`account ${id} has no login password`);
      return {
        account,
        company,
        login,
        confirmation: credentials.find((credential) => credential.kind === 'confirmation') ?? null,
        token,
        issue,
        hadToken,
        portals: portals.map((portal) => portal.clientId),
      };
    },

    /** What portals may be told of a person; null when unknown. */
    async told(id: string): Promise<Told | null> {
      return (
        (await db
          .selectFrom('account')
          .innerJoin('company', 'company.id', 'account.companyId')
          .select(toldColumns)
          .where('account.id', '=', id)
          .executeTakeFirst()) ?? null
      );
    },

    async find(id: string): Promise<AccountRow | null> {
      return (await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },

    async add(row: Insertable<AccountTable>): Promise<void> {
      await db.insertInto('account').values(row).execute();
    },

    /** Locks the row until the transaction ends. Lock order: accounts by id, then link, token, device, audit head. */
    async lock(id: string): Promise<AccountRow> {
      return db.selectFrom('account').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
    },

    /** The account that answers to a login ID today; `key` is lower case (rules/login-id.ts). */
    async byLoginName(key: string): Promise<{ readonly id: string; readonly companyId: string } | null> {
      return (
        (await db
          .selectFrom('account')
          .select(['id', 'companyId'])
          .where(sql<string>`lower(login_name)`, '=', key)
          .where('deletedAt', 'is', null)
          .executeTakeFirst()) ?? null
      );
    },

    async change(id: string, patch: Partial<Omit<AccountRow, 'id' | 'companyId' | 'securityEpoch'>>): Promise<void> {
      await db.updateTable('account').set(patch).where('id', '=', id).execute();
    },

    /**
     * Registers a login ID for ever (spec §2: never one that was ever issued or chosen).
     * True when it is free, or already this account's own unfinished choice.
     */
    async reserveLoginName(id: string, key: string, at: Instant): Promise<boolean> {
      await db
        .insertInto('loginName')
        .values({ key, accountId: id, at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const owner = await db
        .selectFrom('loginName')
        .innerJoin('account', 'account.id', 'loginName.accountId')
        .select(['loginName.accountId', 'account.loginNameReserved'])
        .where('key', '=', key)
        .executeTakeFirstOrThrow();
      return (
        owner.accountId === id && (owner.loginNameReserved === null || owner.loginNameReserved.toLowerCase() === key)
      );
    },

    /** Raises the epoch of everybody of a company, and spares nobody; their rows are locked in the order of their ids. */
    async raiseEpochs(companyId: string): Promise<number> {
      const people = await db
        .selectFrom('account')
        .select('id')
        .where('companyId', '=', companyId)
        .where('deletedAt', 'is', null)
        .orderBy('id')
        .forUpdate()
        .execute();
      if (people.length > 0)
        await db
          .updateTable('account')
          .set((eb) => ({ securityEpoch: eb('securityEpoch', '+', 1), epochSpares: null, epochSparesFrom: null }))
          .where('companyId', '=', companyId)
          .where('deletedAt', 'is', null)
          .execute();
      return people.length;
    },

    /**
     * Raises the security epoch: every attempt, login and device of the account is void, but the one that makes the
     * change (house rule: it is spared in the same statement).
     */
    async raiseEpoch(id: string, spared: Spared | null): Promise<number> {
      const row = await db
        .updateTable('account')
        .set((eb) => ({
          securityEpoch: eb('securityEpoch', '+', 1),
          epochSpares: spared?.id ?? null,
          epochSparesFrom: spared
            ? eb.case().when('epochSpares', '=', spared.id).then(eb.ref('epochSparesFrom')).else(spared.epoch).end()
            : null,
        }))
        .where('id', '=', id)
        .returning('securityEpoch')
        .executeTakeFirstOrThrow();
      return row.securityEpoch;
    },
  };
}
