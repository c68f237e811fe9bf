// CON060: the people of the company with a token, an issue or a wait, and what a choice of theirs means – each person's token
// alone, or one device for everybody who shares it (spec §11.3). Relations are computed from the store, never taken from a form.
import { judgePermission } from '../../rules/permission.ts';
import type { TokenKind } from '../../rules/release.ts';
import { tokenStateOf, type TokenState } from '../../rules/token-state.ts';
import { waitAfterRevocation, type Wait } from '../../rules/waiting.ts';
import type { Person } from '../../store/account.ts';
import type { Sharer } from '../../store/tokens-of-people.ts';
import { actorOf, targetOf } from '../prove-act.ts';
import type { Act, Tools } from '../tools.ts';
import { findPeople, listPeople, type Listed } from './list-people.ts';
import { isId, recordForeign } from './turn-away.ts';

export interface TokenPerson extends Listed {
  readonly tokenState: TokenState;
  /** The others who hold the same token, by login ID. */
  readonly sharers: readonly Sharer[];
}

/** One page; a page past the end is the last one. Three statements, and one more where a token on it is shared. */
export async function listTokens(
  tools: Tools,
  act: Act,
  viewer: Person,
  asked: { readonly q: string; readonly page: number; readonly per: number },
): Promise<{ readonly total: number; readonly page: number; readonly people: readonly TokenPerson[] }> {
  const found = await listPeople(tools, act, viewer, { ...asked, state: '', withToken: true });
  return { ...found, people: await withSharers(tools, act, viewer, found.people) };
}

/** These people of the viewer's own company, as far as they exist there, in the order of the ids. */
export async function findTokens(
  tools: Tools,
  act: Act,
  viewer: Person,
  ids: readonly string[],
): Promise<readonly TokenPerson[]> {
  return withSharers(tools, act, viewer, await findPeople(tools, act, viewer, ids));
}

async function withSharers(
  tools: Tools,
  act: Act,
  viewer: Person,
  people: readonly Listed[],
): Promise<readonly TokenPerson[]> {
  const shared = people.flatMap(({ token }) => (token !== null && token.holders > 1 ? [token.id] : []));
  const all = await tools.store.tokensOfPeople.sharers(viewer.account.companyId, [...new Set(shared)]);
  return people.map((one) => ({
    ...one,
    tokenState: tokenStateOf(
      { waitsUntil: one.account.waitsUntil, token: one.token, issue: one.issue },
      act.now,
      tools.policy.tokenExpiry.warnBefore,
    ),
    sharers: all.filter(({ tokenId, accountId }) => tokenId === one.token?.id && accountId !== one.account.id),
  }));
}

/** There is something to take away: a token in hand, or an issue that waits for its first code. */
export const holdsSomething = ({ token, tokenState }: TokenPerson): boolean =>
  token !== null || tokenState.is === 'issued';

export interface ChosenToken {
  readonly id: string;
  /** Null: of another company, or of none. */
  readonly person: TokenPerson | null;
  /** Open logins, which end with the token. */
  readonly logins: number;
  /** Revoked with the device that everybody shares. */
  readonly withDevice: boolean;
  /** The wait that a revocation at this moment begins; null: none. */
  readonly wait: Wait | null;
  readonly verdict: 'act' | 'self' | 'nothing' | 'unknown';
}

/** A device that is revoked for all who hold it. */
export interface ChosenDevice {
  readonly id: string;
  readonly serial: string;
  readonly holders: readonly string[];
}

export interface ChosenTokens {
  /** Whom the device hits stand first. */
  readonly people: readonly ChosenToken[];
  readonly device: ChosenDevice | null;
  /** A serial number was asked for that names no token in use of the company, or one in nobody's hands. */
  readonly noDevice: boolean;
}

/** Judges a choice: each person once, the device's holders first. Foreign and unknown ones are written down. */
export async function chooseTokens(
  tools: Tools,
  act: Act,
  viewer: Person,
  asked: { readonly people: readonly string[]; readonly serial: string },
): Promise<ChosenTokens> {
  const { companyId } = viewer.account;
  const token = isId(asked.serial) ? await tools.store.tokensOfPeople.bySerial(companyId, asked.serial) : null;
  const holders = token === null ? [] : await tools.store.tokensOfPeople.sharers(companyId, [token.id]);
  const device =
    token === null || holders.length === 0
      ? null
      : { id: token.id, serial: asked.serial, holders: holders.map(({ accountId }) => accountId) };
  const ids = [...new Set([...(device?.holders ?? []), ...asked.people])];
  const found = new Map((await findTokens(tools, act, viewer, ids)).map((one) => [one.account.id, one]));
  const logins = await tools.store.restriction.logins([...found.keys()], act.now);
  const people = ids.map((id): ChosenToken => {
    const person = found.get(id) ?? null;
    const withDevice = device !== null && device.holders.includes(id);
    return {
      id,
      person,
      logins: logins.get(id) ?? 0,
      withDevice,
      wait: person === null ? null : waitAfterRevocation(tools.policy.revoke, kindOf(person), act.now),
      verdict: verdictOf(tools, viewer, person, withDevice),
    };
  });
  const unknown = people.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id);
  const noDevice = asked.serial !== '' && device === null;
  const foreign = [...unknown, ...(asked.serial !== '' && token === null ? [asked.serial] : [])];
  if (foreign.length > 0) await recordForeign(tools, act, viewer, { for: 'revoke-token', ids: foreign });
  return { people, device, noDevice };
}

/** What revokeToken counts for the wait: the token in hand, else the issue, which is always a software token's. */
const kindOf = ({ token }: TokenPerson): TokenKind => token?.kind ?? 'software';

function verdictOf(
  tools: Tools,
  viewer: Person,
  person: TokenPerson | null,
  withDevice: boolean,
): ChosenToken['verdict'] {
  if (!person || judgePermission(actorOf(viewer), 'revoke-token', targetOf(person), tools.policy) !== null)
    return 'unknown';
  // One's own token belongs to self-service; but a device that is lost is lost to all who share it.
  if (person.self && !withDevice) return 'self';
  return holdsSomething(person) ? 'act' : 'nothing';
}

/** What stands for a person, as far as a revocation changes it: when it differs from what a page showed, nothing is done. */
export function seenToken({ person }: Pick<ChosenToken, 'person'>): string {
  if (!person) return '';
  const { account, token, issue, tokenState } = person;
  const issued = tokenState.is === 'issued' ? (issue?.id ?? null) : null;
  return JSON.stringify([account.role, token?.id ?? null, token?.retiredAt ?? null, issued]);
}

/** The same of a device: who shares it. */
export const seenDevice = (device: ChosenDevice | null): string =>
  device === null ? '' : JSON.stringify([device.id, ...device.holders.toSorted()]);
