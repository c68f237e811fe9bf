// LGN001, LGN004, LGN005 and LNK002: choosing and agreeing.
import { ChooseRoutePage } from '../../../views/sign-in/choose-route.tsx';
import { ConsentPage } from '../../../views/sign-in/consent.tsx';
import { ForgotPage } from '../../../views/sign-in/forgot.tsx';
import { NoIdPage } from '../../../views/sign-in/no-id.tsx';
import { SelectAccountPage } from '../../../views/sign-in/select-account.tsx';
import { advanced } from '../../flows/sign-in/answer.ts';
import { chooseUser } from '../../flows/sign-in/choose.ts';
import { giveConsent } from '../../flows/sign-in/consent.ts';
import { personOf, type SignInPage } from './visit.ts';

export const chooseRoutePage: SignInPage = {
  show({ attempt, record, site }) {
    const [main, ...others] = site.upstreams();
    return ChooseRoutePage({
      ...attempt,
      routes: main ? record.request.routes : record.request.routes.filter((route) => route === 'direct'),
      upstreamDown: main?.down ?? false,
      otherUpstreams: others.map(({ id, name }) => ({ id, name: name[attempt.frame.language] })),
      serviceHours: site.serviceHours,
    });
  },
  acts: {},
};

export const selectAccountPage: SignInPage = {
  show: ({ attempt, record }) =>
    SelectAccountPage({ ...attempt, name: record.live?.displayName ?? '', loginId: record.live?.loginName ?? '' }),
  acts: {
    '': async ({ site, act, record }) => {
      await chooseUser(site.tools, act, record, 'continue');
      return advanced;
    },
    'other': async ({ site, act, record }) => {
      await chooseUser(site.tools, act, record, 'other');
      return advanced;
    },
  },
};

export const consentPage: SignInPage = {
  show(visit) {
    const { account, company } = personOf(visit);
    return ConsentPage({
      ...visit.attempt,
      asking: visit.record.request.portalName,
      owner: null,
      facts: [
        { fact: 'name', value: account.name },
        { fact: 'company', value: company.name },
        { fact: 'login_id', value: account.loginName },
      ],
    });
  },
  acts: {
    '': async (visit) => {
      await giveConsent(visit.site.tools, visit.act, visit.record, personOf(visit));
      return advanced;
    },
  },
};

/** Asides: they tell, prove nothing, and lead back to the present step. */
export const noIdPage: SignInPage = { show: ({ attempt }) => NoIdPage(attempt), acts: {} };
export const forgotPage: SignInPage = { show: ({ attempt }) => ForgotPage(attempt), acts: {} };
