// What is done about operators: adding, stopping, resuming, releasing, an issued password anew (spec §8). Each act is one
// transaction with its record in the bank's own chain; whatever takes something away ends the sessions by the epoch.
import type { AuditActor } from '../../rules/audit-event.ts';
import type { OperatorRole } from '../../rules/operator.ts';
import type { OperatorPatch, OperatorRow } from '../../store/operator.ts';
import type { Tables } from '../../store/store.ts';
import type { Act, Tools } from '../tools.ts';
import { recordOperator } from './actor.ts';
import { historyAfterIssue } from './choose-password.ts';

/** How long an issued password waits for its first use: milliseconds (spec §2). */
const issuedFor = 90 * 86_400_000;

/** @returns the issued password, told once and kept nowhere but as its hash; null when the login ID is somebody's */
export async function addOperator(
  tools: Tools,
  act: Act,
  actor: AuditActor,
  asked: { readonly loginName: string; readonly name: string; readonly role: OperatorRole },
): Promise<{ readonly id: string; readonly password: string; readonly until: number } | null> {
  const password = tools.secrets.issuedPassword();
  const hash = await tools.secrets.hasher.hash(password);
  const id = tools.secrets.id();
  const until = act.now + issuedFor;
  const added = await tools.store.transaction(async (tables) => {
    const fresh = await tables.operator.add({
      id,
      ...asked,
      hash,
      passwordSetAt: act.now,
      issued: true,
      issuedUntil: until,
      createdAt: act.now,
      createdBy: actor.id ?? actor.kind,
    });
    if (fresh) await recordOperator(tables, act, 'operator.added', actor, { operator: id, ...asked });
    return fresh;
  });
  return added ? { id, password, until } : null;
}

/** Nobody signs in with this ID any more, and what was signed in is over. Null: nobody has the ID; false: stopped before. */
export const stopOperator = (tools: Tools, act: Act, actor: AuditActor, key: string): Promise<boolean | null> =>
  change(tools, act, key, async (tables, row) => {
    if (row.stoppedAt !== null) return false;
    await tables.operator.patch(row.id, { stoppedAt: act.now, securityEpoch: row.securityEpoch + 1 });
    await recordOperator(tables, act, 'operator.stopped', actor, { operator: row.id });
    return true;
  });

export const resumeOperator = (tools: Tools, act: Act, actor: AuditActor, key: string): Promise<boolean | null> =>
  change(tools, act, key, async (tables, row) => {
    if (row.stoppedAt === null) return false;
    await tables.operator.patch(row.id, { stoppedAt: null });
    await recordOperator(tables, act, 'operator.resumed', actor, { operator: row.id });
    return true;
  });

export type OperatorLock = 'password' | 'otp';

const openPassword = { misses: 0, locks: 0, lockedUntil: null, passwordStoppedAt: null } as const;
const openOtp = { otpMisses: 0, otpStoppedAt: null } as const;

/** 利用停止解除 of the password and of the one-time password. @returns which of them were locked, stopped or counted */
export const releaseOperator = (
  tools: Tools,
  act: Act,
  actor: AuditActor,
  key: string,
): Promise<readonly OperatorLock[] | null> =>
  change(tools, act, key, async (tables, row) => {
    const password = row.misses > 0 || row.locks > 0 || row.lockedUntil !== null || row.passwordStoppedAt !== null;
    const otp = row.otpMisses > 0 || row.otpStoppedAt !== null;
    await tables.operatorBrowser.clear(row.id);
    const released: OperatorLock[] = [...(password ? (['password'] as const) : []), ...(otp ? (['otp'] as const) : [])];
    if (released.length === 0) return released;
    await tables.operator.patch(row.id, { ...openPassword, ...openOtp });
    await recordOperator(tables, act, 'operator.released', actor, { operator: row.id, locks: released });
    return released;
  });

/**
 * A new issued password in place of whatever there is: the authenticator is taken away, locks are cleared, sessions are over. The
 * next sign-in begins with an own password and a new authenticator.
 */
export async function reissueOperator(
  tools: Tools,
  act: Act,
  actor: AuditActor,
  key: string,
): Promise<{ readonly password: string; readonly until: number } | null> {
  const password = tools.secrets.issuedPassword();
  const hash = await tools.secrets.hasher.hash(password);
  const until = act.now + issuedFor;
  return change(tools, act, key, async (tables, row) => {
    const keep: OperatorPatch = {
      hash,
      passwordSetAt: act.now,
      issued: true,
      issuedUntil: until,
      history: historyAfterIssue(tools, row),
      ...openPassword,
      ...openOtp,
      tokenId: null,
      securityEpoch: row.securityEpoch + 1,
    };
    await tables.operator.patch(row.id, keep);
    await tables.operatorBrowser.forget(row.id);
    if (row.tokenId !== null) await tables.token.retire(row.tokenId, act.now);
    await recordOperator(tables, act, 'operator.reissued', actor, { operator: row.id, token: row.tokenId });
    return { password, until };
  });
}

/** Under the lock of the operator's row; null when nobody has this login ID. */
async function change<T>(
  tools: Tools,
  act: Act,
  key: string,
  work: (tables: Tables, row: OperatorRow, act: Act) => Promise<T>,
): Promise<T | null> {
  const found = await tools.store.operator.byLoginName(key);
  if (!found) return null;
  return tools.store.transaction(async (tables) => {
    const row = await tables.operator.lock(found.id);
    return row && work(tables, row, act);
  });
}
