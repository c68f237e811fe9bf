// What the consoles remember of one login: when it was last used there, and the results of the acts it finished, so that a
// check page that is sent twice acts once and shows the same result. Lost ones mean an earlier idle clock, nothing else.
import type { AccountState } from '../rules/account.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

/** One person of a finished act. */
export interface FinishedPerson {
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
  readonly states: readonly AccountState[];
  /** `out`: left out for a reason that stood before; `failed`: changed since the check page, or unknown. */
  readonly result: 'done' | 'out' | 'failed';
  readonly why: 'stale' | 'self' | 'nothing' | 'unknown' | null;
  /** The Business Direct ID that was linked before. */
  readonly linked: string | null;
}

/** An act of a console that was done: what its result page shows, also when it is asked for again. No secret is in it. */
export interface Finished {
  readonly at: Instant;
  /** The reference number of the act's records. */
  readonly reference: string;
}

export interface FinishedAct extends Finished {
  readonly people: readonly FinishedPerson[];
  /** Links that ended, to ask which portals were told. */
  readonly links: readonly string[];
  /** The login that acted came through one of them. */
  readonly endedItself: boolean;
}

export interface ConsoleActivityStore {
  /** The last use of a console in this login; null before the first. */
  last(loginId: string): Promise<Instant | null>;
  touch(loginId: string, at: Instant, until: Instant): Promise<void>;
  /** Takes the turn to act under this key until `until`; false while another request has it. */
  begin(loginId: string, key: string, until: Instant): Promise<boolean>;
  /** Gives the turn back: nothing was done. */
  abandon(loginId: string, key: string): Promise<void>;
  finish(loginId: string, key: string, act: Finished, until: Instant): Promise<void>;
  /** The result under a key, in the shape in which its one writer kept it. */
  finished<Result extends Finished = FinishedAct>(loginId: string, key: string): Promise<Result | null>;
}

export function consoleActivityStore(state: State): ConsoleActivityStore {
  const keyOf = (loginId: string): string => `console:${loginId}`;
  const turnOf = (loginId: string, key: string): string => `console-turn:${loginId}:${key}`;
  const resultOf = (loginId: string, key: string): string => `console-result:${loginId}:${key}`;
  return {
    async last(loginId) {
      const text = await state.get(keyOf(loginId));
      return text === null ? null : Number(text);
    },
    async touch(loginId, at, until) {
      await state.put(keyOf(loginId), String(at), until);
    },
    begin: (loginId, key, until) => state.add(turnOf(loginId, key), 'taken', until),
    abandon: (loginId, key) => state.remove(turnOf(loginId, key)),
    async finish(loginId, key, act, until) {
      await state.put(resultOf(loginId, key), JSON.stringify(act), until);
    },
    async finished(loginId, key) {
      const text = await state.get(resultOf(loginId, key));
      return text === null ? null : JSON.parse(text);
    },
  };
}
