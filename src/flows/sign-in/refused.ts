// The audit record of a sign-in that the table turned away: once for a refusal, under the reference number that its page shows
// and goes on showing. Only somebody who has proven who they are is written down; a stranger must not write at will.
import { sameTry } from '../../rules/same-try.ts';
import type { RefusedTry, SignInRecord } from '../../rules/sign-in-record.ts';
import type { AuditRecord } from '../../rules/audit-event.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import type { Look } from './look.ts';

/** Rows that ask nothing of the person: the service is closed, or this is no attempt (any more). */
const ofNobody: readonly string[] = ['1', '2'];

/** How many of a person's newest records are searched for the same refusal, written by another tab a moment ago. */
const searched = 20;

/**
 * Records a refusal of the table, or a wait, on the company's chain (spec §3). The same refusal of the same attempt is
 * recorded once: a reload, another language or another tab finds the first record. No record is written while no account is
 * known; the table then asks for one before it refuses anything (rows 3 to 6).
 * @returns the reference number of the page
 */
export async function recordRefusal(tools: Tools, act: Act, look: Look): Promise<string> {
  const { record, person, row, says } = look;
  const facts = record && person && refusalOf(look, record, person);
  if (!facts || ofNobody.includes(row)) return act.reference;
  const { refused } = record;
  if (refused && same(refused.facts, facts)) return refused.reference;

  const reference = await tools.store.transaction(async (tables) => {
    const { id, companyId } = person.account;
    // Two tabs that are refused at once: the second waits here, and finds what the first one wrote.
    await tables.account.lock(id);
    const before = await lastOf(tables, record, person);
    if (before && same(before.data, facts)) return before.reference;
    // A lost race was recorded when it was lost; both records are found under one number.
    const own = (row === '8' && record.lostRace?.reference) || act.reference;
    await writeRecord(
      tables,
      { ...act, reference: own },
      {
        event: 'sign-in.refused',
        companyId,
        accountId: id,
        actor: { kind: 'account', id },
        data: { attempt: record.id, portal: record.request.clientId, says, ...facts },
      },
    );
    return own;
  });
  await tools.attempts.change(record.id, (present) =>
    sameTry(record, present) ? { ...present, refused: { reference, facts } } : present,
  );
  return reference;
}

/** Null: the step is none that turns away. */
function refusalOf({ row, step }: Look, record: SignInRecord, person: Person): RefusedTry['facts'] | null {
  if (step.to !== 'refuse' && step.to !== 'waiting') return null;
  const { upstream } = record;
  return {
    row,
    word: step.to === 'waiting' ? 'waiting' : step.word,
    since: step.to === 'refuse' ? sinceOf(step.word, person) : null,
    until: step.to === 'waiting' ? step.until : null,
    account: person.account.id,
    route: record.route,
    link: record.linkId,
    issuer: upstream?.issuer ?? null,
    subject: upstream?.subject ?? null,
  };
}

/** A stop that was lifted and set again is another one. */
function sinceOf(word: string, { account, company }: Person): number | null {
  if (word === 'account-stopped') return account.stoppedAt;
  if (word === 'company-suspended') return company.suspendedAt;
  return word === 'otp-stopped' ? account.otpStoppedAt : null;
}

const same = (told: Readonly<Record<string, unknown>>, facts: RefusedTry['facts']): boolean =>
  Object.entries(facts).every(([name, value]) => told[name] === value);

/** The last refusal of this attempt that was recorded of this person. */
async function lastOf(tables: Tables, { id }: SignInRecord, { account }: Person): Promise<AuditRecord | undefined> {
  const bodies = await tables.audit.list({ chain: account.companyId, accountId: account.id }, searched);
  return bodies
    .map((body): AuditRecord => JSON.parse(body))
    .find(({ event, data }) => event === 'sign-in.refused' && data['attempt'] === id);
}
