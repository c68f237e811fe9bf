// A gate in front of a server: what passes it can be silenced as by a pulled cable or a failover, where nobody says goodbye.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpGate {
  readonly port: number;
  /** Connections that stand now carry nothing any more and stay open; new ones pass. */
  silence(): void;
  /** How many connections stand that are not silenced. */
  open(): number;
  close(): Promise<void>;
}

export async function tcpGate(target: { readonly host: string; readonly port: number }): Promise<TcpGate> {
  const pairs = new Map<Socket, Socket>();
  const silenced = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    pairs.set(near, far);
    near.pipe(far);
    far.pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        pairs.delete(near);
        if (!silenced.has(near)) other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    silence: () => {
      for (const [near, far] of pairs) {
        silenced.add(near);
        near.unpipe(far);
        far.unpipe(near);
        near.pause();
        far.pause();
      }
    },
    open: () => [...pairs.keys()].filter((near) => !silenced.has(near)).length,
    close: async () => {
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
      for (const near of silenced) near.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
