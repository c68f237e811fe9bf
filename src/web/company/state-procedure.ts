// What stopping and releasing (CON040) and releasing one-time passwords (CON050) have in common: a procedure is its list, its
// acts and its pages; the list is shown here, with the people's present states.
import type { VNode } from 'preact';
import type { StateListProps } from '../../../views/company/state.tsx';
import type { StateRow } from '../../../views/company/state-list.tsx';
import type { Banner } from '../../../views/messages/banners.ts';
import type { FormError } from '../../../views/messages/errors.ts';
import type { LooseError } from '../../../views/messages/stored.ts';
import { allStates } from '../../../views/parts/facts.tsx';
import type { Frame } from '../../../views/parts/frame.ts';
import type { AskedCode } from '../../../views/parts/proof.tsx';
import {
  kindOf,
  listStates,
  seenState,
  type ChosenState,
  type Restricted,
  type StateAct,
  type StateAsked,
} from '../../flows/company/people-state.ts';
import { proofForStates } from '../../flows/company/release-people.ts';
import { findSelection, type Selection } from '../../flows/company/selection.ts';
import { isId } from '../../flows/company/turn-away.ts';
import type { Proof } from '../../rules/permission.ts';
import { show, told, withReference, type ConsoleVisit } from '../console.ts';
import type { Form } from '../form.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import { newEdit, type Shown } from './edit.ts';

export interface CheckShown {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** Those who will be acted upon. */
  readonly open: readonly ChosenState[];
  readonly left: number;
  readonly counted: boolean;
  readonly code: AskedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

export interface StateProcedure {
  readonly path: '/company/people/state' | '/company/people/otp-release';
  readonly acts: readonly StateAct[];
  /** The list is of people in this state alone; null: of everybody. */
  readonly only: 'otp-stopped' | null;
  /** The act that the list's form asks for; null when it asks for none. */
  actOf(form: Form): StateAct | null;
  listPage(props: StateListProps, what: StateAct | null): VNode;
  checkPage(props: CheckShown, what: StateAct): VNode;
}

/** The choice that a list shows: after an error, or on the way back from the check page. */
export interface ListChoice {
  readonly ids: readonly string[];
  readonly scope: 'checked' | 'all';
  readonly what: StateAct | null;
}

export const noChoice: ListChoice = { ids: [], scope: 'checked', what: null };

/** A choice under its name in the address, of this login and this procedure. */
export async function selectionOf(
  { site, login }: ConsoleVisit,
  { acts }: StateProcedure,
  id: string,
): Promise<Selection | null> {
  return isId(id) ? findSelection(site.tools, login, id, acts) : null;
}

const one = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : '');

const sizes = [20, 50, 100] as const;

/** The filters as they stand in the address; what is no filter of ours is as if it were not there. */
export function stateQueryOf({ ctx }: ConsoleVisit, { only }: StateProcedure): StateAsked {
  const states: readonly StateAsked['state'][] = [...allStates, 'restricted'];
  const page = Number(one(ctx.query['page']));
  return {
    q: one(ctx.query['q'])
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 100),
    state: only ?? states.find((state) => state === one(ctx.query['state'])) ?? '',
    page: Number.isInteger(page) && page > 0 && page <= 100_000 ? page : 1,
    per: sizes.find((per) => String(per) === one(ctx.query['per'])) ?? 50,
  };
}

export const selectionAsked = ({ ctx }: ConsoleVisit): string => one(ctx.query['selection']);

/** Stands in no id. */
export const between = '~';

/** Names a list's page in the value that remembers what it showed. */
export const listMark = ({ path }: StateProcedure): string => `list ${path}`;

export const shownOf = (people: readonly Pick<ChosenState, 'id' | 'person'>[]): readonly Shown[] =>
  people.map((person) => ({ id: person.id, seen: seenState(person) }));

/** The proof that the list itself asks; null where it is asked on the check page. */
export function proofOnList({ site, act, person }: ConsoleVisit, { acts }: StateProcedure): Proof | null {
  const { tools } = site;
  if (tools.policy.bulkCheck !== 'list') return null;
  const asked = acts.map((what) => proofForStates(tools, act, person, what));
  if (asked.includes('token-needed')) return null;
  return asked.includes('confirmation+otp') ? 'confirmation+otp' : 'confirmation';
}

export async function showStateList(
  visit: ConsoleVisit,
  procedure: StateProcedure,
  choice: ListChoice,
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const { path } = procedure;
  const asked = stateQueryOf(visit, procedure);
  const { total, others, page, people } = await listStates(site.tools, act, person, asked);
  const proof = proofOnList(visit, procedure);
  const shown = people.filter(({ self }) => !self).map((each) => ({ id: each.account.id, person: each }));
  const failed = errors.length > 0;
  const frame = failed ? withReference(visit) : visit.frame;
  // After a check page that is no more, the list's form goes to the list.
  const address = ctx.path === path ? frame.address : path;
  const view = procedure.listPage(
    {
      frame: { ...frame, path, address },
      errors: told(visit, errors),
      banners: failed || proof === null ? [] : await proofBanners(visit),
      query: { path, ...asked, state: procedure.only === null ? asked.state : '', page, total },
      people: people.map((one) => stateRow(one, person)),
      others,
      chosen: choice.ids,
      scope: choice.scope,
      proof: proof && { code: codeOf(visit, proof) },
      hidden:
        proof === null
          ? []
          : [
              { name: 'shown', value: shown.map(({ id }) => id).join(between) },
              { name: 'edit', value: newEdit(site, login.id, listMark(procedure), shownOf(shown)) },
            ],
    },
    choice.what,
  );
  show(ctx, view, failed ? (status ?? 422) : 200);
}

function stateRow(one: Restricted, viewer: ConsoleVisit['person']): StateRow {
  const { account, states, restrictions, self, otpRelease } = one;
  return {
    id: account.id,
    name: account.name,
    loginId: account.loginName,
    role: account.role,
    states,
    restrictions,
    token: kindOf(one, viewer),
    self,
    deskOnly: otpRelease === 'desk',
  };
}
