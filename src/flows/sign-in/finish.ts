// Row 17: finishing is one SQL transaction – link, device row, receipt, counters, audit, mails – that looks at the table
// once more; login and device secret go to Redis after it. A killed process leaves the whole of it, or nothing.
import { acrAndAmr } from '../../rules/acr.ts';
import { afterUse, cookieAfterUse, judgeDevice, mayOfferDevice, newDevice } from '../../rules/device.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { LoginRow } from '../../store/login.ts';
import type { Receipt } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { endLogins } from '../logout.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';
import { lookAt } from './look.ts';
import { prove } from './prove.ts';

/** A device cookie to set: its link names the cookie. */
export interface DeviceCookie {
  readonly linkId: string;
  readonly value: string;
  readonly expiresAt: number;
}

export type Finished =
  | { readonly verdict: 'finished'; readonly login: LoginRecord; readonly cookie: DeviceCookie | null }
  /** The table says something else now, or a race was lost: the dispatcher is asked again. */
  | { readonly verdict: 'look-again' };

interface Made {
  readonly login: LoginRecord;
  readonly device: { readonly kind: 'new' | 'used'; readonly id: string; readonly generation: number; readonly expiresAt: number; readonly cookie: 'new' | 'successor' | 'keep' } | null;
}

/**
 * Finishes an attempt for which the table said so.
 * @param presented the value of this browser's device cookie for a link
 */
export async function finish(tools: Tools, act: Act, record: SignInRecord, presented: (linkId: string) => string | null): Promise<Finished> {
  const made = await tools.store.transaction((tables) => keep(tools, tables, act, record));
  if (made === null) return { verdict: 'look-again' };
  if ('lost' in made) {
    await prove(tools, act, record, '17', { lostRace: { word: made.lost, reference: act.reference } });
    return { verdict: 'look-again' };
  }
  if ('deviceGone' in made) {
    await prove(tools, act, record, '17', { device: null, deviceEnded: 'ended' });
    return { verdict: 'look-again' };
  }
  const cookie = await deviceCookie(tools, made, record, presented);
  await tools.logins.put(made.login);
  await prove(tools, act, record, '17', { finished: { loginId: made.login.id } });
  return { verdict: 'finished', login: made.login, cookie };
}

async function keep(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
): Promise<Made | { readonly lost: 'link-taken' | 'link-limit' } | { readonly deviceGone: true } | null> {
  if (!record.account) return null;
  await tables.account.lock(record.account.id);
  const again = await lookAt(tools, tables, record, act.now);
  const { person } = again;
  if (again.step.to !== 'finish' || !person) return null;
  const repeated = await tables.login.ofAttempt(record.id);
  if (repeated) return { login: loginRecord(repeated, person), device: null };
  if (record.inherited && record.live) return { login: await stepUp(tools, tables, act, record, person), device: null };

  const linkId = await linkOf(tools, tables, act, record, person);
  if (linkId !== null && typeof linkId === 'object') return linkId;
  const device = await deviceOf(tools, tables, act, record, person, linkId);
  if (device === 'gone') return { deviceGone: true };

  const row = receiptRow(tools, act, record, person, linkId, device);
  await tables.login.add(row);
  await endOthers(tools, tables, act, record, row);
  if (device?.kind === 'new') await oweMail(tools, tables, act, person.account, 'device-remembered', { label: act.agent, until: device.expiresAt });
  await writeRecord(tables, act, {
    event: 'login.finished',
    companyId: row.companyId,
    accountId: row.accountId,
    actor: { kind: 'account', id: row.accountId },
    data: { login: row.id, link: linkId, portal: row.clientId, row: again.row, says: again.says, receipt: row.receipt },
  });
  return { login: loginRecord({ ...row, replacedBy: null, endedAt: null, endedWhy: null }, person), device };
}

/** The link this login comes through: the live one, used now; or a new one, if nobody was faster. */
async function linkOf(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  person: Person,
): Promise<string | null | { readonly lost: 'link-taken' | 'link-limit' }> {
  const { upstream, linkId } = record;
  if (linkId !== null) {
    await tables.link.lock(linkId);
    await tables.link.used(linkId, act.now);
    return linkId;
  }
  if (record.route !== 'federated' || !upstream) return null;
  // The same pair again: the first-link check was only renewed after a long rest.
  const own = (await tables.link.ofAccount(person.account.id)).find((link) => link.issuer === upstream.issuer && link.subject === upstream.subject);
  if (own) {
    await tables.link.used(own.id, act.now);
    return own.id;
  }
  const { issuer, subject, display } = upstream;
  const { id: accountId, companyId, loginName } = person.account;
  const id = tools.secrets.id();
  const added = await tables.link.add({ id, accountId, companyId, issuer, subject, display, madeAt: act.now, usedAt: act.now }, tools.policy.link.linksPerAccount);
  const about = { companyId, accountId, actor: { kind: 'account', id: accountId } as const };
  if (added !== 'made') {
    await writeRecord(tables, act, { ...about, event: 'link.refused', data: { issuer, subject, why: added } });
    return { lost: added };
  }
  await oweMail(tools, tables, act, person.account, 'link-made', { display, loginName });
  await writeRecord(tables, act, { ...about, event: 'link.made', data: { link: id, issuer, subject, display } });
  return id;
}

/** The device that stood for the OTP, judged once more under its lock; or the one this login makes. */
async function deviceOf(
  tools: Tools,
  tables: Tables,
  act: Act,
  record: SignInRecord,
  person: Person,
  linkId: string | null,
): Promise<Made['device'] | 'gone'> {
  const { policy, secrets } = tools;
  if (linkId === null) return null;
  if (record.device) {
    const { deviceId, generation, secretHash } = record.device;
    const row = await tables.device.lock(deviceId);
    const secret = await tools.deviceSecrets.find(secretHash);
    const verdict = judgeDevice({
      row,
      secret: secret && { ...secret, hasSuccessor: secret.successor !== null },
      linkId,
      epoch: person.account.securityEpoch,
      policy: policy.device,
      now: act.now,
    });
    if (verdict !== 'good' || !row) return 'gone';
    await tables.device.change(deviceId, afterUse(row, generation, policy.device, act.now));
    return { kind: 'used', id: deviceId, generation, expiresAt: row.expiresAt, cookie: cookieAfterUse(row, generation) };
  }
  const offered = mayOfferDevice({
    route: 'federated',
    allowedByBank: policy.device.allowed,
    allowedByCompany: person.company.rememberAllowed,
    otpDemanded: record.request.otpDemanded,
    reauthenticate: record.request.reauthenticate,
  });
  if (!record.remember || record.otp?.by !== 'code' || !offered) return null;
  const id = secrets.id();
  const fresh = newDevice(policy.device, act.now);
  const { generation, usedAt, expiresAt } = fresh;
  await tables.device.add({ id, linkId, accountId: person.account.id, label: act.agent, createdAt: act.now, usedAt, expiresAt, epoch: person.account.securityEpoch, generation });
  return { kind: 'new', id, generation, expiresAt, cookie: 'new' };
}

function receiptRow(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  linkId: string | null,
  device: Made['device'],
): Omit<LoginRow, 'replacedBy' | 'endedAt' | 'endedWhy'> {
  const route = record.route ?? 'direct';
  const { acr, amr } = acrAndAmr({ route, otp: record.otp, passwordProven: record.passwordAt !== null });
  const { upstream } = record;
  const authTime = route === 'federated' ? (upstream?.authTime ?? act.now) : (record.passwordAt ?? act.now);
  const receipt: Receipt = {
    upstream: upstream && { issuer: upstream.issuer, subject: upstream.subject, display: upstream.display },
    passwordAt: record.passwordAt,
    otp: record.otp,
    otpAnswer: record.otp ? 'asked' : device?.kind === 'used' ? 'skipped-by-device' : 'not-asked',
    rememberedHere: device?.kind === 'new',
    acr,
    amr,
    authTime,
    policyVersion: tools.policy.version,
    rows: record.log,
    browser: act.agent,
    reference: act.reference,
  };
  return {
    id: tools.secrets.id(),
    attemptId: record.id,
    accountId: person.account.id,
    companyId: person.account.companyId,
    linkId,
    route,
    clientId: record.request.clientId,
    receipt,
    deviceId: device?.id ?? null,
    epoch: person.account.securityEpoch,
    startedAt: act.now,
    expiresAt: act.now + tools.policy.session.absolute,
  };
}

/** The same person's earlier login of this browser is replaced; a sixth ends the oldest. Another person's session ends with the provider's. */
async function endOthers(tools: Tools, tables: Tables, act: Act, record: SignInRecord, row: { readonly id: string; readonly accountId: string }): Promise<void> {
  const { live } = record;
  if (live && live.accountId === row.accountId) await tables.login.replace(live.loginId, row.id);
  const surplus = await tables.login.surplus(row.accountId, tools.policy.session.perAccount, act.now);
  await endLogins(tools, tables, act, { ids: surplus }, 'too-many');
}

/** A step-up keeps its login, its auth_time and its session; what was proven is added to it (spec §3). */
async function stepUp(tools: Tools, tables: Tables, act: Act, record: SignInRecord, person: Person): Promise<LoginRecord> {
  const row = record.live && (await tables.login.find(record.live.loginId));
  if (!row) throw new Error('a live login without its receipt');
  const { acr, amr } = acrAndAmr({ route: row.route, otp: record.otp, passwordProven: record.passwordAt !== null });
  await writeRecord(tables, act, {
    event: 'login.stepped-up',
    companyId: row.companyId,
    accountId: row.accountId,
    actor: { kind: 'account', id: row.accountId },
    data: { login: row.id, portal: record.request.clientId, otp: record.otp, acr, rows: record.log },
  });
  const live = (await tools.logins.find(row.id)) ?? loginRecord(row, person);
  return { ...live, otp: record.otp, acr, amr };
}

function loginRecord(row: LoginRow, person: Person): LoginRecord {
  const { receipt } = row;
  return {
    id: row.id,
    accountId: row.accountId,
    companyId: row.companyId,
    epoch: row.epoch,
    linkId: row.linkId,
    route: row.route,
    passwordAt: receipt.passwordAt,
    otp: receipt.otp,
    deviceId: row.deviceId,
    acr: receipt.acr,
    amr: receipt.amr,
    authTime: receipt.authTime,
    startedAt: row.startedAt,
    expiresAt: row.expiresAt,
    sessionUid: null,
    displayName: person.account.name,
    loginName: person.account.loginName,
  };
}

/** Redis's half of a device, after the row committed; and the cookie that carries its value. */
async function deviceCookie(
  tools: Tools,
  { login, device }: Made,
  record: SignInRecord,
  presented: (linkId: string) => string | null,
): Promise<DeviceCookie | null> {
  if (!device || device.cookie === 'keep' || login.linkId === null) return null;
  const { secrets, deviceSecrets } = tools;
  const fresh = secrets.value();
  const rest = { deviceId: device.id, linkId: login.linkId, accountId: login.accountId, epoch: login.epoch, successor: null, expiresAt: device.expiresAt };
  if (device.kind === 'new') {
    await deviceSecrets.add(secrets.digest(fresh), { ...rest, generation: device.generation });
    return { linkId: login.linkId, value: fresh, expiresAt: device.expiresAt };
  }
  const old = presented(login.linkId);
  if (old === null || !record.device || secrets.digest(old) !== record.device.secretHash) return null;
  // Tabs that finish together agree on one successor; only who holds the old value can read it.
  const sealed = await deviceSecrets.succeed(record.device.secretHash, secrets.sealUnder(old, fresh));
  if (sealed === null) return null;
  const value = secrets.openUnder(old, sealed);
  await deviceSecrets.add(secrets.digest(value), { ...rest, generation: device.generation + 1 });
  return { linkId: login.linkId, value, expiresAt: device.expiresAt };
}
