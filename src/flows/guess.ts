// Comparing a password: the place is reserved before the hash is compared, in a transaction of its own; whatever can't be
// compared costs the same work and is answered alike (spec §2). The one counter every password check goes through.
import { reserveOwn, succeedOwn, type Who } from '../rules/guess-budget.ts';
import { lockState, reserve, succeed, type LockCounter, type LockState } from '../rules/lock.ts';
import { isForLetter } from '../rules/reset-request.ts';
import type { AccountRow, CredentialRow } from '../store/account.ts';
import type { Ruling } from '../store/credential.ts';
import type { BothRuling } from '../store/guess-budget.ts';
import type { CredentialKind } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { announceLock } from './announce-lock.ts';
import { takenUp, takeUp } from './reset/take-up.ts';
import type { Act, HashWork, Tools } from './tools.ts';

export type Guess =
  /** `epoch`: the account's security epoch at the moment the password was right. */
  | { readonly verdict: 'right'; readonly epoch: number; readonly account: AccountRow }
  | { readonly verdict: 'wrong'; readonly remaining: number; readonly state: LockState; readonly until: number | null }
  | { readonly verdict: 'refused'; readonly state: LockState; readonly until: number | null };

/** Whose password, which of the two, and who guesses. */
interface Guessed {
  readonly accountId: string | null;
  readonly kind: CredentialKind;
  readonly typed: string;
  readonly who: Who | null;
}

/** The id of no account: an unknown login ID is looked up like any other. */
const nobody = '';

/**
 * Judges a typed password of an account (null: unknown login ID, same work). Counts every miss, exactly, also in parallel.
 * @param who whose own budget the guess at a login password is taken from (flows/guesser.ts); null: a stranger's, who has the
 * password's own counter. The confirmation password has that one alone.
 */
export async function guess(
  tools: Tools,
  act: Act,
  accountId: string | null,
  kind: CredentialKind,
  typed: string,
  who: Who | null = null,
): Promise<Guess> {
  // The place in the hash queue is taken first: when too much is asked at once, nothing has been counted yet.
  return tools.secrets.hasher.admit((hasher) => admitted(tools, hasher, act, { accountId, kind, typed, who }));
}

async function admitted(tools: Tools, hasher: HashWork, act: Act, guessed: Guessed): Promise<Guess> {
  const { accountId, kind, typed } = guessed;
  const place = await tools.store.transaction((tables) =>
    rule(tables, guessed, 'place', takePlace(tools, act, guessed)),
  );
  if (accountId === null || place === null || place.verdict === 'refused') {
    await hasher.dummy(typed);
    return place?.verdict === 'refused' ? place : { verdict: 'refused', state: 'open', until: null };
  }
  const right = await hasher.verify(place.hash, typed);
  if (right && !place.lapsed) {
    const confirmed = await confirm(tools, hasher, act, { ...guessed, accountId }, place);
    if (confirmed) return { verdict: 'right', ...confirmed };
  }
  // That it was the fifth, the answer's time must not tell.
  if (place.ifWrong !== 'open') await tools.after(() => announceLock(tools, act, accountId, kind, guessed.who));
  return { verdict: 'wrong', remaining: place.remaining, state: place.ifWrong, until: place.until };
}

type Judge<Verdict> = (row: CredentialRow, own: LockCounter | null) => BothRuling<Verdict>;

/**
 * Applies a rule to a password's row and its guesser's budget. Until the password is right, with as many statements whatever is
 * found and whoever guesses: what the answer hides, its cost does not tell (spec §2).
 */
async function rule<Verdict>(
  tables: Tables,
  { accountId, kind, who }: Guessed,
  stage: 'place' | 'right',
  judge: Judge<Verdict>,
): Promise<Verdict | null> {
  if (kind === 'login' && (who !== null || stage === 'place'))
    return tables.guessBudget.change(accountId ?? nobody, who, judge);
  return tables.credential.change(accountId ?? nobody, kind, (row): Ruling<Verdict> => {
    const { row: keep, verdict } = judge(row, null);
    return { keep: keep ?? {}, verdict };
  });
}

type Place = { readonly verdict: 'refused'; readonly state: LockState; readonly until: number | null } | Compared;

interface Compared {
  readonly verdict: 'compare';
  readonly until: number | null;
  readonly hash: string;
  /** The hash is of a password that came by post and was not used yet. */
  readonly letter: boolean;
  readonly lapsed: boolean;
  readonly remaining: number;
  readonly ifWrong: LockState;
}

function takePlace(tools: Tools, act: Act, { kind, typed }: Guessed): Judge<Place> {
  const { locks } = tools.policy;
  return (row, own) => {
    const reserved = own === null ? strangers(row, locks, act.now) : reserveOwn(row, own, locks, act.now);
    if (reserved.verdict === 'refused') return { row: null, own: null, verdict: reserved };
    const letter = isForLetter(row, kind, typed);
    const issuedUntil = letter ? row.letterUntil : row.issued ? row.issuedUntil : null;
    return {
      row: reserved.row && { ...reserved.row, announcedAt: row.stoppedAt === null ? null : row.announcedAt },
      own: reserved.own,
      verdict: {
        verdict: 'compare',
        until: (reserved.own ?? reserved.row)?.lockedUntil ?? null,
        hash: (letter ? row.letterHash : null) ?? row.hash,
        letter,
        // An issued password that was never used lapses; it is then compared and missed like any wrong one.
        lapsed: (issuedUntil ?? null) !== null && act.now >= (issuedUntil ?? 0),
        remaining: reserved.remaining,
        ifWrong: reserved.ifWrong,
      },
    };
  };
}

/** The password's own counter, in the shape of an own budget's answer. */
function strangers(row: CredentialRow, tiers: Tools['policy']['locks'], now: number) {
  const { misses, locks, lockedUntil, stoppedAt } = row;
  const reserved = reserve({ misses, locks, lockedUntil, stoppedAt }, tiers, now);
  return reserved.verdict === 'refused'
    ? ({ verdict: 'refused', state: lockState(row, now), until: lockedUntil } as const)
    : { ...reserved, row: reserved.keep, own: null };
}

/** Clears the count and reads the account in one transaction; null when the password was changed meanwhile. */
async function confirm(
  tools: Tools,
  hasher: HashWork,
  act: Act,
  guessed: Guessed & { readonly accountId: string },
  { hash: compared, letter }: Pick<Compared, 'hash' | 'letter'>,
): Promise<{ readonly epoch: number; readonly account: AccountRow } | null> {
  const { accountId, typed } = guessed;
  const stronger = tools.secrets.hasher.needsRehash(compared) ? await hasher.hash(typed) : null;
  return tools.store.transaction(async (tables) => {
    if (letter) await tables.account.lock(accountId);
    const kept = await rule(tables, guessed, 'right', (row, own) => {
      if ((letter ? row.letterHash : row.hash) !== compared) return { row: null, own: null, verdict: false };
      const cleared = own === null ? { own: null, row: succeed(row) } : succeedOwn(row, own, act.now);
      const open = cleared.row && { ...cleared.row, announcedAt: null };
      const after = letter ? takenUp(tools, row, act.now) : stronger === null ? {} : { hash: stronger };
      const keep = { ...open, ...after };
      return { row: Object.keys(keep).length === 0 ? null : keep, own: cleared.own, verdict: true };
    });
    if (kept !== true) return null;
    const taken = letter ? await takeUp(tools, tables, act, accountId) : null;
    const account = await tables.account.find(accountId);
    return account && { epoch: taken ?? account.securityEpoch, account };
  });
}
