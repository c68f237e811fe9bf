// The mails about tokens (screens.md §16): issued, in use, revoked; that a token may be issued; and a clock that was set back.
// The only link is the token app's own page. Never an activation password, code, whole serial or other person's name.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Sub } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { dateTime, grouped } from '../parts/format.ts';
import { compose, type Mail, type MailFrame } from './frame.tsx';

/** Where a token is set up: サービスID, and the address of the token app. */
export interface AppPlace {
  readonly serviceId: string;
  readonly address: string;
}

/** A token as its own user is told of it: the end of a key-fob's serial number, or of an app's user ID; '' where there is none. */
interface TokenName {
  readonly kind: Sub<'mail.kind'>;
  readonly last4: string;
}

const named = (t: Texts, { kind, last4 }: TokenName): { readonly term: string; readonly detail: string } => {
  const device = t.say(`mail.kind.${kind}`);
  const ends = kind === 'hardware' ? 'mail.token.serial' : 'mail.token.user';
  return { term: t.say('mail.token'), detail: last4 === '' ? device : t.say(ends, { device, last4 }) };
};

/** MAI003: to the telephone's own address; what its app asks for, but the activation password. */
export const tokenIssuedMail = (
  frame: MailFrame,
  app: AppPlace,
  about: { readonly userId: string; readonly until: Instant },
): Mail =>
  compose(frame, 'MAI003', (t) => ({
    subject: t.say('MAI003.subject'),
    sentence: t.say('MAI003.1'),
    facts: [
      { term: t.say('MAI003.service'), detail: app.serviceId },
      { term: t.say('MAI003.user'), detail: grouped(about.userId) },
      { term: t.say('MAI003.app'), detail: app.address, link: true },
      { term: t.say('mail.until'), detail: dateTime(about.until, t.language, null) },
    ],
    todo: [t.say('MAI003.2'), t.say('MAI003.3')],
  }));

/** MAI004: the first right code was entered. */
export const tokenInUseMail = (frame: MailFrame, about: TokenName): Mail =>
  compose(frame, 'MAI004', (t) => ({
    subject: t.say('MAI004.subject'),
    sentence: t.say('MAI004.1'),
    facts: [named(t, about)],
    todo: [],
  }));

/** MAI017: from when a new token can be had and its holder may sign in; `until` null: at once. */
export const tokenRevokedMail = (
  frame: MailFrame,
  about: TokenName & {
    readonly until: Instant | null;
    /** Revoked in the night, so that the wait is longer. */
    readonly night: boolean;
    readonly why: Sub<'MAI017.why'>;
  },
): Mail =>
  compose(frame, 'MAI017', (t) => ({
    subject: t.say('MAI017.subject'),
    sentence: t.say('MAI017.1'),
    facts: [named(t, about), { term: t.say('mail.why'), detail: t.say(`MAI017.why.${about.why}`) }],
    todo: [
      about.until === null ? t.say('MAI017.now') : t.say('MAI017.from', { at: about.until }),
      ...(about.until !== null && about.night ? [t.say('MAI017.night')] : []),
    ],
  }));

/** MAI017 to the other administrators: somebody without a usable token of their own revoked tokens; whose, the records say. */
export const revokedWithoutTokenMail = (
  frame: MailFrame,
  about: { readonly role: Sub<'role'>; readonly count: number },
): Mail =>
  compose(frame, 'MAI017', (t) => ({
    subject: t.say('MAI017.subject'),
    sentence: t.say('MAI017.without'),
    facts: [
      { term: t.say('MAI017.role'), detail: t.say(`role.${about.role}`) },
      { term: t.say('MAI017.count'), detail: t.say('MAI017.people', { n: about.count }) },
    ],
    todo: [t.say('MAI017.proof'), t.say('MAI017.check')],
  }));

/** MAI022: 60, 30 and 7 days before a key-fob's expiry; `successor`: where the one that is to follow it is, null when none was sent, `app` where the company went over to apps. */
export const tokenExpiresMail = (
  frame: MailFrame,
  about: {
    readonly last4: string;
    readonly expires: Instant;
    readonly days: number;
    readonly successor: 'shipped' | 'arrived' | 'app' | null;
  },
): Mail =>
  compose(frame, 'MAI022', (t) => ({
    subject: t.say('MAI022.subject'),
    sentence: t.say('MAI022.1', { date: about.expires }),
    facts: [
      named(t, { kind: 'hardware', last4: about.last4 }),
      {
        term: t.say('MAI021.left'),
        detail: t.say(about.days === 1 ? 'MAI021.day' : 'MAI021.days', { n: about.days }),
      },
    ],
    todo:
      about.successor === 'app'
        ? [t.say('MAI022.app')]
        : [t.say(about.successor === null ? 'MAI022.none' : `MAI022.${about.successor}`), t.say('MAI022.2')],
  }));

/** MAI023: when the token was shipped, and 7 and 1 days before the limit; what happens after it. */
export const registrationDueMail = (
  frame: MailFrame,
  about: {
    readonly limit: Instant;
    readonly shippedAt: Instant | null;
    readonly blocks: 'login' | 'operations';
  },
): Mail =>
  compose(frame, 'MAI023', (t) => ({
    subject: t.say('MAI023.subject'),
    sentence: t.say('MAI023.1'),
    facts: [
      { term: t.say('MAI023.limit'), detail: dateTime(about.limit, t.language, null) },
      ...(about.shippedAt === null
        ? []
        : [{ term: t.say('MAI023.shipped'), detail: dateTime(about.shippedAt, t.language, null) }]),
    ],
    todo: [t.say('MAI023.2'), t.say('MAI023.3', { blocked: about.blocks })],
  }));

/** MAI032: somebody else allowed a token that the takeover guard held up (spec §2). */
export const issueAllowedMail = (frame: MailFrame): Mail =>
  compose(frame, 'MAI032', (t) => ({
    subject: t.say('MAI032.subject'),
    sentence: t.say('MAI032.1'),
    facts: [],
    todo: [t.say('MAI032.2')],
  }));

/** MAI033, to the desk. `behind`: minutes by which the present lies before what was accepted already. */
export const clockMail = (frame: MailFrame, about: { readonly behind: number }): Mail =>
  compose(frame, 'MAI033', (t) => ({
    subject: t.say('MAI033.subject'),
    sentence: t.say('MAI033.1'),
    facts: [{ term: t.say('MAI033.behind'), detail: t.say('MAI033.minutes', { n: about.behind }) }],
    todo: [t.say('MAI033.2'), t.say('MAI033.3')],
  }));
