// A spray: strangers try a few passwords on many people of one company. Past a number of people it raises one alarm to the
// company's master and the desk; nobody is stopped by it (spec §2).
import type { Tables } from '../store/store.ts';
import { oweMail } from './mail.ts';
import { writeRecord } from './record.ts';
import type { Act, Tools } from './tools.ts';

/** Notes a miss; null: an ID that nobody has, or no stranger's. The store is asked the same for each. */
export async function noteMiss(
  tools: Tools,
  act: Act,
  whom: { readonly id: string; readonly companyId: string } | null,
): Promise<void> {
  const { people: limit, window } = tools.policy.spray;
  const { people, since } = await tools.sprays.missed(whom, window, act.now);
  if (whom === null || people < limit) return;
  await tools.after(() => raiseSpray(tools, act, whom.companyId, { people, since }));
}

/** One alarm at a time: the company's row is locked while it is looked for. */
async function raiseSpray(
  tools: Tools,
  act: Act,
  companyId: string,
  { people, since }: { readonly people: number; readonly since: number },
): Promise<void> {
  await tools.store.transaction(async (tables) => {
    await tables.company.lock(companyId);
    if (await tables.alarm.standing(companyId, act.now)) return;
    const until = act.now + tools.policy.spray.quiet;
    const data = { people };
    await tables.alarm.add({
      id: tools.secrets.id(),
      companyId,
      kind: 'spray',
      since,
      toldAt: act.now,
      until,
      data,
    });
    await tell(tools, tables, act, companyId, { from: since, count: people });
    const record = { event: 'alarm.spray', accountId: null, actor: { kind: 'system', id: null } } as const;
    await writeRecord(tables, act, { ...record, companyId, data: { ...data, since, until } });
    await writeRecord(tables, act, { ...record, companyId: null, data: { ...data, since, until, company: companyId } });
  });
}

async function tell(
  tools: Tools,
  tables: Tables,
  act: Act,
  companyId: string,
  facts: { readonly from: number; readonly count: number },
): Promise<void> {
  for (const account of await tables.company.administrators(companyId))
    if (account.role === 'master' && account.stoppedAt === null)
      await oweMail(tools, tables, act, account, 'spray', facts, 'system');
  if (tools.deskMail === null) return;
  const company = await tables.company.find(companyId);
  const desk = { id: '', companyId, name: company?.name ?? '', email: null, emailProvenAt: null, language: null };
  await oweMail(tools, tables, act, desk, 'spray', facts, 'system', tools.deskMail);
}
