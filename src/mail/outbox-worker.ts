// Delivers what the outbox owes, of one kind: claims due rows with a lease, hands each to `deliver`, and marks it sent or
// due again later. A killed worker's rows fall due when its lease ends; nothing is lost, and no second worker sends a
// leased row. Knows neither SMTP nor SQL.
import type { Instant } from '../rules/sign-in-record.ts';

export interface Owed {
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** How often it was claimed, this time included. */
  readonly tries: number;
  readonly createdAt: Instant;
}

export interface Outbox<Kind extends string> {
  claim(kind: Kind, now: Instant, lease: number, limit: number): Promise<readonly Owed[]>;
  sent(id: string, at: Instant): Promise<void>;
  retry(id: string, at: Instant, why: string): Promise<void>;
}

export interface OutboxWorker {
  /** Looks for due rows now instead of at the end of the pause. */
  wake(): void;
  /** Works through everything that is due; the number of rows delivered. Rejects when the outbox cannot be read. */
  drain(): Promise<number>;
  /** Starts no more deliveries and waits for the present ones. */
  stop(): Promise<void>;
}

export interface OutboxWorkerOptions<Kind extends string> {
  readonly kind: Kind;
  readonly outbox: Outbox<Kind>;
  /** Must give up when the signal ends it: the row may be claimed by another process soon after. */
  readonly deliver: (owed: Owed, signal: AbortSignal) => Promise<void>;
  readonly clock: () => Instant;
  /** Told of every failure: the row's id, null when the outbox itself failed. */
  readonly failed: (id: string | null, error: unknown) => void;
  /** Milliseconds between two looks; two seconds unless told. */
  readonly pause?: number;
}

const second = 1_000;
const minute = 60 * second;
const lease = 2 * minute;
/** Well inside the lease, so that a slow delivery has given up before its row can be claimed again. */
const deliveryLimit = 1 * minute;
const atOnce = 10;

/** When a row is tried again after its `tries`-th failure: 5 seconds, doubling, at most half an hour. */
export function nextTry(now: Instant, tries: number): Instant {
  return now + Math.min(5 * second * 2 ** Math.min(Math.max(tries, 1) - 1, 20), 30 * minute);
}

/** Starts the worker; it runs until `stop`. */
export function startOutboxWorker<Kind extends string>(options: OutboxWorkerOptions<Kind>): OutboxWorker {
  const { kind, outbox, deliver, clock, failed, pause = 2 * second } = options;
  /** Delivered, but the database did not hear of it: when claimed again these are only marked. */
  const unmarked = new Set<string>();
  let running = true;
  let asked = false;
  let timer: NodeJS.Timeout | null = null;
  let present: Promise<number> | null = null;

  async function one(owed: Owed): Promise<boolean> {
    try {
      if (!unmarked.has(owed.id)) await deliver(owed, AbortSignal.timeout(deliveryLimit));
    } catch (error) {
      failed(owed.id, error);
      await outbox.retry(owed.id, nextTry(clock(), owed.tries), error instanceof Error ? error.message : 'unknown');
      return false;
    }
    unmarked.add(owed.id);
    await outbox.sent(owed.id, clock());
    unmarked.delete(owed.id);
    return true;
  }

  async function pass(): Promise<number> {
    let delivered = 0;
    for (;;) {
      const claimed = running ? await outbox.claim(kind, clock(), lease, atOnce) : [];
      if (claimed.length === 0) return delivered;
      const results = await Promise.allSettled(claimed.map(one));
      for (const result of results) {
        if (result.status === 'rejected') throw result.reason;
        if (result.value) delivered += 1;
      }
    }
  }

  /** One pass at a time: a second caller waits for the present one and then makes its own. */
  async function drain(): Promise<number> {
    while (present) await present.catch(() => 0);
    present = pass().finally(() => (present = null));
    return present;
  }

  async function loop(): Promise<void> {
    timer = null;
    while (running) {
      asked = false;
      try {
        await drain();
      } catch (error) {
        failed(null, error);
        break;
      }
      if (!asked) break;
    }
    if (running) timer = setTimeout(() => void loop(), pause);
  }

  void loop();
  return {
    drain,
    wake() {
      asked = true;
      if (!running || !timer) return;
      clearTimeout(timer);
      void loop();
    },
    async stop() {
      running = false;
      if (timer) clearTimeout(timer);
      await present?.catch(() => 0);
    },
  };
}
