// Looking at an attempt: its record, the rows of today, and what the table says. Every page and every POST begins here.
import { countsAsLinked } from '../../rules/link.ts';
import { rightsNeedOtp } from '../../rules/otp-rights.ts';
import { factsOf } from '../../rules/sign-in-facts.ts';
import { nextStep, type Facts, type Step } from '../../rules/sign-in.ts';
import type { Instant, SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { LinkRow } from '../../store/link.ts';
import type { Tables } from '../../store/store.ts';
import type { Tools } from '../tools.ts';

export interface Look {
  /** Null: unknown, expired, or another browser's. */
  readonly record: SignInRecord | null;
  readonly person: Person | null;
  readonly link: LinkRow | null;
  readonly facts: Facts;
  readonly row: string;
  readonly says: string;
  readonly step: Step;
}

/** The attempt as this browser may see it; one of another browser looks like none. */
export async function findOwn(tools: Tools, id: string, browser: string | null): Promise<SignInRecord | null> {
  const record = await tools.attempts.find(id);
  return record && browser !== null && record.browser === browser ? record : null;
}

/** Rows that this very act has read. */
export interface Rows {
  readonly person: Person;
  readonly link: LinkRow;
}

/**
 * What the table says of a record, by the rows that `tables` sees (the finishing transaction looks again).
 * @param read rows that need not be asked for: those of the record's account and link, read just now or locked
 */
export async function lookAt(
  tools: Tools,
  tables: Tables,
  record: SignInRecord | null,
  now: Instant,
  read: Partial<Rows> = {},
): Promise<Look> {
  const { account, linkId } = record ?? { account: null, linkId: null };
  const person =
    read.person?.account.id === account?.id
      ? (read.person ?? null)
      : account && (await tables.account.person(account.id));
  const link = read.link?.id === linkId ? (read.link ?? null) : linkId === null ? null : await tables.link.find(linkId);
  const portal = record ? tools.portals.get(record.request.clientId) : undefined;
  const facts = factsOf({
    now,
    policy: tools.policy,
    record,
    person,
    upstreamOn: tools.upstreams.list().some(({ issuer }) => issuer === record?.upstream?.issuer),
    linkLive: link !== null && link.endedAt === null,
    otherLinks: record && person ? await otherLinks(tools, tables, record, person.account.id, now) : 0,
    companyExpected: record !== null && record.upstream !== null && tools.companyNamedBy.has(record.upstream.issuer),
    portalOpen: portal?.open ?? false,
    consentGiven:
      record && person && record.request.consentAsked ? await consentGiven(tables, record, person.account.id) : false,
    otpRights: person !== null && otpRightsOf(tools, person),
  });
  return { record, person, link, facts, ...nextStep(facts) };
}

/** Whether somebody's rights need one-time passwords, by the portals as they are registered now. */
export function otpRightsOf(tools: Pick<Tools, 'policy' | 'portals'>, { account, portals }: Person): boolean {
  const demanding = [...tools.portals.values()].filter((portal) => portal.demandsOtp).map(({ clientId }) => clientId);
  return rightsNeedOtp({ role: account.role, portals }, new Set(demanding), tools.policy);
}

/** Links of the account with this upstream that count and are not the verified identity's own. */
async function otherLinks(
  tools: Tools,
  tables: Tables,
  record: SignInRecord,
  accountId: string,
  now: Instant,
): Promise<number> {
  const { upstream } = record;
  if (!upstream || record.linkId !== null) return 0;
  const links = await tables.link.ofAccount(accountId);
  return links.filter(
    (link) =>
      link.issuer === upstream.issuer &&
      link.subject !== upstream.subject &&
      countsAsLinked(link, tools.policy.link, now),
  ).length;
}

async function consentGiven(tables: Tables, record: SignInRecord, accountId: string): Promise<boolean> {
  return tables.consent.given(accountId, record.request.clientId, consentFacts);
}

/** The set of facts a portal learns (spec §9); another set is asked for again. */
export const consentFacts = 'name preferred_username company role link';
