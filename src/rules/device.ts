// "Skip OTP next time": when a remembered device may be offered and used, and what a presented cookie is worth (spec §6).
// Redis's live secret and PostgreSQL's row must agree; what either lost or revived only ever means that OTP is asked.
import type { Policy } from './policy.ts';
import type { Instant, Route } from './sign-in-record.ts';

type DevicePolicy = Policy['device'];

/**
 * The row of PostgreSQL. Generations form one chain: `generation` is the newest one made, and using it makes the next, so
 * every smaller one but the first has come back. `seen` keeps when, for as long as that matters.
 */
export interface DeviceRow {
  readonly linkId: string;
  readonly generation: number;
  readonly seen: readonly { readonly generation: number; readonly at: Instant }[];
  readonly usedAt: Instant;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
}

/** What the state store holds under the hash of the presented value. */
export interface DeviceSecret {
  readonly linkId: string;
  readonly epoch: number;
  readonly generation: number;
  /** The next value was made from this one. */
  readonly hasSuccessor: boolean;
}

export interface PresentedCookie {
  readonly row: DeviceRow | null;
  readonly secret: DeviceSecret | null;
  /** The live link of the identity that the upstream just verified. */
  readonly linkId: string;
  /** The account's present security epoch. */
  readonly epoch: number;
  readonly policy: DevicePolicy;
  readonly now: Instant;
}

/**
 * `none`: worth nothing, OTP is asked without a word. `ended`: it was good once. `stolen`: a replaced value came back after
 * its successor did; end the device, mail the person, write it down.
 */
export type DeviceVerdict = 'good' | 'none' | 'stolen' | 'ended';

export type DeviceEnd = 'revoked' | 'changed' | 'expired' | 'unused';

/** First values of a new row. Times in milliseconds. */
export function newDevice(
  policy: DevicePolicy,
  now: Instant,
): Pick<DeviceRow, 'generation' | 'seen' | 'usedAt' | 'expiresAt'> {
  return { generation: 1, seen: [], usedAt: now, expiresAt: now + policy.absolute };
}

/** Why a device is no longer good whatever cookie comes; null while it is. The earliest cause in this order is told. */
export function deviceEnd(
  row: DeviceRow,
  secretEpoch: number,
  epoch: number,
  policy: DevicePolicy,
  now: Instant,
): DeviceEnd | null {
  if (row.endedAt !== null) return 'revoked';
  if (secretEpoch !== epoch) return 'changed';
  if (now >= row.expiresAt) return 'expired';
  return now - row.usedAt >= policy.unused ? 'unused' : null;
}

/** What a presented cookie is worth (spec §6). Judged once, when it is presented after a fresh upstream login. */
export function judgeDevice({ row, secret, linkId, epoch, policy, now }: PresentedCookie): DeviceVerdict {
  if (!row || !secret || secret.linkId !== linkId || row.linkId !== linkId) return 'none';
  if (deviceEnd(row, secret.epoch, epoch, policy, now) !== null) return 'ended';
  if (secret.generation === row.generation) return 'good';
  // Newer than the row: PostgreSQL was set back. Older without a successor: Redis was. Neither is anybody's theft.
  if (secret.generation > row.generation || !secret.hasSuccessor) return 'none';
  const successor = secret.generation + 1;
  if (successor === row.generation) return 'good';
  const seen = row.seen.find((use) => use.generation === successor);
  return seen && now - seen.at <= policy.overlap ? 'good' : 'stolen';
}

/** The row after a login that used `generation`, for the finishing transaction. Only the newest one raises the generation. */
export function afterUse(
  row: DeviceRow,
  generation: number,
  policy: DevicePolicy,
  now: Instant,
): Pick<DeviceRow, 'generation' | 'seen' | 'usedAt'> {
  const seen = row.seen.filter((use) => now - use.at <= policy.overlap);
  if (generation !== row.generation) return { generation: row.generation, seen, usedAt: now };
  return { generation: generation + 1, seen: [...seen, { generation, at: now }], usedAt: now };
}

/**
 * Which cookie the answer of that login sets, by the row before it: a `new` value; the `successor` made by a parallel tab
 * or in an answer that was lost; or none (`keep`), because the browser has shown that it holds a newer one.
 */
export function cookieAfterUse(row: DeviceRow, generation: number): 'new' | 'successor' | 'keep' {
  if (generation === row.generation) return 'new';
  return generation + 1 === row.generation ? 'successor' : 'keep';
}

export interface DeviceOccasion {
  readonly route: Route;
  readonly allowedByBank: boolean;
  readonly allowedByCompany: boolean;
  /** The portal demands an OTP of this session. */
  readonly otpDemanded: boolean;
  /** Explicit re-authentication: prompt=login, max_age. */
  readonly reauthenticate: boolean;
}

/** Whether a device is consulted at all: only a federated login that nobody asked to prove more (spec §6). */
export function mayUseDevice(occasion: DeviceOccasion): boolean {
  return (
    occasion.route === 'federated' &&
    occasion.allowedByBank &&
    occasion.allowedByCompany &&
    !occasion.otpDemanded &&
    !occasion.reauthenticate
  );
}

/** Whether the OTP screen shows the box: where a device would count, it may be made. A forged tick elsewhere is worth nothing. */
export function mayOfferDevice(occasion: DeviceOccasion): boolean {
  return mayUseDevice(occasion);
}
