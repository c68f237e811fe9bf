// BOT001–BOT005, BOT011, BOT012: what each page of an issue shows and what its buttons do, wherever it stands. The sign-in and
// the self-service each bring their front, their frame, and where to go when it is done.
import type { VNode } from 'preact';
import type { Banner } from '../../views/messages/banners.ts';
import { storedBanner } from '../../views/messages/banners.ts';
import { ActivateTokenPage } from '../../views/token/activate-token.tsx';
import { AuthenticatorPage } from '../../views/token/authenticator-qr.tsx';
import { IssueCheckPage } from '../../views/token/issue-token-check.tsx';
import { ChooseKindPage, readKind } from '../../views/token/choose-token-kind.tsx';
import type { TokenCode } from '../../views/token/code-fields.tsx';
import { IssueDetailsPage } from '../../views/token/issue-token.tsx';
import { IssueDonePage } from '../../views/token/issue-token-done.tsx';
import type { IssuedToken } from '../../views/token/issued.tsx';
import { SendCodePage } from '../../views/token/send-email-code.tsx';
import type { IssueShell } from '../../views/token/shell.tsx';
import type { Answer } from '../flows/sign-in/answer.ts';
import { confirmationTrouble } from '../flows/prove-act.ts';
import { activateToken, resendIssueMail, type Activated } from '../flows/token/activate.ts';
import { codeHeldUp, codeSent } from '../flows/token/email-code.ts';
import { issueEndedBy, restartIssue } from '../flows/token/end-issue.ts';
import type { IssueFront } from '../flows/token/front.ts';
import { acknowledgeIssue, confirmIssue } from '../flows/token/issue.ts';
import {
  backToDetails,
  chooseAgain,
  chooseKind,
  enterDetails,
  kindOf,
  preferSoftware,
  requestCode,
  resendCode,
} from '../flows/token/prepare.ts';
import { takeSecret } from '../flows/token/show-secret.ts';
import type { Act } from '../flows/tools.ts';
import { authenticatorAddress } from '../rules/authenticator-address.ts';
import { maskEmail } from '../rules/email.ts';
import { hasLapsed, purposeOf, type RegistrationSlug } from '../rules/token-issue.ts';
import type { Form } from './form.ts';
import type { Site } from './site.ts';

export interface IssueVisit {
  readonly site: Site;
  readonly act: Act;
  readonly front: IssueFront;
  /** What was posted; null when the page is only looked at. */
  readonly form: Form | null;
  readonly shell: IssueShell;
  /** A request whose answer nobody reads (HEAD): what is shown once is not spent on it. */
  readonly unread?: boolean;
  /** Another way out of BOT003, with its words. */
  readonly way?: { readonly action: string; readonly label: string };
  /** Of a key-fob: the registration may be put off in this sign-in. */
  readonly skippable?: boolean;
  /** First-time setup has just ended: its progress is shown. */
  readonly inSetup?: boolean;
}

export interface IssuePage {
  show(visit: IssueVisit): VNode | Promise<VNode>;
  /** By `action`; '' is the main act. */
  readonly acts: Readonly<Record<string, (visit: IssueVisit, form: Form) => Promise<Answer | Activated>>>;
}

const telling = (visit: IssueVisit, ...more: readonly Banner[]): IssueShell => ({
  ...visit.shell,
  banners: [...visit.shell.banners, ...more],
});

/** Why the issue before this one came to nothing, on the pages where the next one begins. */
async function endedBefore({ site, act, front }: IssueVisit): Promise<readonly Banner[]> {
  const ended = await issueEndedBy(site.tools, act, front);
  return ended === null ? [] : [{ key: `issue.${ended}` }];
}

/** A locked or stopped confirmation password, told before it is asked. */
async function trouble({ site, act, front }: IssueVisit): Promise<readonly Banner[]> {
  const found = await confirmationTrouble(site.tools, act, front.person);
  const values = Object.entries(found?.values ?? {}).map(([name, value]) => [name, String(value)] as const);
  const banner = found && storedBanner(found.key, Object.fromEntries(values));
  return banner ? [banner] : [];
}

/** The code that was sent last for this kind, and when it may be sent again. */
export async function sentCode({
  site,
  act,
  front,
}: IssueVisit): Promise<{ readonly sent: TokenCode; readonly resendAt: number | null }> {
  const { kind } = kindOf(site.tools, act, front);
  const { account } = front.person;
  const sent = kind && (await codeSent(site.tools, account, purposeOf(kind)));
  if (!sent || account.email === null) return { sent: null, resendAt: null };
  const resendAt = sent.sentAt + site.tools.policy.emailCode.resendAfter;
  return { sent: { ...sent, masked: maskEmail(account.email) }, resendAt: resendAt > act.now ? resendAt : null };
}

function issuedOf({ site, front, act }: IssueVisit): IssuedToken {
  const { issue } = front.person;
  if (!issue || issue.userId === null || hasLapsed(issue, act.now)) throw new Error('no issue is open on its own page');
  // In full only where it was typed in this procedure.
  const own = front.progress?.issued === issue.id;
  const address = issue.address ?? '';
  return {
    serviceId: site.serviceId,
    userId: issue.userId,
    app: `${site.issuer}/token-app`,
    address: own ? address : maskEmail(address),
    until: issue.expiresAt,
  };
}

const drift = ({ front }: IssueVisit): boolean => front.person.account.otpMisses >= 2;

const activate = (visit: IssueVisit, form: Form): Promise<Activated> =>
  activateToken(visit.site.tools, visit.act, visit.front, form.text('otp'));
const resend = (visit: IssueVisit): Promise<Answer> => resendCode(visit.site.tools, visit.act, visit.front);
const restart = (visit: IssueVisit): Promise<Answer> => restartIssue(visit.site.tools, visit.act, visit.front);
const confirm = (visit: IssueVisit, form: Form): Promise<Answer> =>
  confirmIssue(visit.site.tools, visit.act, visit.front, {
    confirmation: form.text('confirmation_password'),
    emailCode: form.text('email_code'),
    shown: form.text('details'),
  });

export const issuePages: Readonly<Record<Exclude<RegistrationSlug, 'register-token'>, IssuePage>> = {
  'choose-token-kind': {
    show: async (visit) =>
      ChooseKindPage({
        shell: telling(visit, ...(await endedBefore(visit))),
        kinds: kindOf(visit.site.tools, visit.act, visit.front).offered,
      }),
    acts: {
      '': (visit, form) => chooseKind(visit.site.tools, visit.act, visit.front, readKind(form.text('token_kind'))),
    },
  },

  'send-email-code': {
    async show(visit) {
      const { site, act, front } = visit;
      const { offered, kind } = kindOf(site.tools, act, front);
      const { account } = front.person;
      const heldUp = kind && codeHeldUp(site.tools, act, account, purposeOf(kind));
      return SendCodePage({
        shell: telling(visit, ...(await endedBefore(visit))),
        masked: account.email === null || account.emailProvenAt === null ? null : maskEmail(account.email),
        heldUp: heldUp && heldUp.for !== 'address' ? { for: heldUp.for, until: heldUp.until } : null,
        lost: kind === 'hardware',
        software: kind === 'hardware' && offered.length > 1,
        back: kind !== 'hardware' && offered.length > 1,
      });
    },
    acts: {
      '': (visit) => requestCode(visit.site.tools, visit.act, visit.front),
      'software': (visit) => preferSoftware(visit.site.tools, visit.act, visit.front),
      'back': (visit) => chooseAgain(visit.front),
    },
  },

  'issue-token': {
    show(visit) {
      const { site, act, form, front } = visit;
      const { offered } = kindOf(site.tools, act, front);
      const before = front.progress?.details?.address ?? '';
      return IssueDetailsPage({
        shell: visit.shell,
        email: form?.text('email') ?? before,
        emailAgain: form?.text('email_again') ?? before,
        only: offered.filter((kind) => kind !== 'hardware').length === 1,
      });
    },
    acts: {
      '': (visit, form) =>
        enterDetails(visit.site.tools, visit.act, visit.front, {
          email: form.text('email'),
          emailAgain: form.text('email_again'),
          activation: form.text('activation_password'),
          activationAgain: form.text('activation_password_again'),
        }),
    },
  },

  'issue-token-check': {
    show: async (visit) =>
      IssueCheckPage({
        shell: telling(visit, ...(await trouble(visit))),
        address: visit.front.progress?.details?.address ?? '',
        shown: visit.front.progress?.details?.id ?? '',
        ...(await sentCode(visit)),
      }),
    acts: {
      '': confirm,
      resend,
      'back': (visit) => backToDetails(visit.site.tools, visit.act, visit.front),
    },
  },

  'issue-token-done': {
    show: async (visit) =>
      IssueDonePage({
        shell: visit.shell,
        issued: issuedOf(visit),
        domain: visit.site.mailDomain,
        mailPending: (await visit.site.tools.store.outbox.waiting('mail')) > 0,
        ...(visit.way ? { way: visit.way } : {}),
      }),
    acts: { '': (visit) => acknowledgeIssue(visit.front) },
  },

  'activate-token': {
    show: (visit) => ActivateTokenPage({ shell: visit.shell, issued: issuedOf(visit), drift: drift(visit) }),
    acts: {
      '': activate,
      'resend': (visit) => resendIssueMail(visit.site.tools, visit.act, visit.front),
      'restart_issue': restart,
    },
  },

  'authenticator-qr': {
    async show(visit) {
      const { site, act, front, shell } = visit;
      const { issue } = front.person;
      if (!issue || hasLapsed(issue, act.now))
        return AuthenticatorPage({
          shell: telling(visit, ...(await trouble(visit))),
          half: { is: 'proof', ...(await sentCode(visit)) },
        });
      const key = visit.form === null && visit.unread !== true ? await takeSecret(site.tools, act, front) : null;
      const { digits, period } = site.tools.policy.otp;
      const names = { issuer: site.brand.web[act.language], account: front.person.account.loginName };
      const address = key && authenticatorAddress({ key, digits, period: period / 1000 }, names);
      const secret = key === null || address === null ? null : { key, address };
      return AuthenticatorPage({ shell, half: { is: 'code', secret, until: issue.expiresAt, drift: drift(visit) } });
    },
    acts: {
      // The page has two halves; which one was posted, its fields tell, and the flows judge whether it is the present one.
      '': (visit, form) => (form.has('email_code') ? confirm(visit, form) : activate(visit, form)),
      resend,
      'restart_issue': restart,
    },
  },
};
