// TKN001 and TKN002 wherever they stand: registering a key-fob inside a sign-in, and for somebody who is signed in. Beside the
// other pages of an issue (issue-pages.ts), because a person may change between them.
import { RegisterTokenPage } from '../../views/token/register-token.tsx';
import { issueEndedBy } from '../flows/token/end-issue.ts';
import { kindOf, preferSoftware, resendCode } from '../flows/token/prepare.ts';
import { registerKeyFob, type TypedFob } from '../flows/token/register.ts';
import { personalGrace } from '../rules/grace.ts';
import { issueWaits } from '../rules/sign-in-facts.ts';
import type { Form } from './form.ts';
import { sentCode, type IssuePage } from './issue-pages.ts';
import { shippingOf, tokenNotice } from './token-notice.ts';

export const typedFob = (form: Form): TypedFob => ({
  serial: form.text('serial'),
  otp: form.text('otp'),
  emailCode: form.text('email_code'),
});

export const registerTokenPage: IssuePage = {
  async show(visit) {
    const { site, act, front, form, shell } = visit;
    const { tools } = site;
    const { person } = front;
    const notice = tokenNotice(tools, person, act.now);
    const ended = await issueEndedBy(tools, act, front);
    return RegisterTokenPage({
      shell: {
        ...shell,
        banners: [
          ...shell.banners,
          ...(notice ? [notice] : []),
          ...(ended === null ? [] : [{ key: `issue.${ended}` } as const]),
        ],
      },
      skippable: visit.skippable === true,
      limit: personalGrace(person, tools.policy.grace),
      serial: form?.text('serial') ?? '',
      code: person.account.tokenLostAt === null ? null : await sentCode(visit),
      software:
        kindOf(tools, act, front).offered.length > 1 &&
        (shell.at === 'sign-in' || issueWaits(person.account, tools.policy, act.now) === null),
      shipping: await shippingOf(tools, person, act.now),
      inSetup: visit.inSetup === true,
    });
  },
  acts: {
    '': ({ site, act, front }, form) => registerKeyFob(site.tools, act, front, typedFob(form)),
    'software': ({ site, act, front }) => preferSoftware(site.tools, act, front),
    'resend': ({ site, act, front }) => resendCode(site.tools, act, front),
  },
};
