// CON050–CON052 ワンタイムパスワードの利用停止解除: who is stopped, why, and the release of those whom the company may release.
import type Router from '@koa/router';
import { OtpReleaseCheckPage } from '../../../views/company/otp-release-check.tsx';
import { OtpReleasePage } from '../../../views/company/otp-release.tsx';
import type { Site } from '../site.ts';
import { procedurePages } from './state.ts';
import type { StateProcedure } from './state-procedure.ts';

const otpRelease: StateProcedure = {
  path: '/company/people/otp-release',
  acts: ['otp-release'],
  only: 'otp-stopped',
  actOf: () => 'otp-release',
  listPage: (props) => OtpReleasePage(props),
  checkPage: ({ open, counted: _never, ...shared }) =>
    OtpReleaseCheckPage({
      ...shared,
      people: open.map(({ id, person, after }) => ({
        id,
        name: person?.account.name ?? '',
        loginId: person?.account.loginName ?? '',
        states: person?.states ?? [],
        after,
        stop: person?.restrictions.find(({ state }) => state === 'otp-stopped') ?? null,
      })),
    }),
};

export function otpReleasePages(router: Router, site: Site): void {
  procedurePages(router, site, otpRelease);
}
