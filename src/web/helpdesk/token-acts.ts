// HDK045: what is done with chosen tokens. What it acts upon is read from the kept choice and the store; the form
// brings the fresh code, the reason, and the value that remembers what the page showed.
import type Router from '@koa/router';
import { stockPath } from '../../../views/helpdesk/tokens-filters.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { actOnce, type Worked } from '../../flows/act-once.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { longestReason } from '../../flows/company/token-selection.ts';
import { proveOperator } from '../../flows/operator/prove.ts';
import { findStockSelection, keepStockSelection, type StockSelection } from '../../flows/stock/selection.ts';
import { normalise } from '../../rules/normalise.ts';
import { companyWhyNot } from '../../rules/stock-move.ts';
import { orderReasons } from '../../rules/token-stock.ts';
import { readEdit } from '../company/edit.ts';
import { seeOther } from '../console.ts';
import { readForm, type Form } from '../form.ts';
import type { Site } from '../site.ts';
import {
  markOf,
  listOf,
  openTokens,
  orderId,
  shownOf,
  showAssign,
  showCheck,
  standsNow,
  type Stands,
} from './token-check.ts';
import { wordsIn } from './mover.ts';
import { moveNow } from './token-move.ts';
import { resultKey, results, type MoveResult } from './token-result.ts';
import { openHelpdesk, type HelpdeskVisit } from './visit.ts';

const checks = `${stockPath}/check`;

export function tokenActPages(router: Router, site: Site): void {
  router.get(checks, (ctx) => seeOther(ctx, stockPath));
  router.get(`${checks}/:selection`, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'move-tokens');
    if (!visit) return;
    const found = await findChoice(visit);
    if (!found) return seeOther(ctx, stockPath);
    const { id, stands } = found;
    const asks = stands.selection.move === 'assign' && (stands.company === null || ctx.query['step'] === 'order');
    if (openTokens(stands).length === 0) return seeOther(ctx, listOf(stands.selection, id));
    return asks ? showAssign(visit, id, stands, null) : showCheck(visit, id, stands, '');
  });
  router.post(`${checks}/:selection`, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'move-tokens');
    if (!visit) return;
    const found = await findChoice(visit);
    if (!found) return seeOther(ctx, stockPath);
    const form = readForm(ctx);
    const { id, stands } = found;
    // The form of the first step says for whom; the check page's own never does.
    if (stands.selection.move === 'assign' && !form.has('edit')) return sayOrder(visit, id, stands, form);
    return confirm(visit, id, stands, form);
  });
}

async function findChoice(visit: HelpdeskVisit): Promise<{ readonly id: string; readonly stands: Stands } | null> {
  const { ctx, site, session } = visit;
  const id: unknown = ctx.params['selection'];
  if (typeof id !== 'string' || !isId(id)) return null;
  const selection = await findStockSelection(site.tools, session, id);
  return selection && { id, stands: await standsNow(visit, selection) };
}

/** The first step of an assignment: its company and reason are kept with the choice, and the page shows what follows from them. */
async function sayOrder(visit: HelpdeskVisit, id: string, stands: Stands, form: Form): Promise<void> {
  const { ctx, site, session } = visit;
  const { selection } = stands;
  if (form.text('action') === 'back') return seeOther(ctx, listOf(selection, id));
  const typed = {
    contractNumber: normalise(wordsIn(form, 'contract_number')),
    reason: form.text('reason'),
    formNumber: wordsIn(form, 'form_number').replaceAll('\n', ' '),
  };
  const company = await site.tools.store.company.byContract(typed.contractNumber);
  const reason = orderReasons.find((one) => one === typed.reason);
  const why = company && companyWhyNot(company);
  const errors: LooseError[] = [];
  if (typed.contractNumber === '') errors.push({ field: 'contract_number', key: 'form.required' });
  else if (!company) errors.push({ field: 'contract_number', key: 'assign.unknown' });
  else if (why !== null) errors.push({ field: 'contract_number', key: `assign.${why}` });
  if (reason === undefined) errors.push({ field: 'reason', key: 'form.choose' });
  if (typed.formNumber.length > 40) errors.push({ field: 'form_number', key: 'form.long', values: { max: 40 } });
  if (errors.length > 0 || !company || reason === undefined) return showAssign(visit, id, stands, typed, errors);
  const order: StockSelection['order'] = {
    companyId: company.id,
    contractNumber: company.contractNumber,
    reason,
    formNumber: typed.formNumber === '' ? null : typed.formNumber,
  };
  await keepStockSelection(site.tools, session, { ...selection, order }, id);
  return seeOther(ctx, `${checks}/${id}`);
}

/** What belongs to other forms is no part of this one: whoever sends it along has changed the page. */
const foreign = ['people', 'contract_number', 'form_number'] as const;

/** Why nothing was done although it was asked rightly; `look-again`: the session may be over. */
type Refused = 'look-again' | { readonly errors: readonly LooseError[]; readonly status: 409 | 422 };

async function confirm(visit: HelpdeskVisit, id: string, stands: Stands, form: Form): Promise<void> {
  const { ctx, site, act, session } = visit;
  const { selection } = stands;
  const ends = selection.move === 'lose' || selection.move === 'revoke';
  const words = ends ? wordsIn(form, 'reason') : '';
  if (form.text('action') === 'back')
    return seeOther(ctx, selection.move === 'assign' ? `${checks}/${id}?step=order` : listOf(selection, id));
  const again = (errors: readonly LooseError[], status: 409 | 422 = 422): Promise<void> =>
    showCheck(visit, id, stands, words, errors, status);
  const tampered = foreign.some((name) => form.has(name)) || (!ends && form.has('reason'));
  const shown = shownOf(visit, stands);
  const ids = shown.map((one) => one.id);
  const edit = readEdit(site, session.id, markOf(id), ids, form.text('edit'), shown);
  if (tampered || !edit.ok) return again([{ field: null, key: 'edit.tampered' }], 409);
  // Pressed twice: the tokens have moved, and the first press's result stands.
  const key = resultKey(edit.key);
  if (await site.tools.consoleActivity.finished<MoveResult>(session.id, key))
    return seeOther(ctx, `${results}/${edit.key}`);
  const open = openTokens(stands).filter(({ serial }) => !edit.stale.has(serial));
  if (edit.stale.has(orderId) || open.length === 0) return again([{ field: null, key: 'pick.stale' }], 409);
  if (ends && words === '') return again([{ field: 'reason', key: 'form.required' }]);
  if (words.length > longestReason)
    return again([{ field: 'reason', key: 'form.long', values: { max: longestReason } }]);

  const acted = await actOnce<Refused, MoveResult>(site.tools, act, session, key, () =>
    work(visit, stands, edit.stale, words, form.text('otp')),
  );
  if (acted.verdict === 'busy') return again([{ field: null, key: 'form.busy' }]);
  if (acted.verdict === 'finished') return seeOther(ctx, `${results}/${edit.key}`);
  return acted.refused === 'look-again' ? seeOther(ctx, ctx.path) : again(acted.refused.errors, acted.refused.status);
}

async function work(
  visit: HelpdeskVisit,
  stands: Stands,
  stale: ReadonlySet<string>,
  words: string,
  otp: string,
): Promise<Worked<Refused, MoveResult>> {
  const { site, act, operator } = visit;
  const { move, serials } = stands.selection;
  const asked = { act: 'move-tokens', about: { move, tokens: serials.length } } as const;
  const proof = await proveOperator(site.tools, act, operator, asked, otp);
  if (proof.verdict === 'look-again') return { verdict: 'refused', refused: 'look-again' };
  if (proof.verdict === 'refused') return { verdict: 'refused', refused: { errors: proof.errors, status: 422 } };
  const done = await moveNow(visit, stands, stale, words);
  if (done === 'not-allowed') return { verdict: 'refused', refused: 'look-again' };
  if (done === 'stale')
    return { verdict: 'refused', refused: { errors: [{ field: null, key: 'pick.stale' }], status: 409 } };
  return { verdict: 'finished', result: { at: act.now, reference: act.reference, move, ...done } };
}
