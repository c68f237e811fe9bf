// From an outbox row to a mail: the row's facts are plain values, here they become the typed facts of one mail.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Ask, Sub } from '../messages/placeholders.ts';
import { whyOf } from '../messages/stored.ts';
import type { Brand } from '../messages/texts.ts';
import type { Language } from '../parts/format.ts';
import * as company from './company-mails.ts';
import type { Mail, MailFrame } from './frame.tsx';
import * as mails from './mails.ts';
import * as registration from './registration-mails.ts';
import * as tokens from './token-mails.ts';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** A mail as flows owe it. */
export interface OwedMail {
  readonly mail:
    | 'email-code'
    | 'link-made'
    | 'link-removed'
    | 'device-remembered'
    | 'device-ended'
    | 'device-copied'
    | 'password-changed'
    | 'password-locked'
    | 'password-stopped'
    | 'otp-stopped'
    | 'released'
    | 'use-stopped'
    | 'use-resumed'
    | 'email-changed'
    | 'password-set'
    | 'registered'
    | 'registration-removed'
    | 'rights-changed'
    | 'password-expires'
    | 'reset-received'
    | 'reset-decided'
    | 'spray'
    | 'last-releaser'
    | 'user-stopped'
    | 'token-issued'
    | 'token-in-use'
    | 'token-revoked'
    | 'token-revoked-without-token'
    | 'issue-allowed'
    | 'clock'
    | 'token-expires'
    | 'registration-due';
  readonly personName: string;
  readonly language: Language | null;
  readonly at: Instant;
  readonly by: Sub<'by'>;
  /** Browser and system in words. */
  readonly agent: string | null;
  readonly reference: string | null;
  readonly facts: Facts;
}

const text = (facts: Facts, name: string): string => String(facts[name] ?? '');
const number = (facts: Facts, name: string): number => Number(facts[name] ?? 0);
const which = (facts: Facts): 'login' | 'confirmation' =>
  facts['which'] === 'confirmation' ? 'confirmation' : 'login';
const ask = (facts: Facts): Ask => (facts['ask'] === 'admin' || facts['ask'] === 'desk' ? facts['ask'] : 'any');

const purposes: readonly Sub<'purpose'>[] = ['setup', 'email', 'reset', 'issue', 'authenticator', 'register', 'revoke'];
const secrets: readonly Sub<'secret'>[] = ['login', 'confirmation', 'otp'];
const passwords = ['login', 'confirmation'] as const;
const changed = (facts: Facts): readonly ('login' | 'confirmation')[] => passwords.filter((one) => facts[one] === true);
const secretOf = (facts: Facts): Sub<'secret'> => secrets.find((one) => one === facts['which']) ?? 'login';
const states: readonly Sub<'state'>[] = [
  'new',
  'must-change',
  'expired',
  'password-locked',
  'password-stopped',
  'confirmation-locked',
  'confirmation-stopped',
  'otp-stopped',
  'account-stopped',
];
const causes: readonly Sub<'MAI029.cause'>[] = ['misses', 'drift', 'colleague', 'expired', 'spray'];

const tokenKinds: readonly Sub<'mail.kind'>[] = ['hardware', 'software', 'authenticator'];
const kindOf = (facts: Facts): Sub<'mail.kind'> => tokenKinds.find((one) => one === facts['kind']) ?? 'software';
const successors = ['shipped', 'arrived', 'app'] as const;
const revocations: readonly Sub<'MAI017.why'>[] = ['phone', 'lost', 'other'];

/** Several texts in one fact, a line each. */
const lines = (facts: Facts, name: string): readonly string[] =>
  text(facts, name)
    .split('\n')
    .filter((one) => one !== '');

/** `t***@example.co.jp` (screens.md §3 row 14); what is masked already stays as it is. */
const masked = (email: string): string => email.replace(/^([^@])[^@]*(@.*)$/, '$1***$2');

/**
 * The words of an owed mail. Facts it reads: code, purpose, until · display, loginName · devices, logins · label, until · why ·
 * login, confirmation, expires · which, until, linked · (released) login, confirmation, otp, remaining (states, a blank between)
 * · old, new, masked, usableFrom · (set) login, confirmation, forced · added, removed (a line each), adminGranted, adminRemoved ·
 * which, expires, days · number, approved, why · from, count · who, loginName, which, state, until, cause · (issued) userId, until
 * · (in use) kind, last4 · (revoked) kind, last4, until, night, why · (without a token) role, count · (clock) behind · ask everywhere.
 */
export function mailOf(owed: OwedMail, brand: Brand, app: tokens.AppPlace): Mail {
  const { facts } = owed;
  const frame: MailFrame = {
    brand,
    language: owed.language,
    name: owed.personName === '' ? null : owed.personName,
    at: owed.at,
    by: owed.by,
    route: facts['route'] === 'direct' || facts['route'] === 'federated' ? facts['route'] : null,
    device: owed.by === 'system' || owed.agent === '' ? null : owed.agent,
    reference: owed.reference,
    ask: ask(facts),
  };
  const link = { bd: text(facts, 'display'), loginId: text(facts, 'loginName') };
  const until = number(facts, 'until');
  const linked = facts['linked'] === true;
  switch (owed.mail) {
    case 'email-code': {
      const purpose = purposes.find((one) => one === facts['purpose']) ?? 'setup';
      return mails.emailCodeMail(frame, { code: text(facts, 'code'), until, purpose });
    }
    case 'link-made':
      return mails.linkMadeMail(frame, link);
    case 'link-removed':
      return mails.linkRemovedMail(frame, {
        ...link,
        devices: number(facts, 'devices'),
        logins: number(facts, 'logins'),
      });
    case 'device-remembered':
      return mails.deviceRememberedMail(frame, { device: text(facts, 'label'), until });
    case 'device-ended':
      return mails.deviceEndedMail(frame, { why: whyOf(text(facts, 'why')) });
    case 'device-copied':
      return mails.deviceCopiedMail(frame, { device: text(facts, 'label') });
    case 'password-changed':
      return mails.passwordChangedMail(frame, {
        changed: changed(facts),
        expires: typeof facts['expires'] === 'number' ? facts['expires'] : null,
      });
    case 'password-locked':
      return mails.passwordLockedMail(frame, { which: which(facts), until, linked });
    case 'password-stopped':
      return mails.passwordStoppedMail(frame, { which: which(facts), linked });
    case 'otp-stopped':
      return mails.otpStoppedMail(frame);
    case 'released':
      return mails.releasedMail(frame, {
        released: secrets.filter((one) => facts[one] === true),
        remaining: states.filter((state) => text(facts, 'remaining').split(' ').includes(state)),
      });
    case 'use-stopped':
      return mails.useMail(frame, { stopped: true });
    case 'use-resumed':
      return mails.useMail(frame, { stopped: false });
    case 'email-changed':
      return registration.emailChangedMail(frame, {
        old: facts['masked'] === 'old' ? masked(text(facts, 'old')) : text(facts, 'old'),
        changed: facts['masked'] === 'new' ? masked(text(facts, 'new')) : text(facts, 'new'),
        usableFrom: typeof facts['usableFrom'] === 'number' ? facts['usableFrom'] : null,
      });
    case 'password-set':
      return registration.passwordSetMail(frame, { changed: changed(facts), forced: facts['forced'] === true });
    case 'rights-changed':
      return registration.rightsChangedMail(frame, {
        added: { admin: facts['adminGranted'] === true, named: lines(facts, 'added') },
        removed: { admin: facts['adminRemoved'] === true, named: lines(facts, 'removed') },
      });
    case 'registered':
      return registration.registeredMail(frame);
    case 'registration-removed':
      return registration.registrationRemovedMail(frame);
    case 'password-expires':
      return registration.passwordExpiresMail(frame, {
        which: facts['which'] === 'both' ? passwords : [which(facts)],
        expires: number(facts, 'expires'),
        days: number(facts, 'days'),
      });
    case 'reset-received':
      return registration.resetReceivedMail(frame, { number: text(facts, 'number') });
    case 'reset-decided':
      return registration.resetDecidedMail(frame, {
        number: text(facts, 'number'),
        approved: facts['approved'] === true,
        why: text(facts, 'why'),
      });
    case 'spray':
      return company.sprayMail(frame, { from: number(facts, 'from'), count: number(facts, 'count') });
    case 'last-releaser':
      return company.lastReleaserMail(frame);
    case 'user-stopped':
      return company.userStoppedMail(frame, {
        who: text(facts, 'who'),
        loginName: text(facts, 'loginName'),
        which: secretOf(facts),
        until: facts['state'] === 'locked' && typeof facts['until'] === 'number' ? facts['until'] : null,
        cause: causes.find((one) => one === facts['cause']) ?? 'misses',
      });
    case 'token-issued':
      return tokens.tokenIssuedMail(frame, app, { userId: text(facts, 'userId'), until });
    case 'token-in-use':
      return tokens.tokenInUseMail(frame, { kind: kindOf(facts), last4: text(facts, 'last4') });
    case 'token-revoked':
      return tokens.tokenRevokedMail(frame, {
        kind: kindOf(facts),
        last4: text(facts, 'last4'),
        until: typeof facts['until'] === 'number' ? facts['until'] : null,
        night: facts['night'] === true,
        why: revocations.find((one) => one === facts['why']) ?? 'other',
      });
    case 'token-revoked-without-token':
      return tokens.revokedWithoutTokenMail(frame, {
        role: facts['role'] === 'master' ? 'master' : 'admin',
        count: number(facts, 'count'),
      });
    case 'issue-allowed':
      return tokens.issueAllowedMail(frame);
    case 'token-expires':
      return tokens.tokenExpiresMail(frame, {
        last4: text(facts, 'last4'),
        expires: number(facts, 'expires'),
        days: number(facts, 'days'),
        successor: successors.find((one) => one === facts['successor']) ?? null,
      });
    case 'registration-due':
      return tokens.registrationDueMail(frame, {
        limit: number(facts, 'limit'),
        shippedAt: typeof facts['shippedAt'] === 'number' ? facts['shippedAt'] : null,
        blocks: facts['blocks'] === 'login' ? 'login' : 'operations',
      });
    case 'clock':
      return tokens.clockMail(frame, { behind: number(facts, 'behind') });
  }
}
