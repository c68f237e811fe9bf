// The release matrix (spec §11.4): who may lift what from whom. Its data are the bank's policy – the rows of the permission
// table and `release`, which says who lifts a stopped one-time password by the kind of token. Pure.
import { judgePermission, type Act, type Actor, type Overrides, type Role, type Target } from './permission.ts';
import type { Policy } from './policy.ts';

/** What can stand in somebody's way: locks and stops of the two passwords, of the one-time password, of the account. */
export const counters = ['login', 'confirmation', 'otp', 'account'] as const;

export type Counter = (typeof counters)[number];

export type TokenKind = 'hardware' | 'software';

export type ReleasePolicy = Overrides & Pick<Policy, 'release'>;

const actOf = {
  login: 'release-password',
  confirmation: 'release-password',
  otp: 'release-otp',
  account: 'resume-user',
} as const satisfies Record<Counter, Act>;

export type Releasing =
  | 'may'
  /** Never by oneself, whatever a bank configures (spec §2). */
  | 'self'
  /** Only the bank's desk. */
  | 'desk'
  | 'not-allowed'
  | 'not-found';

/** @param token kind of the target's token; null, without one, counts as the stricter hardware */
export function judgeRelease(
  actor: Actor,
  target: Target,
  counter: Counter,
  token: TokenKind | null,
  policy: ReleasePolicy,
): Releasing {
  const refused = judgePermission(actor, actOf[counter], target, policy);
  if (refused === 'not-found') return 'not-found';
  if (actor.kind === 'account' && actor.id === target.accountId) return 'self';
  if (refused === 'not-allowed') return 'not-allowed';
  return counter === 'otp' && actor.kind === 'account' && !companyReleases(token, policy.release) ? 'desk' : 'may';
}

function companyReleases(token: TokenKind | null, release: Policy['release']): boolean {
  return (token === 'software' ? release.softwareOtp : release.hardwareOtp) === 'company';
}

/** One line of the matrix as people read it. `desk`: bank staff, who release anybody of any company. */
export interface ReleaseLine {
  readonly actor: Role | 'desk';
  readonly target: Role | 'self' | 'anybody';
  readonly password: Releasing;
  readonly softwareOtp: Releasing;
  readonly hardwareOtp: Releasing;
  readonly account: Releasing;
}

const pairs: readonly (readonly [Role, Role])[] = [
  ['master', 'admin'],
  ['master', 'member'],
  ['admin', 'master'],
  ['admin', 'admin'],
  ['admin', 'member'],
];

/** The matrix of a company: actor × target × kind of token × counter, in the order in which it is shown. */
export function releaseMatrix(policy: ReleasePolicy): readonly ReleaseLine[] {
  const companyId = 'one';
  const line = (actor: Actor, target: Target): Omit<ReleaseLine, 'actor' | 'target'> => ({
    password: judgeRelease(actor, target, 'login', null, policy),
    softwareOtp: judgeRelease(actor, target, 'otp', 'software', policy),
    hardwareOtp: judgeRelease(actor, target, 'otp', 'hardware', policy),
    account: judgeRelease(actor, target, 'account', null, policy),
  });
  const colleague = (role: Role): Actor => ({ kind: 'account', id: 'a', companyId, role, viewsRecords: false });
  return [
    ...pairs.map(([actor, target]) => ({
      actor,
      target,
      ...line(colleague(actor), { companyId, accountId: 'b', role: target }),
    })),
    {
      actor: 'admin',
      target: 'self',
      ...line(colleague('admin'), { companyId, accountId: 'a', role: 'admin' }),
    },
    {
      actor: 'desk',
      target: 'anybody',
      ...line({ kind: 'operator', role: 'clerk' }, { companyId, accountId: 'b', role: 'member' }),
    },
  ];
}
