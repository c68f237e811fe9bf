// Who may do what to whom, and what they must prove for it (spec §5, §8), as data: one table, with the bank's overrides laid
// over it. The relation is computed from a target that was read from the store, never from what a form says; nothing reaches
// across companies.
import type { Policy } from './policy.ts';

export type Role = 'master' | 'admin' | 'member';

export type Actor =
  | {
      readonly kind: 'account';
      readonly id: string;
      readonly companyId: string;
      readonly role: Role;
      /** 操作履歴照会 was granted to a member. */
      readonly viewsRecords: boolean;
    }
  /** Bank staff: a noun of its own, never an account. */
  | { readonly kind: 'operator'; readonly role: 'clerk' | 'supervisor' | 'auditor' }
  /** The bank's command line, with the rights of whoever may run it. */
  | { readonly kind: 'command-line' };

/** `accountId` null: the company as a whole. `role` is the target's own; null for the company. */
export interface Target {
  readonly companyId: string;
  readonly accountId: string | null;
  readonly role: Role | null;
}

/** Who acts, as the table says it: oneself, a colleague by role, bank staff, the command line, a member with the right. */
export const whos = [
  'self',
  'colleague-master',
  'colleague-admin',
  'colleague-member',
  'records-reader',
  'clerk',
  'supervisor',
  'auditor',
  'command-line',
] as const;

export type Who = (typeof whos)[number];

// `self` is what everybody may do to oneself; `colleague-…` to the others of the company, and to the company as a whole.
// oxfmt-ignore
const table = {
  'list-people':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor', 'auditor', 'command-line'],
  'view-person':               ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor', 'auditor', 'command-line'],
  'view-records':              ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor', 'auditor', 'command-line', 'records-reader'],
  'create-user':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'change-user':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'change-role':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'change-password-of-others': [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'stop-user':                 [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'resume-user':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'release-password':          [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'release-otp':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'delete-user':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'change-company-settings':   [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'revoke-token':              ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'allow-issue':               [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'unlink':                    ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'report-arrival':            [        'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
  'view-stock':                [                                               'clerk', 'supervisor', 'auditor', 'command-line'],
  'import-tokens':             [                                               'clerk', 'supervisor',            'command-line'],
  'move-tokens':               [                                               'clerk', 'supervisor',            'command-line'],
  'change-otp-application':    [                                               'clerk', 'supervisor',            'command-line'],
  'extend-grace':              [                                                        'supervisor'                          ],
  'remind':                    [                                               'clerk', 'supervisor',            'command-line'],
  'manage-operators':          [                                                        'supervisor',            'command-line'],
  'forget-device':             ['self', 'colleague-master', 'colleague-admin', 'clerk', 'supervisor',            'command-line'],
} as const satisfies Readonly<Record<string, readonly Who[]>>;

export type Act = keyof typeof table;

const isAct = (name: string): name is Act => Object.hasOwn(table, name);

/** Every act of the table. */
export const acts: readonly Act[] = Object.keys(table).filter(isAct);

/** The bank makes the one master and ends it: no company does (spec §1). */
const neverToTheMaster: readonly Act[] = ['change-role', 'delete-user'];

/** Nobody does these to oneself, whatever a bank configures (spec §2, §8). */
export const neverToOneself: readonly Act[] = acts.filter((act) => !rowOf(act).includes('self'));

/** The bank's own rows, each in place of the table's. */
export type Overrides = Pick<Policy, 'permissions'>;

function rowOf(act: Act, overrides?: Overrides): readonly Who[] {
  return overrides?.permissions[act] ?? table[act];
}

/** What belongs to no company: the stock, the bank's own staff. No account reaches it. */
export const bank: Target = { companyId: 'bank', accountId: null, role: null };

/**
 * Null: allowed. `not-found` for everything of another company, so that it looks like what doesn't exist (screens.md 4.8,
 * group E); `not-allowed` for one's own role, and for oneself where only others may.
 */
export function judgePermission(
  actor: Actor,
  act: Act,
  target: Target,
  overrides: Overrides,
): 'not-found' | 'not-allowed' | null {
  if (actor.kind === 'account' && actor.companyId !== target.companyId) return 'not-found';
  if (actor.kind === 'account' && target.role === 'master' && neverToTheMaster.includes(act)) return 'not-allowed';
  const row = rowOf(act, overrides);
  return relations(actor, target).some((who) => row.includes(who)) ? null : 'not-allowed';
}

export function allows(actor: Actor, act: Act, target: Target, overrides: Overrides): boolean {
  return judgePermission(actor, act, target, overrides) === null;
}

export type Proof =
  | 'none'
  | 'confirmation'
  | 'confirmation+otp'
  /** Revoking without a usable token of one's own; the other administrators are mailed (spec §5). */
  | 'confirmation+email-code'
  /** Operators have no confirmation password: every change asks a fresh OTP. */
  | 'otp'
  /** Past the grace without a token: the act waits for its registration (screens.md TKN003). */
  | 'token-needed';

/** How the actor stands with one-time passwords now. */
export type OtpStanding = 'usable' | 'not-applied' | 'grace' | 'none';

// Reading asks nothing; ending one's own device only adds safety, and that a token arrived only brings its limit nearer (spec §5, §8).
const reading: readonly Act[] = ['list-people', 'view-person', 'view-records', 'view-stock', 'report-arrival'];

/**
 * What an allowed act asks on its check page. Acts of `otpOperations` ask the confirmation password and an OTP; a company
 * without OTP and the grace ask the confirmation password alone, and the record says so (spec §5).
 */
export function proofFor(
  actor: Actor,
  act: Act,
  target: Target,
  otp: OtpStanding,
  policy: Pick<Policy, 'otpOperations' | 'revoke'>,
): Proof {
  if (reading.includes(act) || actor.kind === 'command-line') return 'none';
  if (actor.kind === 'operator') return 'otp';
  if (act === 'forget-device' && actor.id === target.accountId) return 'none';
  if (!policy.otpOperations.includes(operationOf(act))) return 'confirmation';
  if (act === 'revoke-token' && policy.revoke.proof === 'confirmation') return 'confirmation';
  if (otp === 'usable') return 'confirmation+otp';
  if (otp === 'none' && act === 'revoke-token' && actor.id !== target.accountId) return 'confirmation+email-code';
  return otp === 'none' ? 'token-needed' : 'confirmation';
}

/** Under which name the policy lists an act: administration is a part of changing a person, the guard of setting passwords. */
function operationOf(act: Act): Act {
  if (act === 'change-role') return 'change-user';
  return act === 'allow-issue' ? 'change-password-of-others' : act;
}

function relations(actor: Actor, target: Target): readonly Who[] {
  if (actor.kind === 'command-line') return ['command-line'];
  if (actor.kind === 'operator') return [actor.role];
  if (actor.id === target.accountId) return ['self'];
  const colleague: Who = `colleague-${actor.role}`;
  return actor.viewsRecords ? [colleague, 'records-reader'] : [colleague];
}
