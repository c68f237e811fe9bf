// What a gateway delivers from the outbox: mails through SMTP, back-channel logouts to portals. Wiring: which worker does
// what, and that both look at once when a committed change owes something.
import { mailOf, type OwedMail } from '../views/mail/owed.ts';
import type { Config } from './config.ts';
import type { Log } from './gateway.ts';
import { mailDelivery } from './mail/delivery.ts';
import { startOutboxWorker } from './mail/outbox-worker.ts';
import type { OidcRim } from './oidc/rim.ts';
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
  const failed = (id: string | null, error: unknown): void =>
    log('outbox.failed', { id, error: error instanceof Error ? error.message : 'unknown' });
  const mails = startOutboxWorker({
    kind: 'mail',
    outbox,
    deliver: (owed, signal) => {
      const words = mailOf(owedMail(owed.payload), config.brand);
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

/** Rows of the outbox were written by flows/mail.ts; another shape is a fault of ours. */
function owedMail(payload: Readonly<Record<string, unknown>>): OwedMail {
  if (!isOwedMail(payload)) throw new Error('the outbox row is not a mail');
  return payload;
}

function isOwedMail(payload: unknown): payload is OwedMail {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'mail' in payload &&
    'personName' in payload &&
    'facts' in payload
  );
}
