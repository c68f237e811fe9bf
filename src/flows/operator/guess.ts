// Comparing an operator's password: the place is reserved before the hash is compared, as for the customers' (flows/guess.ts);
// whatever can't be compared costs the same work and is answered alike, and a browser in which the operator signed in before has
// places of its own (spec §2).
import { reserveOwn, succeedOwn } from '../../rules/guess-budget.ts';
import { lockState, reserve, succeed, type LockCounter, type LockState } from '../../rules/lock.ts';
import type { LockTiers } from '../../rules/policy.ts';
import type { GuessingBrowser, OperatorRow, OperatorRuling } from '../../store/operator.ts';
import type { Act, HashWork, Tools } from '../tools.ts';
import { recordOperator } from './actor.ts';

export type OperatorGuess =
  | { readonly verdict: 'right'; readonly operator: OperatorRow }
  /** `compared` false: nobody has the ID, or nothing of this operator may be compared now. */
  | { readonly verdict: 'wrong'; readonly operatorId: string | null; readonly compared: boolean };

interface Place {
  readonly operatorId: string;
  readonly compare: { readonly hash: string; readonly lapsed: boolean; readonly ifWrong: LockState } | null;
}

/** @param key the login ID in lower case */
export async function guessOperator(tools: Tools, act: Act, key: string, typed: string): Promise<OperatorGuess> {
  // The place in the hash queue is taken first: when too much is asked at once, nothing has been counted yet.
  return tools.secrets.hasher.admit((hasher) => admitted(tools, hasher, act, key, typed));
}

async function admitted(tools: Tools, hasher: HashWork, act: Act, key: string, typed: string): Promise<OperatorGuess> {
  const place = await tools.store.transaction((tables) =>
    tables.operator.judge<Place>(key, bringing(act), (row, own) => takePlace(tools, act, row, own)),
  );
  if (!place?.compare) {
    await hasher.dummy(typed);
    return { verdict: 'wrong', operatorId: place?.operatorId ?? null, compared: false };
  }
  const { operatorId, compare } = place;
  if ((await hasher.verify(compare.hash, typed)) && !compare.lapsed) {
    const operator = await confirm(tools, hasher, act, { key, typed, compared: compare.hash });
    if (operator) return { verdict: 'right', operator };
  }
  // That it was the fifth, the answer's time must not tell.
  if (compare.ifWrong !== 'open') await tools.after(() => tellLock(tools, act, operatorId, compare.ifWrong));
  return { verdict: 'wrong', operatorId, compared: true };
}

const counterOf = ({ misses, locks, lockedUntil, passwordStoppedAt }: OperatorRow): LockCounter => ({
  misses,
  locks,
  lockedUntil,
  stoppedAt: passwordStoppedAt,
});

const columnsOf = (counter: LockCounter | null) => {
  if (counter === null) return {};
  const { stoppedAt, ...rest } = counter;
  return { ...rest, passwordStoppedAt: stoppedAt };
};

/** As long as the browser keeps its cookie, in milliseconds. */
const knownFor = 400 * 86_400_000;

const bringing = ({ lasting = null, now }: Act): GuessingBrowser => ({ browser: lasting, since: now - knownFor });

function takePlace(tools: Tools, act: Act, row: OperatorRow, own: LockCounter | null): OperatorRuling<Place> {
  const reserved = placeOf(counterOf(row), own, tools.policy.locks, act.now);
  if (row.stoppedAt !== null || reserved === null)
    return { keep: {}, own: null, verdict: { operatorId: row.id, compare: null } };
  // An issued password that was never used lapses; it is then compared and missed like any wrong one.
  const lapsed = row.issued && row.issuedUntil !== null && act.now >= row.issuedUntil;
  return {
    keep: columnsOf(reserved.row),
    own: reserved.own,
    verdict: { operatorId: row.id, compare: { hash: row.hash, lapsed, ifWrong: reserved.ifWrong } },
  };
}

/** A place of the browser's own, or of the password's that is everybody's; null: there is none. */
function placeOf(row: LockCounter, own: LockCounter | null, tiers: LockTiers, now: number) {
  if (own !== null) {
    const place = reserveOwn(row, own, tiers, now);
    return place.verdict === 'refused' ? null : place;
  }
  const place = reserve(row, tiers, now);
  return place.verdict === 'refused' ? null : { ...place, row: place.keep, own: null };
}

/** Clears the count and reads the row in one transaction; null when the password was changed, or the operator stopped, meanwhile. */
async function confirm(
  tools: Tools,
  hasher: HashWork,
  act: Act,
  { key, typed, compared }: { readonly key: string; readonly typed: string; readonly compared: string },
): Promise<OperatorRow | null> {
  const stronger = tools.secrets.hasher.needsRehash(compared) ? await hasher.hash(typed) : null;
  return tools.store.transaction((tables) =>
    tables.operator.judge<OperatorRow | null>(key, bringing(act), (row, own) => {
      if (row.hash !== compared || row.stoppedAt !== null) return { keep: {}, own: null, verdict: null };
      const cleared = own === null ? { own, row: succeed(counterOf(row)) } : succeedOwn(counterOf(row), own, act.now);
      const keep = { ...columnsOf(cleared.row), ...(stronger === null ? {} : { hash: stronger }) };
      return { keep, own: cleared.own, verdict: { ...row, ...keep } };
    }),
  );
}

/** The lock or stop that the last place set, written down once it is not the answer's time any more. */
async function tellLock(tools: Tools, act: Act, operatorId: string, set: LockState): Promise<void> {
  await tools.store.transaction(async (tables) => {
    const row = await tables.operator.lock(operatorId);
    // A right guess of the same run may have cleared it meanwhile.
    if (!row || lockState(counterOf(row), act.now) !== set) return;
    const event = set === 'stopped' ? 'operator.password-stopped' : 'operator.password-locked';
    await recordOperator(
      tables,
      act,
      event,
      { kind: 'stranger', id: null },
      { operator: row.id, until: row.lockedUntil },
    );
  });
  tools.notice(`operator.password-${set}`, { reference: act.reference });
}
