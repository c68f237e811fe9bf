// A gate in front of a server: what passes it can be silenced as by a pulled cable or a failover, where nobody says goodbye;
// held back for as long as a test wants, or slowed.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TcpGate {
  readonly port: number;
  /** Connections that stand now carry nothing any more and stay open; new ones pass. */
  silence(): void;
  /** Every connection, new ones too, is accepted and carries nothing until `pass`. */
  hold(): void;
  /** Lets through what was held back, in order. */
  pass(): void;
  /** Whatever passes comes later by this many milliseconds, each way. */
  delay(milliseconds: number): void;
  /** How many connections stand that are not silenced. */
  open(): number;
  close(): Promise<void>;
}

export async function tcpGate(target: { readonly host: string; readonly port: number }): Promise<TcpGate> {
  const pairs = new Map<Socket, Socket>();
  const silenced = new Set<Socket>();
  let late = 0;
  let held: { readonly until: Promise<void>; readonly release: () => void } | null = null;

  /** One direction of a connection: what comes is carried in order, each piece when its time has come. */
  const carry = (from: Socket, to: Socket, near: Socket): void => {
    let last = Promise.resolve();
    const after = (act: () => void): void => {
      const due = performance.now() + late;
      last = (async (before) => {
        await before;
        const rest = due - performance.now();
        if (rest > 0) await sleep(rest);
        if (held) await held.until;
        if (!silenced.has(near)) act();
      })(last);
    };
    from.on('data', (chunk) => after(() => to.write(chunk)));
    from.on('end', () => after(() => to.end()));
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...target, allowHalfOpen: true });
    for (const socket of [near, far]) socket.setNoDelay(true);
    pairs.set(near, far);
    carry(near, far, near);
    carry(far, near, near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        pairs.delete(near);
        if (!silenced.has(near) && one.errored) other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const pass = (): void => {
    held?.release();
    held = null;
  };
  return {
    port: address.port,
    silence: () => {
      for (const near of pairs.keys()) silenced.add(near);
    },
    hold: () => {
      if (held) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      held = { until: promise, release: resolve };
    },
    pass,
    delay: (milliseconds) => {
      late = milliseconds;
    },
    open: () => [...pairs.keys()].filter((near) => !silenced.has(near)).length,
    close: async () => {
      pass();
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
