// What a list shows of each of its people, one statement for a page of them: passwords, token, link, devices, last sign-in.
import { sql } from 'kysely';
import type { CredentialFacts } from '../rules/person-facts.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { AccountRow } from './account.ts';
import type { Db } from './database.ts';
import type { TokenKind } from './schema.ts';

/** A token in somebody's hands, as a list shows it. */
export interface ListedToken {
  readonly id: string;
  readonly kind: TokenKind;
  readonly serial: string | null;
  readonly expiresAt: Instant | null;
  readonly retiredAt: Instant | null;
  /** How many people hold it now. */
  readonly holders: number;
}

/** One row of a company's list of people. */
export interface ListedPerson {
  readonly account: AccountRow;
  readonly login: CredentialFacts;
  readonly confirmation: CredentialFacts | null;
  readonly token: ListedToken | null;
  /** The software token that waits for its first right code; it may have lapsed. */
  readonly issue: { readonly id: string; readonly expiresAt: Instant } | null;
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

/** People of one statement: its parameters are limited. */
const atOnce = 1_000;

/**
 * The facts of these people as far as they are of the company and not deleted, in the order of the ids.
 * @param at.usedSince a device that was not used since then counts no more (policy.device.unused)
 */
export function factsOfPeople(db: Db) {
  return async (
    companyId: string,
    ids: readonly string[],
    at: { readonly now: Instant; readonly usedSince: Instant },
  ): Promise<readonly ListedPerson[]> => {
    const people = new Map<string, ListedPerson>();
    for (let first = 0; first < ids.length; first += atOnce) {
      const rows = await selected(db, companyId, ids.slice(first, first + atOnce), at).execute();
      for (const row of rows) people.set(row.id, listed(row));
    }
    return ids.flatMap((id) => people.get(id) ?? []);
  };
}

function selected(
  db: Db,
  companyId: string,
  ids: readonly string[],
  { now, usedSince }: { readonly now: Instant; readonly usedSince: Instant },
) {
  return (
    db
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
      .leftJoin('tokenHolder', (join) =>
        join.onRef('tokenHolder.accountId', '=', 'account.id').on('tokenHolder.endedAt', 'is', null),
      )
      .leftJoin('token', 'token.id', 'tokenHolder.tokenId')
      .leftJoin('tokenIssue as issue', (join) =>
        join.onRef('issue.accountId', '=', 'account.id').on('issue.endedAt', 'is', null),
      )
      .where('account.companyId', '=', companyId)
      .where('account.deletedAt', 'is', null)
      .where('account.id', 'in', [...ids])
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
        'token.id as tokenId',
        'token.kind as tokenKind',
        'token.serial as tokenSerial',
        'token.expiresAt as tokenExpiresAt',
        'token.retiredAt as tokenRetiredAt',
        'issue.id as issueId',
        'issue.expiresAt as issueExpiresAt',
      ])
      .select((eb) => [
        eb
          .selectFrom('tokenHolder as each')
          .select(sql<number>`count(*)::int`.as('n'))
          .whereRef('each.tokenId', '=', 'tokenHolder.tokenId')
          .where('each.endedAt', 'is', null)
          .as('tokenHolders'),
        eb
          .selectFrom('device')
          .select(sql<number>`count(*)::int`.as('n'))
          .whereRef('device.accountId', '=', 'account.id')
          .whereRef('device.epoch', '=', 'account.securityEpoch')
          .where('device.endedAt', 'is', null)
          .where('device.expiresAt', '>', now)
          .where('device.usedAt', '>', usedSince)
          .as('devices'),
        eb
          .selectFrom('login as signIn')
          .select((inner) => inner.fn.max('signIn.startedAt').as('at'))
          .whereRef('signIn.accountId', '=', 'account.id')
          .as('lastLoginAt'),
      ])
  );
}

type FactsRow = Awaited<ReturnType<ReturnType<typeof selected>['execute']>>[number];

function listed(row: FactsRow): ListedPerson {
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
    tokenId,
    tokenKind,
    tokenSerial,
    tokenExpiresAt,
    tokenRetiredAt,
    tokenHolders,
    issueId,
    issueExpiresAt,
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
    token:
      tokenId === null || tokenKind === null
        ? null
        : {
            id: tokenId,
            kind: tokenKind,
            serial: tokenSerial,
            expiresAt: tokenExpiresAt,
            retiredAt: tokenRetiredAt,
            holders: tokenHolders ?? 0,
          },
    issue: issueId === null ? null : { id: issueId, expiresAt: issueExpiresAt ?? 0 },
    link:
      linkId === null
        ? null
        : { id: linkId, display: linkDisplay ?? '', madeAt: linkMadeAt ?? 0, usedAt: linkUsedAt ?? 0 },
    devices: devices ?? 0,
    lastLoginAt,
  };
}
