// `renkei tokens stock`: how many key-fobs stand where, of the bank or of one company, as the desk's page counts them (HDK040); and
// of a company what it applied for, its limit for registering and the free tokens of its contract.
import type { CompanyRow } from '../flows/stock/application.ts';
import type { Act, Tools } from '../flows/tools.ts';
import { graceEndsAt } from '../rules/grace.ts';
import { japanIso } from '../rules/japan-time.ts';
import { withKeyFobs } from '../rules/otp-application.ts';
import { freeLeft, stockStates } from '../rules/token-stock.ts';
import type { CommandAnswer } from './commands.ts';

/** @param contractNumber '': of the bank */
export async function tokenStock(tools: Tools, act: Act, contractNumber: string): Promise<CommandAnswer> {
  const { store, policy } = tools;
  const { warnBefore } = policy.tokenExpiry;
  const company = contractNumber === '' ? null : await store.company.byContract(contractNumber);
  if (contractNumber !== '' && company === null)
    return {
      ok: false,
      json: { ok: false, error: 'unknown_contract', contract_number: contractNumber },
      text: `No company has the contract number ${contractNumber}.`,
    };
  const counts = company
    ? await store.tokensOfCompany.counts(company.id, act.now, warnBefore)
    : await store.tokenCounts.byState(act.now, warnBefore);
  const states = stockStates.map((state) => [state, counts[state]] as const);
  const total = states.reduce((sum, [, n]) => sum + n, 0);
  const of = company && (await factsOf(tools, company));
  return {
    ok: true,
    json: { ok: true, ...of, states: Object.fromEntries(states), total },
    text: [
      ...(of === null ? [] : Object.entries(of).map(([name, value]) => `${name}  ${value ?? '-'}`)),
      ...states.map(([state, n]) => `${state}  ${n}`),
      `total  ${total}`,
    ].join('\n'),
  };
}

async function factsOf({ store, policy }: Tools, company: CompanyRow) {
  const limit = withKeyFobs(company.otpApplication) ? graceEndsAt(company, policy.grace) : null;
  return {
    contract_number: company.contractNumber,
    application: company.otpApplication,
    applied: company.otpAppliedAt === null ? null : japanIso(company.otpAppliedAt),
    arrived: company.tokenArrivedAt === null ? null : japanIso(company.tokenArrivedAt),
    registration_limit: limit === null ? null : japanIso(limit),
    free_left: freeLeft(await store.tokenOrder.freeUsed(company.id), policy.fees),
  };
}
