// トークンの失効 by the administrators of a company, after the check page: proof first, then each person in a transaction of its
// own, all or nothing; a shared device for all who hold it, or for nobody (spec §5, §11.3).
import type { AccountState } from '../../rules/account.ts';
import type { Proof } from '../../rules/permission.ts';
import type { AccountRow, Person } from '../../store/account.ts';
import type { Finished } from '../../store/console-activity.ts';
import type { Tables } from '../../store/store.ts';
import { actOnce, type Worked } from '../act-once.ts';
import { oweMail } from '../mail.ts';
import { companyOf, proofOf, proveAct, type ProvenAct, type TypedProof } from '../prove-act.ts';
import { revokeDevice } from '../token/revoke-device.ts';
import { revokeToken, type RevocationReason, type Revoked } from '../token/revoke.ts';
import type { Act, Tools } from '../tools.ts';
import { findTokens, type ChosenToken, type ChosenTokens } from './list-tokens.ts';
import { stillMay, type Administrator } from './release-people.ts';

/** What the page asks for revoking colleagues' tokens; a device that oneself shares asks no less. */
export function proofForRevoking(tools: Tools, act: Act, person: Person): Proof {
  return proofOf(tools, act, person, 'revoke-token', companyOf(person));
}

export interface RevocationResult extends Finished {
  readonly why: RevocationReason;
  /** The device that was revoked for all, by its serial number; null: each token by itself. */
  readonly serial: string | null;
  /** Oneself shared the device: the login that acted is over. */
  readonly endedItself: boolean;
  readonly people: readonly RevokedPerson[];
}

export interface RevokedPerson {
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
  readonly result: 'done' | 'out' | 'failed';
  readonly why: 'stale' | 'self' | 'nothing' | 'unknown' | null;
  readonly kind: 'hardware' | 'software' | null;
  readonly serial: string | null;
  /** From when a new token can be had and its holder may sign in; null: at once, or nothing was done. */
  readonly until: number | null;
  /** What stands after the act, read anew. */
  readonly states: readonly AccountState[];
}

type NotProven = Exclude<ProvenAct, { readonly verdict: 'proven' }>;

export type RevokedTokens =
  | Worked<NotProven, RevocationResult>
  | { readonly verdict: 'busy' }
  /** Nobody is left as the page showed them; nothing was asked or done. */
  | { readonly verdict: 'stale' };

interface Asked {
  readonly key: string;
  readonly chosen: ChosenTokens;
  /** Ids of people, and of the device, for whom something else stands than the page showed. */
  readonly stale: ReadonlySet<string>;
  readonly why: RevocationReason;
  /** 理由 in words; never a secret. */
  readonly words: string;
}

/** Acts once for the page that `key` names. */
export async function revokeTokens(
  tools: Tools,
  act: Act,
  by: Administrator,
  asked: Asked,
  typed: TypedProof,
): Promise<RevokedTokens> {
  const { key, chosen, stale } = asked;
  const before = await tools.consoleActivity.finished<RevocationResult>(by.login.id, key);
  if (before) return { verdict: 'finished', result: before };
  const { device } = chosen;
  const isStale = ({ id, withDevice }: ChosenToken): boolean =>
    withDevice && device !== null ? stale.has(device.id) : stale.has(id);
  const open = chosen.people.filter((one) => one.verdict === 'act' && !isStale(one));
  if (open.length === 0) return { verdict: 'stale' };
  return actOnce(tools, act, by.login, key, async (): Promise<Worked<NotProven, RevocationResult>> => {
    const proof = proofForRevoking(tools, act, by.person);
    const about = { people: open.length, device: device?.id ?? null };
    const proven = await proveAct(tools, act, by, { act: 'revoke-token', proof, about }, typed);
    if (proven.verdict !== 'proven') return { verdict: 'refused', refused: proven };
    const tell = proof === 'confirmation+email-code' ? open.length : 0;
    const done = await revokeAll(tools, act, by, asked, open, tell);
    const now = new Map(
      (await findTokens(tools, act, by.person, [...done.keys()])).map(({ account, states }) => [account.id, states]),
    );
    const people = chosen.people.map((one) => resultOf(one, isStale(one), done.get(one.id) ?? null, now.get(one.id)));
    const result: RevocationResult = {
      at: act.now,
      reference: act.reference,
      why: asked.why,
      serial: people.some((one, place) => one.result === 'done' && chosen.people[place]?.withDevice === true)
        ? (device?.serial ?? null)
        : null,
      endedItself: done.has(by.person.account.id),
      people,
    };
    return { verdict: 'finished', result };
  });
}

/** @param tell how many people the other administrators are told of, with the first that is done; 0: they are not told */
async function revokeAll(
  tools: Tools,
  act: Act,
  by: Administrator,
  { chosen: { device }, why, words }: Asked,
  open: readonly ChosenToken[],
  tell: number,
): Promise<ReadonlyMap<string, Revoked>> {
  const { account } = by.person;
  const revocation = { why, words, actor: { kind: 'account', id: account.id }, by: 'admin' } as const;
  const done = new Map<string, Revoked>();
  const others = async (tables: Tables): Promise<void> => {
    if (tell > 0 && done.size === 0) await tellOthers(tools, tables, act, account, tell);
  };
  for (const one of open.filter(({ withDevice }) => !withDevice)) {
    const revoked = await tools.store.transaction(async (tables) => {
      // Two who revoke each other's tokens take turns: the second finds that its own login has ended.
      await tables.company.lock(account.companyId);
      const whose = await tables.account.lock(one.id);
      if (!(await stillMay(tools, tables, act, by, ['revoke-token'], whose))) return null;
      if (!(await asShown(tables, one))) return null;
      await others(tables);
      return revokeToken(tools, tables, act, whose, revocation);
    });
    if (revoked) done.set(one.id, revoked);
  }
  // Last, because oneself may be among those who share it.
  if (device !== null && open.some(({ withDevice }) => withDevice)) {
    const revoked = await tools.store.transaction(async (tables) => {
      await tables.company.lock(account.companyId);
      const still = (whose: AccountRow): Promise<boolean> => stillMay(tools, tables, act, by, ['revoke-token'], whose);
      const all = await revokeDevice(tools, tables, act, {
        tokenId: device.id,
        holders: device.holders,
        still,
        ...revocation,
      });
      if (all) await others(tables);
      return all;
    });
    for (const [id, one] of revoked ?? []) done.set(id, one);
  }
  return done;
}

/** The person still has what the page showed: a token that was registered meanwhile is not taken away unseen. */
async function asShown(tables: Tables, { id, person }: ChosenToken): Promise<boolean> {
  const now = await tables.account.person(id);
  return (
    now !== null &&
    person !== null &&
    (now.token?.id ?? null) === (person.token?.id ?? null) &&
    (now.issue?.id ?? null) === (person.issue?.id ?? null)
  );
}

/** MAI017 to the other administrators: who acted has no usable token, and proved it by mail (spec §5). */
async function tellOthers(tools: Tools, tables: Tables, act: Act, actor: AccountRow, count: number): Promise<void> {
  for (const admin of await tables.company.administrators(actor.companyId)) {
    if (admin.id === actor.id || admin.setUpAt === null) continue;
    await oweMail(tools, tables, act, admin, 'token-revoked-without-token', { role: actor.role, count }, 'admin');
  }
}

function resultOf(
  { id, person, verdict }: ChosenToken,
  stale: boolean,
  done: Revoked | null,
  states: readonly AccountState[] | undefined,
): RevokedPerson {
  const who = {
    id,
    name: person?.account.name ?? '—',
    loginName: person?.account.loginName ?? '',
    kind: done?.kind ?? person?.token?.kind ?? null,
    serial: done?.serial ?? person?.token?.serial ?? null,
    until: done?.wait?.until ?? null,
    states: states ?? person?.states ?? [],
  };
  if (done) return { ...who, result: 'done', why: null };
  if (verdict === 'unknown') return { ...who, result: 'failed', why: 'unknown' };
  if (verdict === 'self') return { ...who, result: 'out', why: 'self' };
  // What a colleague did meanwhile is told as that, not as what it leaves.
  if (verdict === 'nothing' && !stale) return { ...who, result: 'out', why: 'nothing' };
  return { ...who, result: stale ? 'out' : 'failed', why: 'stale' };
}
