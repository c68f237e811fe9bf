// What kind of thing a record tells, for the filters of the pages that show records, and how it went. Every event stands in
// both tables; one that is new does not compile until it does.
import type { AuditEvent } from './audit-event.ts';

export const recordKinds = ['sign-in', 'password', 'code', 'link', 'administration', 'other'] as const;

export type RecordKind = (typeof recordKinds)[number];

/** `missed`: what was typed could not be confirmed; `noted`: the system did or noticed it by itself. */
export type RecordOutcome = 'done' | 'missed' | 'refused' | 'noted';

const events = {
  'login.finished': ['sign-in', 'done'],
  'login.stepped-up': ['sign-in', 'done'],
  'login.ended': ['sign-in', 'done'],
  'session.ended': ['sign-in', 'done'],
  'sign-in.refused': ['sign-in', 'refused'],
  'upstream.cancelled': ['sign-in', 'noted'],
  'upstream.refused': ['sign-in', 'refused'],
  'upstream.down': ['sign-in', 'refused'],
  'password.missed': ['password', 'missed'],
  'password.locked': ['password', 'noted'],
  'password.stopped': ['password', 'noted'],
  'password.changed': ['password', 'done'],
  'password.set-by-other': ['password', 'done'],
  'confirmation.missed': ['password', 'missed'],
  'lock.released': ['password', 'done'],
  'reset.asked': ['password', 'noted'],
  'reset.requested': ['password', 'done'],
  'reset.approved': ['password', 'done'],
  'reset.taken-up': ['password', 'done'],
  'reset.refused': ['password', 'refused'],
  'otp.accepted': ['code', 'done'],
  'otp.repaired': ['code', 'done'],
  'otp.missed': ['code', 'missed'],
  'otp.used-again': ['code', 'refused'],
  'otp.stopped': ['code', 'noted'],
  'token.registered': ['code', 'done'],
  'token.registration-missed': ['code', 'missed'],
  'token.registration-skipped': ['code', 'done'],
  'token.issued': ['code', 'done'],
  'token.activation-missed': ['code', 'missed'],
  'token.fetched': ['code', 'done'],
  'token.activated': ['code', 'done'],
  'token.issue-ended': ['code', 'noted'],
  'token.revoked': ['code', 'done'],
  'token.issue-allowed': ['code', 'done'],
  'token.import-checked': ['other', 'noted'],
  'token.imported': ['administration', 'done'],
  'token.import-failed': ['other', 'refused'],
  'token.ordered': ['administration', 'done'],
  'token.shipped': ['administration', 'done'],
  'token.arrived': ['administration', 'done'],
  'token.replaced': ['code', 'done'],
  'token.retired': ['administration', 'done'],
  'company.otp-applied': ['administration', 'done'],
  'company.grace-extended': ['administration', 'done'],
  'token.reminded': ['other', 'noted'],
  'operator.added': ['administration', 'done'],
  'operator.changed': ['administration', 'done'],
  'operator.stopped': ['administration', 'done'],
  'operator.resumed': ['administration', 'done'],
  'operator.released': ['administration', 'done'],
  'operator.reissued': ['administration', 'done'],
  'operator.password-missed': ['password', 'missed'],
  'operator.password-locked': ['password', 'noted'],
  'operator.password-stopped': ['password', 'noted'],
  'operator.password-chosen': ['password', 'done'],
  'operator.token-registered': ['code', 'done'],
  'operator.otp-missed': ['code', 'missed'],
  'operator.otp-stopped': ['code', 'noted'],
  'operator.signed-in': ['sign-in', 'done'],
  'operator.signed-out': ['sign-in', 'done'],
  'operator.proven': ['administration', 'done'],
  'operator.refused': ['administration', 'refused'],
  'link.made': ['link', 'done'],
  'link.refused': ['link', 'refused'],
  'link.removed': ['link', 'done'],
  'device.remembered': ['link', 'done'],
  'device.forgotten': ['link', 'done'],
  'device.renamed': ['link', 'done'],
  'device.copied': ['link', 'noted'],
  'account.created': ['administration', 'done'],
  'account.changed': ['administration', 'done'],
  'account.role-changed': ['administration', 'done'],
  'account.stopped': ['administration', 'done'],
  'account.resumed': ['administration', 'done'],
  'account.deleted': ['administration', 'done'],
  'account.sheet-printed': ['administration', 'done'],
  'company.changed': ['administration', 'done'],
  'company.suspended': ['administration', 'done'],
  'company.resumed': ['administration', 'done'],
  'bank-accounts.loaded': ['administration', 'done'],
  'records.exported': ['administration', 'done'],
  'act.proven': ['administration', 'done'],
  'access.refused': ['administration', 'refused'],
  'console.foreign-target': ['administration', 'refused'],
  'setup.login-id-chosen': ['other', 'done'],
  'setup.password-chosen': ['other', 'done'],
  'setup.confirmation-password-chosen': ['other', 'done'],
  'setup.completed': ['other', 'done'],
  'email.proven': ['other', 'done'],
  'email.changed': ['other', 'done'],
  'consent.given': ['other', 'done'],
  'operation.approved': ['sign-in', 'done'],
  'operation.declined': ['sign-in', 'refused'],
  'alarm.spray': ['other', 'noted'],
  'alarm.clock': ['other', 'noted'],
  'signing-key.made': ['other', 'noted'],
  'sealing.rotated': ['other', 'noted'],
} as const satisfies Record<AuditEvent, readonly [RecordKind, RecordOutcome]>;

const isEvent = (name: string): name is AuditEvent => Object.hasOwn(events, name);

/** Every event of a kind. */
export function eventsOf(kind: RecordKind): readonly AuditEvent[] {
  return Object.keys(events)
    .filter(isEvent)
    .filter((event) => events[event][0] === kind);
}

export const outcomeOf = (event: AuditEvent): RecordOutcome => events[event][1];

/** The event of a record as it was written; null for one that this version does not know. */
export const readEvent = (name: string): AuditEvent | null => (isEvent(name) ? name : null);
