// The link part of finishing: the live link is used, or a new one is made if nobody was faster (spec §3).
import { countsAsLinked } from '../../rules/link.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { LinkRow } from '../../store/link.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

export interface LostRace {
  readonly lost: 'link-taken' | 'link-limit';
}

/** Somebody was faster since the table was asked: nothing is linked, and why is recorded. */
export async function lostRace(
  tables: Tables,
  act: Act,
  { upstream }: SignInRecord,
  { account }: Person,
  why: LostRace['lost'],
): Promise<LostRace> {
  await writeRecord(tables, act, {
    event: 'link.refused',
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
    data: { issuer: upstream?.issuer, subject: upstream?.subject, why },
  });
  return { lost: why };
}

/** The link this login comes through: the live one (the caller has locked it, and notes its use); or a new one, if nobody was faster. */
export async function linkOf(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  person: Person,
): Promise<string | null | LostRace> {
  const { upstream, linkId } = record;
  if (linkId !== null) {
    return linkId;
  }
  if (record.route !== 'federated' || !upstream) return null;
  // The same pair again: the first-link check was only renewed after a long rest.
  const mine = await tables.link.ofAccount(person.account.id);
  const own = mine.find((link) => link.issuer === upstream.issuer && link.subject === upstream.subject);
  if (own) {
    await tables.link.used(own.id, act.now);
    return own.id;
  }
  // Links that nobody used for so long count as none: they make room (spec §3, 400 days).
  const theirs = await tables.link.ofIdentity(upstream.issuer, upstream.subject);
  for (const link of [...mine, ...(theirs ? [theirs] : [])]) {
    if (link.issuer === upstream.issuer && !countsAsLinked(link, tools.policy.link, act.now))
      await endUnused(tools, tables, act, link);
  }
  const { issuer, subject, display } = upstream;
  const { id: accountId, companyId, loginName } = person.account;
  const id = tools.secrets.id();
  const added = await tables.link.add(
    { id, accountId, companyId, issuer, subject, display, madeAt: act.now, usedAt: act.now },
    tools.policy.link.linksPerAccount,
  );
  if (added !== 'made') return lostRace(tables, act, record, person, added);
  const about = { companyId, accountId, actor: { kind: 'account', id: accountId } as const };
  await oweMail(tools, tables, act, person.account, 'link-made', { display, loginName });
  await writeRecord(tables, act, { ...about, event: 'link.made', data: { link: id, issuer, subject, display } });
  return id;
}

async function endUnused(tools: Tools, tables: Tables, act: Act, link: LinkRow): Promise<void> {
  if (!(await tables.link.end(link.id, act.now, 'unused'))) return;
  const { id, accountId, companyId, issuer, subject } = link;
  const devices = await tables.device.end({ accountId, linkId: id }, act.now, 'unlink');
  const portals = await endLogins(tools, tables, act, { linkId: id }, 'unlinked');
  await writeRecord(tables, act, {
    event: 'link.removed',
    companyId,
    accountId,
    actor: { kind: 'system', id: null },
    data: { link: id, issuer, subject, devices: devices.map((device) => device.id), portals, why: 'unused' },
  });
}
