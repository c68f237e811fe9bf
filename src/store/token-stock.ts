// The bank's key-fobs as its desk sees and moves them: where each stands, what it cost, who holds it (spec §11.6). Never a
// secret. Lists go from serial number to serial number, so that a page costs the same wherever it lies.
import { type Selectable, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { Instant } from '../rules/sign-in-record.ts';
import type { OrderReason, StockState } from '../rules/token-stock.ts';
import type { Db } from './database.ts';
import type { TokenTable } from './schema.ts';
import { ofNoOperator, stockConditions } from './stock-state.ts';

type StockColumns = Omit<Selectable<TokenTable>, 'secret' | 'serial'>;

/** A token of the stock, with what its state is judged by; never its secret. */
export interface StockToken extends StockColumns {
  readonly serial: string;
  /** People who hold it now. */
  readonly holders: number;
  readonly contractNumber: string | null;
  readonly companyName: string | null;
  readonly companySuspended: boolean;
  /** Its company applies for key-fobs now. */
  readonly companyApplied: boolean;
  /** The serial number of the living token that was sent to follow this one. */
  readonly successor: string | null;
}

export interface StockHolder {
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
  readonly registeredAt: Instant;
  readonly endedAt: Instant | null;
  readonly endedWhy: string | null;
}

/** Somebody who holds a token now. */
export interface TokenHand {
  readonly tokenId: string;
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
}

/** One token with its life. */
export interface StockLife extends StockToken {
  readonly importFile: string | null;
  readonly order: { readonly reason: OrderReason; readonly formNumber: string | null } | null;
  /** The serial number of the token that this one was sent to follow. */
  readonly follows: string | null;
  /** Everybody who holds or held it, newest first; the deleted too. */
  readonly people: readonly StockHolder[];
}

export interface StockFilter {
  readonly state: StockState | null;
  /** How the serial number begins; '': any. */
  readonly serial: string;
  readonly companyId: string | null;
  readonly now: Instant;
  /** From how long before its expiry a token in use counts as expiring, in milliseconds. */
  readonly warnBefore: number;
}

/** From which serial number on, in which direction. */
export type StockPlace = { readonly after: string } | { readonly before: string };

// oxfmt-ignore
const columns = [
  'token.id', 'token.companyId', 'token.kind', 'token.serial', 'token.algorithm', 'token.digits', 'token.period', 'token.drift',
  'token.lastStep', 'token.lastStepBy', 'token.expiresAt', 'token.retiredAt', 'token.retiredWhy', 'token.importId', 'token.model',
  'token.importedAt', 'token.orderId', 'token.fee', 'token.orderedAt', 'token.shippedAt', 'token.arrivedAt',
  'token.firstRegisteredAt', 'token.successorTo',
] as const;

export function tokenStockTable(db: Db) {
  const rows = () =>
    db
      .selectFrom('token')
      .leftJoin('company', 'company.id', 'token.companyId')
      .select(columns)
      .select(sql<string>`token.serial`.as('serial'))
      .select(['company.contractNumber', 'company.name as companyName'])
      .select([
        sql<boolean>`company.suspended_at is not null`.as('companySuspended'),
        sql<boolean>`coalesce(company.otp_application in ('hardware', 'both'), false)`.as('companyApplied'),
        sql<number>`(select count(*)::int from token_holder as each where each.token_id = token.id and each.ended_at is null)`.as(
          'holders',
        ),
        sql<string | null>`(select next.serial from token as next where next.successor_to = token.id
          and next.retired_at is null order by next.id limit 1)`.as('successor'),
      ])
      .where('token.kind', '=', 'hardware')
      .where('token.serial', 'is not', null);

  function matching(filter: StockFilter) {
    const { state, serial, companyId } = filter;
    const begins = `${serial.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    return rows()
      .where((eb) =>
        state === null ? ofNoOperator : eb(stockConditions(filter.now, filter.warnBefore)[state], 'is', true),
      )
      .where((eb) => (serial === '' ? eb.lit(true) : eb('token.serial', 'like', begins)))
      .where((eb) => (companyId === null ? eb.lit(true) : eb('token.companyId', '=', companyId)));
  }

  async function bySerials(serials: readonly string[]): Promise<readonly StockToken[]> {
    if (serials.length === 0) return [];
    return rows()
      .where('token.serial', 'in', [...serials])
      .where(ofNoOperator)
      .orderBy('token.serial')
      .execute();
  }

  return {
    /** One page in the order of serial numbers, with whether others lie beyond it on that side. */
    async list(
      filter: StockFilter,
      place: StockPlace,
      per: number,
    ): Promise<{ readonly tokens: readonly StockToken[]; readonly more: boolean }> {
      const back = 'before' in place;
      const found = await matching(filter)
        .where((eb) =>
          back
            ? eb('token.serial', '<', place.before)
            : place.after === ''
              ? eb.lit(true)
              : eb('token.serial', '>', place.after),
        )
        .orderBy('token.serial', back ? 'desc' : 'asc')
        .limit(per + 1)
        .execute();
      const tokens = found.slice(0, per);
      return { tokens: back ? tokens.toReversed() : tokens, more: found.length > per };
    },

    /** Those of these serial numbers that there are, in the order of serial numbers. */
    bySerials,

    /** The same, each locked until the transaction ends, in the order of ids; read after the lock was had. */
    async lockBySerials(serials: readonly string[]): Promise<readonly StockToken[]> {
      if (serials.length === 0) return [];
      await db
        .selectFrom('token')
        .select('id')
        .where('kind', '=', 'hardware')
        .where('serial', 'in', [...serials])
        .orderBy('id')
        .forUpdate()
        .execute();
      return bySerials(serials);
    },

    async life(serial: string): Promise<StockLife | null> {
      const row = await rows()
        .leftJoin('tokenImport as file', 'file.id', 'token.importId')
        .leftJoin('tokenOrder as ordered', 'ordered.id', 'token.orderId')
        .select(['file.fileName as importFile', 'ordered.reason as orderReason', 'ordered.formNumber'])
        .select((eb) => [
          sql<string | null>`(select old.serial from token as old where old.id = token.successor_to)`.as('follows'),
          jsonArrayFrom(
            eb
              .selectFrom('tokenHolder as holding')
              .innerJoin('account', 'account.id', 'holding.accountId')
              .select(['account.id', 'account.name', 'account.loginName'])
              .select(['holding.registeredAt', 'holding.endedAt', 'holding.endedWhy'])
              .whereRef('holding.tokenId', '=', 'token.id')
              .orderBy(sql`holding.ended_at is not null`)
              .orderBy('holding.registeredAt', 'desc')
              .limit(200),
          ).as('people'),
        ])
        .where('token.serial', '=', serial)
        .where(ofNoOperator)
        .executeTakeFirst();
      if (!row) return null;
      const { orderReason, formNumber, ...token } = row;
      return { ...token, order: orderReason === null ? null : { reason: orderReason, formNumber } };
    },

    /** Who holds these tokens now, by login ID. */
    async holdersOf(ids: readonly string[]): Promise<readonly TokenHand[]> {
      if (ids.length === 0) return [];
      return db
        .selectFrom('tokenHolder')
        .innerJoin('account', 'account.id', 'tokenHolder.accountId')
        .select(['tokenHolder.tokenId', 'account.id', 'account.name', 'account.loginName'])
        .where('tokenHolder.tokenId', 'in', [...ids])
        .where('tokenHolder.endedAt', 'is', null)
        .orderBy(sql`lower(account.login_name) collate "C"`)
        .execute();
    },

    /** Tokens of the stock for successors: those that last longest first. */
    async pick(count: number, now: Instant): Promise<readonly StockToken[]> {
      return rows()
        .where('token.companyId', 'is', null)
        .where('token.retiredAt', 'is', null)
        .where(sql<boolean>`(token.expires_at is null or token.expires_at > ${now})`)
        .where(ofNoOperator)
        .orderBy('token.expiresAt', 'desc')
        .orderBy('token.serial')
        .limit(count)
        .execute();
    },

    /** Gives a token of the stock to a company. */
    async give(
      id: string,
      order: Pick<StockColumns, 'companyId' | 'orderId' | 'fee' | 'orderedAt' | 'successorTo'>,
    ): Promise<void> {
      await db.updateTable('token').set(order).where('id', '=', id).where('companyId', 'is', null).execute();
    },

    async ship(ids: readonly string[], at: Instant): Promise<void> {
      await db
        .updateTable('token')
        .set({ shippedAt: at })
        .where('id', 'in', [...ids])
        .execute();
    },

    async arrive(ids: readonly string[], at: Instant): Promise<void> {
      await db
        .updateTable('token')
        .set({ arrivedAt: at })
        .where('id', 'in', [...ids])
        .execute();
    },
  };
}
