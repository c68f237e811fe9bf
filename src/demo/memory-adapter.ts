// Where the demo's Business Direct provider keeps sessions, grants and codes: one map in this process, gone with it.
// For a demo only: no size limit but expiry.
import type { AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Row {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

const SWEEP_EVERY = 500;

/** A store of its own per provider. @param clock milliseconds since the epoch */
export function memoryAdapter(clock: () => number): AdapterFactory {
  const rows = new Map<string, Row>();
  let writes = 0;

  const live = (key: string): AdapterPayload | undefined => {
    const row = rows.get(key);
    return row && row.expiresAt > clock() ? row.payload : undefined;
  };
  const sweep = (): void => {
    for (const [key, row] of rows) if (row.expiresAt <= clock()) rows.delete(key);
  };
  const where = (kind: string, test: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    for (const [key, row] of rows) if (key.startsWith(`${kind}:`) && test(row.payload)) return live(key);
    return undefined;
  };

  return (kind) => ({
    upsert: async (id, payload, expiresIn) => {
      if (++writes % SWEEP_EVERY === 0) sweep();
      const expiresAt = expiresIn === undefined ? Number.POSITIVE_INFINITY : clock() + expiresIn * 1000;
      rows.set(`${kind}:${id}`, { payload: structuredClone(payload), expiresAt });
    },
    find: async (id) => live(`${kind}:${id}`),
    findByUid: async (uid) => where(kind, (payload) => payload.uid === uid),
    findByUserCode: async (code) => where(kind, (payload) => payload.userCode === code),
    consume: async (id) => {
      const payload = live(`${kind}:${id}`);
      if (payload) payload.consumed = Math.floor(clock() / 1000);
    },
    destroy: async (id) => {
      rows.delete(`${kind}:${id}`);
    },
    revokeByGrantId: async (grantId) => {
      for (const [key, row] of rows)
        if (key.startsWith(`${kind}:`) && row.payload.grantId === grantId) rows.delete(key);
    },
  });
}
