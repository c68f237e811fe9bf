// LGN002 and LNK001: login ID and password, alone or beside a verified Business Direct ID.
import { DirectPage } from '../../../views/sign-in/direct.tsx';
import { FirstLinkPage } from '../../../views/sign-in/first-link.tsx';
import type { Answer } from '../../flows/sign-in/answer.ts';
import { provePassword } from '../../flows/sign-in/prove-password.ts';
import type { SignInPage, Visit } from './visit.ts';
import type { Form } from '../form.ts';
import { keepLasting, lastingValue } from '../known-browser.ts';

async function prove({ ctx, site, act, record }: Visit, form: Form): Promise<Answer> {
  // Drawn before it is known whether the password is right: a new value is known to nobody.
  const value = lastingValue(ctx, site) ?? site.newValue();
  const answer = await provePassword(site.tools, { ...act, lasting: site.digest(value) }, record, {
    loginId: form.text('login_id'),
    password: form.text('password'),
  });
  if (answer.advanced) keepLasting(ctx, site, value);
  return answer;
}

export const directPage: SignInPage = {
  show: ({ attempt, record, form, site }) =>
    DirectPage({
      ...attempt,
      loginId: form?.text('login_id') ?? record.request.loginHint ?? '',
      federated: record.request.routes.includes('federated') && site.upstreams().length > 0,
    }),
  acts: { '': prove },
};

export const firstLinkPage: SignInPage = {
  show: ({ attempt, record, form }) =>
    FirstLinkPage({
      ...attempt,
      bd: record.upstream?.display ?? '',
      bdCompany: record.upstream?.company?.name ?? null,
      loginId: form?.text('login_id') ?? '',
    }),
  acts: { '': prove },
};
