// The limit of an application on its page: how it came about, whether it may be set, and what a form says of both, judged before
// a code is used up for it.
import type { LimitFrom, OtpApplicationProps } from '../../../views/helpdesk/otp-application.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { longestReason } from '../../flows/company/token-selection.ts';
import type { CompanyRow } from '../../flows/stock/application.ts';
import { graceEndsAt } from '../../rules/grace.ts';
import {
  appliedFor,
  appliesAgain,
  farthestLimit,
  limitWhyNot,
  otpApplications,
  readLimit,
  sameApplicationUntil,
  type GivenUp,
  type OtpApplication,
} from '../../rules/otp-application.ts';
import { mayDo } from './mover.ts';
import type { HelpdeskVisit } from './visit.ts';

const day = 86_400_000;

type Typed = OtpApplicationProps['typed'];

export function extensionOf(visit: HelpdeskVisit, company: CompanyRow): OtpApplicationProps['extension'] {
  const { site, act } = visit;
  const { grace } = site.tools.policy;
  if (!mayDo(visit, 'extend-grace')) return { is: 'not-allowed' };
  if (company.graceExtendedAt !== null || company.graceExtendedTo !== null) return { is: 'used' };
  return { is: 'open', until: farthestLimit(grace, act.now) };
}

export function limitFrom({ site }: HelpdeskVisit, company: CompanyRow, limit: number | null): LimitFrom {
  const { grace } = site.tools.policy;
  const { otpAppliedAt, tokenArrivedAt, graceExtendedTo, graceExtendedAt } = company;
  if (limit === null || otpAppliedAt === null) return { is: 'none' };
  if (graceExtendedTo !== null) return { is: 'set', at: graceExtendedAt };
  const arrivalDays = Math.round(grace.afterArrival / day);
  const byArrival = tokenArrivedAt !== null && graceEndsAt({ ...company, tokenArrivedAt: null }, grace) !== limit;
  if (byArrival) return { is: 'arrival', days: arrivalDays, at: tokenArrivedAt };
  return {
    is: 'application',
    days: Math.round(grace.afterApplication / day),
    at: otpAppliedAt,
    arrivalDays: tokenArrivedAt === null ? null : arrivalDays,
  };
}

/** What applying for key-fobs means for a company that gave them up before. */
export function againOf(
  { site, act }: HelpdeskVisit,
  company: CompanyRow,
  givenUp: GivenUp | null,
): OtpApplicationProps['again'] {
  const { grace } = site.tools.policy;
  const is = appliesAgain(company, 'hardware', givenUp, grace, act.now);
  if (givenUp === null || is === 'no' || is === 'first') return { is: 'none' };
  if (is === 'new') return { is: 'new' };
  const limit = graceEndsAt({ ...givenUp, otpApplication: 'hardware' }, grace);
  return { is: 'same', until: sameApplicationUntil(givenUp, grace), limit };
}

export interface Read {
  readonly to: OtpApplication;
  readonly limit: number | null;
}

/** What can be said of the form before a code is used up for it. */
export function readTyped(
  { site, act }: HelpdeskVisit,
  company: CompanyRow,
  givenUp: GivenUp | null,
  typed: Typed,
): Read | { readonly errors: readonly LooseError[] } {
  const { grace } = site.tools.policy;
  const to = otpApplications.find((kind) => kind === typed.application);
  const limit = typed.limit === '' ? null : readLimit(typed.limit);
  const errors: LooseError[] = [];
  if (to === undefined) errors.push({ field: 'otp_application', key: 'form.choose' });
  if (typed.limit !== '' && limit === null) errors.push({ field: 'grace_until', key: 'form.date' });
  const again = to === undefined ? 'no' : appliesAgain(company, to, givenUp, grace, act.now);
  if ((typed.limit !== '' || again === 'new') && typed.words === '') errors.push(noReason);
  if (typed.words.length > longestReason)
    errors.push({ field: 'reason', key: 'form.long', values: { max: longestReason } });
  const applied = to === undefined ? company : appliedFor(company, to, givenUp, grace, act.now);
  const why = limit === null ? null : limitWhyNot(applied, limit, grace, act.now);
  if (why !== null) errors.push(limitError(why, farthestLimit(grace, act.now)));
  if (to === company.otpApplication && typed.limit === '') errors.push({ field: null, key: 'applied.same' });
  return to === undefined || errors.length > 0 ? { errors } : { to, limit };
}

export const noReason: LooseError = { field: 'reason', key: 'form.required' };

export const limitError = (why: string, farthest: number): LooseError => ({
  field: 'grace_until',
  key: `limit.${why}`,
  values: { date: farthest },
});
