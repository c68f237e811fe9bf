// Row 17: finishing is one SQL transaction – link, device row, receipt, counters, audit, mails – that looks at the table
// once more; login and device secret go to Redis after it. A killed process leaves the whole of it, or nothing.
import { acrAndAmr } from '../../rules/acr.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { cookieOf, deviceOf, keepDevice, nameSuccessor, type DeviceCookie, type MadeDevice } from './finish-device.ts';
import { linkOf, lostRace, type LostRace } from './finish-link.ts';
import { lookAt } from './look.ts';
import { anyhow, prove } from './prove.ts';
import { approvalOf, loginRecord, receiptRow } from './receipt.ts';

export type Finished =
  | { readonly verdict: 'finished'; readonly login: LoginRecord; readonly cookie: DeviceCookie | null }
  /** The table says something else now, or a race was lost: the dispatcher is asked again. */
  | { readonly verdict: 'look-again' }
  /** Finished before, as somebody else; or the login that was to be raised has ended. Nothing of this attempt goes on. */
  | { readonly verdict: 'over' };

/** How long a finished attempt is remembered for a browser that lost the answer and asks again. Milliseconds. */
const answerLost = 120_000;

interface Made {
  readonly login: LoginRecord;
  readonly device: MadeDevice | null;
}

/**
 * Finishes an attempt for which the table said so.
 * @param presented the value of this browser's device cookie for a link
 */
export async function finish(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  presented: (linkId: string) => string | null,
): Promise<Finished> {
  // What is about to be kept was proven for the attempt as it was read; the answer comes while the rows are locked.
  const stands = tools.attempts.stands(record.id);
  stands.catch(() => {});
  // Before the row's generation rises: a tab that comes in between must find that its value has a successor.
  const [successor] = await Promise.all([nameSuccessor(tools, record, presented), record.device && stands]);
  const made = await tools.store.transaction((tables) => keep(tools, tables, act, record, stands));
  if (made === null) return { verdict: 'look-again' };
  if ('over' in made) return { verdict: 'over' };
  if ('lost' in made) {
    await prove(tools, act, record, '17', { lostRace: { word: made.lost, reference: act.reference } });
    return { verdict: 'look-again' };
  }
  if ('deviceGone' in made) {
    await prove(tools, act, record, '17', { device: null, deviceEnded: 'ended' });
    return { verdict: 'look-again' };
  }
  const cookie = await cookieOf(tools, made, successor);
  await tools.logins.put(made.login);
  const ending = { finished: { loginId: made.login.id }, expiresAt: Math.min(record.expiresAt, act.now + answerLost) };
  await prove(tools, act, record, '17', ending, anyhow);
  return { verdict: 'finished', login: made.login, cookie };
}

async function keep(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  stands: Promise<boolean>,
): Promise<Made | LostRace | { readonly deviceGone: true } | { readonly over: true } | null> {
  const { account, linkId: through, device: presented } = record;
  if (!account) return null;
  // Asked for together, answered one after the other: the rows are locked in the order of all (account, link, device), and
  // what is read after a lock is what stands then.
  const [, link, row, before, repeated] = await Promise.all([
    tables.account.lock(account.id),
    through === null ? null : tables.link.lock(through),
    presented && tables.device.lock(presented.deviceId),
    tables.account.person(account.id),
    tables.login.ofAttempt(record.id),
  ]);
  const read = { ...(link ? { link } : {}), ...(before ? { person: before } : {}) };
  const again = await lookAt(tools, tables, record, act.now, read);
  const { person } = again;
  if (!(await stands)) return null;
  // Another Business Direct ID got this account while it waited for the row.
  if (person && again.row === '8' && again.facts.pair === 'link-limit')
    return lostRace(tables, act, record, person, 'link-limit');
  if (again.step.to !== 'finish' || !person) return null;
  // Finished as somebody else by another tab, a moment ago.
  if (repeated && repeated.accountId !== person.account.id) return { over: true };
  if (repeated) return { login: loginRecord(repeated, person), device: null };
  if (record.inherited && record.live) {
    const login = await stepUp(tools, tables, act, record, person);
    return login ? { login, device: null } : { over: true };
  }

  const linkId = await linkOf(tools, tables, act, record, person);
  if (linkId !== null && typeof linkId === 'object') return linkId;
  const device = deviceOf(tools, act, record, person, { linkId, row });
  if (device === 'gone') return { deviceGone: true };

  const receipt = receiptRow(tools, act, record, person, linkId, device);
  const [, , surplus] = await Promise.all([
    keepDevice(tables, act, person, linkId, device),
    tables.login.add(receipt),
    surplusLogins(tools, tables, act, record, receipt),
    linkId !== null && linkId === through ? tables.link.used(linkId, act.now) : null,
  ]);
  const left = await endLogins(tools, tables, act, { ids: surplus }, 'too-many');
  if (device?.kind === 'new')
    await oweMail(tools, tables, act, person.account, 'device-remembered', {
      label: act.agent,
      until: device.expiresAt,
    });
  if (surplus.length > 0)
    await writeRecord(tables, act, {
      event: 'session.ended',
      companyId: receipt.companyId,
      accountId: receipt.accountId,
      actor: { kind: 'system', id: null },
      data: { logins: surplus, by: receipt.id, why: 'too-many', portals: left },
    });
  await writeRecord(tables, act, {
    event: 'login.finished',
    companyId: receipt.companyId,
    accountId: receipt.accountId,
    actor: { kind: 'account', id: receipt.accountId },
    data: {
      login: receipt.id,
      link: linkId,
      portal: receipt.clientId,
      row: again.row,
      says: again.says,
      receipt: receipt.receipt,
      ...approvalOf(record),
    },
  });
  return {
    login: loginRecord({ ...receipt, replacedBy: null, endedAt: null, endedWhy: null }, person),
    device,
  };
}

/** The same person's earlier login of this browser is replaced; a sixth ends the oldest. Another person's session ends with the provider's. */
async function surplusLogins(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  row: { readonly id: string; readonly accountId: string },
): Promise<readonly string[]> {
  const { live } = record;
  const [, surplus] = await Promise.all([
    live && live.accountId === row.accountId ? tables.login.replace(live.loginId, row.id) : null,
    tables.login.surplus(row.accountId, tools.policy.session.perAccount, act.now),
  ]);
  return surplus;
}

/** A step-up keeps its login, its auth_time and its session; what was proven is added to it (spec §3). */
async function stepUp(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  person: Person,
): Promise<LoginRecord | null> {
  const row = record.live && (await tables.login.find(record.live.loginId));
  if (!row) throw new Error('a live login without its receipt');
  // Signed out in another tab while the code was typed here.
  if (row.endedAt !== null) return null;
  const live = (await tools.logins.find(row.id)) ?? loginRecord(row, person);
  // Another tab may have raised it meanwhile: what was proven there stays.
  const otp = record.otp ?? live.otp;
  const { acr, amr } = acrAndAmr({ route: row.route, otp, passwordProven: record.passwordAt !== null });
  await writeRecord(tables, act, {
    event: 'login.stepped-up',
    companyId: row.companyId,
    accountId: row.accountId,
    actor: { kind: 'account', id: row.accountId },
    data: { login: row.id, portal: record.request.clientId, otp, acr, rows: record.log, ...approvalOf(record) },
  });
  return { ...live, otp, acr, amr };
}
