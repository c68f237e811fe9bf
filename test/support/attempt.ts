// Sign-in records of tests: what a portal ordinarily asks, and an attempt that has proven what the test says.
import { freshRecord } from '../../src/flows/sign-in/begin.ts';
import type { PortalRequest, SignInRecord, VerifiedUpstream } from '../../src/rules/sign-in-record.ts';
import { minute, newId, start } from './rows.ts';

export const portalRequest = (patch: Partial<PortalRequest> = {}): PortalRequest => ({
  clientId: 'demo-portal',
  portalName: '提携ポータル',
  own: false,
  otpDemanded: false,
  routes: ['direct', 'federated'],
  unmeetable: false,
  reauthenticate: false,
  maxAge: null,
  selectUser: false,
  loginHint: null,
  language: null,
  upstream: null,
  consentAsked: false,
  approval: null,
  ...patch,
});

export const verifiedUpstream = (patch: Partial<VerifiedUpstream> = {}): VerifiedUpstream => ({
  issuer: 'https://bd.example',
  subject: newId(),
  display: 'minato04',
  company: null,
  authTime: start,
  at: start,
  ...patch,
});

/** A fresh attempt of half an hour, and what the test adds to it. */
export function attemptRecord(patch: Partial<SignInRecord> = {}): SignInRecord {
  const opening = { id: newId(), browser: 'hash of the browser', request: portalRequest(), live: null };
  return { ...freshRecord(opening, start, 30 * minute), ...patch };
}
