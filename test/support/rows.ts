// Rows of people and what belongs to them, each with an id of its own, so that tests may share one database. A test names
// what matters to it; the rest is an ordinary person's.
import { randomBytes } from 'node:crypto';
import type { AccountRow, CompanyRow, CredentialRow } from '../../src/store/account.ts';
import type { DeviceRow } from '../../src/store/device.ts';
import type { LinkRow } from '../../src/store/link.ts';
import type { LoginRow } from '../../src/store/login.ts';
import type { Tables } from '../../src/store/store.ts';
import type { TokenRow } from '../../src/store/token.ts';

/** 2026-11-22 09:00 in Tokyo. */
export const start = Date.UTC(2026, 10, 22);
export const minute = 60_000;
export const day = 86_400_000;

export const newId = (): string => randomBytes(8).toString('hex');
/** Twelve digits that nobody else has. */
const newNumber = (): string => String(randomBytes(6).readUIntBE(0, 6) % 10 ** 12).padStart(12, '0');

export async function addCompany({ company }: Tables, patch: Partial<CompanyRow> = {}): Promise<CompanyRow> {
  const row: CompanyRow = {
    id: newId(),
    contractNumber: newNumber(),
    name: '株式会社みなと精機',
    otpApplication: 'both',
    otpAppliedAt: start - 400 * day,
    tokenArrivedAt: start - 390 * day,
    graceExtendedTo: null,
    graceExtendedAt: null,
    graceExtendedBy: null,
    sharingMode: 'some',
    rememberAllowed: true,
    otpAtLogin: false,
    hoursFrom: null,
    hoursTo: null,
    suspendedAt: null,
    createdAt: start - 500 * day,
    ...patch,
  };
  await company.add(row);
  return row;
}

export function credentialOf(
  accountId: string,
  kind: CredentialRow['kind'],
  patch: Partial<CredentialRow> = {},
): Omit<CredentialRow, 'history'> & { readonly history: readonly string[] } {
  return {
    accountId,
    kind,
    hash: `hash of ${kind}`,
    setAt: start - 10 * day,
    expiresAt: null,
    issued: false,
    issuedUntil: null,
    forced: false,
    misses: 0,
    locks: 0,
    lockedUntil: null,
    stoppedAt: null,
    announcedAt: null,
    history: [],
    ...patch,
  };
}

/** An account with both passwords. */
export async function addAccount(
  { account, credential }: Tables,
  companyId: string,
  patch: Partial<AccountRow> = {},
  passwords: {
    readonly login?: Partial<CredentialRow>;
    readonly confirmation?: Partial<CredentialRow> | null;
  } = {},
): Promise<AccountRow> {
  const id = newId();
  const row: AccountRow = {
    id,
    companyId,
    role: 'member',
    name: '渡辺 陽子',
    email: `${id}@example.jp`,
    emailProvenAt: start - 30 * day,
    emailChangedAt: start - 30 * day,
    loginName: `u${id}`,
    loginNameReserved: null,
    loginNameChosen: true,
    setUpAt: start - 30 * day,
    stoppedAt: null,
    otpMisses: 0,
    otpStoppedAt: null,
    waitsUntil: null,
    waitsFrom: null,
    tokenLostAt: null,
    issueAllowedAt: null,
    issueAllowedBy: null,
    securityEpoch: 1,
    epochSpares: null,
    epochSparesFrom: null,
    language: null,
    createdAt: start - 40 * day,
    deletedAt: null,
    viewsRecords: false,
    emailByOtherAt: null,
    emailByOther: null,
    passwordByOtherAt: null,
    passwordByOther: null,
    ...patch,
  };
  await account.add(row);
  await credential.put(credentialOf(row.id, 'login', passwords.login));
  if (passwords.confirmation !== null)
    await credential.put(credentialOf(row.id, 'confirmation', passwords.confirmation));
  return row;
}

export async function addLink(
  { link }: Tables,
  { id: accountId, companyId }: Pick<AccountRow, 'id' | 'companyId'>,
  patch: Partial<Omit<LinkRow, 'slot' | 'endedAt' | 'endedWhy'>> = {},
  slots = 1,
): Promise<string> {
  const row = {
    id: newId(),
    accountId,
    companyId,
    issuer: 'https://bd.example',
    subject: newId(),
    display: 'minato04',
    madeAt: start - 20 * day,
    usedAt: start - day,
    ...patch,
  };
  const made = await link.add(row, slots);
  if (made !== 'made') throw new Error(`the link was not made: ${made}`);
  return row.id;
}

export async function addDevice(
  { device }: Tables,
  accountId: string,
  linkId: string,
  patch: Partial<Omit<DeviceRow, 'seen' | 'endedAt' | 'endedWhy'>> = {},
): Promise<string> {
  const id = newId();
  await device.add({
    id,
    linkId,
    accountId,
    label: 'Windows の Chrome',
    createdAt: start - day,
    usedAt: start - day,
    expiresAt: start + 89 * day,
    epoch: 1,
    generation: 1,
    ...patch,
  });
  return patch.id ?? id;
}

export async function addLogin(
  { login }: Tables,
  { id: accountId, companyId }: Pick<AccountRow, 'id' | 'companyId'>,
  patch: Partial<Omit<LoginRow, 'replacedBy' | 'endedAt' | 'endedWhy'>> = {},
): Promise<string> {
  const id = newId();
  await login.add({
    id,
    attemptId: newId(),
    accountId,
    companyId,
    linkId: null,
    route: patch.linkId ? 'federated' : 'direct',
    clientId: 'demo-portal',
    receipt: {
      upstream: null,
      passwordAt: start,
      otp: null,
      otpAnswer: 'not-asked',
      rememberedHere: false,
      acr: 'urn:renkei:acr:password',
      amr: ['pwd'],
      authTime: start,
      policyVersion: 'test',
      rows: [{ row: '17', at: start }],
      browser: 'Windows の Chrome',
      reference: 'R-0000-0000',
    },
    deviceId: null,
    browser: null,
    epoch: 1,
    startedAt: start,
    expiresAt: start + 10 * 60 * minute,
    ...patch,
  });
  return patch.id ?? id;
}

export async function addToken(
  { token }: Tables,
  companyId: string | null,
  patch: Partial<TokenRow> = {},
): Promise<TokenRow> {
  const row: TokenRow = {
    id: newId(),
    companyId,
    kind: 'hardware',
    serial: newNumber(),
    secret: 'sealed',
    algorithm: 'SHA1',
    digits: 6,
    period: 60,
    drift: 0,
    lastStep: null,
    lastStepBy: null,
    expiresAt: start + 1_000 * day,
    retiredAt: null,
    retiredWhy: null,
    importId: null,
    model: null,
    importedAt: null,
    orderId: null,
    fee: null,
    orderedAt: null,
    shippedAt: null,
    arrivedAt: null,
    firstRegisteredAt: null,
    successorTo: null,
    ...patch,
  };
  await token.add(row);
  return row;
}

export async function holdToken({ token }: Tables, tokenId: string, accountId: string): Promise<void> {
  await token.hold({ id: newId(), tokenId, accountId, registeredAt: start - 10 * day });
}

/** `count` at once. */
export function atOnce<T>(count: number, make: (index: number) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: count }, (_each, index) => make(index)));
}
