// The mails to those who look after a company (screens.md §16): repeated misses over its users, the last person able to
// release, a user who was stopped. The last one names its user: it goes to those who may release them, and to nobody else.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Sub } from '../messages/placeholders.ts';
import { dateTime } from '../parts/format.ts';
import { compose, type Mail, type MailFrame } from './frame.tsx';

/** MAI027: since when, how many; nobody was stopped for it. */
export const sprayMail = (frame: MailFrame, about: { readonly from: Instant; readonly count: number }): Mail =>
  compose(frame, 'MAI027', (t) => ({
    subject: t.say('MAI027.subject'),
    sentence: t.say('MAI027.1'),
    facts: [
      { term: t.say('MAI027.from'), detail: dateTime(about.from, t.language, null) },
      { term: t.say('MAI027.count'), detail: t.say('MAI027.times', { n: about.count }) },
    ],
    todo: [t.say('MAI027.2'), t.say('MAI027.3')],
  }));

/** MAI028: to every master and admin. */
export const lastReleaserMail = (frame: MailFrame): Mail =>
  compose(frame, 'MAI028', (t) => ({
    subject: t.say('MAI028.subject'),
    sentence: t.say('MAI028.1'),
    facts: [],
    todo: [t.say('MAI028.2'), t.say('MAI028.3')],
  }));

/** MAI029: who, which lock and why, as classes; where it is released. */
export const userStoppedMail = (
  frame: MailFrame,
  about: {
    readonly who: string;
    readonly loginName: string;
    readonly which: Sub<'secret'>;
    /** When a temporary lock ends; null: it does not end by itself. */
    readonly until: Instant | null;
    readonly cause: Sub<'MAI029.cause'>;
  },
): Mail =>
  compose(frame, 'MAI029', (t) => ({
    subject: t.say('MAI029.subject'),
    sentence:
      about.until === null
        ? t.say('MAI029.stopped', { secret: about.which })
        : t.say('MAI029.locked', { secret: about.which, until: about.until }),
    facts: [
      { term: t.say('MAI029.who'), detail: t.say('frame.who', { name: about.who, login_id: about.loginName }) },
      { term: t.say('mail.target'), detail: t.say(`secret.${about.which}`) },
      { term: t.say('MAI029.why'), detail: t.say(`MAI029.cause.${about.cause}`) },
    ],
    todo: [t.say(about.which === 'otp' ? 'MAI029.otp' : 'MAI029.password')],
  }));
