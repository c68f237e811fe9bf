// First-time setup (SET001–003): login ID reserved when accepted, then both passwords. The issued pair dies in the
// transaction that stores the new login password; until then it resumes the setup (spec §4).
import { judgeNewLoginId } from '../../rules/login-id.ts';
import { stampOf } from '../../rules/sign-in-facts.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import { epochHolds } from '../../rules/standing.ts';
import type { Person } from '../../store/account.ts';
import { judgeCandidate, storePassword } from '../new-password.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { advanced, refused, type Answer } from './answer.ts';
import { prove } from './prove.ts';

/** Setting up takes longer than a sign-in: the attempt lives an hour from its beginning (spec §3). */
const longer = (tools: Tools, record: SignInRecord): number => record.startedAt + tools.policy.attempt.setup;

export async function chooseLoginId(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  typed: string,
): Promise<Answer> {
  const judged = judgeNewLoginId(typed, tools.policy.loginId);
  if (!judged.ok)
    return refused('form', { field: 'new_login_id', key: judged.error, values: { ...tools.policy.loginId } });
  const { account } = person;
  const reserved = await tools.store.transaction(async (tables) => {
    const locked = await tables.account.lock(account.id);
    const stamp = stampOf(record);
    // Chosen by another tab or attempt while this one waited: no second ID is used up.
    if (!stamp || !epochHolds(stamp, locked) || locked.loginNameChosen || locked.loginNameReserved !== null)
      return true;
    if (!(await tables.account.reserveLoginName(account.id, judged.key, act.now))) return false;
    await tables.account.change(account.id, { loginNameReserved: judged.asTyped });
    await writeRecord(tables, act, {
      event: 'setup.login-id-chosen',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { loginId: judged.asTyped },
    });
    return true;
  });
  if (!reserved) return refused('form', { field: 'new_login_id', key: 'id.taken' });
  await prove(tools, act, record, '13', { expiresAt: longer(tools, record) });
  return advanced;
}

export async function choosePassword(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  form: { readonly candidate: string; readonly again: string },
): Promise<Answer> {
  const loginName = person.account.loginNameReserved ?? person.account.loginName;
  const errors = await judgeCandidate(tools, person, { kind: 'login', ...form, loginName, other: null });
  if (errors.length > 0) return refused('form', ...errors);
  const hash = await tools.secrets.hasher.hash(form.candidate);
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(person.account.id);
    const stamp = stampOf(record);
    if (!stamp || !epochHolds(stamp, account) || account.loginNameChosen) return;
    await tables.account.change(account.id, { loginName, loginNameChosen: true, loginNameReserved: null });
    await storePassword(tools, tables, act, account.id, 'login', hash, person.login);
    await tables.account.raiseEpoch(account.id, stamp);
    await writeRecord(tables, act, {
      event: 'setup.password-chosen',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data: { loginId: loginName },
    });
  });
  await prove(tools, act, record, '13', {
    expiresAt: longer(tools, record),
    banners: [{ key: 'setup.idset', values: { login_id: loginName } }],
  });
  return advanced;
}

export async function chooseConfirmationPassword(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  form: { readonly candidate: string; readonly again: string },
): Promise<Answer> {
  const errors = await judgeCandidate(tools, person, {
    kind: 'confirmation',
    ...form,
    loginName: person.account.loginName,
    other: null,
  });
  if (errors.length > 0) return refused('form', ...errors);
  const hash = await tools.secrets.hasher.hash(form.candidate);
  await tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(person.account.id);
    const stamp = stampOf(record);
    const before = (await tables.account.person(account.id))?.confirmation ?? null;
    if (!stamp || !epochHolds(stamp, account) || before !== null) return;
    await storePassword(tools, tables, act, account.id, 'confirmation', hash, null);
    await tables.account.raiseEpoch(account.id, stamp);
    await writeRecord(tables, act, {
      event: 'setup.confirmation-password-chosen',
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
    });
  });
  await prove(tools, act, record, '13', {
    expiresAt: longer(tools, record),
    banners: [{ key: 'setup.saved', values: { label: 'confirmation_password' } }],
  });
  return advanced;
}
