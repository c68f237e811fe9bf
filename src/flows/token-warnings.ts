// Warning of key-fobs that end soon (MAI022), and of the limit for registering one (MAI023): by a sweep that every process runs,
// when a token is shipped, and when an operator sends them by hand. Each person, date and distance once, whoever comes first.
import type { AuditActor } from '../rules/audit-event.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import { atShipping, daysLeft, expiryDistances, limitDistances, withinLimit } from '../rules/token-warning.ts';
import type { Tables } from '../store/store.ts';
import type { CompanyToTell, Reachable } from '../store/told-token.ts';
import { whoNeedsToken } from './needs-token.ts';
import { limitOf, oweExpiry, oweLimit } from './owe-token-warning.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

const batch = 100;
const day = 86_400_000;

/** Owes the mails that are due now, of at most `batches` batches of people. How many were owed. */
export async function warnOfTokens(tools: Tools, act: Act, batches = 50): Promise<number> {
  return (await warnOfExpiry(tools, act, batches)) + (await warnOfLimits(tools, act, batches));
}

async function warnOfExpiry(tools: Tools, act: Act, batches: number): Promise<number> {
  const days = expiryDistances(tools.policy.tokenExpiry.warnBefore);
  let owed = 0;
  await inTurns(batches, async (after) => {
    const asked = { now: act.now, soon: { days, day }, companyId: null, after, most: batch };
    const people = await tools.store.toldToken.expiring(asked);
    for (const one of people)
      owed += await tools.store.transaction(async (tables) => Number(await oweExpiry(tools, tables, act, one, null)));
    return people;
  });
  return owed;
}

async function warnOfLimits(tools: Tools, act: Act, batches: number): Promise<number> {
  const { grace } = tools.policy;
  // A limit's distances are counted from the beginning of its day, and the limit is the end of it.
  const near = { from: act.now - day, until: act.now + (Math.max(...limitDistances) + 1) * day };
  let owed = 0;
  await inTurns(batches, async (after) => {
    const companies = await tools.store.toldToken.companiesNear({ ...near, grace, after, most: batch });
    for (const company of companies) {
      const limit = limitOf(tools, company);
      const untold = limit === null ? undefined : withinLimit(limit, act.now).at(-1);
      if (limit === null || untold === undefined) continue;
      await eachUnregistered(tools, company, { limit, untold }, batches, async (one) => {
        owed += await tools.store.transaction(async (tables) =>
          Number(await oweLimit(tools, tables, act, company, one, untold)),
        );
      });
    }
    return companies;
  });
  return owed;
}

/**
 * MAI023 with the token itself, in the shipping's own transaction: to everybody of the company who has none yet and is to
 * register one. Nobody gets it twice for one limit, and none of the sweep's at the same moment. How many were owed.
 */
export async function warnAtShipping(tools: Tools, tables: Tables, act: Act, companyId: string): Promise<number> {
  const company = await tables.toldToken.company(companyId);
  const limit = company && limitOf(tools, company);
  if (!company || limit === null || act.now >= limit) return 0;
  let owed = 0;
  await inTurns(Infinity, async (after) => {
    const asked = { companyId, limit, untold: atShipping, needing: whoNeedsToken(tools, company), after, most: batch };
    const people = await tables.toldToken.unregistered(asked);
    for (const one of people) owed += Number(await oweLimit(tools, tables, act, company, one, atShipping, 'desk'));
    return people;
  });
  return owed;
}

/** Whom a reminder by hand concerns: holders of a company's key-fobs (all, or these) that expire, or who has registered none. */
export type Reminder =
  | { readonly about: 'expiry'; readonly companyId: string; readonly serials: readonly string[] | null }
  | { readonly about: 'limit'; readonly companyId: string };

/**
 * Sends what the sweep would send, at once and whatever was told before; but to nobody twice on one day. Whether the actor may
 * (`remind`) is asked before.
 * @returns how many mails were owed; the company's record says so too
 */
export async function remind(tools: Tools, act: Act, actor: AuditActor, reminder: Reminder): Promise<number> {
  const { about, companyId } = reminder;
  return tools.store.transaction(async (tables) => {
    const owed = about === 'expiry' ? await remindHolders(tools, tables, act, reminder) : await remindOthers();
    await writeRecord(tables, act, {
      event: 'token.reminded',
      companyId,
      accountId: null,
      actor,
      data: { about, count: owed },
    });
    return owed;

    async function remindOthers(): Promise<number> {
      const company = await tables.toldToken.company(companyId);
      const limit = company && limitOf(tools, company);
      if (!company || limit === null || act.now >= limit) return 0;
      let told = 0;
      await inTurns(Infinity, async (after) => {
        const asked = { companyId, limit, untold: null, needing: whoNeedsToken(tools, company), after, most: batch };
        const people = await tables.toldToken.unregistered(asked);
        for (const one of people)
          told += Number(await oweLimit(tools, tables, act, company, one, daysLeft(limit, act.now), 'desk'));
        return people;
      });
      return told;
    }
  });
}

async function remindHolders(
  tools: Tools,
  tables: Tables,
  act: Act,
  { companyId, serials }: Extract<Reminder, { readonly about: 'expiry' }>,
): Promise<number> {
  let told = 0;
  await inTurns(Infinity, async (after) => {
    const asked = { now: act.now, soon: null, companyId, serials, after, most: batch };
    const people = await tables.toldToken.expiring(asked);
    for (const one of people)
      told += Number(await oweExpiry(tools, tables, act, one, daysLeft(one.expiresAt, act.now), 'desk'));
    return people;
  });
  return told;
}

/** Works through people, or companies, in the order of their ids. */
async function inTurns(
  most: number,
  turn: (after: string) => Promise<readonly { readonly id: string }[]>,
): Promise<void> {
  let after = '';
  for (let n = 0; n < most; n += 1) {
    const done = await turn(after);
    const last = done.at(-1);
    if (last === undefined || done.length < batch) return;
    after = last.id;
  }
}

async function eachUnregistered(
  tools: Tools,
  company: CompanyToTell,
  about: { readonly limit: Instant; readonly untold: number },
  batches: number,
  work: (one: Reachable) => Promise<void>,
): Promise<void> {
  await inTurns(batches, async (after) => {
    const asked = { ...about, companyId: company.id, needing: whoNeedsToken(tools, company), after, most: batch };
    const people = await tools.store.toldToken.unregistered(asked);
    for (const one of people) await work(one);
    return people;
  });
}
