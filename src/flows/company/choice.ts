// The people that somebody chose on a list for unlinking or for ending the skip: who of them can be acted upon, and what
// stands for each. Relations are computed from the store, never taken from the form.
import { judgePermission, type Overrides } from '../../rules/permission.ts';
import type { Person } from '../../store/account.ts';
import type { DeviceRow } from '../../store/device.ts';
import type { LinkRow } from '../../store/link.ts';
import { actorOf, targetOf } from '../prove-act.ts';
import { liveDevices } from '../self-service/own-devices.ts';
import type { Act, Tools } from '../tools.ts';
import { findPeople, type Listed } from './list-people.ts';
import { recordForeign } from './turn-away.ts';

export type PeopleAct = 'unlink' | 'forget-device';

export interface Chosen {
  readonly id: string;
  /** Null: of another company, or of none. */
  readonly person: Listed | null;
  readonly links: readonly LinkRow[];
  /** Devices that skip the code now. */
  readonly devices: readonly DeviceRow[];
  readonly verdict: 'act' | 'self' | 'nothing' | 'unknown';
}

/** Judges each chosen id once, in the order of the form. Foreign and unknown ones are written down. */
export async function choose(
  tools: Tools,
  act: Act,
  viewer: Person,
  what: PeopleAct,
  ids: readonly string[],
): Promise<readonly Chosen[]> {
  const unique = [...new Set(ids)];
  const people = await findPeople(tools, act, viewer, unique);
  const known = people.map(({ account }) => account.id);
  const epochs = new Map(people.map(({ account }) => [account.id, account.securityEpoch]));
  const links = await tools.store.link.ofAccounts(known);
  const rows = await tools.store.device.ofAccounts(known);
  const devices = liveDevices(rows, (id) => epochs.get(id) ?? 0, tools.policy.device, act.now);
  const chosen = unique.map((id): Chosen => {
    const person = people.find(({ account }) => account.id === id) ?? null;
    const own = {
      links: links.filter(({ accountId }) => accountId === id),
      devices: devices.filter(({ accountId }) => accountId === id),
    };
    return { id, person, ...own, verdict: verdictOf(tools.policy, viewer, what, person, own) };
  });
  const unknown = chosen.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id);
  if (unknown.length > 0) await recordForeign(tools, act, viewer, { for: what, ids: unknown });
  return chosen;
}

function verdictOf(
  policy: Overrides,
  viewer: Person,
  what: PeopleAct,
  person: Listed | null,
  own: Pick<Chosen, 'links' | 'devices'>,
): Chosen['verdict'] {
  if (!person || judgePermission(actorOf(viewer), what, targetOf(person), policy) !== null) return 'unknown';
  // One's own link and devices belong to self-service (screens.md 4.2).
  if (person.self) return 'self';
  return (what === 'unlink' ? own.links : own.devices).length === 0 ? 'nothing' : 'act';
}

/** What stands for a person, as far as the act changes it: when it differs from what the check page saw, nothing is done. */
export function seen(what: PeopleAct, { links, devices }: Chosen): string {
  return (what === 'unlink' ? links : devices)
    .map(({ id }) => id)
    .toSorted()
    .join(' ');
}
