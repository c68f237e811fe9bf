// Session records. A session is kept once, under its uid, which portals look for; its id, the value of the browser's cookie,
// is the uid with a random part that changes at each sign-in, and the record says which parts are good. Changed by rules on
// what stands there now, because several requests of one browser may change a session at once, and a request under way must
// never bring back a session that was ended meanwhile.
import type Provider from 'oidc-provider';
import type { AdapterPayload } from 'oidc-provider';
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from '../store/state.ts';

interface Kept {
  readonly payload: AdapterPayload;
  /** Random parts of the ids that lead here: several when tabs signed in at once. */
  readonly ids: readonly string[];
}

/** More tabs than a person signs in with at once. */
const mostIds = 10;

/** A sign-in gave the browser another session id, or the session to somebody, while a request with the old one was under way. */
export class SessionMoved extends Error {
  override readonly name = 'SessionMoved';
}

const part = Symbol('the random part of a session id');
const afterUid = (id: string): string => id.slice(id.lastIndexOf('.') + 1);

/** Makes the ids of sessions lead to their records; before the first session of this provider is made. */
export function keepIdsByUid(provider: Provider): void {
  Object.defineProperty(provider.Session.prototype, 'jti', {
    get(this: object): string | undefined {
      const own: unknown = Reflect.get(this, part);
      return typeof own === 'string' ? `${String(Reflect.get(this, 'uid'))}.${own}` : undefined;
    },
    set(this: object, id: unknown) {
      Reflect.set(this, part, typeof id === 'string' ? afterUid(id) : undefined);
    },
  });
}

/** Of what a request read and made, its own say counts where it changed something. */
function overlaid<T>(
  now: Readonly<Record<string, T>>,
  read: Readonly<Record<string, T>>,
  own: Readonly<Record<string, T>>,
): Record<string, T> {
  const mine = Object.entries(own).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(read[name]));
  return { ...now, ...Object.fromEntries(mine) };
}

/**
 * Nobody's session that a thief had put into the browser would be the person's who then signed in there; and of two people
 * who sign in at once the session would be a mixture.
 */
function assertItsOwn(met: { readonly now: Kept; readonly read: Kept; readonly own: Kept; signedIn: boolean }): void {
  const { now, read, own, signedIn } = met;
  const given = now.payload.accountId !== read.payload.accountId && now.payload.accountId !== own.payload.accountId;
  const givenUp = !signedIn && !own.ids.every((id) => now.ids.includes(id));
  if (given || givenUp) throw new SessionMoved('a session was given to somebody, or got another id, meanwhile');
}

export function sessionRecords(options: {
  readonly state: State;
  readonly keyOf: (model: string, id: string) => string;
}) {
  const { state } = options;
  const keyOf = (uid: string): string => options.keyOf('Session', uid);
  const parse = (text: string): Kept => JSON.parse(text);

  const load = async (uid: string): Promise<Kept | null> => {
    const text = await state.get(keyOf(uid));
    return text === null ? null : parse(text);
  };

  /** What stands there now, with what this request changed. */
  const merged = (read: Kept, now: Kept, own: Kept, givenUp: ReadonlySet<string>): Kept => ({
    payload: {
      ...overlaid<unknown>({ ...now.payload }, { ...read.payload }, { ...own.payload }),
      authorizations: overlaid(
        now.payload.authorizations ?? {},
        read.payload.authorizations ?? {},
        own.payload.authorizations ?? {},
      ),
    },
    ids: [...new Set([...now.ids.filter((id) => !givenUp.has(id)), ...own.ids])].slice(-mostIds),
  });

  return {
    /** The session to which a cookie's value leads. */
    async find(id: string): Promise<AdapterPayload | undefined> {
      const uid = id.slice(0, id.lastIndexOf('.'));
      const kept = uid === '' ? null : await load(uid);
      return kept?.ids.includes(afterUid(id)) ? { ...kept.payload, uid, jti: id, kind: 'Session' } : undefined;
    },

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      const kept = await load(uid);
      return kept ? { ...kept.payload, uid, kind: 'Session' } : undefined;
    },

    /**
     * @param isNew this request made the session: nobody else can know it
     * @param givenUp ids that lead here no longer: the session got a new one
     */
    async save(
      id: string,
      payload: AdapterPayload,
      expiresAt: Instant,
      { isNew, givenUp }: { readonly isNew: boolean; readonly givenUp: ReadonlySet<string> },
    ): Promise<void> {
      const { uid, jti: _id, kind: _model, ...kept } = payload;
      if (uid === undefined) throw new Error('a session without uid');
      const own: Kept = { payload: kept, ids: [afterUid(id)] };
      if (isNew) return state.put(keyOf(uid), JSON.stringify(own), expiresAt);
      const gone = new Set([...givenUp].map(afterUid));
      const read = await load(uid);
      const signedIn = read === null || !read.ids.includes(afterUid(id));
      await state.change(keyOf(uid), (text) => {
        const now = text === null ? null : parse(text);
        // Ended meanwhile: it stays so, but for a sign-in that was just finished.
        if (now === null && !signedIn) return null;
        if (now && read) assertItsOwn({ now, read, own, signedIn });
        return { value: JSON.stringify(now && read ? merged(read, now, own, gone) : own), expiresAt };
      });
    },

    /** Ends the session for every id that leads to it. */
    end: (uid: string): Promise<void> => state.remove(keyOf(uid)),

    /** Moves the end (unix seconds) of a session in use. */
    async slide(uid: string, exp: number): Promise<void> {
      await state.change(keyOf(uid), (text) => {
        if (text === null) return null;
        const { payload, ids } = parse(text);
        return { value: JSON.stringify({ payload: { ...payload, exp }, ids }), expiresAt: exp * 1000 };
      });
    },
  };
}
