// The receipt of a login: what was proven, with what, and which rows decided; and the login record made from it.
import { acrAndAmr } from '../../rules/acr.ts';
import type { LoginRecord } from '../../rules/login.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Person } from '../../store/account.ts';
import type { LoginRow } from '../../store/login.ts';
import type { Receipt } from '../../store/schema.ts';
import type { Act, Tools } from '../tools.ts';
import type { MadeDevice } from './finish-device.ts';

export function receiptRow(
  tools: Tools,
  act: Act,
  record: SignInRecord,
  person: Person,
  linkId: string | null,
  device: MadeDevice | null,
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
    ...approvalOf(record),
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
    browser: record.browser,
    epoch: person.account.securityEpoch,
    startedAt: act.now,
    expiresAt: act.now + tools.policy.session.absolute,
  };
}

/** The approval that a record of this sign-in names; the whole of it stands under its own number. */
export function approvalOf({
  approved,
}: SignInRecord): { readonly approval: { readonly reference: string; readonly digest: string } } | null {
  return approved && { approval: { reference: approved.reference, digest: approved.digest } };
}

export function loginRecord(row: LoginRow, person: Person): LoginRecord {
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
    displayName: person.account.name,
    loginName: person.account.loginName,
  };
}
