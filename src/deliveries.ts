// What a gateway delivers from the outbox: mails through SMTP, back-channel logouts to portals. Wiring: which worker does
// what, and that both look at once when a committed change owes something. And what an answer must not wait for, because its
// time would tell something: done a moment after it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { mailOf, type OwedMail } from '../views/mail/owed.ts';
import type { Config } from './config.ts';
import type { Tools } from './flows/tools.ts';
import type { Log } from './gateway.ts';
import { mailDelivery } from './mail/delivery.ts';
import { startOutboxWorker } from './mail/outbox-worker.ts';
import type { OidcRim } from './oidc/rim.ts';
import type { OutboxEntry } from './store/outbox.ts';
import type { Stores } from './stores.ts';

export interface Deliveries {
  /** Works through everything that is due now. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export function startDeliveries(options: {
  readonly config: Config;
  readonly stores: Stores;
  readonly rim: OidcRim;
  readonly clock: () => number;
  readonly log: Log;
  readonly smtpUrl: string;
}): Deliveries {
  const { config, stores, rim, clock, log } = options;
  const { outbox } = stores.store;
  const post = mailDelivery({ smtpUrl: options.smtpUrl, from: config.mailFrom });
  const app = { serviceId: config.brand.serviceId, address: `${config.issuer}/token-app` };
  const failed = (id: string | null, error: unknown): void =>
    log('outbox.failed', { id, error: error instanceof Error ? error.message : 'unknown' });
  const mails = startOutboxWorker({
    kind: 'mail',
    outbox,
    deliver: (owed, signal) => {
      const words = mailOf(owedMail(owed, stores.secrets), config.brand, app);
      return post.deliver({ ...owed, payload: { ...words, to: owed.payload['to'] } }, signal);
    },
    clock,
    failed,
  });
  const logouts = startOutboxWorker({
    kind: 'logout',
    outbox,
    deliver: async ({ payload }) => {
      const { clientId, accountId, sid } = payload;
      await rim.deliverBackchannelLogout({
        clientId: String(clientId),
        accountId: String(accountId),
        sid: String(sid),
      });
    },
    clock,
    failed,
  });
  stores.bell.ring = () => {
    mails.wake();
    logouts.wake();
  };
  return {
    drain: async () => {
      await mails.drain();
      await logouts.drain();
    },
    stop: async () => {
      stores.bell.ring = () => {};
      await Promise.all([mails.stop(), logouts.stop()]);
      post.close();
    },
  };
}

/** Between the end of an answer and what is done after it: whoever measures sees nothing of it. Milliseconds. */
const moment = 100;

export interface AfterAnswers {
  readonly after: Tools['after'];
  /** Handles a request whose answer ends when `answered` resolves. */
  readonly answering: <T>(answered: Promise<void>, work: () => Promise<T>) => Promise<T>;
  /** Everything that was left is done. */
  settled(): Promise<void>;
}

/** @param failed told of what did not work; the sweep of the gateway finds it again */
export function afterAnswers(failed: (error: unknown) => void): AfterAnswers {
  const requests = new AsyncLocalStorage<Promise<void>>();
  const left = new Set<Promise<void>>();
  return {
    after: async (work) => {
      const answered = requests.getStore() ?? Promise.resolve();
      const done = answered
        .then(() => pause(moment))
        .then(work)
        .catch(failed)
        .finally(() => left.delete(done));
      left.add(done);
    },
    answering: (answered, work) => requests.run(answered, work),
    settled: async () => {
      while (left.size > 0) await Promise.all(left);
    },
  };
}

/** Rows of the outbox were written by flows/mail.ts; another shape is a fault of ours. */
function owedMail({ id, payload }: Pick<OutboxEntry, 'id' | 'payload'>, secrets: Stores['secrets']): OwedMail {
  if (!isOwedMail(payload)) throw new Error('the outbox row is not a mail');
  const { sealedCode } = payload;
  if (sealedCode === undefined) return payload;
  return { ...payload, facts: { ...payload.facts, code: secrets.openUnder(secrets.mark('outbox', id), sealedCode) } };
}

function isOwedMail(payload: unknown): payload is OwedMail & { readonly sealedCode?: string } {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'mail' in payload &&
    'personName' in payload &&
    'facts' in payload
  );
}
