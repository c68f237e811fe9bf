// Redis's half of a remembered device: the value in the browser's cookie, known here by its hash only (spec §6).
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

export interface DeviceSecret {
  readonly deviceId: string;
  readonly linkId: string;
  readonly accountId: string;
  readonly epoch: number;
  readonly generation: number;
  /** The next value, sealed under this one: only who holds this one can read it. Null until this one was used. */
  readonly successor: string | null;
  readonly expiresAt: Instant;
}

/** A value that is to follow another: its hash, and itself sealed under the one before. */
interface Successor {
  readonly hash: string;
  readonly sealed: string;
}

export function deviceSecretStore(state: State) {
  const keyOf = (hash: string): string => `device:${hash}`;
  const following = (secret: DeviceSecret): string =>
    JSON.stringify({ ...secret, generation: secret.generation + 1, successor: null });
  return {
    /** @param anew asks the store also when this request knows an answer */
    async find(hash: string, anew = false): Promise<DeviceSecret | null> {
      const text = await state.get(keyOf(hash), anew);
      return text === null ? null : JSON.parse(text);
    },
    /** Says that this request will look for a value, so that it is read meanwhile. */
    foresee(hash: string): void {
      state.get(keyOf(hash)).catch(() => {});
    },
    /** Writes the record of a value that nobody can have yet. */
    async put(hash: string, secret: DeviceSecret): Promise<void> {
      await state.put(keyOf(hash), JSON.stringify(secret), secret.expiresAt);
    },
    /**
     * Names a value's successor once: all who ask get the same one, sealed under the value. Its record is written with it.
     * Null when the value is gone.
     */
    async succeed(hash: string, proposed: Successor): Promise<string | null> {
      for (;;) {
        const before = await state.get(keyOf(hash));
        if (before === null) return null;
        const secret: DeviceSecret = JSON.parse(before);
        if (secret.successor !== null) return secret.successor;
        const after = JSON.stringify({ ...secret, successor: proposed.sealed });
        const [named] = await Promise.all([
          state.swap(keyOf(hash), before, after, secret.expiresAt),
          state.add(keyOf(proposed.hash), following(secret), secret.expiresAt),
        ]);
        if (named) return proposed.sealed;
        // Another tab named one: nobody will ever hold ours.
        await state.remove(keyOf(proposed.hash));
      }
    },
    /** Writes the record of a value's successor unless it is there: the login that named it may not have come so far. */
    async follow(hash: string, successorHash: string): Promise<void> {
      const secret = await this.find(hash);
      if (secret) await state.add(keyOf(successorHash), following(secret), secret.expiresAt);
    },
  };
}
