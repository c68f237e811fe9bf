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

  const authorizationsIn = (text: string): Readonly<Record<string, unknown>> => payloadOf(text).authorizations ?? {};

  const entered = (read: string, own: string): boolean =>
    JSON.stringify(authorizationsIn(read)) !== JSON.stringify(authorizationsIn(own));

  /** What a request that ran beside this one wrote of its portals stays; this one's say counts for those it entered. */
  const merged = (read: string, beside: string, own: string): string => {
    const payload = payloadOf(own);
    const [before, others] = [authorizationsIn(read), authorizationsIn(beside)];
    const fresh = Object.entries(payload.authorizations ?? {}).filter(
      ([clientId, entry]) => JSON.stringify(entry) !== JSON.stringify(before[clientId]),
    );
    const authorizations = { ...payload.authorizations, ...others, ...Object.fromEntries(fresh) };
    return JSON.stringify({ payload: { ...payload, authorizations }, consumedAt: null });
  };

  /** What this request read of the session before it wrote; null when nobody else can know it yet. */
  const readOf = (uid: string): string | null => {
    for (const [key, text] of texts())
      if (key.startsWith(keyOf('Session', '')) && payloadOf(text).uid === uid) return text;
    return null;
  };

  /**
   * Portals look for a session by its uid, and its id changes at each sign-in: two at once make two ids of it. The one that
   * entered a portal last leads, and takes over what the other knows.
   */
  const lead = async (id: string, uid: string, until: Instant, read: string, expiresAt: Instant): Promise<void> => {
    const key = keyOf('Session', id);
    for (let round = 0; round < rounds; round += 1) {
      const leader = await state.get(indexOf(uid));
      if (leader === id) return;
      const [own, beside] = await Promise.all([
        state.get(key),
        leader === null ? null : state.get(keyOf('Session', leader)),
      ]);
      if (own === null) return;
      const whole = beside === null ? own : merged(read, beside, own);
      if (whole !== own && !(await state.swap(key, own, whole, expiresAt))) continue;
      texts().set(key, whole);
      if (await (leader === null ? state.add(indexOf(uid), id, until) : state.swap(indexOf(uid), leader, id, until)))
        return;
    }
    throw new Error('a session was changed by too many requests at once');
  };

  return {
    async save(id: string, text: string, expiresAt: Instant): Promise<void> {
      const key = keyOf('Session', id);
      const known = texts().get(key);
      const { uid, ...payload } = payloadOf(text);
      const bound = boundOf(payload);
      const read = known ?? (uid === undefined ? null : readOf(uid));
      let after = text;
      if (known === undefined) await state.put(key, text, expiresAt);
      else {
        let before: string | null = known;
        for (let round = 0; !(await state.swap(key, before, after, expiresAt)); round += 1) {
          if (round === rounds) throw new Error('a session was changed by too many requests at once');
          before = await state.get(key);
          // Ended meanwhile.
          if (before === null) return;
          after = merged(known, before, text);
        }
      }
      texts().set(key, after);
      // Only sessions of a person are looked for by uid; the index lasts as long as the login can.
      if (uid === undefined || !bound) return;
      const until = Math.max(bound.endsAt, expiresAt);
      if (read === null) await state.put(indexOf(uid), id, until);
      else if (known === undefined || entered(known, after)) await lead(id, uid, until, read, expiresAt);
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
