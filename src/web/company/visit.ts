// What every page of the company console begins with: a visit of a master or admin, whose role is read anew each time; and
// how its people are shown.
import type { Context } from 'koa';
import type { PersonRow } from '../../../views/company/people-list.tsx';
import { actorOf, companyOf } from '../../flows/prove-act.ts';
import { recordNotAllowed } from '../../flows/company/turn-away.ts';
import type { Listed } from '../../flows/company/list-people.ts';
import { allows } from '../../rules/permission.ts';
import { tokenStateOf, type TokenState } from '../../rules/token-state.ts';
import { openConsole, type ConsoleVisit } from '../console.ts';
import { refuse } from '../refuse.ts';
import type { Site } from '../site.ts';

/** Null when the answer is written already: sign-in, the end by idleness, or a role that may not. */
export async function openCompany(ctx: Context, site: Site): Promise<ConsoleVisit | null> {
  const visit = await openConsole(ctx, site);
  if (!visit) return null;
  const { person, act } = visit;
  if (allows(actorOf(person), 'list-people', companyOf(person), site.tools.policy)) return visit;
  await recordNotAllowed(site.tools, act, person, { for: 'list-people' });
  refuse(ctx, site, 'not-allowed', { screen: 'REF027', values: { who: 'administrators' } }, { action: '/' });
  return null;
}

/** Whoever is not of the company looks like nobody (screens.md 4.8, group E). */
export function notFound({ ctx, site }: ConsoleVisit): void {
  refuse(ctx, site, 'not-found', { screen: 'REF024' }, { action: '/' });
}

/** A state as the views take it: its word, and the moment of a wait. */
export const toldState = (state: TokenState) =>
  ({ tokenState: state.is, waitsUntil: state.is === 'waiting' ? state.until : null }) as const;

export function rowOf(listed: Listed, now: number, warnBefore: number): PersonRow {
  const { account, states, token, issue, link, devices, lastLoginAt, self } = listed;
  return {
    id: account.id,
    name: account.name,
    loginId: account.loginName,
    role: account.role,
    states,
    token: token?.kind ?? null,
    ...toldState(tokenStateOf({ waitsUntil: account.waitsUntil, token, issue }, now, warnBefore)),
    link: link && { bd: link.display, since: link.madeAt, lastUsed: link.usedAt },
    devices,
    lastLogin: lastLoginAt,
    self,
  };
}
