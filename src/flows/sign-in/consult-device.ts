// What a presented device cookie is worth, after a fresh upstream login and for its own link only (spec §6). A replaced
// value that comes back late ends the device at once.
import { judgeDevice } from '../../rules/device.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { LinkRow } from '../../store/link.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

/** The part of the record that says how the device stood. */
export async function consultDevice(
  tools: Tools,
  act: Act,
  person: Person,
  link: LinkRow,
  value: string,
): Promise<Pick<SignInRecord, 'device' | 'deviceEnded'>> {
  const hash = tools.secrets.digest(value);
  const first = await tools.deviceSecrets.find(hash);
  if (!first) return { device: null, deviceEnded: null };
  const row = await tools.store.device.find(first.deviceId);
  // A tab that finished between the two readings named the successor before it raised the row: look again.
  const overtaken = row !== null && row.generation > first.generation && first.successor === null;
  const secret = (overtaken && (await tools.deviceSecrets.find(hash, true))) || first;
  const verdict = judgeDevice({
    row,
    secret: { ...secret, hasSuccessor: secret.successor !== null },
    linkId: link.id,
    epoch: person.account.securityEpoch,
    policy: tools.policy.device,
    now: act.now,
  });
  if (verdict === 'good') {
    return {
      device: { deviceId: secret.deviceId, generation: secret.generation, secretHash: hash },
      deviceEnded: null,
    };
  }
  if (verdict === 'stolen') await endStolen(tools, act, person, secret.deviceId, secret.generation);
  return { device: null, deviceEnded: verdict === 'none' ? null : verdict };
}

async function endStolen(tools: Tools, act: Act, person: Person, deviceId: string, generation: number): Promise<void> {
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(person.account.id);
    const ended = await tables.device.end({ accountId: account.id, id: deviceId }, act.now, 'stolen');
    if (ended.length === 0) return;
    await oweMail(tools, tables, act, account, 'device-copied', { label: ended[0]?.label ?? '' }, 'system');
    await writeRecord(tables, act, {
      event: 'device.copied',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'system', id: null },
      data: { device: deviceId, presented: generation },
    });
  });
}
