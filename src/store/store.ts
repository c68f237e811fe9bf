// All nouns of one database, bound to one connection or transaction. Flows get this object handed in.
import { accountTable } from './account.ts';
import { auditTable, type ChainMac } from './audit.ts';
import { companyTable } from './company.ts';
import { consentTable } from './consent.ts';
import { credentialTable } from './credential.ts';
import type { Database, Db } from './database.ts';
import { deploymentTable } from './deployment.ts';
import { deviceTable } from './device.ts';
import { linkTable } from './link.ts';
import { loginTable } from './login.ts';
import { outboxTable } from './outbox.ts';
import { portalPermissionTable } from './portal-permission.ts';
import { signingKeyTable } from './signing-key.ts';
import { tokenTable } from './token.ts';

export function tables(db: Db, mac: ChainMac) {
  return {
    account: accountTable(db),
    audit: auditTable(db, mac),
    company: companyTable(db),
    consent: consentTable(db),
    credential: credentialTable(db),
    deployment: deploymentTable(db),
    device: deviceTable(db),
    link: linkTable(db),
    login: loginTable(db),
    outbox: outboxTable(db),
    portalPermission: portalPermissionTable(db),
    signingKey: signingKeyTable(db),
    token: tokenTable(db),
  };
}

export type Tables = ReturnType<typeof tables>;

export interface Store extends Tables {
  /** One SQL transaction: what a change needs, its audit record and its mails commit together or not at all. */
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
}

export function createStore(database: Database, mac: ChainMac): Store {
  return {
    ...tables(database.db, mac),
    transaction: (work) => database.transaction((db) => work(tables(db, mac))),
  };
}
