// `renkei company suspend|resume CONTRACT_NUMBER`: the bank suspends a company's use, and resumes it.
import { normalise } from '../rules/normalise.ts';
import { resumeCompany, suspendCompany } from '../flows/suspend-company.ts';
import type { Act, Tools } from '../flows/tools.ts';
import type { CommandAnswer } from './commands.ts';

const actor = { kind: 'operator', id: 'command-line' } as const;

const failed = (error: string, text: string): CommandAnswer => ({ ok: false, json: { ok: false, error }, text });

/** @param args suspend or resume, and the contract number */
export async function companyCommand(
  tools: Tools,
  act: Act,
  [what = '', contract = '']: readonly string[],
): Promise<CommandAnswer> {
  if (what !== 'suspend' && what !== 'resume')
    return failed('unknown_command', 'Use: company suspend CONTRACT_NUMBER, or company resume CONTRACT_NUMBER');
  const number = normalise(contract);
  const company = await tools.store.company.byContract(number);
  if (!company) return failed('unknown_contract', `No company has the contract number ${number}.`);
  const about = { ok: true, contract_number: number, reference: act.reference };
  const asked = { companyId: company.id, actor };
  if (what === 'resume') {
    if (!(await resumeCompany(tools, act, asked))) return failed('not_suspended', `${number} is not suspended.`);
    return { ok: true, json: { ...about, suspended: false }, text: `Resumed ${number}. Everybody signs in anew.` };
  }
  const done = await suspendCompany(tools, act, asked);
  if (!done) return failed('suspended_before', `${number} was suspended before.`);
  return {
    ok: true,
    json: { ...about, suspended: true, people: done.people, devices_ended: done.devices, portals_told: done.portals },
    text: `Suspended ${number}: ${done.people} people; ${done.devices} remembered devices ended.`,
  };
}
