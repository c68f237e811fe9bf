// State as one request sees it: what it has read it does not ask again; a write that has no verdict goes out with the next
// command and is waited for at the request's end; a change is made on what was read, and written once, at the end, by
// compare-and-swap. So a request waits for Redis a few times, however many records it touches. Outside a request every verb
// goes straight through.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Instant } from '../rules/sign-in-record.ts';
import type { ChangeRule, State } from './state.ts';

export interface RequestState extends State {
  /** Commands sent so far, and how often somebody waited for an answer: commands that are under way together are one trip. */
  readonly commands: number;
  readonly roundTrips: number;
  /** Runs one request; when it resolves, everything that the request wrote stands. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Waits until everything that the present request wrote so far stands. Rejects when something does not. */
  settle(): Promise<void>;
}

interface Change {
  /** What Redis held when the first rule was applied. */
  readonly before: string | null;
  readonly rules: readonly ChangeRule[];
  readonly after: string;
  readonly expiresAt: Instant;
}

interface Request {
  readonly read: Map<string, Promise<string | null>>;
  readonly putOff: (() => Promise<void>)[];
  readonly sent: Promise<unknown>[];
  readonly changes: Map<string, Change>;
  /** Answered: what still runs in its name (a timer, a delivery) is no part of it. */
  over: boolean;
}

/**
 * @param swift keys whose records belong to one browser's way through a sign-in. All others (counters, device values, codes
 * that are mailed) are read and written at the moment they are asked for.
 */
export function requestState(
  state: State & { readonly commands: number },
  swift: (key: string) => boolean,
): RequestState {
  const requests = new AsyncLocalStorage<Request>();
  const present = (): Request | undefined => {
    const request = requests.getStore();
    return request?.over ? undefined : request;
  };
  const requestOf = (key: string): Request | undefined => (swift(key) ? present() : undefined);

  let roundTrips = 0;
  let underWay = false;
  /** Counts a wait, once for all that begin in the same turn of the event loop. */
  const waits = <T>(answer: Promise<T>): Promise<T> => {
    if (!underWay) {
      underWay = true;
      roundTrips += 1;
      setImmediate(() => {
        underWay = false;
      });
    }
    return answer;
  };

  const note = (request: Request, key: string, value: string | null): void => {
    request.read.set(key, Promise.resolve(value));
  };
  /** Sends what was put off. Whatever the request asks next goes out with it, and behind it. */
  const sendOff = (request: Request): void => {
    for (const write of request.putOff.splice(0)) {
      const sent = write();
      // Looked at when the request settles; until then nobody else would.
      sent.catch(() => {});
      request.sent.push(sent);
    }
  };
  const behind = <T>(command: () => Promise<T>): Promise<T> => {
    const request = present();
    if (request) sendOff(request);
    return waits(command());
  };

  const get = (key: string, anew = false): Promise<string | null> => {
    const request = requestOf(key);
    if (!request) return behind(() => state.get(key));
    const known = request.read.get(key);
    if (known && !(anew && !request.changes.has(key))) return known;
    const asked = behind(() => state.get(key));
    // Asked ahead of need, it may never be looked at.
    asked.catch(() => {});
    request.read.set(key, asked);
    return asked;
  };

  /** Whether nobody else had changed it. */
  const write = async (
    request: Request,
    key: string,
    { before, rules, after, expiresAt }: Change,
  ): Promise<boolean> => {
    if (after === before) return true;
    const first = await (before === null
      ? state.add(key, after, expiresAt)
      : state.swap(key, before, after, expiresAt));
    // Another request was quicker: the same rules on what stands there now.
    if (!first) note(request, key, await state.change(key, (now) => allOf(rules, now)));
    return first;
  };

  const settle = async (): Promise<void> => {
    const request = present();
    while (request && request.putOff.length + request.sent.length + request.changes.size > 0) {
      sendOff(request);
      const changes = [...request.changes];
      request.changes.clear();
      const written = [...request.sent.splice(0), ...changes.map(([key, change]) => write(request, key, change))];
      const failed = (await waits(Promise.allSettled(written))).find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    }
  };

  return {
    get commands() {
      return state.commands;
    },
    get roundTrips() {
      return roundTrips;
    },
    get,
    async put(key, value, expiresAt) {
      const request = requestOf(key);
      if (!request) return behind(() => state.put(key, value, expiresAt));
      request.changes.delete(key);
      note(request, key, value);
      request.putOff.push(() => state.put(key, value, expiresAt));
      return undefined;
    },
    async add(key, value, expiresAt) {
      const added = await behind(() => state.add(key, value, expiresAt));
      const request = requestOf(key);
      if (request && added) note(request, key, value);
      else request?.read.delete(key);
      return added;
    },
    async take(key) {
      const value = await behind(() => state.take(key));
      const request = requestOf(key);
      if (request) note(request, key, null);
      return value;
    },
    async swap(key, before, after, expiresAt) {
      const swapped = await behind(() => state.swap(key, before, after, expiresAt));
      const request = requestOf(key);
      if (request && swapped) note(request, key, after);
      else request?.read.delete(key);
      return swapped;
    },
    async change(key, rule) {
      const request = requestOf(key);
      if (!request) return behind(() => state.change(key, rule));
      const read = await get(key);
      const begun = request.changes.get(key);
      const now = begun ? begun.after : read;
      const next = rule(now);
      if (next === null) return now;
      request.changes.set(key, {
        before: begun ? begun.before : read,
        rules: [...(begun?.rules ?? []), rule],
        after: next.value,
        expiresAt: next.expiresAt,
      });
      note(request, key, next.value);
      return next.value;
    },
    async stands(key) {
      const request = requestOf(key);
      if (!request) return true;
      const change = request.changes.get(key);
      if (change) {
        request.changes.delete(key);
        return behind(() => write(request, key, change));
      }
      const read = (await request.read.get(key)) ?? null;
      const now = await behind(() => state.get(key));
      if (now !== read && !request.changes.has(key)) note(request, key, now);
      return now === read;
    },
    async remove(key) {
      const request = requestOf(key);
      if (!request) return behind(() => state.remove(key));
      request.changes.delete(key);
      note(request, key, null);
      request.putOff.push(() => state.remove(key));
      return undefined;
    },
    count: (key, expiresAt) => behind(() => state.count(key, expiresAt)),
    note: (key, member, at, window) => behind(() => state.note(key, member, at, window)),
    ping: () => state.ping(),
    close: () => state.close(),
    settle,
    during: (work) => {
      const request: Request = { read: new Map(), putOff: [], sent: [], changes: new Map(), over: false };
      return requests.run(request, async () => {
        try {
          const result = await work().catch(async (error: unknown) => {
            // What it did before it failed was done.
            await settle().catch(() => {});
            throw error;
          });
          await settle();
          return result;
        } finally {
          request.over = true;
        }
      });
    },
  };
}

/** Several rules as one, each on what the one before it left. */
function allOf(rules: readonly ChangeRule[], first: string | null): ReturnType<ChangeRule> {
  let made: ReturnType<ChangeRule> = null;
  for (const rule of rules) made = rule(made ? made.value : first) ?? made;
  return made;
}
