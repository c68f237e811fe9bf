// Which login a session or a grant belongs to. The library keeps of a record what its model lists, so `renkei` is added
// to two of these lists; from then on it travels with the record, through every process and every silent pass.
import type Provider from 'oidc-provider';
import type { Approved } from '../rules/approval.ts';
import type { LoginRecord } from '../rules/login.ts';
import type { Instant } from '../rules/sign-in-record.ts';

export interface Bound {
  readonly loginId: string;
  /** The login's absolute end. */
  readonly endsAt: Instant;
}

/** Makes the library keep `renkei` of Session and Grant; before the first record of this provider is made. */
export function keepBinding(provider: Provider): void {
  for (const model of [provider.Session, provider.Grant]) {
    Object.defineProperty(model, 'IN_PAYLOAD', { value: [...model.IN_PAYLOAD, 'renkei'] });
  }
}

/** The login of a session, a grant, or a stored record of one; null when it has none. */
export function boundOf(record: object): Bound | null {
  const value: unknown = Reflect.get(record, 'renkei');
  if (typeof value !== 'object' || value === null || !('loginId' in value) || !('endsAt' in value)) return null;
  const { loginId, endsAt } = value;
  return typeof loginId === 'string' && typeof endsAt === 'number' ? { loginId, endsAt } : null;
}

/** Through Reflect, so that the session's own proxy notices the change. */
export function bind(record: object, bound: Bound): void {
  Reflect.set(record, 'renkei', bound);
}

/** What a finished interaction carries: written by us, and kept on the server since. */
export interface Carried {
  readonly login: LoginRecord;
  readonly approved: Approved | null;
}

const carriedBy = (result: object | undefined): Carried | undefined =>
  (result && Reflect.get(result, 'renkei')) as Carried | undefined;

/** The login that a finished interaction carries. */
export const loginOf = (result: object | undefined): LoginRecord | null => carriedBy(result)?.login ?? null;

/** What was approved in it. */
export const approvedOf = (result: object | undefined): Approved | null => carriedBy(result)?.approved ?? null;
