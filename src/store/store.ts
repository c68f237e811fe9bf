// All nouns of one database, bound to one connection or transaction. Flows get this object handed in.
import { accountTable } from './account.ts';
import { alarmTable } from './alarm.ts';
import { auditTable, type ChainMac } from './audit.ts';
import { bankAccountTable } from './bank-account.ts';
import { companyTable } from './company.ts';
import { consentTable } from './consent.ts';
import { credentialTable } from './credential.ts';
import { isDatabaseDown, type Database, type Db } from './database.ts';
import { deploymentTable } from './deployment.ts';
import { deviceTable } from './device.ts';
import { guessBudgetTable } from './guess-budget.ts';
import { knownBrowserTable } from './known-browser.ts';
import { linkTable } from './link.ts';
import { loginTable } from './login.ts';
import { outboxTable } from './outbox.ts';
import { peopleTable } from './people.ts';
import type { Trail } from './pipelined-transaction.ts';
import { portalPermissionTable } from './portal-permission.ts';
import { recordTable } from './records.ts';
import { signInTable } from './sign-ins.ts';
import { restrictionTable } from './restriction.ts';
import { resetRequestTable } from './reset-request.ts';
import { signingKeyTable } from './signing-key.ts';
import { toldExpiryTable } from './told-expiry.ts';
import { tokenIssueTable } from './token-issue.ts';
import { tokenTable } from './token.ts';
import { tokensOfPeopleTable } from './tokens-of-people.ts';
import { StoreUnavailable } from './unavailable.ts';

export function tables(db: Db, mac: ChainMac, trail: Trail | null = null) {
  return {
    account: accountTable(db),
    alarm: alarmTable(db),
    audit: auditTable(db, mac, trail),
    bankAccount: bankAccountTable(db),
    company: companyTable(db),
    consent: consentTable(db),
    credential: credentialTable(db, trail),
    deployment: deploymentTable(db),
    device: deviceTable(db),
    guessBudget: guessBudgetTable(db, trail),
    knownBrowser: knownBrowserTable(db),
    link: linkTable(db),
    login: loginTable(db),
    outbox: outboxTable(db),
    people: peopleTable(db),
    portalPermission: portalPermissionTable(db),
    restriction: restrictionTable(db),
    records: recordTable(db),
    signIns: signInTable(db),
    resetRequest: resetRequestTable(db),
    signingKey: signingKeyTable(db),
    token: tokenTable(db),
    tokenIssue: tokenIssueTable(db),
    tokensOfPeople: tokensOfPeopleTable(db),
    toldExpiry: toldExpiryTable(db),
  };
}

export type Tables = ReturnType<typeof tables>;

export interface Store extends Tables {
  /** One SQL transaction: what a change needs, its audit record and its mails commit together or not at all. */
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
}

/** @param owed called when a committed transaction left something in the outbox */
export function createStore(database: Database, mac: ChainMac, owed: () => void = () => {}): Store {
  return {
    ...telling(tables(database.db, mac)),
    transaction: async (work) => {
      let owes = false;
      const result = await database
        .transaction((db, trail) => {
          const nouns = telling(tables(db, mac, trail));
          const add: Tables['outbox']['add'] = async (entry, at) => {
            owes = true;
            await nouns.outbox.add(entry, at);
          };
          return work({ ...nouns, outbox: { ...nouns.outbox, add } });
        })
        .catch(told);
      if (owes) owed();
      return result;
    },
  };
}

/** A database that does not answer is told as StoreUnavailable, whichever verb met it first: a page of status 503. */
function told(error: unknown): never {
  throw isDatabaseDown(error) ? new StoreUnavailable('postgresql', error) : error;
}

function telling(nouns: Tables): Tables {
  const watch = <T extends object>(noun: T): T =>
    new Proxy(noun, {
      get(target, name) {
        const verb: unknown = Reflect.get(target, name);
        if (typeof verb !== 'function') return verb;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          try {
            return await Reflect.apply(verb, target, args);
          } catch (error) {
            return told(error);
          }
        };
      },
    });
  return {
    account: watch(nouns.account),
    alarm: watch(nouns.alarm),
    audit: watch(nouns.audit),
    bankAccount: watch(nouns.bankAccount),
    company: watch(nouns.company),
    consent: watch(nouns.consent),
    credential: watch(nouns.credential),
    deployment: watch(nouns.deployment),
    device: watch(nouns.device),
    guessBudget: watch(nouns.guessBudget),
    knownBrowser: watch(nouns.knownBrowser),
    link: watch(nouns.link),
    login: watch(nouns.login),
    outbox: watch(nouns.outbox),
    people: watch(nouns.people),
    portalPermission: watch(nouns.portalPermission),
    restriction: watch(nouns.restriction),
    records: watch(nouns.records),
    signIns: watch(nouns.signIns),
    resetRequest: watch(nouns.resetRequest),
    signingKey: watch(nouns.signingKey),
    token: watch(nouns.token),
    tokenIssue: watch(nouns.tokenIssue),
    tokensOfPeople: watch(nouns.tokensOfPeople),
    toldExpiry: watch(nouns.toldExpiry),
  };
}
