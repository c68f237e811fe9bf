// Service hours (spec §8): outside them nobody signs in (row 1 of the sign-in table), and those who are signed in find the same
// page instead of ours. Nothing is done and nothing is lost; when it opens again, stands on the page and in Retry-After.
import type { Context } from 'koa';
import { closedUntil } from '../rules/japan-time.ts';
import { refuseStatically } from './refuse.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

/** Answers with REF018 while the service is closed; true when it did. */
export function refusedForHours(ctx: Context, site: Site): boolean {
  const { act } = askedOf(ctx);
  const opens = closedUntil(site.tools.policy.hours, act.now);
  if (opens === null) return false;
  const outage = { screen: 'REF018', opens, reason: 'hours', serviceHours: site.serviceHours ?? '' } as const;
  refuseStatically(ctx, site, outage, act.now, act.reference);
  return true;
}
