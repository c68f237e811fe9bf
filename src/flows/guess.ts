// Comparing a password: the place is reserved before the hash is compared, in a transaction of its own; whatever can't be
// compared costs the same work and is answered alike (spec §2). The one counter every password check goes through.
import { lockState, reserve, succeed, type LockState } from '../rules/lock.ts';
import type { AccountRow, CredentialRow } from '../store/account.ts';
import type { CredentialKind } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { oweMail } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, HashWork, Tools } from './tools.ts';

export type Guess =
  /** `epoch`: the account's security epoch at the moment the password was right. */
  | { readonly verdict: 'right'; readonly epoch: number }
  | { readonly verdict: 'wrong'; readonly remaining: number; readonly state: LockState; readonly until: number | null }
  | { readonly verdict: 'refused'; readonly state: LockState; readonly until: number | null };

/** The id of no account: an unknown login ID is looked up like any other. */
const nobody = '';

/** Judges a typed password of an account (null: unknown login ID, same work). Counts every miss, exactly, also in parallel. */
export async function guess(
  tools: Tools,
  act: Act,
  accountId: string | null,
  kind: CredentialKind,
  typed: string,
): Promise<Guess> {
  // The place in the hash queue is taken first: when too much is asked at once, nothing has been counted yet.
  return tools.secrets.hasher.admit((hasher) => admitted(tools, hasher, act, accountId, kind, typed));
}

async function admitted(
  tools: Tools,
  hasher: HashWork,
  act: Act,
  accountId: string | null,
  kind: CredentialKind,
  typed: string,
): Promise<Guess> {
  const place = await tools.store.transaction(async (tables) => {
    const taken = await tables.credential.change(accountId ?? nobody, kind, takePlace(tools, act));
    // As many statements where nothing is to be written: what the answer hides, its cost does not tell.
    if (taken?.verdict !== 'compare') await tables.credential.idle(kind);
    return taken;
  });
  if (accountId === null || place === null || place.verdict === 'refused') {
    await hasher.dummy(typed);
    return place?.verdict === 'refused' ? place : { verdict: 'refused', state: 'open', until: null };
  }
  const right = await hasher.verify(place.hash, typed);
  if (right && !place.lapsed) {
    const epoch = await confirm(tools, hasher, accountId, kind, place.hash, typed);
    if (epoch !== null) return { verdict: 'right', epoch };
  }
  if (place.ifWrong !== 'open') await announceLock(tools, act, accountId, kind);
  return { verdict: 'wrong', remaining: place.remaining, state: place.ifWrong, until: place.until };
}

type Place =
  | { readonly verdict: 'refused'; readonly state: LockState; readonly until: number | null }
  | {
      readonly verdict: 'compare';
      readonly until: number | null;
      readonly hash: string;
      readonly lapsed: boolean;
      readonly remaining: number;
      readonly ifWrong: LockState;
    };

function takePlace(tools: Tools, act: Act) {
  return (row: CredentialRow): { keep: Partial<CredentialRow>; verdict: Place } => {
    const reserved = reserve(row, tools.policy.locks, act.now);
    if (reserved.verdict === 'refused')
      return { keep: {}, verdict: { verdict: 'refused', state: lockState(row, act.now), until: row.lockedUntil } };
    const { misses, locks, lockedUntil, stoppedAt } = reserved.keep;
    return {
      keep: { misses, locks, lockedUntil, stoppedAt, announcedAt: null },
      verdict: {
        verdict: 'compare',
        until: lockedUntil,
        hash: row.hash,
        // An issued password that was never used lapses; it is then compared and missed like any wrong one.
        lapsed: row.issued && row.issuedUntil !== null && act.now >= row.issuedUntil,
        remaining: reserved.remaining,
        ifWrong: reserved.ifWrong,
      },
    };
  };
}

/** Clears the count and reads the epoch in one transaction; null when the password was changed meanwhile. */
async function confirm(
  tools: Tools,
  hasher: HashWork,
  accountId: string,
  kind: CredentialKind,
  compared: string,
  typed: string,
): Promise<number | null> {
  const stronger = tools.secrets.hasher.needsRehash(compared) ? await hasher.hash(typed) : null;
  return tools.store.transaction(async (tables) => {
    const kept = await tables.credential.change(accountId, kind, (row) => {
      if (row.hash !== compared) return { keep: {}, verdict: false };
      const { misses, locks, lockedUntil, stoppedAt } = succeed(row);
      return {
        keep: { misses, locks, lockedUntil, stoppedAt, announcedAt: null, hash: stronger ?? row.hash },
        verdict: true,
      };
    });
    return kept === true ? ((await tables.account.find(accountId))?.securityEpoch ?? null) : null;
  });
}

/**
 * Tells a lock or stop that stands: audit record and mail, once. A right password of the same run may have cleared it
 * meanwhile; then there is nothing to tell. Also called for what a killed process left untold.
 */
export async function announceLock(tools: Tools, act: Act, accountId: string, kind: CredentialKind): Promise<void> {
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(accountId);
    const told = await tables.credential.change(accountId, kind, (row) => {
      const state = lockState(row, act.now);
      if (state === 'open' || row.announcedAt !== null) return { keep: {}, verdict: null };
      return { keep: { announcedAt: act.now }, verdict: { state, until: row.lockedUntil } };
    });
    if (!told) return;
    await oweMail(
      tools,
      tables,
      act,
      account,
      told.state === 'stopped' ? 'password-stopped' : 'password-locked',
      { which: kind, until: told.until, linked: await linked(tables, account) },
      'system',
    );
    await writeRecord(tables, act, {
      event: told.state === 'stopped' ? 'password.stopped' : 'password.locked',
      companyId: account.companyId,
      accountId,
      actor: { kind: 'system', id: null },
      data: { which: kind, until: told.until },
    });
  });
}

async function linked(tables: Tables, account: AccountRow): Promise<boolean> {
  return (await tables.link.ofAccount(account.id)).length > 0;
}
