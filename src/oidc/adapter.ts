// How the provider library's records are kept in the state store: one command per write, single use by compare-and-swap.
// A Session or Grant whose login no longer stands is not found, and that is the only place where it is asked.
import Provider, { errors } from 'oidc-provider';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from '../store/state.ts';
import { boundOf } from './binding.ts';
import { sessionRecords } from './session-records.ts';

interface Stored {
  readonly payload: AdapterPayload;
  readonly consumedAt: Instant | null;
}

/** What a portal of a session holds on to: codes and tokens name the grant, logout tokens the sid. */
export interface Entry {
  readonly grantId: string;
  readonly sid: string;
}

export interface Storage {
  readonly adapter: AdapterFactory;
  /** Revoking is deleting the grant: every code and token of it dies with it. */
  endGrant(grantId: string): Promise<void>;
  /**
   * How a portal was entered in a session: of tabs that enter it at once the first one's entry counts for all.
   * @param instead an entry found before that no longer does
   */
  claimEntry(sessionUid: string, clientId: string, own: Entry, instead: Entry | null, until: Instant): Promise<Entry>;
  /** Removes a session's record now. */
  endSession(id: string): Promise<void>;
  /** Moves the end of a session that is in use (unix seconds); does nothing when it has changed or ended meanwhile. */
  slideSession(id: string, exp: number): Promise<void>;
}

/** What one request has read: records for compare-and-swap, and answers that need no second question. */
interface Read {
  /** Session ids that this request gives up for a new one: portals find the session by them until that one is written. */
  readonly givenUp: Set<string>;
  readonly texts: Map<string, string>;
  readonly standing: Map<string, Promise<{ readonly accountId: string } | null>>;
}

/** No value of the library is longer; whatever is comes from outside and is not looked up. */
const longestId = 128;

const keyOf = (model: string, id: string): string => `oidc:${model}:${id}`;
const parse = (text: string): Stored => JSON.parse(text);
const serialise = (payload: AdapterPayload, consumedAt: Instant | null): string =>
  JSON.stringify({ payload, consumedAt });

export function createStorage(options: {
  readonly state: State;
  readonly clock: () => Instant;
  readonly standing: (loginId: string) => Promise<{ readonly accountId: string } | null>;
  /** How long a replaced refresh token of this client still works, in milliseconds. */
  readonly overlapOf: (clientId: string) => number;
}): Storage {
  const { state, clock } = options;
  const requests = new WeakMap<object, Read>();

  const read = (): Read => {
    const fresh: Read = { givenUp: new Set(), texts: new Map(), standing: new Map() };
    const ctx = Provider.ctx;
    if (!ctx) return fresh;
    const known = requests.get(ctx);
    if (!known) requests.set(ctx, fresh);
    return known ?? fresh;
  };

  const holds = async (payload: AdapterPayload): Promise<boolean> => {
    if (payload.accountId === undefined) return true;
    const bound = boundOf(payload);
    if (!bound) return false;
    const { standing } = read();
    const asked = standing.get(bound.loginId) ?? options.standing(bound.loginId);
    standing.set(bound.loginId, asked);
    return (await asked)?.accountId === payload.accountId;
  };

  /** A replaced refresh token of a portal with overlap: its answer may have been lost on the way. */
  const overlaps = ({ payload, consumedAt }: Stored): boolean =>
    consumedAt !== null && clock() - consumedAt < options.overlapOf(payload.clientId ?? '');

  const load = async (key: string): Promise<Stored | null> => {
    const text = await state.get(key);
    if (text === null) return null;
    read().texts.set(key, text);
    return parse(text);
  };

  const find = async (model: string, id: string): Promise<AdapterPayload | undefined> => {
    if (model === 'Client' || id.length > longestId) return undefined;
    const stored = await load(keyOf(model, id));
    if (!stored) return undefined;
    if ((model === 'Session' || model === 'Grant') && !(await holds(stored.payload))) return undefined;
    if (stored.consumedAt === null || (model === 'RefreshToken' && overlaps(stored))) return stored.payload;
    return { ...stored.payload, consumed: Math.floor(stored.consumedAt / 1000) };
  };

  const endGrant = (grantId: string): Promise<void> => state.remove(keyOf('Grant', grantId));

  /** Who comes second with a code or a replaced token ends the grant: one of the two is not the portal. */
  const consume = async (model: string, id: string): Promise<void> => {
    const key = keyOf(model, id);
    const before = read().texts.get(key) ?? (await state.get(key));
    const stored = before === null ? null : parse(before);
    if (before === null || stored === null) throw new errors.InvalidGrant();
    const { payload } = stored;
    const expiresAt = (payload.exp ?? 0) * 1000;
    if (stored.consumedAt === null && (await state.swap(key, before, serialise(payload, clock()), expiresAt))) return;
    const now = stored.consumedAt === null ? await load(key) : stored;
    if (model === 'RefreshToken' && now && overlaps(now)) return;
    if (payload.grantId) await endGrant(payload.grantId);
    throw new errors.InvalidGrant(`${model} already consumed`);
  };

  const endSession = (id: string): Promise<void> => state.remove(keyOf('Session', id));

  /** The library gives a session a new id by destroying it under the old one first. */
  const destroy = async (model: string, id: string): Promise<void> => {
    if (model === 'Session' && Provider.ctx) read().givenUp.add(id);
    else await state.remove(keyOf(model, id));
  };

  const sessions = sessionRecords({ state, keyOf, texts: () => read().texts, clock });

  const upsert = async (model: string, id: string, payload: AdapterPayload, expiresIn: number): Promise<void> => {
    const expiresAt = clock() + expiresIn * 1000;
    const text = serialise(payload, null);
    if (model === 'Session') {
      await sessions.save(id, text, expiresAt);
      for (const old of read().givenUp) await endSession(old);
      return;
    }
    // Two assertions with one jti at the same moment: the library looks before it writes.
    if (model === 'ReplayDetection') {
      if (!(await state.add(keyOf(model, id), text, expiresAt)))
        throw new errors.InvalidClientAuth('assertion already used');
      return;
    }
    await state.put(keyOf(model, id), text, expiresAt);
  };

  const claimEntry: Storage['claimEntry'] = async (sessionUid, clientId, own, instead, until) => {
    const key = keyOf('Entry', `${sessionUid}:${clientId}`);
    const text = ({ grantId, sid }: Entry): string => JSON.stringify({ grantId, sid });
    const made = await (instead === null
      ? state.add(key, text(own), until)
      : state.swap(key, text(instead), text(own), until));
    const known = made ? null : await state.get(key);
    return known === null ? own : JSON.parse(known);
  };

  return {
    endGrant,
    endSession,
    claimEntry,
    slideSession: (id, exp) => sessions.slide(id, exp),
    adapter: (model): Adapter => ({
      find: (id) => find(model, id),
      findByUid: async (uid) => {
        const id = uid.length > longestId ? null : await sessions.idOf(uid);
        const payload = id === null ? undefined : await find(model, id);
        return payload?.uid === uid ? payload : undefined;
      },
      findByUserCode: async () => undefined,
      upsert: (id, payload, expiresIn) => upsert(model, id, payload, expiresIn ?? 0),
      consume: (id) => consume(model, id),
      destroy: (id) => destroy(model, id),
      // Codes and tokens are worth nothing without their grant, which is asked for at every use.
      revokeByGrantId: async () => {},
    }),
  };
}
