// HDK040 トークン在庫: the list under its filters, the same as a file, and the choice of tokens for what is done with them.
import type Router from '@koa/router';
import { stockColumns, TokensPage, type StockRow } from '../../../views/helpdesk/tokens.tsx';
import { stockPath, type StockQuery } from '../../../views/helpdesk/tokens-filters.tsx';
import { readErrors, type LooseError } from '../../../views/messages/stored.ts';
import { textsOf } from '../../../views/parts/frame.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { pairTokens } from '../../flows/stock/exchange.ts';
import { judgeMove, stateOf, type StockFilter, type StockPlace, type StockToken } from '../../flows/stock/mover.ts';
import { findStockSelection, keepStockSelection } from '../../flows/stock/selection.ts';
import { japanIso } from '../../rules/japan-time.ts';
import { normalise } from '../../rules/normalise.ts';
import { stockMoves } from '../../rules/stock-move.ts';
import { stockStates, type StockState } from '../../rules/token-stock.ts';
import { seeOther, show } from '../console.ts';
import { sendCsv } from '../csv.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { mayDo, serialOf, typedIn } from './mover.ts';
import { notAtDesk, openHelpdesk, type HelpdeskVisit } from './visit.ts';

/** The most tokens of one act: those of one page, because a choice is made per page. */
const most = 100;

/** Tokens of one part of a file. */
const part = 500;

const sizes = [20, 50, 100] as const;

export function stockPages(router: Router, site: Site): void {
  router.get(stockPath, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'view-stock');
    if (!visit) return;
    if (ctx.query['action'] === 'csv') return sendStock(visit);
    const asked = typedIn(visit, 'selection');
    const kept = isId(asked) ? await findStockSelection(site.tools, visit.session, asked) : null;
    return showStock(visit, kept?.serials ?? []);
  });
  router.post(stockPath, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'move-tokens');
    if (visit) await pick(visit);
  });
}

function readQuery(visit: HelpdeskVisit): StockQuery {
  return {
    q: normalise(typedIn(visit, 'q')).toUpperCase(),
    state: stockStates.find((state) => state === typedIn(visit, 'state')) ?? '',
    contractNumber: normalise(typedIn(visit, 'contract_number')),
    per: sizes.find((per) => String(per) === typedIn(visit, 'per')) ?? 50,
  };
}

/** A contract number that nobody has shows nothing. */
async function filterOf({ site, act }: HelpdeskVisit, query: StockQuery): Promise<StockFilter> {
  const { contractNumber } = query;
  const company = contractNumber === '' ? null : await site.tools.store.company.byContract(contractNumber);
  return {
    state: query.state === '' ? null : query.state,
    serial: query.q,
    companyId: contractNumber === '' ? null : (company?.id ?? ''),
    now: act.now,
    warnBefore: site.tools.policy.tokenExpiry.warnBefore,
  };
}

const sinces = {
  'in-stock': 'importedAt',
  'ordered': 'orderedAt',
  'shipped': 'shippedAt',
  'arrived': 'arrivedAt',
  'registered': 'firstRegisteredAt',
  'expiring': 'firstRegisteredAt',
  'expired': 'expiresAt',
  'replaced': 'retiredAt',
  'lost': 'retiredAt',
  'revoked': 'retiredAt',
} as const satisfies Readonly<Record<StockState, keyof StockToken>>;

function rowOf({ site, act }: HelpdeskVisit, token: StockToken): StockRow {
  const { serial, contractNumber, companyName, holders, expiresAt, successor } = token;
  const state = stateOf(site.tools, act, token);
  return { serial, state, contractNumber, companyName, holders, expiresAt, since: token[sinces[state]], successor };
}

async function showStock(
  visit: HelpdeskVisit,
  chosen: readonly string[],
  errors: readonly LooseError[] = [],
): Promise<void> {
  const { ctx, site, act } = visit;
  const { tokenStock, tokenCounts } = site.tools.store;
  const query = readQuery(visit);
  const filter = await filterOf(visit, query);
  const before = serialOf(typedIn(visit, 'before'));
  const after = serialOf(typedIn(visit, 'after'));
  const place: StockPlace = before === '' ? { after } : { before };
  const { tokens, more } = await tokenStock.list(filter, place, query.per);
  const [first, last] = [tokens[0]?.serial ?? null, tokens.at(-1)?.serial ?? null];
  const failed = errors.length > 0;
  const frame = { ...visit.frame, path: stockPath, reference: failed ? act.reference : null };
  const view = TokensPage({
    frame: { ...frame, address: ctx.path === stockPath ? frame.address : stockPath },
    // Where no token stands, there is no box to lead to.
    errors: readErrors(tokens.length > 0 ? errors : errors.map((error) => ({ ...error, field: null }))),
    query,
    counts: await tokenCounts.byState(act.now, filter.warnBefore),
    tokens: tokens.map((token) => rowOf(visit, token)),
    before: (before === '' ? after !== '' : more) ? first : null,
    after: before !== '' || more ? last : null,
    chosen,
    moves: mayDo(visit, 'move-tokens'),
    imports: mayDo(visit, 'import-tokens'),
  });
  show(ctx, view, failed ? 422 : 200);
}

async function sendStock(visit: HelpdeskVisit): Promise<void> {
  const { ctx, act, frame } = visit;
  const filter = await filterOf(visit, readQuery(visit));
  const head = stockColumns(textsOf(frame)).map(({ head: words }) => words);
  sendCsv(ctx, `tokens-${japanIso(act.now).slice(0, 10)}`, head, lines(visit, filter));
}

/** A file that breaks off is told by its connection, which ends before its time; its status had gone out already. */
async function* lines(visit: HelpdeskVisit, filter: StockFilter): AsyncGenerator<readonly (readonly string[])[]> {
  const { site, act, frame } = visit;
  const columns = stockColumns(textsOf(frame));
  try {
    for (let after = '', more = true; more;) {
      const page = await site.tools.store.tokenStock.list(filter, { after }, part);
      yield page.tokens.map((token) => columns.map(({ text }) => text(rowOf(visit, token))));
      more = page.more;
      after = page.tokens.at(-1)?.serial ?? '';
    }
  } catch (error) {
    site.log('file.broken', { reference: act.reference, error: error instanceof Error ? error.message : 'unknown' });
    throw error;
  }
}

/** What a button of the list does with the chosen tokens: to the check page under a name of their own. */
async function pick(visit: HelpdeskVisit): Promise<void> {
  const { ctx, site, act, session } = visit;
  const { tools } = site;
  const form = readForm(ctx);
  const move = stockMoves.find((one) => one === form.text('action'));
  if (move === undefined) return seeOther(ctx, stockPath);
  const serials = [...new Set(form.all('people').map(serialOf))].filter((serial) => serial !== '');
  if (serials.length === 0) return showStock(visit, [], [{ field: 'people', key: 'pick.none' }]);
  if (serials.length > most)
    return showStock(visit, serials, [{ field: 'people', key: 'pick.many', values: { max: most } }]);
  const tokens = await tools.store.tokenStock.bySerials(serials);
  if (tokens.length === 0) return notAtDesk(ctx, site);
  const whys = tokens.map((token) => judgeMove(tools, act, move, token));
  const [why] = whys;
  if (whys.every((one) => one !== null) && why !== undefined) {
    const t = textsOf(visit.frame);
    const list = [...new Set(whys)].map((one) => (one === null ? '' : t.say(`stockWhy.${one}`))).join(t.gap);
    return showStock(visit, serials, [{ field: 'people', key: 'pick.nothing', values: { list } }]);
  }
  const pairs = move === 'exchange' ? await pairTokens(tools, act, tokens) : [];
  const id = await keepStockSelection(tools, session, { move, serials, order: null, pairs, query: ctx.search });
  return seeOther(ctx, `${stockPath}/check/${id}`);
}
