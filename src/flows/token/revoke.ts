// トークンの失効: taking a token out of one person's hands, whoever does it (spec §5). One person's end leaves the others who
// share a key-fob; the device's end takes everybody (revokeDevice). In the caller's transaction, which holds the account's lock.
import type { AuditActor } from '../../rules/audit-event.ts';
import { waitAfterRevocation, type Wait } from '../../rules/waiting.ts';
import type { AccountRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { oweMail, type MailActor } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

/** Why a token is taken away, as SLF030 and CON060 ask it. */
export const revocationReasons = ['phone', 'lost', 'other'] as const;

export type RevocationReason = (typeof revocationReasons)[number];

interface Revocation {
  readonly why: RevocationReason;
  readonly actor: AuditActor;
  readonly by: MailActor;
  /** 理由 in words, as an administrator or operator gave it; never a secret. */
  readonly words?: string;
}

export interface Revoked {
  readonly kind: 'hardware' | 'software';
  readonly serial: string | null;
  readonly wait: Wait | null;
  readonly devices: number;
  readonly portals: readonly string[];
}

/**
 * Revokes the token or the open issue of a locked account; null when it has neither. Sessions, remembered devices and open
 * attempts of the person end on every process at once, nobody's is spared (spec §6, §7).
 */
export async function revokeToken(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  { why, actor, by, words }: Revocation,
): Promise<Revoked | null> {
  const held = (await tables.account.person(account.id))?.token ?? null;
  const token = held && (await tables.token.lock(held.id));
  const issue = await tables.tokenIssue.lockOpen(account.id);
  if (!token && !issue) return null;
  const kind = token?.kind ?? 'software';
  const wait = waitAfterRevocation(tools.policy.revoke, kind, act.now);
  await tables.token.release(account.id, act.now, why === 'lost' ? 'lost' : 'revoked');
  // A key-fob goes on in the hands of the others; an app's secret is nobody else's.
  if (token?.kind === 'software') await tables.token.retire(token.id, act.now);
  // Lost by the last who held it, it is nobody's to register again.
  else if (token && why === 'lost' && (await tables.token.holders(token.id)) === 0)
    await tables.token.retire(token.id, act.now, 'lost');
  if (issue) {
    await tables.tokenIssue.end(issue.id, act.now, 'revoked');
    await tables.token.retire(issue.tokenId, act.now);
  }
  await tables.account.change(account.id, {
    waitsUntil: wait?.until ?? null,
    waitsFrom: wait === null ? null : act.now,
    ...(why === 'lost' && by === 'self' ? { tokenLostAt: act.now } : {}),
  });
  await tables.account.raiseEpoch(account.id, null);
  const devices = await tables.device.end({ accountId: account.id }, act.now, 'token');
  const portals = await endLogins(tools, tables, act, { accountId: account.id, but: null }, 'token-revoked');
  await oweMail(
    tools,
    tables,
    act,
    account,
    'token-revoked',
    { kind, last4: token?.serial?.slice(-4) ?? '', until: wait?.until ?? null, night: wait?.night ?? false, why },
    by,
  );
  if (devices.length > 0) await oweMail(tools, tables, act, account, 'device-ended', { why: 'token' }, by);
  await writeRecord(tables, act, {
    event: 'token.revoked',
    companyId: account.companyId,
    accountId: account.id,
    actor,
    data: {
      token: token?.id ?? issue?.tokenId ?? null,
      kind,
      issue: issue?.id ?? null,
      why,
      ...(words === undefined || words === '' ? {} : { words }),
      until: wait?.until ?? null,
      devices: devices.map(({ id }) => id),
      portals,
    },
  });
  return { kind, serial: token?.serial ?? null, wait, devices: devices.length, portals };
}
