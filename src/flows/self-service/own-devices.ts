// The remembered devices of one person: those that count now, and those that ended in the last 90 days with why.
import { deviceEnd } from '../../rules/device.ts';
import type { Policy } from '../../rules/policy.ts';
import type { Person } from '../../store/account.ts';
import type { DeviceRow } from '../../store/device.ts';
import type { Act, Tools } from '../tools.ts';

const shownFor = 90 * 86_400_000;

export interface LiveDevice {
  readonly id: string;
  readonly linkId: string;
  readonly label: string;
  readonly browser: string;
  readonly since: number;
  readonly lastUsed: number;
  /** The absolute end, or the end by not being used: whichever comes first. */
  readonly until: number;
}

export interface EndedDevice {
  readonly id: string;
  readonly label: string;
  readonly browser: string;
  readonly endedAt: number;
  /** As it was stored, or what the clock ended. */
  readonly why: string;
}

export interface OwnDevices {
  readonly live: readonly LiveDevice[];
  readonly ended: readonly EndedDevice[];
}

/** @returns both lists, newest use and newest end first */
export async function ownDevices(tools: Tools, act: Act, { account }: Person): Promise<OwnDevices> {
  const rows = await tools.store.device.list(account.id, act.now - shownFor);
  const browsers = await tools.store.login.browsers(account.id);
  const policy = tools.policy.device;
  const live: LiveDevice[] = [];
  const ended: EndedDevice[] = [];
  for (const row of rows) {
    const { id, linkId, label } = row;
    const browser = browsers.get(id) ?? label;
    const end = endOf(row, account.securityEpoch, policy, act.now);
    if (end === null) {
      live.push({
        id,
        linkId,
        label,
        browser,
        since: row.createdAt,
        lastUsed: row.usedAt,
        until: Math.min(row.expiresAt, row.usedAt + policy.unused),
      });
    } else if (end.at > act.now - shownFor) {
      ended.push({ id, label, browser, endedAt: end.at, why: end.why });
    }
  }
  return { live, ended: ended.toSorted((one, other) => other.endedAt - one.endedAt) };
}

/** Devices that count now. */
export function liveDevices(
  rows: readonly DeviceRow[],
  epochOf: (accountId: string) => number,
  policy: Policy['device'],
  now: number,
): readonly DeviceRow[] {
  return rows.filter((row) => endOf(row, epochOf(row.accountId), policy, now) === null);
}

function endOf(
  row: DeviceRow,
  epoch: number,
  policy: Policy['device'],
  now: number,
): { readonly at: number; readonly why: string } | null {
  switch (deviceEnd(row, row.epoch, epoch, policy, now)) {
    case null:
      return null;
    case 'revoked':
      return { at: row.endedAt ?? now, why: row.endedWhy ?? 'other' };
    case 'expired':
      return { at: row.expiresAt, why: 'expired' };
    case 'unused':
      return { at: row.usedAt + policy.unused, why: 'unused' };
    case 'changed':
      return { at: row.usedAt, why: 'other' };
  }
}
