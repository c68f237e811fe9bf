// How the provider library's records are kept in the state store: one command per write, single use by compare-and-swap.
// A Session or Grant whose login no longer stands is not found, and that is the only place where it is asked.
import { createHash } from 'node:crypto';
import Provider, { errors } from 'oidc-provider';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from '../store/state.ts';
import type { PersonClaims } from '../rules/portal.ts';
import { boundOf } from './binding.ts';
import type { Standing } from './options.ts';
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
  /** Reads an interaction that this request will need. */
  foresee(interactionUid: string): void;
  /** Waits until everything that this request wrote stands. Rejects, with the library's error, when a code was redeemed twice. */
  settle(): Promise<void>;
  /** Revoking is deleting the grant: every code and token of it dies with it. */
  endGrant(grantId: string): Promise<void>;
  /**
   * How a portal was entered in a session: of tabs that enter it at once the first one's entry counts for all.
   * @param instead an entry found before that no longer does
   */
  claimEntry(sessionUid: string, clientId: string, own: Entry, instead: Entry | null, until: Instant): Promise<Entry>;
  /** Takes up a pushed request; false when that was done before. `until`: unix seconds. */
  claimPushed(id: string, until: number): Promise<boolean>;
  /** What this request heard of a person while it asked whether a login stands. */
  heardOf(accountId: string): Promise<PersonClaims | null>;
  /** Removes a session's record, by its uid. */
  endSession(uid: string): Promise<void>;
  /** Moves the end of a session that is in use (unix seconds); does nothing when it has ended meanwhile. */
  slideSession(uid: string, exp: number): Promise<void>;
}

/** What one request has found out, so that it needs no second question. */
interface Found {
  /** Session ids that this request gives up for a new one. */
  readonly givenUp: Set<string>;
  /** Uids of the sessions that it has read or written: any other is new. */
  readonly sessions: Set<string>;
  readonly standing: Map<string, Promise<Standing | null>>;
}

/** No value of the library is longer; whatever is comes from outside and is not looked up. */
const longestId = 128;

/** Worth something to whoever holds them: who reads the store learns none of them. */
const bearer = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken', 'PushedAuthorizationRequest', 'Pushed']);
const digest = (value: string): string => createHash('sha256').update(value).digest('base64url');
const keyOf = (model: string, id: string): string => `oidc:${model}:${bearer.has(model) ? digest(id) : id}`;
const parse = (text: string): Stored => JSON.parse(text);
/** Without what the key says already. */
const serialise = ({ jti: _id, kind: _model, ...payload }: AdapterPayload, consumedAt: Instant | null): string =>
  JSON.stringify({ payload, consumedAt });

export function createStorage(options: {
  readonly state: State;
  readonly settle: () => Promise<void>;
  readonly clock: () => Instant;
  readonly standing: (loginId: string) => Promise<Standing | null>;
  /** How long a replaced refresh token of this client still works, in milliseconds. */
  readonly overlapOf: (clientId: string) => number;
}): Storage {
  const { state, clock } = options;
  const requests = new WeakMap<object, Found>();

  const found = (): Found => {
    const fresh: Found = { givenUp: new Set(), sessions: new Set(), standing: new Map() };
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
    const { standing } = found();
    const asked = standing.get(bound.loginId) ?? options.standing(bound.loginId);
    standing.set(bound.loginId, asked);
    return (await asked)?.accountId === payload.accountId;
  };

  /** A replaced refresh token of a portal with overlap: its answer may have been lost on the way. */
  const overlaps = ({ payload, consumedAt }: Stored): boolean =>
    consumedAt !== null && clock() - consumedAt < options.overlapOf(payload.clientId ?? '');

  const load = async (key: string): Promise<Stored | null> => {
    const text = await state.get(key);
    return text === null ? null : parse(text);
  };

  const standingOnly = async (payload: AdapterPayload | undefined): Promise<AdapterPayload | undefined> =>
    payload && (await holds(payload)) ? payload : undefined;

  const met = (session: AdapterPayload | undefined): AdapterPayload | undefined => {
    if (session?.uid !== undefined) found().sessions.add(session.uid);
    return session;
  };

  /** Asks for a record that this request will need: it is on its way while other things are looked at. */
  const foresee = (model: string, id: string | undefined): void => {
    if (id && id.length <= longestId) state.get(keyOf(model, id)).catch(() => {});
  };

  const find = async (model: string, id: string): Promise<AdapterPayload | undefined> => {
    if (model === 'Client' || id.length > longestId) return undefined;
    if (model === 'Session') return standingOnly(met(await sessions.find(id)));
    const stored = await load(keyOf(model, id));
    if (!stored) return undefined;
    const payload = { ...stored.payload, jti: id, kind: model };
    if (model === 'Grant') return standingOnly(payload);
    // A code or token is worth nothing without these two.
    foresee('Session', payload.sessionUid);
    foresee('Grant', payload.grantId);
    if (stored.consumedAt === null || (model === 'RefreshToken' && overlaps(stored))) return payload;
    return { ...payload, consumed: Math.floor(stored.consumedAt / 1000) };
  };

  const endGrant = (grantId: string): Promise<void> => state.remove(keyOf('Grant', grantId));

  /**
   * Who comes second with a code or a replaced token is refused and ends the grant: one of the two is not the portal. Of two
   * at the same moment one learns it when its answer is about to leave (`settle`).
   */
  const consume = async (model: string, id: string): Promise<void> => {
    const claim = (text: string | null): { readonly value: string; readonly expiresAt: Instant } | null => {
      if (text === null) throw new errors.InvalidGrant(`${model} not found`);
      const stored = parse(text);
      const { payload, consumedAt } = stored;
      if (consumedAt === null) return { value: serialise(payload, clock()), expiresAt: (payload.exp ?? 0) * 1000 };
      if (model === 'RefreshToken' && overlaps(stored)) return null;
      throw Object.assign(new errors.InvalidGrant(`${model} already consumed`), { grantId: payload.grantId });
    };
    await endingGrant(state.change(keyOf(model, id), claim));
  };

  const endingGrant = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof errors.InvalidGrant && 'grantId' in error && typeof error.grantId === 'string') {
        await endGrant(error.grantId);
        await options.settle();
      }
      throw error;
    }
  };

  const sessions = sessionRecords({ state, keyOf });

  /** The library gives a session a new id by destroying it under the old one first; its end is `endSession`. */
  const destroy = async (model: string, id: string): Promise<void> => {
    if (model === 'Session') found().givenUp.add(id);
    else await state.remove(keyOf(model, id));
  };

  const save = async (id: string, payload: AdapterPayload, expiresAt: Instant): Promise<void> => {
    const { givenUp, sessions: known } = found();
    const isNew = Provider.ctx !== undefined && payload.uid !== undefined && !known.has(payload.uid);
    if (payload.uid !== undefined) known.add(payload.uid);
    await sessions.save(id, payload, expiresAt, { isNew, givenUp });
  };

  const upsert = async (model: string, id: string, payload: AdapterPayload, expiresIn: number): Promise<void> => {
    const expiresAt = clock() + expiresIn * 1000;
    if (model === 'Session') return save(id, payload, expiresAt);
    const text = serialise(payload, null);
    // Two assertions with one jti at the same moment: the library looks before it writes.
    if (model === 'ReplayDetection') {
      if (!(await state.add(keyOf(model, id), text, expiresAt)))
        throw new errors.InvalidClientAuth('assertion already used');
      return undefined;
    }
    return state.put(keyOf(model, id), text, expiresAt);
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
    heardOf: async (accountId) => {
      const heard = await Promise.all(found().standing.values());
      return heard.find((standing) => standing?.accountId === accountId)?.person ?? null;
    },
    settle: () => endingGrant(options.settle()),
    foresee: (uid) => foresee('Interaction', uid),
    endGrant,
    endSession: (uid) => sessions.end(uid),
    claimEntry,
    claimPushed: (id, until) => state.add(keyOf('Pushed', id), '1', until * 1000),
    slideSession: (uid, exp) => sessions.slide(uid, exp),
    adapter: (model): Adapter => ({
      find: (id) => find(model, id),
      findByUid: async (uid) => (uid.length > longestId ? undefined : standingOnly(met(await sessions.findByUid(uid)))),
      findByUserCode: async () => undefined,
      upsert: (id, payload, expiresIn) => upsert(model, id, payload, expiresIn ?? 0),
      consume: (id) => consume(model, id),
      destroy: (id) => destroy(model, id),
      // Codes and tokens are worth nothing without their grant, which is asked for at every use.
      revokeByGrantId: async () => {},
    }),
  };
}
