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

export function deviceSecretStore(state: State) {
  const keyOf = (hash: string): string => `device:${hash}`;
  return {
    async find(hash: string): Promise<DeviceSecret | null> {
      const text = await state.get(keyOf(hash));
      return text === null ? null : JSON.parse(text);
    },
    /** Writes a value's record unless it is there (tabs that finish together write the same one). */
    async add(hash: string, secret: DeviceSecret): Promise<void> {
      await state.add(keyOf(hash), JSON.stringify(secret), secret.expiresAt);
    },
    /** Names a value's successor once; all who ask get the same one. Null when the value is gone. */
    async succeed(hash: string, propose: string): Promise<string | null> {
      for (;;) {
        const before = await state.get(keyOf(hash));
        if (before === null) return null;
        const secret: DeviceSecret = JSON.parse(before);
        if (secret.successor !== null) return secret.successor;
        const after = JSON.stringify({ ...secret, successor: propose });
        if (await state.swap(keyOf(hash), before, after, secret.expiresAt)) return propose;
      }
    },
  };
}
