// The device part of finishing: the row in the transaction, Redis's half around it, and the cookie of the answer (spec §6).
import { afterUse, cookieAfterUse, deviceEnd, mayOfferDevice, newDevice } from '../../rules/device.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import type { Act, Tools } from '../tools.ts';

/** A device cookie to set: its link names the cookie. */
export interface DeviceCookie {
  readonly linkId: string;
  readonly value: string;
  readonly expiresAt: number;
}

export type MadeDevice =
  | { readonly kind: 'new'; readonly id: string; readonly generation: number; readonly expiresAt: number }
  | { readonly kind: 'used'; readonly id: string; readonly expiresAt: number; readonly sets: boolean };

/** The device that stood for the OTP, judged once more under its lock; or the one this login makes. */
export async function deviceOf(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  person: Person,
  linkId: string | null,
): Promise<MadeDevice | null | 'gone'> {
  const { policy, secrets } = tools;
  if (linkId === null) return null;
  if (record.device) {
    const { deviceId, generation } = record.device;
    const row = await tables.device.lock(deviceId);
    // Its value was judged when it was presented; what can have happened since is that the device ended.
    if (
      !row ||
      row.linkId !== linkId ||
      deviceEnd(row, row.epoch, person.account.securityEpoch, policy.device, act.now) !== null
    )
      return 'gone';
    await tables.device.change(deviceId, afterUse(row, generation, policy.device, act.now));
    return { kind: 'used', id: deviceId, expiresAt: row.expiresAt, sets: cookieAfterUse(row, generation) !== 'keep' };
  }
  const offered = mayOfferDevice({
    route: 'federated',
    allowedByBank: policy.device.allowed,
    allowedByCompany: person.company.rememberAllowed,
    otpDemanded: record.request.otpDemanded,
    reauthenticate: record.request.reauthenticate,
  });
  if (!record.remember || record.otp?.by !== 'code' || !offered) return null;
  const id = secrets.id();
  const fresh = newDevice(policy.device, act.now);
  const { generation, usedAt, expiresAt } = fresh;
  await tables.device.add({
    id,
    linkId,
    accountId: person.account.id,
    label: act.agent,
    createdAt: act.now,
    usedAt,
    expiresAt,
    epoch: person.account.securityEpoch,
    generation,
  });
  return { kind: 'new', id, generation, expiresAt };
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
