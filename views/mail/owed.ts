// From an outbox row to a mail: the row's facts are plain values, here they become the typed facts of one mail.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Ask, Sub } from '../messages/placeholders.ts';
import { whyOf } from '../messages/stored.ts';
import type { Brand } from '../messages/texts.ts';
import type { Language } from '../parts/format.ts';
import type { Mail, MailFrame } from './frame.tsx';
import * as mails from './mails.ts';

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
    | 'user-stopped';
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

const purposes: readonly Sub<'purpose'>[] = ['setup', 'email', 'token', 'registration'];
const secrets: readonly Sub<'secret'>[] = ['login', 'confirmation', 'otp'];

/**
 * The words of an owed mail. Facts it reads: code, purpose, until · display, loginName · devices, logins · label, until · why ·
 * login, confirmation, expires · which, until, linked · (released) login, confirmation, otp · ask everywhere.
 */
export function mailOf(owed: OwedMail, brand: Brand): Mail {
  const { facts } = owed;
  const frame: MailFrame = {
    brand,
    language: owed.language,
    name: owed.personName,
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
        changed: (['login', 'confirmation'] as const).filter((one) => facts[one] === true),
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
        remaining: [],
      });
    case 'use-stopped':
      return mails.useMail(frame, { stopped: true });
    case 'use-resumed':
      return mails.useMail(frame, { stopped: false });
  }
}
