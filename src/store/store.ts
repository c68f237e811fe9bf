// All nouns of one database, bound to one connection or transaction. Flows get this object handed in.
import { accountTable } from './account.ts';
import { alarmTable } from './alarm.ts';
import { auditTable, type ChainMac } from './audit.ts';
import { bankAccountTable } from './bank-account.ts';
import { companiesTable } from './companies.ts';
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
import { operatorTable } from './operator.ts';
import { operatorBrowserTable } from './operator-browser.ts';
import { outboxTable } from './outbox.ts';
import { peopleTable } from './people.ts';
import type { Trail } from './pipelined-transaction.ts';
import { portalPermissionTable } from './portal-permission.ts';
import { recordTable } from './records.ts';
import { signInTable } from './sign-ins.ts';
import { restrictionTable } from './restriction.ts';
import { resetRequestTable } from './reset-request.ts';
import { signingKeyTable } from './signing-key.ts';
import { stagedTokenTable } from './staged-token.ts';
import { toldExpiryTable } from './told-expiry.ts';
import { toldTokenTable } from './told-token.ts';
import { tokenCountsTable } from './token-counts.ts';
import { tokenDueTable } from './token-due.ts';
import { tokenImportTable } from './token-import.ts';
import { tokenIssueTable } from './token-issue.ts';
import { tokenOrderTable } from './token-order.ts';
import { tokenStockTable } from './token-stock.ts';
import { tokenTable } from './token.ts';
import { tokensOfCompanyTable } from './tokens-of-company.ts';
import { tokensOfPeopleTable } from './tokens-of-people.ts';
import { StoreUnavailable } from './unavailable.ts';

export function tables(db: Db, mac: ChainMac, trail: Trail | null = null) {
  return {
    account: accountTable(db),
    alarm: alarmTable(db),
    audit: auditTable(db, mac, trail),
    bankAccount: bankAccountTable(db),
    companies: companiesTable(db),
    company: companyTable(db),
    consent: consentTable(db),
    credential: credentialTable(db, trail),
    deployment: deploymentTable(db),
    device: deviceTable(db),
    guessBudget: guessBudgetTable(db, trail),
    knownBrowser: knownBrowserTable(db),
    link: linkTable(db),
    login: loginTable(db),
    operator: operatorTable(db),
    operatorBrowser: operatorBrowserTable(db),
    outbox: outboxTable(db),
    people: peopleTable(db),
    portalPermission: portalPermissionTable(db),
    restriction: restrictionTable(db),
    records: recordTable(db),
    signIns: signInTable(db),
    resetRequest: resetRequestTable(db),
    signingKey: signingKeyTable(db),
    stagedToken: stagedTokenTable(db),
    token: tokenTable(db),
    tokenCounts: tokenCountsTable(db),
    tokenDue: tokenDueTable(db),
    tokenImport: tokenImportTable(db),
    tokenIssue: tokenIssueTable(db),
    tokenOrder: tokenOrderTable(db),
    tokenStock: tokenStockTable(db),
    tokensOfCompany: tokensOfCompanyTable(db),
    tokensOfPeople: tokensOfPeopleTable(db),
    toldExpiry: toldExpiryTable(db),
    toldToken: toldTokenTable(db),
  };
}

export type Tables = ReturnType<typeof tables>;

export interface Store extends Tables {
  /** Embedded: everybody's statements wait for one connection, and a transaction has it to its end. */
  readonly oneConnection: boolean;
  /** One SQL transaction: what a change needs, its audit record and its mails commit together or not at all. */
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
}

/** @param owed called when a committed transaction left something in the outbox */
export function createStore(database: Database, mac: ChainMac, owed: () => void = () => {}): Store {
  return {
    ...telling(tables(database.db, mac)),
    oneConnection: database.embedded,
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
    companies: watch(nouns.companies),
    company: watch(nouns.company),
    consent: watch(nouns.consent),
    credential: watch(nouns.credential),
    deployment: watch(nouns.deployment),
    device: watch(nouns.device),
    guessBudget: watch(nouns.guessBudget),
    knownBrowser: watch(nouns.knownBrowser),
    link: watch(nouns.link),
    login: watch(nouns.login),
    operator: watch(nouns.operator),
    operatorBrowser: watch(nouns.operatorBrowser),
    outbox: watch(nouns.outbox),
    people: watch(nouns.people),
    portalPermission: watch(nouns.portalPermission),
    restriction: watch(nouns.restriction),
    records: watch(nouns.records),
    signIns: watch(nouns.signIns),
    resetRequest: watch(nouns.resetRequest),
    signingKey: watch(nouns.signingKey),
    stagedToken: watch(nouns.stagedToken),
    token: watch(nouns.token),
    tokenImport: watch(nouns.tokenImport),
    tokenCounts: watch(nouns.tokenCounts),
    tokenDue: watch(nouns.tokenDue),
    tokenIssue: watch(nouns.tokenIssue),
    tokenOrder: watch(nouns.tokenOrder),
    tokenStock: watch(nouns.tokenStock),
    tokensOfCompany: watch(nouns.tokensOfCompany),
    tokensOfPeople: watch(nouns.tokensOfPeople),
    toldExpiry: watch(nouns.toldExpiry),
    toldToken: watch(nouns.toldToken),
  };
}
