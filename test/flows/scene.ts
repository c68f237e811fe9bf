// The scene of the flows: real stores, a clock that the test moves, cheap hashes that are counted, and people to act for.
// Nothing here speaks HTTP.
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { readConfig } from '../../src/config.ts';
import type { Act, HashWork, Tools } from '../../src/flows/tools.ts';
import type { AuditRecord } from '../../src/rules/audit-event.ts';
import { createSecrets, type GatewaySecrets } from '../../src/secrets/gateway-secrets.ts';
import { createPasswordHasher } from '../../src/secrets/password-hash.ts';
import { codeAt, stepAt } from '../../src/secrets/totp.ts';
import { seedFiles } from '../../src/seed-files/seed-files.ts';
import type { AccountRow, CompanyRow, CredentialRow, Person } from '../../src/store/account.ts';
import { attemptStore } from '../../src/store/attempt.ts';
import { consoleActivityStore } from '../../src/store/console-activity.ts';
import { consoleDraftStore } from '../../src/store/console-draft.ts';
import { deviceSecretStore } from '../../src/store/device-secret.ts';
import { emailCodeStore } from '../../src/store/email-code.ts';
import { liveLoginStore } from '../../src/store/live-login.ts';
import { operatorSessionStore } from '../../src/store/operator-session.ts';
import { resetAskStore } from '../../src/store/reset-ask.ts';
import { sourceStore } from '../../src/store/source.ts';
import { sprayStore } from '../../src/store/spray.ts';
import { memoryState } from '../../src/store/state-memory.ts';
import type { State } from '../../src/store/state.ts';
import type { Store } from '../../src/store/store.ts';
import type { TokenRow } from '../../src/store/token.ts';
import { upstreamFlowStore } from '../../src/store/upstream-flow.ts';
import { type OpenStore, run, serverStore } from '../support/database.ts';
import { addAccount, addCompany, addToken, holdToken, newId, start } from '../support/rows.ts';
import { root } from '../support/source.ts';

const { policy } = readConfig({ env: { RENKEI_DATA_DIR: join(tmpdir(), 'renkei-no-data') }, mode: 'test', root });

/** Far below what production accepts: these tests are about counting. */
const cheap = { memoryKiB: 1_024, timeCost: 2, parallelism: 1, concurrency: 2, queueLimit: 200 };

export const rightPassword = 'Minato2026';
export const wrongPassword = 'Wrong99999';

interface Hashes {
  /** Real comparisons. */
  readonly compared: number;
  /** Comparisons with nothing. */
  readonly dummies: number;
}

export interface Token {
  readonly row: TokenRow;
  /** The code it shows now, or some steps away from now. */
  code(stepsAway?: number): string;
  /** Six digits that it shows nowhere near now. */
  wrong(): string;
}

export interface OwedMail {
  readonly mail: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Scene {
  readonly at: OpenStore;
  readonly tools: Tools;
  readonly secrets: GatewaySecrets;
  readonly state: State;
  /** The same tools on other stores: ones that fail, for instance. */
  toolsOn(store: Store, state?: State): Tools;
  now: number;
  act(patch?: Partial<Act>): Act;
  hashes(): Hashes;
  /** Commands of the state store so far. */
  commands(): number;
  hash(password: string): Promise<string>;
  company(patch?: Partial<CompanyRow>): Promise<CompanyRow>;
  /** Somebody with `rightPassword` as login and confirmation password. */
  person(
    company: CompanyRow,
    patch?: Partial<AccountRow>,
    passwords?: { readonly login?: Partial<CredentialRow>; readonly confirmation?: Partial<CredentialRow> | null },
  ): Promise<AccountRow>;
  token(company: CompanyRow, holders: readonly AccountRow[], patch?: Partial<TokenRow>): Promise<Token>;
  /** Everything about somebody as it stands now. */
  look(account: AccountRow): Promise<Person>;
  /** Their audit records, oldest first. */
  records(account: AccountRow): Promise<readonly (AuditRecord & { readonly seq: number })[]>;
  events(account: AccountRow): Promise<readonly string[]>;
  mails(account: AccountRow): Promise<readonly OwedMail[]>;
  /** Client ids that are owed a back-channel logout of somebody. */
  logouts(account: AccountRow): Promise<readonly string[]>;
}

export async function flowScene(open: () => Promise<OpenStore> = serverStore): Promise<Scene> {
  const at = await open();
  const clock = (): number => scene.now;
  const memory = memoryState({ clock });
  const secrets = createSecrets(Buffer.alloc(32, 9), 2, clock);
  const hasher = createPasswordHasher(cheap);
  const hashed = await hasher.hash(rightPassword);
  const counted = { compared: 0, dummies: 0 };
  const counting = (work: HashWork): HashWork => ({
    hash: (password) => work.hash(password),
    verify: (hash, typed) => {
      counted.compared += 1;
      return work.verify(hash, typed);
    },
    dummy: (typed) => {
      counted.dummies += 1;
      return work.dummy(typed);
    },
  });
  const toolsOn = (store: Store, state: State): Tools => ({
    store,
    attempts: attemptStore(state),
    logins: liveLoginStore(state),
    upstreamFlows: upstreamFlowStore(state),
    deviceSecrets: deviceSecretStore(state),
    emailCodes: emailCodeStore(state),
    sources: sourceStore(state),
    sprays: sprayStore(state),
    consoleActivity: consoleActivityStore(state),
    consoleDrafts: consoleDraftStore(state),
    operatorSessions: operatorSessionStore(state),
    resetAsks: resetAskStore(state),
    secrets: {
      ...secrets,
      hasher: {
        ...counting(hasher),
        admit: (work) => hasher.admit((inner) => work(counting(inner))),
        needsRehash: hasher.needsRehash,
      },
    },
    seedFiles,
    policy,
    deskMail: null,
    after: (work) => work(),
    notice: () => {},
    upstreams: {
      list: () => [{ issuer: 'https://bd.example', id: 'bd' }],
      begin: () => Promise.reject(new Error('no upstream here')),
      complete: () => Promise.reject(new Error('no upstream here')),
    },
    companyNamedBy: new Set(),
    portals: new Map([
      ['demo-portal', { clientId: 'demo-portal', name: '提携ポータル', open: true, demandsOtp: false }],
    ]),
  });
  const tools = toolsOn(at.store, memory);
  const outbox = async (kind: string, where: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    run(at, `select id, payload from outbox where kind = '${kind}' and ${where} order by created_at, id`);
  const records: Scene['records'] = async ({ id, companyId }) =>
    (await at.store.audit.list({ chain: companyId, accountId: id }, 1_000))
      .map((body): AuditRecord & { readonly seq: number } => JSON.parse(body))
      .toReversed();
  const scene: Scene = {
    at,
    tools,
    secrets,
    state: memory,
    toolsOn: (store, state = memory) => toolsOn(store, state),
    now: start,
    act: (patch = {}) => ({
      now: scene.now,
      reference: 'R-1234-5678',
      agent: 'Windows の Chrome',
      source: '198.51.100.7',
      language: 'ja',
      ...patch,
    }),
    hashes: () => ({ ...counted }),
    commands: () => memory.commands,
    hash: (password) => hasher.hash(password),
    company: (patch) => addCompany(at.store, patch),
    person: (company, patch, passwords = {}) =>
      addAccount(at.store, company.id, patch, {
        login: { hash: hashed, ...passwords.login },
        confirmation: passwords.confirmation === null ? null : { hash: hashed, ...passwords.confirmation },
      }),
    async token(company, holders, patch = {}) {
      const secret = Buffer.from(newId() + newId());
      const id = newId();
      const row = await addToken(at.store, company.id, { id, secret: secrets.sealTokenSecret(secret, id), ...patch });
      for (const holder of holders) await holdToken(at.store, row.id, holder.id);
      const code = (stepsAway = 0): string => codeAt({ ...row, secret }, stepAt(scene.now, row.period) + stepsAway);
      return {
        row,
        code,
        wrong: () => {
          const near = new Set(Array.from({ length: 200 }, (_each, step) => code(step - 100)));
          for (let n = 0; ; n += 1) {
            const digits = String(n).padStart(6, '0');
            if (!near.has(digits)) return digits;
          }
        },
      };
    },
    async look({ id }) {
      const person = await at.store.account.person(id);
      if (!person) throw new Error('nobody');
      return person;
    },
    records,
    events: async (account) => (await records(account)).map(({ event }) => event),
    mails: async ({ email }) =>
      (await outbox('mail', `payload->>'to' = '${email}'`)).map(({ id, payload }) => {
        const mail: OwedMail & { readonly sealedCode?: string } = JSON.parse(JSON.stringify(payload));
        const { sealedCode } = mail;
        if (sealedCode === undefined) return mail;
        const code = secrets.openUnder(secrets.mark('outbox', String(id)), sealedCode);
        return { ...mail, facts: { ...mail.facts, code } };
      }),
    logouts: async ({ id }) =>
      (await outbox('logout', `payload->>'accountId' = '${id}'`)).map(({ payload }) => {
        const logout: { readonly clientId: string } = JSON.parse(JSON.stringify(payload));
        return logout.clientId;
      }),
  };
  return scene;
}
