// The order of a sign-in: one ordered table, first match decides, the last row refuses (spec §3). Screens prove facts and
// come back here; nothing else chooses what comes next. The row's sentence goes to the audit record.
import type { Instant } from './sign-in-record.ts';
import type { RegistrationSlug } from './token-issue.ts';

/** What is known about one attempt at one moment; derived by sign-in-facts.ts, never stored. */
export interface Facts {
  readonly closedUntil: Instant | null;
  readonly attempt: 'open' | 'gone';
  readonly chooseUser: boolean;
  readonly route: 'none' | 'direct' | 'federated';
  readonly upstreamVerified: boolean;
  /** A live link of the verified pair, used within the policy's time. */
  readonly linked: boolean;
  readonly passwordProven: boolean;
  readonly account: 'usable' | 'account-stopped' | 'company-suspended';
  readonly pair: 'may-link' | 'link-taken' | 'link-limit' | 'company-mismatch' | 'not-planned';
  readonly portal: 'granted' | 'no-permission';
  readonly otpStopped: boolean;
  readonly waitingUntil: Instant | null;
  /** Why one waits, for the page: after a revocation, or with an issue that is due now for an address or the guard. */
  readonly waitingFor: 'revocation' | 'email' | 'guard' | null;
  readonly token: 'usable' | 'none';
  /** OTP is asked at this sign-in: by policy and no device skips it, or by the portal's demand. */
  readonly otpNeeded: boolean;
  readonly otpProven: boolean;
  readonly setup: 'done' | 'login-id' | 'password' | 'confirmation-password' | 'email' | 'email-code';
  /** A token must or may be registered now; `skippable` while the grace lasts. */
  readonly registration: 'not-due' | 'skippable' | 'required';
  /** The page on which it goes on (rules/token-issue.ts). */
  readonly registrationPage: RegistrationSlug;
  readonly otpDemanded: boolean;
  readonly acrMeetable: boolean;
  readonly passwordDue: 'none' | 'forced' | 'expired' | 'result';
  readonly consent: 'not-asked' | 'missing' | 'given';
  /** What the portal asks to be approved with a fresh code; `lapsed`: it can't be any more, or came back changed. */
  readonly approval: 'not-asked' | 'missing' | 'lapsed' | 'given';
  /** Epoch and link are what they were when this attempt first saw them. */
  readonly standing: 'unchanged' | 'changed';
}

export type SetupStep = Exclude<Facts['setup'], 'done'>;

export type RefusalWord =
  | 'closed'
  | 'start-over'
  | 'account-stopped'
  | 'company-suspended'
  | 'link-taken'
  | 'link-limit'
  | 'company-mismatch'
  | 'not-planned'
  | 'no-permission'
  | 'otp-stopped'
  | 'otp-unreachable'
  | 'approval-gone'
  | 'conflict';

/** The pages of the table, by their slug (the end of their path), and the three steps that show none. */
export type Step =
  | { readonly to: 'page'; readonly slug: PageSlug }
  | { readonly to: 'waiting'; readonly until: Instant }
  | { readonly to: 'upstream' }
  | { readonly to: 'finish' }
  | { readonly to: 'refuse'; readonly word: RefusalWord };

export type PageSlug =
  | 'select-account'
  | 'choose-route'
  | 'first-link'
  | 'direct'
  | 'otp'
  | `setup-${SetupStep}`
  | RegistrationSlug
  | 'forced-change'
  | 'expired-password'
  | 'password-changed'
  | 'consent'
  | 'approve';

interface Row {
  readonly row: string;
  /** The sentence of the audit record. */
  readonly says: string;
  readonly when: (f: Facts) => boolean;
  readonly step: (f: Facts) => Step;
}

const page = (slug: PageSlug) => (): Step => ({ to: 'page', slug });
const refuse = (word: RefusalWord) => (): Step => ({ to: 'refuse', word });

const federated = (f: Facts): boolean => f.route === 'federated';
const direct = (f: Facts): boolean => f.route === 'direct';
/** Somebody is known: by the link, or by login ID and password. */
const known = (f: Facts): boolean => (federated(f) && f.upstreamVerified && f.linked) || f.passwordProven;
const linking = (f: Facts): boolean => federated(f) && f.upstreamVerified && !f.linked;

const unapproved = (f: Facts): boolean => f.approval === 'missing' || f.approval === 'lapsed';

/** An approval asks its own fresh code, which meets a demand too; nobody without a token can give it. */
const unreachable = (f: Facts): boolean =>
  !f.acrMeetable || (unapproved(f) ? f.token === 'none' : f.otpDemanded && !f.otpProven);

const setup = (f: Facts): Step =>
  f.setup === 'done' ? { to: 'refuse', word: 'conflict' } : { to: 'page', slug: `setup-${f.setup}` };

const passwordDue = (f: Facts): Step =>
  f.passwordDue === 'result'
    ? { to: 'page', slug: 'password-changed' }
    : { to: 'page', slug: f.passwordDue === 'forced' ? 'forced-change' : 'expired-password' };

// oxfmt-ignore
export const table: readonly Row[] = [
  { row: '1',   says: 'The service is closed.',                              when: (f) => f.closedUntil !== null,                        step: refuse('closed') },
  { row: '2',   says: 'The attempt is unknown, foreign, finished or expired.', when: (f) => f.attempt === 'gone',                        step: refuse('start-over') },
  { row: '2a',  says: 'The person has to choose who signs in.',              when: (f) => f.chooseUser,                                  step: page('select-account') },
  { row: '3',   says: 'No route has been chosen.',                           when: (f) => f.route === 'none',                            step: page('choose-route') },
  { row: '4',   says: 'Business Direct has not vouched for anybody yet.',    when: (f) => federated(f) && !f.upstreamVerified,           step: () => ({ to: 'upstream' }) },
  { row: '5',   says: 'The Business Direct ID has no link.',                 when: (f) => linking(f) && !f.passwordProven,               step: page('first-link') },
  { row: '6',   says: 'Login ID and password have not been proven.',         when: (f) => direct(f) && !f.passwordProven,                step: page('direct') },
  { row: '7',   says: 'The account or its company may not sign in.',         when: (f) => f.account !== 'usable',                        step: (f) => ({ to: 'refuse', word: f.account === 'usable' ? 'conflict' : f.account }) },
  { row: '8',   says: 'This pair may not be linked.',                        when: (f) => linking(f) && f.pair !== 'may-link',           step: (f) => ({ to: 'refuse', word: f.pair === 'may-link' ? 'conflict' : f.pair }) },
  { row: '9',   says: 'The portal is not granted to this account.',          when: (f) => f.portal === 'no-permission',                  step: refuse('no-permission') },
  { row: '10',  says: 'The one-time password is stopped.',                   when: (f) => f.otpStopped,                                  step: refuse('otp-stopped') },
  { row: '11',  says: 'A waiting time has not passed.',                      when: (f) => f.waitingUntil !== null,                       step: (f) => ({ to: 'waiting', until: f.waitingUntil ?? 0 }) },
  { row: '12',  says: 'A one-time password is needed and unproven.',         when: (f) => f.token === 'usable' && f.otpNeeded && !f.otpProven, step: page('otp') },
  { row: '13',  says: 'The first-time setup is not complete.',               when: (f) => f.setup !== 'done',                            step: setup },
  { row: '14',  says: 'A token has to be registered.',                       when: (f) => f.token === 'none' && f.registration !== 'not-due', step: (f) => ({ to: 'page', slug: f.registrationPage }) },
  { row: '15',  says: 'What the portal demands cannot be met.',              when: unreachable,                                          step: refuse('otp-unreachable') },
  { row: '16',  says: 'A password has to be changed.',                       when: (f) => f.passwordDue !== 'none',                      step: passwordDue },
  { row: '16a', says: 'The portal asks for consent.',                        when: (f) => f.consent === 'missing',                       step: page('consent') },
  { row: '16b', says: 'The portal asks for an approval.',                    when: unapproved,                                           step: (f) => f.approval === 'lapsed' ? { to: 'refuse', word: 'approval-gone' } : { to: 'page', slug: 'approve' } },
  { row: '17',  says: 'Everything relied on is present.',                    when: (f) => known(f) && f.standing === 'unchanged',        step: () => ({ to: 'finish' }) },
  { row: '18',  says: 'Something relied on changed, or nothing allows it.',  when: () => true,                                           step: (f) => ({ to: 'refuse', word: f.standing === 'changed' ? 'conflict' : 'start-over' }) },
];

/**
 * The next step of an attempt, and the row that decided (spec §3).
 * Pure: the same facts give the same answer after a reload, in a second tab, or tomorrow.
 */
export function nextStep(facts: Facts): { readonly row: string; readonly says: string; readonly step: Step } {
  const row = table.find((candidate) => candidate.when(facts));
  if (!row) throw new Error('the sign-in table has lost its last row');
  return { row: row.row, says: row.says, step: row.step(facts) };
}
