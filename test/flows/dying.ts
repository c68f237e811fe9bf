// Stores that die: like a process that is killed just before its n-th call, and before its commit.
import type { State } from '../../src/store/state.ts';
import type { Store, Tables } from '../../src/store/store.ts';

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Counts calls; the one with this number, and every later one, is never made. */
interface Fuse {
  call(): void;
  readonly calls: number;
}

function fuse(at: number): Fuse {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    call: () => {
      calls += 1;
      if (calls >= at) throw new Killed(`before call ${calls}`);
    },
  };
}

function failing<T extends object>(target: T, before: () => void): T {
  return new Proxy(target, {
    get(noun, name) {
      const verb: unknown = Reflect.get(noun, name);
      if (typeof verb !== 'function') return verb;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        before();
        return Reflect.apply(verb, noun, args);
      };
    },
  });
}

/** `at` counts verbs from 1; the commit of a transaction is a call too. */
export function dyingStore(store: Store, at: number): { readonly store: Store; readonly fuse: Fuse } {
  const burning = fuse(at);
  const nouns = (tables: Tables): Tables => ({
    account: failing(tables.account, burning.call),
    alarm: failing(tables.alarm, burning.call),
    audit: failing(tables.audit, burning.call),
    bankAccount: failing(tables.bankAccount, burning.call),
    companies: failing(tables.companies, burning.call),
    company: failing(tables.company, burning.call),
    consent: failing(tables.consent, burning.call),
    credential: failing(tables.credential, burning.call),
    deployment: failing(tables.deployment, burning.call),
    device: failing(tables.device, burning.call),
    guessBudget: failing(tables.guessBudget, burning.call),
    knownBrowser: failing(tables.knownBrowser, burning.call),
    link: failing(tables.link, burning.call),
    login: failing(tables.login, burning.call),
    operator: failing(tables.operator, burning.call),
    operatorBrowser: failing(tables.operatorBrowser, burning.call),
    outbox: failing(tables.outbox, burning.call),
    people: failing(tables.people, burning.call),
    portalPermission: failing(tables.portalPermission, burning.call),
    restriction: failing(tables.restriction, burning.call),
    records: failing(tables.records, burning.call),
    signIns: failing(tables.signIns, burning.call),
    resetRequest: failing(tables.resetRequest, burning.call),
    signingKey: failing(tables.signingKey, burning.call),
    stagedToken: failing(tables.stagedToken, burning.call),
    token: failing(tables.token, burning.call),
    tokenImport: failing(tables.tokenImport, burning.call),
    tokenCounts: failing(tables.tokenCounts, burning.call),
    tokenDue: failing(tables.tokenDue, burning.call),
    tokenIssue: failing(tables.tokenIssue, burning.call),
    tokenOrder: failing(tables.tokenOrder, burning.call),
    tokenStock: failing(tables.tokenStock, burning.call),
    tokensOfPeople: failing(tables.tokensOfPeople, burning.call),
    toldExpiry: failing(tables.toldExpiry, burning.call),
    toldToken: failing(tables.toldToken, burning.call),
    tokensOfCompany: failing(tables.tokensOfCompany, burning.call),
  });
  return {
    fuse: burning,
    store: {
      ...nouns(store),
      oneConnection: store.oneConnection,
      transaction: (work) =>
        store.transaction(async (tables) => {
          const result = await work(nouns(tables));
          burning.call();
          return result;
        }),
    },
  };
}

export function dyingState(state: State, at: number): State {
  return failing(state, fuse(at).call);
}
