// The people of the bench, put into the database before anything is measured: some with a token and a link, who come
// through Business Direct, and some of a company without one-time passwords, who come with login ID and password.
import { randomBytes } from 'node:crypto';
import type { Stores } from '../src/stores.ts';
import { codeAt, stepAt } from '../src/secrets/totp.ts';
import type { Tables } from '../src/store/store.ts';

export const password = 'Password1';

export interface Person {
  readonly loginId: string;
  readonly contractNumber: string;
  /** What their Business Direct calls them; linked already. */
  readonly subject: string;
  /** What their token shows now; each token is asked once within its period. Null without a token. */
  readonly code: () => string | null;
}

const day = 86_400_000;
const perCompany = 25;
const token = { algorithm: 'SHA1', digits: 6, period: 60 } as const;

interface Made {
  readonly stores: Stores;
  readonly issuer: string;
  readonly portal: string;
  readonly hash: string;
  readonly now: number;
}

/** Adds `count` people. @param issuer of the Business Direct they are linked with; null: they have neither link nor token */
export async function addPeople(
  stores: Stores,
  count: number,
  issuer: string | null,
  portal: string,
): Promise<readonly Person[]> {
  const hash = await stores.secrets.hasher.hash(password);
  const made: Made = { stores, issuer: issuer ?? '', portal, hash, now: Date.now() };
  const people: Person[] = [];
  const kind = issuer === null ? 'd' : 'f';
  while (people.length < count) {
    const size = Math.min(perCompany, count - people.length);
    const contractNumber = `${kind === 'd' ? 1 : 2}${String(people.length).padStart(9, '0')}`;
    await stores.store.transaction(async (tables) => {
      const companyId = await addCompany(made, tables, contractNumber, issuer !== null);
      for (let each = 0; each < size; each += 1) {
        const loginId = `${kind}${String(people.length).padStart(7, '0')}`;
        people.push(await addPerson(made, tables, { companyId, contractNumber, loginId, linked: issuer !== null }));
      }
    });
  }
  return people;
}

async function addCompany(
  { stores, now }: Made,
  tables: Tables,
  contractNumber: string,
  otp: boolean,
): Promise<string> {
  const id = stores.secrets.id();
  await tables.company.add({
    id,
    contractNumber,
    name: '株式会社みなと精機',
    otpApplication: otp ? 'both' : 'none',
    otpAppliedAt: otp ? now - 420 * day : null,
    tokenArrivedAt: otp ? now - 410 * day : null,
    graceExtendedTo: null,
    sharingMode: 'one_each',
    rememberAllowed: true,
    suspendedAt: null,
    createdAt: now,
  });
  return id;
}

async function addPerson(
  { stores, issuer, portal, hash, now }: Made,
  tables: Tables,
  who: {
    readonly companyId: string;
    readonly contractNumber: string;
    readonly loginId: string;
    readonly linked: boolean;
  },
): Promise<Person> {
  const { companyId, contractNumber, loginId, linked } = who;
  const id = stores.secrets.id();
  const subject = `bd-${loginId}`;
  await tables.account.add({
    id,
    companyId,
    role: 'member',
    name: '山田 花子',
    email: `${loginId}@example.jp`,
    emailProvenAt: now - 30 * day,
    emailChangedAt: now - 30 * day,
    loginName: loginId,
    loginNameReserved: null,
    loginNameChosen: true,
    setUpAt: now - 30 * day,
    stoppedAt: null,
    otpMisses: 0,
    otpStoppedAt: null,
    waitsUntil: null,
    securityEpoch: 1,
    epochSpares: null,
    epochSparesFrom: null,
    language: null,
    createdAt: now,
  });
  await tables.account.reserveLoginName(id, loginId, now);
  for (const kind of ['login', 'confirmation'] as const)
    await tables.credential.put({
      accountId: id,
      kind,
      hash,
      setAt: now,
      expiresAt: null,
      issued: false,
      issuedUntil: null,
      forced: false,
      misses: 0,
      locks: 0,
      lockedUntil: null,
      stoppedAt: null,
      announcedAt: now,
      history: [],
    });
  await tables.portalPermission.grant(id, [portal]);
  if (!linked) return { loginId, contractNumber, subject, code: () => null };

  const secret = randomBytes(20);
  const tokenId = stores.secrets.id();
  await tables.token.add({
    ...token,
    id: tokenId,
    companyId,
    kind: 'software',
    serial: null,
    secret: stores.secrets.sealTokenSecret(secret, tokenId),
    drift: 0,
    lastStep: null,
    lastStepBy: null,
    expiresAt: now + 1_000 * day,
    retiredAt: null,
  });
  await tables.token.hold({ id: stores.secrets.id(), tokenId, accountId: id, registeredAt: now - 30 * day });
  const at = now - 20 * day;
  await tables.link.add(
    { id: stores.secrets.id(), accountId: id, companyId, issuer, subject, display: loginId, madeAt: at, usedAt: at },
    1,
  );
  return {
    loginId,
    contractNumber,
    subject,
    code: () => codeAt({ ...token, secret }, stepAt(Date.now(), token.period)),
  };
}
