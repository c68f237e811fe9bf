// OTP001/OTP002, OTP003 and OTP004: the code, the repair of a drifted token, and every way out.
import type { Banner } from '../../../views/messages/banners.ts';
import { lastFour } from '../../../views/parts/format.ts';
import { OtpPage } from '../../../views/sign-in/otp.tsx';
import { OtpHelpPage } from '../../../views/sign-in/otp-help.tsx';
import { OtpResyncPage } from '../../../views/sign-in/otp-resync.tsx';
import { proveOtp } from '../../flows/sign-in/prove-otp.ts';
import { mayOfferDevice } from '../../rules/device.ts';
import { whomToAsk } from '../../rules/ask.ts';
import { waitAfterRevocation } from '../../rules/waiting.ts';
import { personOf, type SignInPage, type Visit } from './visit.ts';

export const otpPage: SignInPage = {
  show(visit) {
    const { account, company, token } = personOf(visit);
    const { record, site, form, attempt } = visit;
    const offered =
      record.route !== null &&
      !record.inherited &&
      mayOfferDevice({
        route: record.route,
        allowedByBank: site.tools.policy.device.allowed,
        allowedByCompany: company.rememberAllowed,
        otpDemanded: record.request.otpDemanded || record.request.approval !== null,
        reauthenticate: record.request.reauthenticate,
      });
    return OtpPage({
      ...attempt,
      banners: [...attempt.banners, ...otpBanners(visit)],
      name: account.name,
      loginId: account.loginName,
      token: {
        kind: token?.kind ?? 'software',
        last4: lastFour(token?.serial ?? ''),
        shared: (token?.holders ?? 1) > 1,
      },
      remember: offered ? (form?.has('remember') ?? false) : null,
    });
  },
  acts: {
    '': (visit, form) =>
      proveOtp(visit.site.tools, visit.act, visit.record, personOf(visit).account.id, {
        kind: 'code',
        otp: form.text('otp'),
        remember: form.has('remember'),
      }),
    'resync': async () => ({ aside: 'otp-resync' }),
    'otp_help': async () => ({ aside: 'otp-help' }),
  },
};

/** Why a code is asked, why skipping ended, and from the second miss on what to do about a drifted clock. */
function otpBanners(visit: Visit): readonly Banner[] {
  const { record } = visit;
  const banners: Banner[] = [];
  if (record.request.reauthenticate) banners.push({ key: 'otp.again' });
  else if (record.request.otpDemanded && !record.request.own)
    banners.push({ key: 'otp.required', values: { portal: record.request.portalName } });
  if (record.deviceEnded === 'stolen') banners.push({ key: 'remember.stolen' });
  if (record.deviceEnded === 'ended') banners.push({ key: 'remember.ended', values: { why: 'lost' } });
  return [...banners, ...driftBanners(visit)];
}

/** From the second miss on: what to do about a drifted clock. */
export function driftBanners(visit: Visit): readonly Banner[] {
  const { account, token } = personOf(visit);
  if (account.otpMisses < 2) return [];
  return [
    token?.kind === 'hardware'
      ? { key: 'otp.drift.hw', href: `/sign-in/${visit.record.id}/otp-resync` }
      : { key: 'otp.drift.sw' },
  ];
}

export const otpResyncPage: SignInPage = {
  show: (visit) => OtpResyncPage({ ...visit.attempt, last4: lastFour(personOf(visit).token?.serial ?? '') }),
  acts: {
    '': (visit, form) =>
      proveOtp(visit.site.tools, visit.act, visit.record, personOf(visit).account.id, {
        kind: 'repair',
        otp: form.text('otp'),
        otpNext: form.text('otp_next'),
      }),
  },
};

export const otpHelpPage: SignInPage = {
  async show(visit) {
    const { account, token } = personOf(visit);
    const { store, policy } = visit.site.tools;
    const others = await store.company.releasers(account.companyId, account.id);
    const kind = token?.kind ?? 'software';
    const ask = whomToAsk(kind === 'hardware' ? 'hardware-otp' : 'software-otp', others, policy.release);
    const wait = waitAfterRevocation(policy.revoke, kind, visit.act.now);
    return OtpHelpPage({ ...visit.attempt, kind, ask, reissueAt: wait?.until ?? null });
  },
  acts: { resync: async () => ({ aside: 'otp-resync' }) },
};
