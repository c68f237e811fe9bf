// LGN005: what a portal with `consent: ask` would learn, agreed to once per portal and set of facts.
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import type { Person } from '../../store/account.ts';
import { consentFacts } from './look.ts';
import { prove } from './prove.ts';

export async function giveConsent(tools: Tools, act: Act, record: SignInRecord, person: Person): Promise<void> {
  await tools.store.transaction(async (tables) => {
    await tables.consent.give(person.account.id, record.request.clientId, consentFacts, act.now);
    await writeRecord(tables, act, {
      event: 'consent.given',
      companyId: person.account.companyId,
      accountId: person.account.id,
      actor: { kind: 'account', id: person.account.id },
      data: { portal: record.request.clientId, facts: consentFacts },
    });
  });
  await prove(tools, act, record, '16a', { consented: true });
}
