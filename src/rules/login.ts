// A login: what one attempt proved, for as long as it holds. Kept in the state store under `login:{id}`; whether it still
// stands is PostgreSQL's answer, not this record's.
import type { Acr, Amr } from './acr.ts';
import type { Instant, LiveLogin, OtpProof, Route } from './sign-in-record.ts';

export interface LoginRecord {
  readonly id: string;
  readonly accountId: string;
  readonly companyId: string;
  /** The account's security epoch that the login relies on. */
  readonly epoch: number;
  /** The link it came through; null on the direct route. */
  readonly linkId: string | null;
  readonly route: Route;
  readonly passwordAt: Instant | null;
  readonly otp: OtpProof | null;
  /** The remembered device that stood in for the one-time password. */
  readonly deviceId: string | null;
  readonly acr: Acr;
  readonly amr: readonly Amr[];
  /** When the person was authenticated: the upstream's word when trusted, else ours. */
  readonly authTime: Instant;
  readonly startedAt: Instant;
  /** Absolute end, ten hours by default; no activity moves it. */
  readonly expiresAt: Instant;
  readonly displayName: string;
  readonly loginName: string;
}

/** A login as a new request meets it in a live session. */
export function liveLogin(login: LoginRecord, sessionUid: string): LiveLogin {
  const { accountId, displayName, loginName, epoch, route, linkId, authTime, passwordAt, otp, deviceId } = login;
  return {
    loginId: login.id,
    sessionUid,
    accountId,
    displayName,
    loginName,
    epoch,
    route,
    linkId,
    authTime,
    passwordAt,
    otp,
    deviceId,
  };
}
