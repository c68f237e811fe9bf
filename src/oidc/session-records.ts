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

  /** What a request that ran beside this one wrote of its portals stays; this one's say counts for those it entered. */
  const merged = (read: string, beside: string, own: string): string => {
    const payload = payloadOf(own);
    const [before, others] = [authorizationsIn(read), authorizationsIn(beside)];
    const entered = Object.entries(payload.authorizations ?? {}).filter(
      ([clientId, entry]) => JSON.stringify(entry) !== JSON.stringify(before[clientId]),
    );
    const authorizations = { ...payload.authorizations, ...others, ...Object.fromEntries(entered) };
    return JSON.stringify({ payload: { ...payload, authorizations }, consumedAt: null });
  };

  /** A session of a person under a new id. Only these are looked for by uid; the index lasts as long as the login can. */
  const begin = async (id: string, uid: string, endsAt: Instant, text: string, expiresAt: Instant): Promise<string> => {
    const read = [...texts()].find(
      ([key, known]) => key.startsWith(keyOf('Session', '')) && payloadOf(known).uid === uid,
    );
    // The session changes its id at each sign-in. Two at once make two ids of it, and portals look at the later one.
    const other = read && (await state.get(indexOf(uid)));
    const beside = other && other !== id ? await state.get(keyOf('Session', other)) : null;
    const whole = read && beside ? merged(read[1], beside, text) : text;
    await state.put(keyOf('Session', id), whole, expiresAt);
    await state.put(indexOf(uid), id, Math.max(endsAt, expiresAt));
    return whole;
  };

  return {
    async save(id: string, text: string, expiresAt: Instant): Promise<void> {
      const key = keyOf('Session', id);
      const known = texts().get(key);
      let after = text;
      if (known === undefined) {
        const { uid, ...payload } = payloadOf(text);
        const bound = boundOf(payload);
        if (uid !== undefined && bound) after = await begin(id, uid, bound.endsAt, text, expiresAt);
        else await state.put(key, text, expiresAt);
      } else {
        let before: string | null = known;
        for (let round = 0; before !== null && !(await state.swap(key, before, after, expiresAt)); round += 1) {
          if (round === rounds) throw new Error('a session was changed by too many requests at once');
          before = await state.get(key);
          if (before !== null) after = merged(known, before, text);
        }
      }
      texts().set(key, after);
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
