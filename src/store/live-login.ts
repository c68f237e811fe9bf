// Logins as Redis remembers them: what was proven, as long as the session holds. Lost ones mean signing in again.
import type { LoginRecord } from '../rules/login.ts';
import type { State } from './state.ts';

export interface LiveLoginStore {
  find(id: string): Promise<LoginRecord | null>;
  put(login: LoginRecord): Promise<void>;
}

export function liveLoginStore(state: State): LiveLoginStore {
  const keyOf = (id: string): string => `login:${id}`;
  return {
    async find(id) {
      const text = await state.get(keyOf(id));
      return text === null ? null : { ...JSON.parse(text), id };
    },
    async put({ id, ...login }) {
      await state.put(keyOf(id), JSON.stringify(login), login.expiresAt);
    },
  };
}
