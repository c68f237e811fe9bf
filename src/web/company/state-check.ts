// CON041 and CON051: the check page of a kept choice, and its confirmation. What it acts upon is read from the choice and the
// store; the form brings the proof, and the value that remembers what the page showed.
import type { LooseError } from '../../../views/messages/stored.ts';
import { namesOf, chooseStates, type ChosenState } from '../../flows/company/people-state.ts';
import { changeStates, proofForStates, type StateResult } from '../../flows/company/release-people.ts';
import { keepCount, type Selection } from '../../flows/company/selection.ts';
import { seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import { showNeedsToken } from '../self-service/needs-token.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import { newEdit, readEdit } from './edit.ts';
import { noChoice, selectionOf, showStateList, shownOf, type StateProcedure } from './state-procedure.ts';
import { countErrors } from './typed-count.ts';
import { notFound } from './visit.ts';

/** Stopping more people than this asks for their number (screens.md 4.1). */
export const countedFrom = 20;

const markOf = (id: string, { what }: Selection): string => `${what} ${id}`;

const isOpen = ({ verdict }: ChosenState): boolean => verdict === 'act';

export async function showStateCheck(
  visit: ConsoleVisit,
  procedure: StateProcedure,
  id: string,
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const selection = await selectionOf(visit, procedure, id);
  const failed = errors.length > 0;
  if (!selection)
    return failed ? showStateList(visit, procedure, noChoice, errors, status) : seeOther(ctx, procedure.path);
  const { what, ids } = selection;
  const chosen = await chooseStates(site.tools, act, person, what, ids);
  if (chosen.every(({ verdict }) => verdict === 'unknown')) return notFound(visit);
  const open = chosen.filter(isOpen);
  if (open.length === 0)
    return failed
      ? showStateList(visit, procedure, { ids, scope: 'checked', what }, errors, status)
      : seeOther(ctx, `${procedure.path}?selection=${id}`);

  const proof = proofForStates(site.tools, act, person, what);
  if (proof === 'token-needed') return showNeedsToken(visit, namesOf(what)[0]);
  const counted = what === 'stopped' && open.length > countedFrom;
  if (counted) await keepCount(site.tools, login, id, selection, open.length);
  const view = procedure.checkPage(
    {
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: failed ? [] : await proofBanners(visit),
      open,
      left: chosen.length - open.length,
      counted,
      code: codeOf(visit, proof),
      hidden: [{ name: 'edit', value: newEdit(site, login.id, markOf(id, selection), shownOf(chosen)) }],
    },
    what,
  );
  return show(ctx, view, failed ? (status ?? 422) : 200);
}

/** What belongs to the list's form is no part of this one: whoever sends it along has changed the page. */
const foreignFields = ['people', 'scope', 'target_state'] as const;

export async function confirmStates(visit: ConsoleVisit, procedure: StateProcedure, id: string): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  if (action !== '') return seeOther(ctx, action === 'back' ? `${procedure.path}?selection=${id}` : procedure.path);
  const selection = await selectionOf(visit, procedure, id);
  const tampered = (): Promise<void> =>
    showStateCheck(visit, procedure, id, [{ field: null, key: 'edit.tampered' }], 409);
  if (!selection || foreignFields.some((name) => form.has(name))) return tampered();
  const { what, ids } = selection;
  const chosen = await chooseStates(site.tools, act, person, what, ids);
  const edit = readEdit(site, login.id, markOf(id, selection), ids, form.text('edit'), shownOf(chosen));
  if (!edit.ok) return tampered();

  const result = `${procedure.path}/result/${edit.key}`;
  // Pressed twice: the number of people is no longer what it was, and the result stands.
  if (await site.tools.consoleActivity.finished<StateResult>(login.id, edit.key)) return seeOther(ctx, result);
  const count = selection.count ?? chosen.filter(isOpen).length;
  if (what === 'stopped' && count > countedFrom) {
    const errors = countErrors(form, count);
    if (errors.length > 0) return showStateCheck(visit, procedure, id, errors);
  }
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const acted = await changeStates(site.tools, act, visit, { what, key: edit.key, chosen, stale: edit.stale }, typed);
  switch (acted.verdict) {
    case 'stale':
      return showStateCheck(visit, procedure, id, [{ field: null, key: 'edit.stale' }], 409);
    case 'busy':
      return showStateCheck(visit, procedure, id, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return acted.refused.verdict === 'look-again'
        ? seeOther(ctx, ctx.path)
        : showStateCheck(visit, procedure, id, acted.refused.errors);
    case 'finished':
      return seeOther(ctx, result);
  }
}
