// The demo's companies and people, from config/demo/, made once on a database that the demo then marks as its own. States
// are relative to the first start (spec §12).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import {
  type DemoCompany,
  type DemoOperator,
  type DemoPerson,
  type DemoStock,
  type DemoToken,
  subjectOf,
} from './demo/people.ts';
import { addBankAccounts } from './seed-bank-accounts.ts';
import { addOperators } from './seed-operators.ts';
import { addTokens } from './seed-tokens.ts';
import type { Stores } from './stores.ts';
import type { Tables } from './store/store.ts';

const day = 86_400_000;
const year = 365 * day;
const sharing = { all: 'one_for_all', some: 'some', each: 'one_each' } as const;

/** The demo's people and tokens as the files name them; test/web/demo-people.test.ts holds their shape. */
export function demoFiles(root: string): {
  readonly people: readonly DemoPerson[];
  readonly companies: readonly DemoCompany[];
  readonly tokens: readonly DemoToken[];
  readonly stock: DemoStock;
  readonly operators: readonly DemoOperator[];
  /** Of passwords whose hash was computed before (`npm run demo:hashes`). */
  readonly hashes: Readonly<Record<string, string>>;
} {
  const text = (file: string): string => readFileSync(join(root, 'config/demo', file), 'utf8');
  const people: readonly DemoPerson[] = JSON.parse(text('people.json'));
  const companies: readonly DemoCompany[] = JSON.parse(text('companies.json'));
  const tokens: readonly DemoToken[] = JSON.parse(text('tokens.json'));
  const stock: DemoStock = JSON.parse(text('stock.json'));
  const operators: readonly DemoOperator[] = JSON.parse(text('operators.json'));
  const hashes: Readonly<Record<string, string>> = JSON.parse(text('hashes.json'));
  return { people, companies, tokens, stock, operators, hashes };
}

/** Every password of the demo, each once. */
export function demoPasswords({
  people,
  operators,
}: Pick<ReturnType<typeof demoFiles>, 'people' | 'operators'>): readonly string[] {
  const typed = [
    ...people.flatMap(({ password, confirmation_password: confirmation }) => [password, confirmation]),
    ...operators.map(({ password }) => password),
  ];
  return [...new Set(typed)].filter((secret) => secret !== null);
}

/** Fills an empty database and marks it as the demo's; does nothing when it is marked already. */
export async function seedDemo(config: Config, stores: Stores, root: string, now: number): Promise<void> {
  const { store, secrets } = stores;
  const known = await store.deployment.find();
  if (known) {
    if (!known.demo)
      throw new Error('This database was not made by the demo. Use `renkei serve`, or another database.');
    return;
  }
  const files = demoFiles(root);
  const { people, companies, operators } = files;
  const hashes = new Map<string, string>();
  for (const secret of demoPasswords(files)) {
    const known = files.hashes[secret];
    const good = known !== undefined && !secrets.hasher.needsRehash(known);
    hashes.set(secret, good ? known : await secrets.hasher.hash(secret));
  }
  await store.transaction(async (tables) => {
    const demoSecret = Buffer.from(config.secret()).toString('base64url');
    if (!(await tables.deployment.begin({ demo: true, createdAt: now, clockOffset: config.nowOffset, demoSecret })))
      return;
    const seed = {
      tables,
      stores,
      now,
      hashes,
      portals: config.portals.map((portal) => portal.client_id),
      expiry: config.policy.password.expiry,
    };
    const ids = new Map<string, string>();
    for (const company of companies) ids.set(company.contract_number, await addCompany(seed, company));
    const held = await addTokens({ tables, stores, now, fees: config.policy.fees }, files, ids);
    for (const person of people) await addPerson(seed, ids, held, person, config.upstreams[0]?.issuer ?? '');
    for (const company of companies)
      await addBankAccounts(tables, stores, ids.get(company.contract_number) ?? '', company);
    await addOperators({ tables, stores, now }, operators, hashes);
  });
}

interface Seed {
  readonly tables: Tables;
  readonly stores: Stores;
  readonly now: number;
  readonly hashes: ReadonlyMap<string, string>;
  readonly portals: readonly string[];
  readonly expiry: number | null;
}

async function addCompany({ tables, stores, now }: Seed, company: DemoCompany): Promise<string> {
  const id = stores.secrets.id();
  const ago = (days: number | null): number | null => (days === null ? null : now - days * day);
  await tables.company.add({
    id,
    contractNumber: company.contract_number,
    name: company.name,
    otpApplication: company.otp_application,
    otpAppliedAt: ago(company.otp_applied_days_ago),
    tokenArrivedAt: ago(company.token_arrived_days_ago),
    graceExtendedTo: null,
    sharingMode: sharing[company.sharing_mode],
    rememberAllowed: true,
    suspendedAt: company.suspended ? now : null,
    createdAt: now,
  });
  return id;
}

async function addPerson(
  seed: Seed,
  companies: ReadonlyMap<string, string>,
  held: ReadonlyMap<string, string>,
  person: DemoPerson,
  issuer: string,
): Promise<void> {
  const { tables, stores, now } = seed;
  const { state } = person;
  const companyId = companies.get(person.contract_number);
  if (companyId === undefined) throw new Error(`config/demo/people.json: no company ${person.contract_number}`);
  const id = stores.secrets.id();
  const fresh = state === 'new';
  await tables.account.add({
    id,
    companyId,
    role: person.role,
    name: person.name,
    email: fresh ? null : person.email,
    emailProvenAt: fresh ? null : now - 30 * day,
    emailChangedAt: fresh ? null : now - 30 * day,
    loginName: person.login_id,
    loginNameReserved: null,
    loginNameChosen: !fresh,
    setUpAt: fresh ? null : now - 30 * day,
    stoppedAt: state === 'account-stopped' ? now : null,
    otpMisses: state === 'otp-stopped' ? 5 : 0,
    otpStoppedAt: state === 'otp-stopped' ? now : null,
    waitsUntil: null,
    securityEpoch: 1,
    epochSpares: null,
    epochSparesFrom: null,
    language: null,
    createdAt: now,
  });
  await tables.account.reserveLoginName(id, person.login_id.toLowerCase(), now);
  await addPasswords(seed, id, person);
  if (state !== 'no-permission') await tables.portalPermission.grant(id, seed.portals);
  const tokenId = held.get(person.login_id);
  if (tokenId !== undefined && person.otp?.registered === true)
    await tables.token.hold({ id: stores.secrets.id(), tokenId, accountId: id, registeredAt: now - 30 * day });
  if (state === 'ready-linked' && person.business_direct) {
    const bd = person.business_direct.id;
    const at = now - 20 * day;
    await tables.link.add(
      {
        id: stores.secrets.id(),
        accountId: id,
        companyId,
        issuer,
        subject: subjectOf(bd),
        display: bd,
        madeAt: at,
        usedAt: at,
      },
      1,
    );
  }
}

async function addPasswords(
  { tables, now, hashes, expiry }: Seed,
  accountId: string,
  person: DemoPerson,
): Promise<void> {
  const { state } = person;
  const expiresAt = state === 'expired' ? now - day : expiry === null ? null : now + expiry;
  const none = {
    accountId,
    setAt: now,
    issued: false,
    issuedUntil: null,
    misses: 0,
    locks: 0,
    lockedUntil: null,
    stoppedAt: null,
    announcedAt: now,
    history: [],
  };
  const fresh = state === 'new';
  await tables.credential.put({
    ...none,
    kind: 'login',
    hash: hashes.get(person.password) ?? '',
    expiresAt: fresh ? null : expiresAt,
    issued: fresh,
    issuedUntil: fresh ? now + 90 * day : null,
    forced: state === 'must-change',
    // Locks of the demo last until it is reset.
    ...(state === 'password-locked' ? { misses: 5, locks: 1, lockedUntil: now + 10 * year } : {}),
    ...(state === 'password-stopped' ? { misses: 5, locks: 3, stoppedAt: now } : {}),
  });
  if (person.confirmation_password === null) return;
  await tables.credential.put({
    ...none,
    kind: 'confirmation',
    hash: hashes.get(person.confirmation_password) ?? '',
    expiresAt,
    forced: false,
    ...(state === 'confirmation-stopped' ? { misses: 5, locks: 3, stoppedAt: now } : {}),
  });
}
