// Session records: written by compare-and-swap, because two requests of one browser may change a session at once, and a
// request under way must never bring back a session that was ended meanwhile.
import type { AdapterPayload } from 'oidc-provider';
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from '../store/state.ts';
import { boundOf } from './binding.ts';

/** Requests of one browser that change its session at the same moment are few. */
const rounds = 10;

export function sessionRecords(options: {
  readonly state: State;
  readonly keyOf: (model: string, id: string) => string;
  /** What the present request has read. */
  readonly texts: () => Map<string, string>;
  readonly clock: () => Instant;
}) {
  const { state, keyOf, texts } = options;
  const payloadOf = (text: string): AdapterPayload => JSON.parse(text).payload;
  const indexOf = (uid: string): string => keyOf('SessionUid', uid);

  /** Portals entered by a request that ran beside this one stay entered. */
  const merged = (before: string, after: string): string => {
    const payload = payloadOf(after);
    const authorizations = { ...payloadOf(before).authorizations, ...payload.authorizations };
    return JSON.stringify({ payload: { ...payload, authorizations }, consumedAt: null });
  };

  return {
    async save(id: string, text: string, expiresAt: Instant): Promise<void> {
      const key = keyOf('Session', id);
      const known = texts().get(key);
      if (known === undefined) {
        await state.put(key, text, expiresAt);
        // Only sessions of a person are looked for by uid; the index lasts as long as the login can, so it is written once.
        const { uid, ...payload } = payloadOf(text);
        const bound = boundOf(payload);
        if (uid !== undefined && bound) await state.put(indexOf(uid), id, Math.max(bound.endsAt, expiresAt));
      } else {
        let before: string | null = known;
        let after = text;
        for (let round = 0; before !== null && !(await state.swap(key, before, after, expiresAt)); round += 1) {
          if (round === rounds) throw new Error('a session was changed by too many requests at once');
          before = await state.get(key);
          if (before !== null) after = merged(before, text);
        }
        texts().set(key, after);
        return;
      }
      texts().set(key, text);
    },

    /** The present id (cookie value) of the session with this uid. */
    idOf: (uid: string): Promise<string | null> => state.get(indexOf(uid)),

    async slide(id: string, exp: number): Promise<void> {
      const key = keyOf('Session', id);
      const before = await state.get(key);
      if (before === null) return;
      const after = JSON.stringify({ payload: { ...payloadOf(before), exp }, consumedAt: null });
      await state.swap(key, before, after, exp * 1000);
    },
  };
}
