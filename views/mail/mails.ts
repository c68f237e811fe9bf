// The mails about codes, links, devices and states of a person (screens.md §16): one function each, from facts to words.
// Never a password, token code, whole serial or other person's name.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Sub } from '../messages/placeholders.ts';
import { date, dateTime, grouped } from '../parts/format.ts';
import { compose, type Mail, type MailFrame } from './frame.tsx';

type Secret = 'login' | 'confirmation';

/** MAI001: the code that proves an address. */
export const emailCodeMail = (
  frame: MailFrame,
  about: { readonly code: string; readonly until: Instant; readonly purpose: Sub<'purpose'> },
): Mail =>
  compose(frame, 'MAI001', (t) => ({
    subject: t.say('MAI001.subject'),
    sentence: t.say('MAI001.1'),
    code: grouped(about.code),
    facts: [
      { term: t.say('mail.purpose'), detail: t.say(`purpose.${about.purpose}`) },
      { term: t.say('mail.until'), detail: dateTime(about.until, t.language, null) },
    ],
    todo: [t.say('MAI001.2')],
  }));

/** MAI005: both IDs of a new link. */
export const linkMadeMail = (frame: MailFrame, about: { readonly bd: string; readonly loginId: string }): Mail =>
  compose(frame, 'MAI005', (t) => ({
    subject: t.say('MAI005.subject'),
    sentence: t.say('MAI005.1'),
    facts: [
      { term: t.say('frame.pair.bd'), detail: about.bd },
      { term: t.say('frame.pair.web'), detail: about.loginId },
    ],
    todo: [],
  }));

/** MAI006: a removed link, and what ended with it. */
export const linkRemovedMail = (
  frame: MailFrame,
  about: { readonly bd: string; readonly loginId: string; readonly devices: number; readonly logins: number },
): Mail =>
  compose(frame, 'MAI006', (t) => ({
    subject: t.say('MAI006.subject'),
    sentence: t.say('MAI006.1'),
    facts: [
      { term: t.say('frame.pair.bd'), detail: about.bd },
      { term: t.say('frame.pair.web'), detail: about.loginId },
      {
        term: t.say('mail.ended'),
        detail: t.say('MAI006.2', { devices: about.devices, logins: about.logins }),
      },
    ],
    todo: [t.say('MAI006.3')],
  }));

/** MAI007: a browser that skips the code from now on. */
export const deviceRememberedMail = (
  frame: MailFrame,
  about: { readonly device: string; readonly until: Instant },
): Mail =>
  compose(frame, 'MAI007', (t) => ({
    subject: t.say('MAI007.subject'),
    sentence: t.say('MAI007.1'),
    facts: [
      { term: t.say('field.device_label'), detail: about.device },
      { term: t.say('mail.until'), detail: dateTime(about.until, t.language, null) },
    ],
    todo: [t.say('MAI007.2')],
  }));

/** MAI008: skipping ended, and why. */
export const deviceEndedMail = (frame: MailFrame, about: { readonly why: Sub<'why'> }): Mail =>
  compose(frame, 'MAI008', (t) => ({
    subject: t.say('MAI008.subject'),
    sentence: t.say('MAI008.1'),
    facts: [{ term: t.say('mail.why'), detail: t.say(`why.${about.why}`) }],
    todo: [],
  }));

/** MAI009: a device's secret was used twice. */
export const deviceCopiedMail = (frame: MailFrame, about: { readonly device: string }): Mail =>
  compose(frame, 'MAI009', (t) => ({
    subject: t.say('MAI009.subject'),
    sentence: t.say('MAI009.1'),
    facts: [{ term: t.say('field.device_label'), detail: about.device }],
    todo: [],
  }));

/** MAI010: which passwords were changed, and until when they hold. */
export const passwordChangedMail = (
  frame: MailFrame,
  about: { readonly changed: readonly Secret[]; readonly expires: Instant | null },
): Mail =>
  compose(frame, 'MAI010', (t) => ({
    subject: t.say('MAI010.subject'),
    sentence: t.say('MAI010.1'),
    facts: [
      { term: t.say('mail.changed'), detail: about.changed.map((one) => t.say(`secret.${one}`)).join(' / ') },
      ...(about.expires === null ? [] : [{ term: t.say('mail.expires'), detail: date(about.expires, t.language) }]),
    ],
    todo: [],
  }));

/** MAI012: a temporary lock with its end; `linked`: the linked route goes on. */
export const passwordLockedMail = (
  frame: MailFrame,
  about: { readonly which: Secret; readonly until: Instant; readonly linked: boolean },
): Mail =>
  compose(frame, 'MAI012', (t) => ({
    subject: t.say('MAI012.subject'),
    sentence: t.say(`MAI012.${about.which}`, { until: about.until }),
    facts: [{ term: t.say('mail.target'), detail: t.say(`secret.${about.which}`) }],
    todo: [
      t.say('MAI012.1', { ask: frame.ask }),
      ...(about.linked && about.which === 'login' ? [t.say('MAI012.2')] : []),
    ],
  }));

/** MAI013: a password that does not recover by itself. */
export const passwordStoppedMail = (
  frame: MailFrame,
  about: { readonly which: Secret; readonly linked: boolean },
): Mail =>
  compose(frame, 'MAI013', (t) => ({
    subject: t.say('MAI013.subject'),
    sentence: t.say('MAI013.1', { secret: about.which }),
    facts: [{ term: t.say('mail.target'), detail: t.say(`secret.${about.which}`) }],
    todo: [
      t.say('MAI013.2', { ask: frame.ask }),
      ...(about.linked && about.which === 'login' ? [t.say('MAI012.2')] : []),
    ],
  }));

/** MAI014: the one-time password is stopped, whom to ask. */
export const otpStoppedMail = (frame: MailFrame): Mail =>
  compose(frame, 'MAI014', (t) => ({
    subject: t.say('MAI014.subject'),
    sentence: t.say('MAI014.1'),
    facts: [{ term: t.say('mail.target'), detail: t.say('secret.otp') }],
    todo: [t.say('MAI014.2'), t.say('MAI014.3', { ask: frame.ask })],
  }));

/** MAI015: what was released, and what remains. */
export const releasedMail = (
  frame: MailFrame,
  about: { readonly released: readonly Sub<'secret'>[]; readonly remaining: readonly Sub<'state'>[] },
): Mail =>
  compose(frame, 'MAI015', (t) => ({
    subject: t.say('MAI015.subject'),
    sentence: t.say('MAI015.1'),
    facts: [
      { term: t.say('mail.target'), detail: about.released.map((one) => t.say(`secret.${one}`)).join(' / ') },
      {
        term: t.say('mail.remaining'),
        detail:
          about.remaining.length === 0
            ? t.say('frame.none')
            : about.remaining.map((state) => t.say(`state.${state}`)).join(' / '),
      },
    ],
    todo: [],
  }));

/** MAI016: use was stopped or resumed. */
export const useMail = (frame: MailFrame, about: { readonly stopped: boolean }): Mail =>
  compose(frame, 'MAI016', (t) => ({
    subject: t.say(about.stopped ? 'MAI016.stopped.subject' : 'MAI016.resumed.subject'),
    sentence: t.say(about.stopped ? 'MAI016.stopped' : 'MAI016.resumed'),
    facts: [],
    todo: about.stopped ? [t.say(`ask.${frame.ask}`)] : [],
  }));
