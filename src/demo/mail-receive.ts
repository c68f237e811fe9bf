// Receives mail by SMTP for the demo's mail reader: takes what comes, from this machine only, and delivers nothing.
import { SMTPServer } from 'smtp-server';
import { parseMail } from './mail-parse.ts';
import type { KeptMail } from './mailbox.ts';

const MAX_BYTES = 1024 * 1024;

export interface Receiver {
  listen(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param keep called once per recipient; when it throws, the sender is told to try again
 * @param clock milliseconds since the epoch
 */
export function mailReceiver(
  port: number,
  host: string,
  clock: () => number,
  keep: (mail: Omit<KeptMail, 'id'>) => void,
): Receiver {
  const server = new SMTPServer({
    // No certificate and nobody to authenticate: loopback only.
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    size: MAX_BYTES,
    rejectOversized: true,
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk);
      });
      stream.on('error', done);
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(null);
        try {
          const { headers, subject, text, html } = parseMail(Buffer.concat(chunks));
          const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
          const date = new Date(clock()).toISOString();
          const named = headers.map(([name, value]): [string, string] => [name, value]);
          for (const { address } of session.envelope.rcptTo)
            keep({ date, from, to: address, subject, text, html, headers: named });
          done(null);
        } catch (error) {
          done(error instanceof Error ? error : new Error('not kept'));
        }
      });
    },
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.removeListener('error', reject);
          // A sender that hangs up is no reason to stop.
          server.on('error', () => undefined);
          resolve();
        });
      }),
    close: () => new Promise((resolve) => (server.server.listening ? server.close(() => resolve()) : resolve())),
  };
}
