// Hands one mail of the outbox to the SMTP server. Knows no event and no retry: what it throws, the worker tries again.
import { createTransport } from 'nodemailer';
import type { Instant } from '../rules/sign-in-record.ts';

/** What an outbox row of kind `mail` carries. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

export interface OwedMail {
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Instant;
}

export interface MailDelivery {
  /**
   * Resolves when the server has taken the mail. Rejects with an error that names no address and no content, also when
   * `signal` ends it.
   */
  deliver(owed: OwedMail, signal: AbortSignal): Promise<void>;
  close(): void;
}

const seconds = 1_000;
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Delivery through the server of `smtpUrl` (`smtp://` or `smtps://`, with user and password if it wants them).
 * A connection to another machine must be encrypted, unless the URL says `?requireTLS=false`.
 * @param from the address mails come from, `name <address>` or an address alone
 */
export function mailDelivery(options: { readonly smtpUrl: string; readonly from: string }): MailDelivery {
  const transport = createTransport({
    url: options.smtpUrl,
    pool: true,
    maxConnections: 2,
    // What the URL says wins over what stands here.
    requireTLS: !loopback.test(new URL(options.smtpUrl).hostname),
    connectionTimeout: 5 * seconds,
    greetingTimeout: 5 * seconds,
    socketTimeout: 15 * seconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^\s<>@]+)>?\s*$/.exec(options.from)?.[1] ?? 'localhost';
  return {
    async deliver(owed, signal) {
      const mail = asMail(owed.payload);
      try {
        await transport.sendMail({
          from: options.from,
          // As an object, so that an address is never read as a list of them.
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          ...(mail.html === null ? {} : { html: mail.html }),
          date: new Date(owed.createdAt),
          // The same at every try: a mail sent twice around a crash is recognised as one by the receiving side.
          messageId: `<${owed.id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal,
        });
      } catch (error) {
        // oxlint-disable-next-line preserve-caught-error -- the cause would carry the address into the log
        throw new Error(`the mail server did not take it (${codes(error)})`);
      }
    },
    close: () => transport.close(),
  };
}

function asMail(payload: Readonly<Record<string, unknown>>): Mail {
  const { to, subject, text, html = null } = payload;
  if (typeof to === 'string' && typeof subject === 'string' && typeof text === 'string') {
    if (html === null || typeof html === 'string') return { to, subject, text, html };
  }
  throw new Error('the outbox row is not a mail');
}

/** The codes of an SMTP failure; its message would repeat the address. */
function codes(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const parts = ['code' in error ? error.code : null, 'responseCode' in error ? error.responseCode : null];
  return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ') || error.name;
}
