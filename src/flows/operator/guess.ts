// Comparing an operator's password: the place is reserved before the hash is compared, as for the customers' (flows/guess.ts);
// whatever can't be compared costs the same work and is answered alike (spec §2).
import { lockState, reserve, succeed, type LockCounter, type LockState } from '../../rules/lock.ts';
import type { OperatorRow } from '../../store/operator.ts';
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
    tables.operator.judge<Place>(key, (row) => takePlace(tools, act, row)),
  );
  if (!place?.compare) {
    await hasher.dummy(typed);
    return { verdict: 'wrong', operatorId: place?.operatorId ?? null, compared: false };
  }
  const { operatorId, compare } = place;
  if ((await hasher.verify(compare.hash, typed)) && !compare.lapsed) {
    const operator = await confirm(tools, hasher, key, typed, compare.hash);
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

const columnsOf = ({ stoppedAt, ...rest }: LockCounter) => ({ ...rest, passwordStoppedAt: stoppedAt });

function takePlace(tools: Tools, act: Act, row: OperatorRow): { keep: Partial<OperatorRow>; verdict: Place } {
  const reserved = reserve(counterOf(row), tools.policy.locks, act.now);
  if (row.stoppedAt !== null || reserved.verdict === 'refused')
    return { keep: {}, verdict: { operatorId: row.id, compare: null } };
  // An issued password that was never used lapses; it is then compared and missed like any wrong one.
  const lapsed = row.issued && row.issuedUntil !== null && act.now >= row.issuedUntil;
  return {
    keep: columnsOf(reserved.keep),
    verdict: { operatorId: row.id, compare: { hash: row.hash, lapsed, ifWrong: reserved.ifWrong } },
  };
}

/** Clears the count and reads the row in one transaction; null when the password was changed, or the operator stopped, meanwhile. */
async function confirm(
  tools: Tools,
  hasher: HashWork,
  key: string,
  typed: string,
  compared: string,
): Promise<OperatorRow | null> {
  const stronger = tools.secrets.hasher.needsRehash(compared) ? await hasher.hash(typed) : null;
  return tools.store.transaction((tables) =>
    tables.operator.judge<OperatorRow | null>(key, (row) => {
      if (row.hash !== compared || row.stoppedAt !== null) return { keep: {}, verdict: null };
      const keep = { ...columnsOf(succeed(counterOf(row))), ...(stronger === null ? {} : { hash: stronger }) };
      return { keep, verdict: { ...row, ...keep } };
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
