// What is written down: a closed list of events and the shape of their record. A record commits with its change; no secret,
// code or password ever stands in one (spec §10).
import type { Instant } from './sign-in-record.ts';

/** A noun and what became of it. What happened in one transaction shares a reference number. */
export const auditEvents = [
  // Sign-in. `login.finished` carries the receipt and, like `sign-in.refused`, the table row's own sentence.
  'login.finished',
  'login.stepped-up',
  'login.ended',
  'sign-in.refused',
  'upstream.cancelled',
  'upstream.refused',
  'upstream.down',
  // Passwords of both kinds: `which` in the data names the kind.
  'password.missed',
  'password.locked',
  'password.stopped',
  'password.changed',
  // One-time passwords and tokens.
  'otp.accepted',
  'otp.repaired',
  'otp.missed',
  'otp.used-again',
  'otp.stopped',
  'token.registered',
  'token.registration-missed',
  'token.registration-skipped',
  // The life of a software token; `issue` in the data names it. A wait stands in `until`.
  'token.issued',
  'token.activation-missed',
  'token.fetched',
  'token.activated',
  'token.issue-ended',
  'token.revoked',
  'token.issue-allowed',
  // The life of a key-fob before and after somebody's hands: stock, orders, ways, ends.
  'token.import-checked',
  'token.imported',
  'token.import-failed',
  'token.ordered',
  'token.shipped',
  'token.arrived',
  'token.replaced',
  'token.retired',
  'company.otp-applied',
  'company.grace-extended',
  'token.reminded',
  // The bank's own staff, in the bank's chain.
  'operator.added',
  'operator.changed',
  'operator.stopped',
  'operator.resumed',
  'operator.released',
  'operator.reissued',
  'operator.password-missed',
  'operator.password-locked',
  'operator.password-stopped',
  'operator.password-chosen',
  'operator.token-registered',
  'operator.otp-missed',
  'operator.otp-stopped',
  'operator.signed-in',
  'operator.signed-out',
  'operator.proven',
  'operator.refused',
  // A release by whoever may: `which` names the lock.
  'lock.released',
  // First-time setup.
  'setup.login-id-chosen',
  'setup.password-chosen',
  'setup.confirmation-password-chosen',
  'setup.completed',
  'email.proven',
  // Links and remembered devices.
  'link.made',
  'link.refused',
  'link.removed',
  'device.remembered',
  'device.forgotten',
  'device.renamed',
  'device.copied',
  // What a company's administrators, or the bank, did to a person. `data` names fields and choices, never a secret.
  'account.created',
  'account.changed',
  'account.role-changed',
  'account.stopped',
  'account.resumed',
  'account.deleted',
  'account.sheet-printed',
  'password.set-by-other',
  'email.changed',
  'session.ended',
  'company.changed',
  'company.suspended',
  'company.resumed',
  'bank-accounts.loaded',
  'records.exported',
  // A forgotten master password.
  'reset.asked',
  'reset.requested',
  'reset.approved',
  'reset.taken-up',
  'reset.refused',
  // Many of a company's people were missed by strangers.
  'alarm.spray',
  // A code of a step behind one that was accepted long before: some clock was set back.
  'alarm.clock',
  // Portals and consoles.
  'consent.given',
  // What a portal asked to be approved: shown exactly so, and proven with a fresh code.
  'operation.approved',
  'operation.declined',
  'access.refused',
  // An act of a console: what proved it, or the confirmation password missed; and what was asked for beyond one's company.
  'act.proven',
  'confirmation.missed',
  'console.foreign-target',
  // The bank's own chain.
  'signing-key.made',
  'sealing.rotated',
] as const;

export type AuditEvent = (typeof auditEvents)[number];

export interface AuditActor {
  readonly kind: 'account' | 'operator' | 'system' | 'stranger';
  readonly id: string | null;
}

export interface AuditRecord {
  /** The company's id; `bank` for what concerns no company, or nobody known. */
  readonly chain: string;
  readonly at: Instant;
  /** お問い合わせ番号 of the page that answered. */
  readonly reference: string;
  readonly event: AuditEvent;
  /** Whom it concerns; null when nobody is known. */
  readonly accountId: string | null;
  readonly actor: AuditActor;
  /** Facts in words and numbers; times are instants. That something was proven may stand here, never by what. */
  readonly data: Readonly<Record<string, unknown>>;
}
