// HDK045: the check page of a kept choice, as things stand now, and the value that remembers what it showed.
import { AssignPage } from '../../../views/helpdesk/token-assign.tsx';
import { MoveCheckPage, type MoveCheckProps, type MoveTarget } from '../../../views/helpdesk/token-check.tsx';
import type { MoveLeft } from '../../../views/helpdesk/token-left.tsx';
import { stockPath } from '../../../views/helpdesk/tokens-filters.tsx';
import { readErrors, type LooseError } from '../../../views/messages/stored.ts';
import type { CompanyRow } from '../../flows/stock/application.ts';
import { judgeMove, stateOf, type StockToken, type TokenHand } from '../../flows/stock/mover.ts';
import type { StockSelection } from '../../flows/stock/selection.ts';
import { graceEndsAt } from '../../rules/grace.ts';
import { withKeyFobs } from '../../rules/otp-application.ts';
import { companyWhyNot, type StockWhy } from '../../rules/stock-move.ts';
import { orderFee, type OrderFee } from '../../rules/token-stock.ts';
import { newEdit, type Shown } from '../company/edit.ts';
import { seeOther, show } from '../console.ts';
import type { HelpdeskVisit } from './visit.ts';

export const markOf = (id: string): string => `move-tokens ${id}`;

/** What stands for the order of an assignment among the things that the page shows. */
export const orderId = 'order';

/** A choice with everything that its page rests on, read at once. */
export interface Stands {
  readonly selection: StockSelection;
  readonly tokens: readonly StockToken[];
  readonly next: ReadonlyMap<string, StockToken>;
  readonly hands: readonly TokenHand[];
  /** The company of an assignment, with how many of its free tokens are used up. */
  readonly company: CompanyRow | null;
  readonly freeUsed: number;
  /** By serial number; null: it will be done. */
  readonly whys: ReadonlyMap<string, StockWhy | null>;
}

export async function standsNow({ site, act }: HelpdeskVisit, selection: StockSelection): Promise<Stands> {
  const { tools } = site;
  const { tokenStock, tokenOrder, company: companies } = tools.store;
  const { move, serials, order, pairs } = selection;
  const tokens = await tokenStock.bySerials(serials);
  const nextSerials = pairs.flatMap(({ next }) => (next === null ? [] : [next]));
  const nexts = await tokenStock.bySerials(nextSerials);
  const ends = move === 'lose' || move === 'revoke';
  const hands = ends ? await tokenStock.holdersOf(tokens.map(({ id }) => id)) : [];
  const company = order === null ? null : await companies.find(order.companyId);
  const freeUsed = company === null ? 0 : await tokenOrder.freeUsed(company.id);
  const found = new Map(tokens.map((token) => [token.serial, token]));
  const pairOf = new Map(pairs.map(({ old, next }) => [old, next]));
  const whys = serials.map((serial): readonly [string, StockWhy | null] => {
    const token = found.get(serial);
    if (!token) return [serial, 'unknown'];
    const why = judgeMove(tools, act, move, token);
    return [serial, why === null && move === 'exchange' && (pairOf.get(serial) ?? null) === null ? 'no-stock' : why];
  });
  const next = new Map(nexts.map((token) => [token.serial, token]));
  return { selection, tokens, next, hands, company, freeUsed, whys: new Map(whys) };
}

/** What the page shows, thing by thing: when one differs afterwards, nothing is done to it. */
export function shownOf({ site, act }: HelpdeskVisit, stands: Stands): readonly Shown[] {
  const { selection, tokens, hands, company, freeUsed } = stands;
  const found = new Map(tokens.map((token) => [token.serial, token]));
  const pairOf = new Map(selection.pairs.map(({ old, next }) => [old, next]));
  const things = selection.serials.map((serial): Shown => {
    const token = found.get(serial);
    if (!token) return { id: serial, seen: '' };
    const people = hands.filter(({ tokenId }) => tokenId === token.id).map(({ id }) => id);
    const { companyId, orderId: order, holders, successor } = token;
    const next = pairOf.get(serial) ?? null;
    const free = next === null ? null : (stands.next.get(next)?.companyId ?? null);
    const state = stateOf(site.tools, act, token);
    return {
      id: serial,
      seen: JSON.stringify([state, companyId, order, holders, successor, next, free, people.toSorted()]),
    };
  });
  if (selection.order === null) return things;
  const why = company === null ? 'unknown' : companyWhyNot(company);
  return [...things, { id: orderId, seen: JSON.stringify([selection.order, freeUsed, why]) }];
}

export const openTokens = ({ tokens, whys }: Stands): readonly StockToken[] =>
  tokens.filter(({ serial }) => whys.get(serial) === null);

export function feeOf({ site }: HelpdeskVisit, stands: Stands): OrderFee {
  const { selection, freeUsed } = stands;
  const reason = selection.order?.reason ?? 'application';
  return orderFee(reason, openTokens(stands).length, freeUsed, site.tools.policy.fees);
}

const leftOf = ({ selection, whys }: Stands): readonly MoveLeft[] =>
  selection.serials.flatMap((serial) => {
    const why = whys.get(serial) ?? null;
    return why === null ? [] : [{ serial, why }];
  });

/** For whom and why: what was typed, or what was said before. */
export function showAssign(
  visit: HelpdeskVisit,
  id: string,
  stands: Stands,
  typed: { readonly contractNumber: string; readonly reason: string; readonly formNumber: string } | null,
  errors: readonly LooseError[] = [],
): void {
  const { ctx, act } = visit;
  const failed = errors.length > 0;
  const { order } = stands.selection;
  const path = `${stockPath}/check/${id}`;
  show(
    ctx,
    AssignPage({
      frame: { ...visit.frame, path, address: path, reference: failed ? act.reference : null },
      errors: readErrors(errors),
      serials: openTokens(stands).map(({ serial }) => serial),
      left: leftOf(stands),
      typed: typed ?? {
        contractNumber: order?.contractNumber ?? '',
        reason: order?.reason ?? '',
        formNumber: order?.formNumber ?? '',
      },
    }),
    failed ? 422 : 200,
  );
}

export async function showCheck(
  visit: HelpdeskVisit,
  id: string,
  stands: Stands,
  words: string,
  errors: readonly LooseError[] = [],
  status: 409 | 422 = 422,
): Promise<void> {
  const { ctx, site, act, session } = visit;
  const { selection, company } = stands;
  const open = openTokens(stands);
  if (open.length === 0 && errors.length === 0) return seeOther(ctx, listOf(selection, id));
  const fee = feeOf(visit, stands);
  const companies = await companiesOf(visit, open);
  const failed = errors.length > 0;
  const path = `${stockPath}/check/${id}`;
  const order: MoveCheckProps['order'] =
    selection.order === null || company === null
      ? null
      : {
          company: company.name,
          contractNumber: company.contractNumber,
          reason: selection.order.reason,
          formNumber: selection.order.formNumber,
          total: fee.total,
          free: fee.free,
          limit: limitNow(visit, company),
        };
  const view = MoveCheckPage({
    frame: { ...visit.frame, path, address: path, reference: failed ? act.reference : null },
    errors: readErrors(errors),
    move: selection.move,
    targets: open.map((token, place) =>
      targetOf(visit, stands, token, order === null ? null : (fee.each[place] ?? 0), companies),
    ),
    left: leftOf(stands),
    order,
    words,
    hidden: [{ name: 'edit', value: newEdit(site, session.id, markOf(id), shownOf(visit, stands)) }],
  });
  return show(ctx, view, failed ? status : 200);
}

/** The list that it was chosen on, with the choice kept. */
export function listOf({ query }: StockSelection, id: string): string {
  const params = new URLSearchParams(query);
  params.delete('action');
  params.set('selection', id);
  return `${stockPath}?${params.toString()}`;
}

async function companiesOf(
  { site }: HelpdeskVisit,
  tokens: readonly StockToken[],
): Promise<ReadonlyMap<string, CompanyRow>> {
  const ids = [...new Set(tokens.flatMap(({ companyId }) => (companyId === null ? [] : [companyId])))];
  const rows = await Promise.all(ids.map((id) => site.tools.store.company.find(id)));
  return new Map(rows.flatMap((row) => (row === null ? [] : [[row.id, row]])));
}

function targetOf(
  visit: HelpdeskVisit,
  stands: Stands,
  token: StockToken,
  fee: number | null,
  companies: ReadonlyMap<string, CompanyRow>,
): MoveTarget {
  const { site, act } = visit;
  const { selection, hands, next } = stands;
  const { move, pairs } = selection;
  const company = move === 'assign' ? stands.company : companies.get(token.companyId ?? '');
  const pair = pairs.find(({ old }) => old === token.serial)?.next ?? null;
  const follower = pair === null ? null : (next.get(pair) ?? null);
  const ends = move === 'lose' || move === 'revoke';
  return {
    serial: token.serial,
    state: stateOf(site.tools, act, token),
    companyName: company?.name ?? null,
    fee,
    limit: company && (move === 'ship' || move === 'arrive') ? limitOf(visit, move, company) : null,
    next: follower && { serial: follower.serial, expiresAt: follower.expiresAt },
    holders: ends ? hands.filter(({ tokenId }) => tokenId === token.id).map(({ name }) => name) : null,
  };
}

/** A company's limit for registering; one that lies behind is told as such: a key-fob that follows a lost one has none ahead. */
function limitNow({ site, act }: HelpdeskVisit, company: CompanyRow): NonNullable<MoveCheckProps['order']>['limit'] {
  const at = graceEndsAt(company, site.tools.policy.grace);
  return at === null ? null : { at, over: at <= act.now };
}

/** The limit for registering as the move leaves it. */
function limitOf({ site, act }: HelpdeskVisit, move: 'ship' | 'arrive', company: CompanyRow): MoveTarget['limit'] {
  const { grace } = site.tools.policy;
  const limit = withKeyFobs(company.otpApplication) ? graceEndsAt(company, grace) : null;
  if (limit === null || limit <= act.now) return { is: limit === null ? 'none' : 'over', at: limit };
  if (move === 'ship') return { is: 'told', at: limit };
  const after = graceEndsAt({ ...company, tokenArrivedAt: company.tokenArrivedAt ?? act.now }, grace);
  return after === limit ? { is: 'stays', at: limit } : { is: 'becomes', at: after };
}
