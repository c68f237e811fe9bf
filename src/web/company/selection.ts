// What the form of a list chooses (screens.md 4.2): the checked people, or all who match but oneself; to the check page under
// a name of its own in the address – or, where the bank has the proof on the list (`bulkCheck: list`), acted upon from there.
import type { LooseError } from '../../../views/messages/stored.ts';
import { chooseStates, idsOfStates, type ChosenState, type StateAct } from '../../flows/company/people-state.ts';
import { changeStates } from '../../flows/company/release-people.ts';
import { keepSelection, mostPeople } from '../../flows/company/selection.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { whomToAsk } from '../../rules/ask.ts';
import { seeOther, type ConsoleVisit } from '../console.ts';
import type { Form } from '../form.ts';
import { readEdit } from './edit.ts';
import { countedFrom } from './state-check.ts';
import {
  between,
  listMark,
  proofOnList,
  showStateList,
  shownOf,
  stateQueryOf,
  type ListChoice,
  type StateProcedure,
} from './state-procedure.ts';
import { notFound } from './visit.ts';

/** The list's form: chooses, and goes on or acts. */
export async function pickStates(visit: ConsoleVisit, procedure: StateProcedure, form: Form): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const what = procedure.actOf(form);
  const scope = form.text('scope') === 'all' ? 'all' : 'checked';
  const checked = [...new Set(form.all('people'))];
  const choice: ListChoice = { ids: checked, scope, what };
  const errors = formErrors(form, what, scope, checked);
  if (errors.length > 0 || what === null) return showStateList(visit, procedure, choice, errors);

  const ids = scope === 'all' ? await everybody(visit, procedure, what) : checked;
  if (ids.length > mostPeople)
    return showStateList(visit, procedure, choice, [
      { field: 'people', key: 'bulk.many', values: { max: mostPeople } },
    ]);
  const chosen = await chooseStates(site.tools, act, person, what, ids);
  const open = chosen.filter(({ verdict }) => verdict === 'act');
  if (open.length === 0 && chosen.length > 0 && chosen.every(({ verdict }) => verdict === 'unknown'))
    return notFound(visit);
  if (open.length === 0) return showStateList(visit, procedure, choice, [await whyNobody(visit, what, chosen)]);

  // Nobody who did not stand on this page is acted upon from it.
  const shown = form.text('shown').split(between).filter(isId);
  const here = new Set(shown);
  const direct = proofOnList(visit, procedure) !== null && form.has('edit') && ids.every((id) => here.has(id));
  if (direct && !(what === 'stopped' && open.length > countedFrom))
    return actHere(visit, procedure, form, choice, { what, chosen, shown });
  const kept = scope === 'all' ? open.map(({ id }) => id) : ids.filter(isId);
  const name = await keepSelection(site.tools, login, { what, ids: kept, count: null });
  return seeOther(ctx, `${procedure.path}/check/${name}`);
}

function formErrors(
  form: Form,
  what: StateAct | null,
  scope: 'checked' | 'all',
  checked: readonly string[],
): readonly LooseError[] {
  return [
    ...(['', 'checked', 'all'].includes(form.text('scope')) ? [] : [{ field: 'scope', key: 'form.choose' }]),
    ...(scope === 'checked' && checked.length === 0 ? [{ field: 'people', key: 'bulk.none' }] : []),
    ...(what === null ? [{ field: 'target_state', key: 'form.choose' }] : []),
  ];
}

/** All who match the list's filters and have something to be done for, but oneself. */
async function everybody(visit: ConsoleVisit, procedure: StateProcedure, what: StateAct): Promise<readonly string[]> {
  const { site, act, person } = visit;
  const ids = (await idsOfStates(site.tools, act, person, stateQueryOf(visit, procedure))).filter(
    (id) => id !== person.account.id,
  );
  if (what !== 'available') return ids;
  const restricted = new Set(await site.tools.store.restriction.people(person.account.companyId, null, act.now));
  return ids.filter((id) => restricted.has(id));
}

async function whyNobody(
  { site, person }: ConsoleVisit,
  what: StateAct,
  chosen: readonly ChosenState[],
): Promise<LooseError> {
  const has = (verdict: ChosenState['verdict']): boolean => chosen.some((one) => one.verdict === verdict);
  if (has('desk')) return { field: 'people', key: 'release.desk' };
  if (!has('self') || what === 'stopped') return { field: 'people', key: 'person.none' };
  const { tools } = site;
  const others = await tools.store.company.releasers(person.account.companyId, person.account.id);
  return { field: 'people', key: 'self.release', values: { ask: whomToAsk('account', others, tools.policy.release) } };
}

/** The guides' way (S2, S3): the password stands on the list, and the list acts. */
async function actHere(
  visit: ConsoleVisit,
  procedure: StateProcedure,
  form: Form,
  choice: ListChoice,
  asked: { readonly what: StateAct; readonly chosen: readonly ChosenState[]; readonly shown: readonly string[] },
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const { what, chosen, shown } = asked;
  const now = await chooseStates(site.tools, act, person, what, shown);
  const edit = readEdit(site, login.id, listMark(procedure), shown, form.text('edit'), shownOf(now));
  if (!edit.ok)
    return showStateList(visit, procedure, { ...choice, ids: [] }, [{ field: null, key: 'edit.tampered' }], 409);
  // One page may serve several choices, each acted upon once.
  const key = site.digest(JSON.stringify([edit.key, what, chosen.map(({ id }) => id)]));
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const acted = await changeStates(site.tools, act, visit, { what, key, chosen, stale: edit.stale }, typed);
  switch (acted.verdict) {
    case 'stale':
      return showStateList(visit, procedure, choice, [{ field: null, key: 'edit.stale' }], 409);
    case 'busy':
      return showStateList(visit, procedure, choice, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return acted.refused.verdict === 'look-again'
        ? seeOther(ctx, procedure.path)
        : showStateList(visit, procedure, choice, acted.refused.errors);
    case 'finished':
      return seeOther(ctx, `${procedure.path}/result/${key}`);
  }
}
