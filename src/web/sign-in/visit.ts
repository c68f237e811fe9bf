// One visit to a page of an attempt, and what a page of the sign-in is: it shows one view and acts through one flow. It
// never names the next screen.
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { storedBanner, type Banner } from '../../../views/messages/banners.ts';
import { readErrors } from '../../../views/messages/stored.ts';
import type { Attempt } from '../../../views/sign-in/step.tsx';
import type { Answer, FormError } from '../../flows/sign-in/answer.ts';
import type { Look } from '../../flows/sign-in/look.ts';
import type { Act } from '../../flows/tools.ts';
import type { SignInRecord } from '../../rules/sign-in-record.ts';
import type { Form } from '../form.ts';
import { frameOf } from '../frame.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';

export interface Visit {
  readonly site: Site;
  readonly ctx: Context;
  readonly act: Act;
  readonly look: Look;
  readonly record: SignInRecord;
  /** What was posted; null when the page is only looked at. */
  readonly form: Form | null;
  /** The parts that every view of an attempt shows. */
  readonly attempt: Attempt;
}

/** Where a button leads that proves nothing: another page of the same step, by its slug. */
export interface Aside {
  readonly aside: string;
}

export interface SignInPage {
  show(visit: Visit): VNode | Promise<VNode>;
  /** What its buttons do, by their `action`; '' is the main act. */
  readonly acts: Readonly<Record<string, (visit: Visit, form: Form) => Promise<Answer | Aside>>>;
}

export function visitOf(
  ctx: Context,
  site: Site,
  look: Look & { readonly record: SignInRecord },
  form: Form | null,
  errors: readonly FormError[] = [],
  address?: string,
): Visit {
  const { act } = askedOf(ctx);
  const { record, person } = look;
  const base = {
    frame: frameOf(ctx, site, {
      reference: errors.length > 0,
      path: `/sign-in/${record.id}`,
      ...(address === undefined ? {} : { address }),
    }),
    errors: readErrors(errors, { printable: site.tools.policy.password.printable }),
    banners: bannersOf(record),
    portal: record.request.own ? null : record.request.portalName,
    until: record.expiresAt,
    cancel: !record.request.own || record.route !== null,
  };
  const { upstream } = record;
  const linking = upstream && record.linkId === null && record.passwordAt !== null && person;
  const pair = linking
    ? {
        bd: upstream.display,
        bdCompany: upstream.company?.name ?? null,
        loginId: person.account.loginNameReserved ?? person.account.loginName,
      }
    : null;
  return { site, ctx, act, look, record, form, attempt: { ...base, pair } };
}

function bannersOf(record: SignInRecord): readonly Banner[] {
  return record.banners.flatMap(({ key, values }) => storedBanner(key, values) ?? []);
}

/** The person of a step that cannot be reached without one. */
export function personOf(visit: Visit): NonNullable<Look['person']> {
  if (!visit.look.person) throw new Error('a step that knows its person was reached without one');
  return visit.look.person;
}
