// The device part of finishing: the row in the transaction, Redis's half around it, and the cookie of the answer (spec §6).
import { afterUse, cookieAfterUse, deviceEnd, mayOfferDevice, newDevice } from '../../rules/device.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { DeviceRow } from '../../store/device.ts';
import type { Tables } from '../../store/store.ts';
import type { Act, Tools } from '../tools.ts';

/** A device cookie to set: its link names the cookie. */
export interface DeviceCookie {
  readonly linkId: string;
  readonly value: string;
  readonly expiresAt: number;
}

export type MadeDevice =
  | ({ readonly kind: 'new'; readonly id: string } & ReturnType<typeof newDevice>)
  | {
      readonly kind: 'used';
      readonly id: string;
      readonly expiresAt: number;
      readonly sets: boolean;
      readonly change: ReturnType<typeof afterUse>;
    };

/** The device that stood for the OTP, judged once more by its locked row; or the one this login makes. */
export function deviceOf(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  { linkId, row }: { readonly linkId: string | null; readonly row: DeviceRow | null },
): MadeDevice | null | 'gone' {
  const { policy, secrets } = tools;
  if (linkId === null) return null;
  if (record.device) {
    const { generation } = record.device;
    // Its value was judged when it was presented; what can have happened since is that the device ended.
    if (
      !row ||
      row.linkId !== linkId ||
      deviceEnd(row, row.epoch, person.account.securityEpoch, policy.device, act.now) !== null
    )
      return 'gone';
    const sets = cookieAfterUse(row, generation) !== 'keep';
    const { id, expiresAt } = row;
    return { kind: 'used', id, expiresAt, sets, change: afterUse(row, generation, policy.device, act.now) };
  }
  const offered = mayOfferDevice({
    route: 'federated',
    allowedByBank: policy.device.allowed,
    allowedByCompany: person.company.rememberAllowed,
    otpDemanded: record.request.otpDemanded || record.request.approval !== null,
    reauthenticate: record.request.reauthenticate,
  });
  if (!record.remember || record.otp?.by !== 'code' || !offered) return null;
  return { kind: 'new', id: secrets.id(), ...newDevice(policy.device, act.now) };
}

/** Writes what became of the device. */
export async function keepDevice(
  tables: Tables,
  act: Act,
  { account }: Person,
  linkId: string | null,
  device: MadeDevice | null,
): Promise<void> {
  if (!device || linkId === null) return;
  if (device.kind === 'used') return tables.device.change(device.id, device.change);
  const { id, generation, usedAt, expiresAt } = device;
  await tables.device.add({
    id,
    linkId,
    accountId: account.id,
    label: act.agent,
    createdAt: act.now,
    usedAt,
    expiresAt,
    epoch: account.securityEpoch,
    generation,
  });
}

/**
 * The value that follows the presented one, named once: tabs that finish together agree on it, and only who holds the old
 * value can read it. Left over from a login that then did not finish, it is given out by the next one.
 */
export async function nameSuccessor(
  tools: Tools,
  record: SignInRecord,
  presented: (linkId: string) => string | null,
): Promise<string | null> {
  const { device, linkId } = record;
  if (!device || linkId === null) return null;
  const { secrets, deviceSecrets } = tools;
  const value = presented(linkId);
  if (value === null || secrets.digest(value) !== device.secretHash) return null;
  const proposed = secrets.value();
  const sealed = await deviceSecrets.succeed(device.secretHash, {
    hash: secrets.digest(proposed),
    sealed: secrets.sealUnder(value, proposed),
  });
  if (sealed === null) return null;
  const next = secrets.openUnder(value, sealed);
  if (next !== proposed) await deviceSecrets.follow(device.secretHash, secrets.digest(next));
  return next;
}

/** The cookie of this answer: a new device's first value, or the successor of the one that was used. */
export async function cookieOf(
  tools: Tools,
  { login, device }: { readonly login: LoginRecord; readonly device: MadeDevice | null },
  successor: string | null,
): Promise<DeviceCookie | null> {
  const { linkId } = login;
  if (!device || linkId === null) return null;
  if (device.kind === 'used') {
    return successor === null || !device.sets ? null : { linkId, value: successor, expiresAt: device.expiresAt };
  }
  const { id: deviceId, generation, expiresAt } = device;
  const value = tools.secrets.value();
  const { accountId, epoch } = login;
  await tools.deviceSecrets.put(tools.secrets.digest(value), {
    deviceId,
    linkId,
    accountId,
    epoch,
    generation,
    successor: null,
    expiresAt,
  });
  return { linkId, value, expiresAt };
}
