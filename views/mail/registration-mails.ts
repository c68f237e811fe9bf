// The mails about a registration (screens.md §16): address, passwords that others set, rights, the registration itself and its
// end, what is due, a request for a new master password. What is told to its own person names nobody else.
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { date } from '../parts/format.ts';
import { compose, type Mail, type MailFrame } from './frame.tsx';

type Secret = 'login' | 'confirmation';

/** Names of secrets in one line. */
const named = (t: Texts, secrets: readonly Secret[]): string =>
  secrets.map((one) => t.say(`secret.${one}`)).join(' / ');

/** MAI002: both addresses; the one that is not this mail's own comes masked. */
export const emailChangedMail = (
  frame: MailFrame,
  about: { readonly old: string; readonly changed: string; readonly usableFrom: Instant | null },
): Mail =>
  compose(frame, 'MAI002', (t) => ({
    subject: t.say('MAI002.subject'),
    sentence: t.say('MAI002.1'),
    facts: [
      { term: t.say('MAI002.old'), detail: about.old === '' ? t.say('frame.none') : about.old },
      { term: t.say('MAI002.new'), detail: about.changed },
    ],
    todo: about.usableFrom === null ? [] : [t.say('MAI002.2', { at: about.usableFrom })],
  }));

/** MAI011: which passwords somebody else set, and whether they must be changed; never the passwords. */
export const passwordSetMail = (
  frame: MailFrame,
  about: { readonly changed: readonly Secret[]; readonly forced: boolean },
): Mail =>
  compose(frame, 'MAI011', (t) => ({
    subject: t.say('MAI011.subject'),
    sentence: t.say('MAI011.1'),
    facts: [{ term: t.say('mail.changed'), detail: named(t, about.changed) }],
    todo: [t.say('MAI011.2'), ...(about.forced ? [t.say('MAI011.3')] : [])],
  }));

/** What MAI018 calls added or removed: administration, and what the flow named. */
interface Rights {
  readonly admin: boolean;
  /** Permissions by their word `records`, portals by their names. */
  readonly named: readonly string[];
}

/** MAI018: rights in words. */
export const rightsChangedMail = (
  frame: MailFrame,
  about: { readonly added: Rights; readonly removed: Rights },
): Mail =>
  compose(frame, 'MAI018', (t) => {
    const words = (rights: Rights): string =>
      [
        ...(rights.admin ? [t.label('admin')] : []),
        ...rights.named.map((one) => (one === 'records' ? t.say('MAI018.records') : one)),
      ].join(' / ') || t.say('frame.none');
    return {
      subject: t.say('MAI018.subject'),
      sentence: t.say('MAI018.1'),
      facts: [
        { term: t.say('MAI018.added'), detail: words(about.added) },
        { term: t.say('MAI018.removed'), detail: words(about.removed) },
      ],
      todo: [],
    };
  });

/** MAI019: neither ID nor password; the sheet brings them. */
export const registeredMail = (frame: MailFrame): Mail =>
  compose(frame, 'MAI019', (t) => ({
    subject: t.say('MAI019.subject'),
    sentence: t.say('MAI019.1'),
    facts: [],
    todo: [t.say('MAI019.2')],
  }));

/** MAI020: the registration is no more. */
export const registrationRemovedMail = (frame: MailFrame): Mail =>
  compose(frame, 'MAI020', (t) => ({
    subject: t.say('MAI020.subject'),
    sentence: t.say('MAI020.1'),
    facts: [],
    todo: [t.say('MAI020.2')],
  }));

/** MAI021: which password expires, on what day. */
export const passwordExpiresMail = (
  frame: MailFrame,
  about: { readonly which: readonly Secret[]; readonly expires: Instant; readonly days: number },
): Mail =>
  compose(frame, 'MAI021', (t) => ({
    subject: t.say('MAI021.subject'),
    sentence: t.say('MAI021.1', { date: about.expires }),
    facts: [
      { term: t.say('mail.target'), detail: named(t, about.which) },
      { term: t.say('mail.expires'), detail: date(about.expires, t.language) },
      { term: t.say('MAI021.left'), detail: t.say(about.days === 1 ? 'MAI021.day' : 'MAI021.days', { n: about.days }) },
    ],
    todo: [t.say('MAI021.2')],
  }));

/** MAI024: a request for a new master password was received. */
export const resetReceivedMail = (frame: MailFrame, about: { readonly number: string }): Mail =>
  compose(frame, 'MAI024', (t) => ({
    subject: t.say('MAI024.subject'),
    sentence: t.say('MAI024.1'),
    facts: [{ term: t.say('MAI024.number'), detail: about.number }],
    todo: [t.say('MAI024.2'), t.say('MAI024.3')],
  }));

/** MAI025: approved, then the post brings the password; or sent back, and why. */
export const resetDecidedMail = (
  frame: MailFrame,
  about: { readonly number: string; readonly approved: boolean; readonly why: string },
): Mail =>
  compose(frame, 'MAI025', (t) => ({
    subject: t.say('MAI025.subject'),
    sentence: t.say(about.approved ? 'MAI025.approved' : 'MAI025.refused'),
    facts: [
      { term: t.say('MAI024.number'), detail: about.number },
      ...(about.approved || about.why === '' ? [] : [{ term: t.say('mail.why'), detail: about.why }]),
    ],
    todo: [t.say(about.approved ? 'MAI025.1' : 'MAI025.2')],
  }));
