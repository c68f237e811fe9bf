// Warning of passwords that expire soon (MAI021), by a sweep that every process runs: each date and distance once, whoever
// comes first. In batches, so that a bank with many people is told in turns.
import { day, distances, warningsOf } from '../rules/expiry-warning.ts';
import type { ExpiryToTell } from '../store/told-expiry.ts';
import { oweMail } from './mail.ts';
import type { Act, Tools } from './tools.ts';

const batch = 100;

/** Owes the mails that are due now, of at most `batches` batches. How many were owed. */
export async function warnOfExpiries(tools: Tools, act: Act, batches = 50): Promise<number> {
  if (tools.policy.password.expiry === null) return 0;
  let owed = 0;
  for (let n = 0; n < batches; n += 1) {
    const people = await tools.store.toldExpiry.due(act.now, distances, day, batch);
    for (const person of people) owed += await warn(tools, act, person);
    if (people.length < batch) break;
  }
  return owed;
}

async function warn(tools: Tools, act: Act, person: ExpiryToTell): Promise<number> {
  return tools.store.transaction(async (tables) => {
    let owed = 0;
    for (const { which, expires, days, tells } of warningsOf(person, act.now)) {
      let first = false;
      for (const each of tells)
        for (const distance of each.distances)
          first = (await tables.toldExpiry.tell(person.accountId, each.expires, distance)) || first;
      if (!first) continue;
      await oweMail(
        tools,
        tables,
        act,
        { ...person, id: person.accountId },
        'password-expires',
        {
          which,
          expires,
          days,
        },
        'system',
      );
      owed += 1;
    }
    return owed;
  });
}
