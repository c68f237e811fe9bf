// 封印の鍵の更新: every secret that PostgreSQL keeps sealed is sealed anew under the newest key (spec §5), while gateways run.
// One row at a time and only if it is still as it was read: nothing else waits for it, and what was done stays done if this
// is killed. What a run began and did stands in the bank's records.
import type { AuditActor } from '../rules/audit-event.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

/** A sealing key of the configuration, or one that something in the database names. */
export interface KeyUse {
  readonly id: string;
  /** Secrets that it seals now. */
  readonly seals: number;
  readonly configured: boolean;
}

export interface Rotated {
  /** The key that seals. */
  readonly newest: string;
  readonly tokenSecrets: number;
  readonly signingKeys: number;
  /** Rows that no key of the configuration opens: they were left as they are. */
  readonly unopened: number;
  /** The newest first. Old ones that seal nothing can be taken out of the configuration. */
  readonly keys: readonly KeyUse[];
}

/** Told after every batch: how many of the token secrets were looked at. */
type Progress = (done: number, of: number) => void;

const batch = 200;

export async function rotateSealing(
  tools: Tools,
  act: Act,
  { actor, progress }: { readonly actor: AuditActor; readonly progress: Progress },
): Promise<Rotated> {
  const { store, secrets } = tools;
  const [newest = ''] = secrets.sealing.keys;
  const before = await uses(tools);
  await record(tools, act, actor, { stage: 'begun', newest, keys: before });

  const resealed = { tokenSecrets: 0, signingKeys: 0, unopened: 0 };
  const total = before.filter(({ id }) => id !== newest).reduce((sum, { seals }) => sum + seals, 0);
  let looked = 0;
  for (const { kid, sealed } of await store.signingKey.list()) {
    if (keyOf(sealed) === newest) continue;
    const again = secrets.sealing.reseal(sealed, kid);
    if (again === null) resealed.unopened += 1;
    else if (await store.signingKey.reseal(kid, sealed, again)) resealed.signingKeys += 1;
    looked += 1;
  }
  // What waits to be taken over first: as tokens it is looked at once more.
  for (const noun of [store.stagedToken, store.token]) {
    for (let after = ''; ;) {
      const rows = await noun.sealedBefore(newest, after, batch);
      for (const { id, secret } of rows) {
        const again = secrets.sealing.reseal(secret, id);
        if (again === null) resealed.unopened += 1;
        else if (await noun.reseal(id, secret, again)) resealed.tokenSecrets += 1;
        after = id;
      }
      looked += rows.length;
      if (rows.length > 0 || noun === store.token) progress(looked, Math.max(total, looked));
      if (rows.length < batch) break;
    }
  }

  const rotated = { newest, ...resealed, keys: await uses(tools) };
  await record(tools, act, actor, { stage: 'done', ...rotated });
  return rotated;
}

/** At a start: secrets under a key that is not configured do not open, which their people would be the first to notice. */
export async function noticeUnknownKeys(tools: Tools): Promise<void> {
  for (const { id, seals, configured } of await uses(tools))
    if (!configured && seals > 0) tools.notice('sealing.unknown-key', { key: id, secrets: seals });
}

/** Which keys seal how much: those of the configuration, newest first, then those that only the database names. */
async function uses({ store, secrets }: Tools): Promise<readonly KeyUse[]> {
  const seals = new Map<string, number>(secrets.sealing.keys.map((id) => [id, 0]));
  const add = (id: string, n: number): void => void seals.set(id, (seals.get(id) ?? 0) + n);
  for (const { sealed } of await store.signingKey.list()) add(keyOf(sealed), 1);
  for (const noun of [store.token, store.stagedToken])
    for (const { key, secrets: n } of await noun.sealedUnder()) add(key, n);
  return [...seals].map(([id, n]) => ({ id, seals: n, configured: secrets.sealing.keys.includes(id) }));
}

const keyOf = (sealed: string): string => sealed.split('.')[1] ?? '';

async function record(
  tools: Tools,
  act: Act,
  actor: AuditActor,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, { event: 'sealing.rotated', companyId: null, accountId: null, actor, data }),
  );
}
