// Logins as Redis remembers them: what was proven, as long as the session holds, and which were made in one browser. Lost
// ones mean signing in again.
import type { LoginRecord } from '../rules/login.ts';
import type { State } from './state.ts';

export interface LiveLoginStore {
  find(id: string): Promise<LoginRecord | null>;
  put(login: LoginRecord): Promise<void>;
  /** Ids of all logins that were made under a browser's cookie, ended ones too. */
  ofBrowser(browser: string): Promise<readonly string[]>;
}

export function liveLoginStore(state: State): LiveLoginStore {
  const keyOf = (id: string): string => `login:${id}`;
  const browserOf = (browser: string): string => `browser-logins:${browser}`;
  return {
    async find(id) {
      const text = await state.get(keyOf(id));
      return text === null ? null : JSON.parse(text);
    },
    async put(login) {
      await state.put(keyOf(login.id), JSON.stringify(login), login.expiresAt);
      if (login.browser !== null) await state.join(browserOf(login.browser), login.id, login.expiresAt);
    },
    ofBrowser: (browser) => state.members(browserOf(browser)),
  };
}
