// A person's own link: what ends with it, and its removal after the proof that the policy asks. Asked twice, done once.
import type { LoginRecord } from '../../rules/login.ts';
import type { Proof } from '../../rules/permission.ts';
import type { Person } from '../../store/account.ts';
import type { FinishedAct } from '../../store/console-activity.ts';
import type { LinkRow } from '../../store/link.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { actorOf, proofOf, proveAct, targetOf, type ProvenAct } from '../prove-act.ts';
import { allows } from '../../rules/permission.ts';
import { unlink } from '../unlink.ts';
import type { Act, Tools } from '../tools.ts';
import { ownDevices } from './own-devices.ts';

export interface OwnLink {
  readonly links: readonly LinkRow[];
  readonly devices: number;
  /** Sign-ins that came through the link and are open. */
  readonly logins: number;
  /** Client ids of the portals that will be told. */
  readonly portals: readonly string[];
  readonly endsThis: boolean;
  readonly proof: Proof;
}

/** Everything the check page tells; null without a link. */
export async function ownLink(tools: Tools, act: Act, person: Person, login: LoginRecord): Promise<OwnLink | null> {
  const links = await tools.store.link.ofAccount(person.account.id);
  if (links.length === 0) return null;
  const { live } = await ownDevices(tools, act, person);
  const logins = await Promise.all(links.map(({ id }) => tools.store.login.count({ linkId: id }, act.now)));
  const portals = await Promise.all(links.map(({ id }) => tools.store.login.portals({ linkId: id })));
  return {
    links,
    devices: live.length,
    logins: logins.reduce((sum, n) => sum + n, 0),
    portals: [...new Set(portals.flat())],
    endsThis: links.some(({ id }) => id === login.linkId),
    proof: proofOf(tools, act, person, 'unlink', targetOf(person)),
  };
}

export type RemovedLink =
  | Worked<Exclude<ProvenAct, { readonly verdict: 'proven' }>>
  | { readonly verdict: 'busy' }
  /** There is no link, and this login removed none. */
  | { readonly verdict: 'none' };

export async function removeOwnLink(
  tools: Tools,
  act: Act,
  by: { readonly person: Person; readonly login: LoginRecord },
  typed: { readonly confirmation: string; readonly otp: string },
): Promise<RemovedLink> {
  const { person, login } = by;
  const { consoleActivity, store } = tools;
  const links = await store.link.ofAccount(person.account.id);
  if (links.length === 0) {
    const before = await consoleActivity.finished(login.id, lastUnlink);
    return before ? { verdict: 'finished', result: before } : { verdict: 'none' };
  }
  const key = `unlink:${links.map(({ id }) => id).join(':')}`;
  const worked = await actOnce(
    tools,
    act,
    login,
    key,
    async (): Promise<Worked<Exclude<ProvenAct, { readonly verdict: 'proven' }>>> => {
      if (!allows(actorOf(person), 'unlink', targetOf(person), tools.policy))
        return { verdict: 'refused', refused: { verdict: 'look-again' } };
      const proof = proofOf(tools, act, person, 'unlink', targetOf(person));
      const proven = await proveAct(tools, act, by, { act: 'unlink', proof, about: { people: 1, own: true } }, typed);
      if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
      const ended: string[] = [];
      for (const { id } of links) {
        const unlinked = await unlink(tools, act, {
          linkId: id,
          companyId: person.account.companyId,
          actor: { kind: 'account', id: person.account.id },
          by: 'self',
          why: 'unlinked-by-self',
        });
        if (unlinked) ended.push(id);
      }
      // Somebody else was first: the link is gone all the same, and its person sees that there is none.
      if (ended.length === 0) return { verdict: 'refused', refused: { verdict: 'look-again' } };
      const endedItself = login.linkId !== null && ended.includes(login.linkId);
      const result: FinishedAct = { at: act.now, reference: act.reference, people: [], links: ended, endedItself };
      await consoleActivity.finish(login.id, lastUnlink, result, login.expiresAt);
      return { verdict: 'finished', result };
    },
  );
  return worked;
}

/** The result of the login's newest unlinking, for a page that is sent again. */
const lastUnlink = 'unlink';
