// Operators on their way in, and signed in: two kinds of records under the hash of the cookie's value, in key spaces of their
// own, so that what belongs to one is never taken for the other. Nothing of the customers' sessions is near them.
import type { OperatorSession } from '../rules/operator.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

/** A password was right; what follows it has not. */
export interface OperatorAttempt {
  readonly operatorId: string;
  /** The operator's security epoch when the password was right, or when this attempt itself changed it. */
  readonly epoch: number;
  readonly otpAt: Instant | null;
  /** An authenticator that nobody has proven yet: its secret, sealed for the id that its token will have. */
  readonly pending: { readonly tokenId: string; readonly secret: string; readonly shown: boolean } | null;
  /** Hash of the browser cookie: the attempt is good in no other browser. */
  readonly browser: string;
  /** The page that was asked for. */
  readonly back: string;
  readonly expiresAt: Instant;
}

export interface KeptOperatorSession extends OperatorSession {
  readonly browser: string;
  /** Ten hours after its start, whatever was done. */
  readonly expiresAt: Instant;
}

export interface OperatorSessionStore {
  attempt(id: string): Promise<OperatorAttempt | null>;
  keepAttempt(id: string, attempt: OperatorAttempt): Promise<void>;
  /** Applies a pure rule to an attempt that is still there; null leaves it. What stands there then. */
  changeAttempt(
    id: string,
    rule: (attempt: OperatorAttempt) => OperatorAttempt | null,
  ): Promise<OperatorAttempt | null>;
  /** Ends an attempt: of many callers one learns that it was there. */
  endAttempt(id: string): Promise<boolean>;
  session(id: string): Promise<KeptOperatorSession | null>;
  keepSession(id: string, session: KeptOperatorSession): Promise<void>;
  /** Notes a use. A session that ended meanwhile does not come back by it. */
  touch(id: string, usedAt: Instant): Promise<void>;
  endSession(id: string): Promise<boolean>;
}

export function operatorSessionStore(state: State): OperatorSessionStore {
  const attemptOf = (id: string): string => `operator-attempt:${id}`;
  const sessionOf = (id: string): string => `operator-session:${id}`;
  const read = async <Kept extends object>(key: string): Promise<Kept | null> => {
    const text = await state.get(key);
    return text === null ? null : JSON.parse(text);
  };
  return {
    attempt: (id) => read<OperatorAttempt>(attemptOf(id)),
    keepAttempt: (id, attempt) => state.put(attemptOf(id), JSON.stringify(attempt), attempt.expiresAt),
    async changeAttempt(id, rule) {
      const kept = await state.change(attemptOf(id), (text) => {
        const before: OperatorAttempt | null = text === null ? null : JSON.parse(text);
        const after = before && rule(before);
        return after && { value: JSON.stringify(after), expiresAt: after.expiresAt };
      });
      return kept === null ? null : JSON.parse(kept);
    },
    endAttempt: async (id) => (await state.take(attemptOf(id))) !== null,
    session: (id) => read<KeptOperatorSession>(sessionOf(id)),
    keepSession: (id, session) => state.put(sessionOf(id), JSON.stringify(session), session.expiresAt),
    async touch(id, usedAt) {
      await state.change(sessionOf(id), (text) => {
        const before: KeptOperatorSession | null = text === null ? null : JSON.parse(text);
        if (before === null || usedAt <= before.usedAt) return null;
        return { value: JSON.stringify({ ...before, usedAt }), expiresAt: before.expiresAt };
      });
    },
    endSession: async (id) => (await state.take(sessionOf(id))) !== null,
  };
}
