// HDK047 期日一覧: what is due by month and company, as a list and as a file; whoever is chosen is told now, with a fresh code.
import type Router from '@koa/router';
import { dueAbouts, dueColumns, dueHref, type DueQuery, type DueRow } from '../../../views/helpdesk/due-list.tsx';
import { DuePage } from '../../../views/helpdesk/due.tsx';
import { readErrors, type LooseError } from '../../../views/messages/stored.ts';
import { textsOf } from '../../../views/parts/frame.ts';
import { actOnce, type Worked } from '../../flows/act-once.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { whoNeedsToken } from '../../flows/needs-token.ts';
import { proveOperator } from '../../flows/operator/prove.ts';
import { remindDue, type DueFilter, type DueLine, type DueToTell } from '../../flows/stock/remind.ts';
import { atJapanTime, japanIso, startOfDay } from '../../rules/japan-time.ts';
import { normalise } from '../../rules/normalise.ts';
import { readLimit } from '../../rules/otp-application.ts';
import { newEdit, readEdit, type Shown } from '../company/edit.ts';
import { mailPending, seeOther, show } from '../console.ts';
import { sendCsv } from '../csv.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { mayDo, moverOf, pageOf, typedIn } from './mover.ts';
import { openHelpdesk, type HelpdeskVisit } from './visit.ts';

const path = '/helpdesk/tokens/due';
const day = 86_400_000;
const per = 50;

/** Lines of one part of a file. */
const part = 500;

/** How far the list looks where no days are given, in days. */
const ahead = 92;

export function duePages(router: Router, site: Site): void {
  router.get(path, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'view-stock');
    if (!visit) return;
    if (ctx.query['action'] === 'csv') return sendDue(visit);
    return showDue(visit, []);
  });
  router.post(path, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'remind');
    if (visit) await tell(visit);
  });
}

const dayText = (at: number): string => japanIso(at).slice(0, 10);

function readQuery(visit: HelpdeskVisit): Omit<DueQuery, 'total'> {
  const about = dueAbouts.find((one) => one === typedIn(visit, 'about')) ?? 'limit';
  const today = startOfDay(visit.act.now);
  const [first, last] = about === 'arrival' ? [today - ahead * day, today] : [today, today + ahead * day];
  const from = readLimit(typedIn(visit, 'from'));
  const to = readLimit(typedIn(visit, 'to'));
  return {
    about,
    from: dayText(from ?? first),
    to: dayText(to ?? last),
    contractNumber: normalise(typedIn(visit, 'contract_number')),
    page: pageOf(visit),
    per,
  };
}

async function filterOf({ site, act }: HelpdeskVisit, query: Omit<DueQuery, 'total'>): Promise<DueFilter> {
  const { contractNumber } = query;
  const company = contractNumber === '' ? null : await site.tools.store.company.byContract(contractNumber);
  return {
    about: query.about,
    from: startOfDay(readLimit(query.from) ?? act.now),
    until: (readLimit(query.to) ?? act.now) + 1,
    companyId: contractNumber === '' ? null : (company?.id ?? ''),
    now: act.now,
    needing: whoNeedsToken(site.tools, { otpAtLogin: false }),
    grace: site.tools.policy.grace,
  };
}

const idOf = ({ month, companyId }: DueLine): string => `${month}~${companyId}`;

function rowOf({ site, act }: HelpdeskVisit, about: DueQuery['about'], line: DueLine): DueRow {
  const { warnBefore } = site.tools.policy.tokenExpiry;
  const soon = about === 'limit' ? line.first > act.now : about === 'expiry' && line.first <= act.now + warnBefore;
  return { ...line, id: idOf(line), tells: soon && !line.suspended && line.people > 0 };
}

const shownOf = (rows: readonly DueRow[]): readonly Shown[] =>
  rows
    .filter(({ tells }) => tells)
    .map(({ id, first, people, tokens }) => ({ id, seen: JSON.stringify([first, people, tokens]) }));

const markOf = ({ about, from, to, contractNumber, page }: Omit<DueQuery, 'total'>): string =>
  `due ${JSON.stringify([about, from, to, contractNumber, page])}`;

async function rowsNow(
  visit: HelpdeskVisit,
  query: Omit<DueQuery, 'total'>,
): Promise<{ readonly total: number; readonly rows: readonly DueRow[] }> {
  const filter = await filterOf(visit, query);
  const { total, lines } = await visit.site.tools.store.tokenDue.list(filter, { page: query.page, per });
  return { total, rows: lines.map((line) => rowOf(visit, query.about, line)) };
}

/** What a sending left behind, for as long as the session lives. */
interface Sent {
  readonly at: number;
  readonly reference: string;
  readonly sent: number;
}

const resultKey = (key: string): string => `remind:${key}`;

async function showDue(
  visit: HelpdeskVisit,
  chosen: readonly string[],
  errors: readonly LooseError[] = [],
  status: 409 | 422 = 422,
): Promise<void> {
  const { ctx, site, act, session } = visit;
  const query = readQuery(visit);
  const { total, rows } = await rowsNow(visit, query);
  const done = typedIn(visit, 'done');
  const sent =
    errors.length === 0 && isId(done)
      ? await site.tools.consoleActivity.finished<Sent>(session.id, resultKey(done))
      : null;
  const failed = errors.length > 0;
  const address = dueHref({ ...query, total });
  const reference = failed ? act.reference : (sent?.reference ?? null);
  show(
    ctx,
    DuePage({
      frame: { ...visit.frame, path, address, reference },
      errors: readErrors(errors),
      banners:
        sent === null
          ? []
          : [sent.sent === 0 ? { key: 'reminded.none' } : { key: 'reminded.sent', values: { n: sent.sent } }],
      query: { ...query, total },
      lines: rows,
      chosen,
      reminds: mayDo(visit, 'remind'),
      mailPending: sent !== null && (await mailPending(site)),
      hidden: [{ name: 'edit', value: newEdit(site, session.id, markOf(query), shownOf(rows)) }],
    }),
    failed ? status : 200,
  );
}

type Refused = 'look-again' | { readonly errors: readonly LooseError[] };

async function tell(visit: HelpdeskVisit): Promise<void> {
  const { ctx, site, act, operator, session } = visit;
  const form = readForm(ctx);
  const query = readQuery(visit);
  const { total, rows } = await rowsNow(visit, query);
  const chosen = [...new Set(form.all('people'))];
  const shown = shownOf(rows);
  const again = (error: LooseError, status: 409 | 422 = 422): Promise<void> => showDue(visit, chosen, [error], status);
  const ids = shown.map(({ id }) => id);
  const edit = readEdit(site, session.id, markOf(query), ids, form.text('edit'), shown);
  // A line that came or went is no other line's: what was chosen is looked at again.
  if (!edit.ok) return again({ field: null, key: 'pick.stale' }, 409);
  const key = resultKey(edit.key);
  const href = dueHref({ ...query, total });
  const there = `${href}&done=${edit.key}`;
  if (await site.tools.consoleActivity.finished<Sent>(session.id, key)) return seeOther(ctx, there);
  if (chosen.length === 0) return again({ field: 'people', key: 'HDK047.18' });
  const lines = rows.filter(({ id, tells }) => tells && chosen.includes(id));
  if (lines.length < chosen.length || chosen.some((id) => edit.stale.has(id)))
    return again({ field: null, key: 'pick.stale' }, 409);
  const filter = await filterOf(visit, query);

  const acted = await actOnce<Refused, Sent>(
    site.tools,
    act,
    session,
    key,
    async (): Promise<Worked<Refused, Sent>> => {
      const asked = { act: 'remind', about: { for: query.about, companies: lines.length } } as const;
      const proof = await proveOperator(site.tools, act, operator, asked, form.text('otp'));
      if (proof.verdict === 'look-again') return { verdict: 'refused', refused: 'look-again' };
      if (proof.verdict === 'refused') return { verdict: 'refused', refused: { errors: proof.errors } };
      const sent = await remindDue(
        site.tools,
        act,
        moverOf(visit),
        lines.flatMap((line) => toTell(filter, line)),
      );
      if (sent === null) return { verdict: 'refused', refused: 'look-again' };
      return { verdict: 'finished', result: { at: act.now, reference: act.reference, sent } };
    },
  );
  if (acted.verdict === 'busy') return again({ field: null, key: 'form.busy' });
  if (acted.verdict === 'finished') return seeOther(ctx, there);
  return acted.refused === 'look-again' ? seeOther(ctx, href) : showDue(visit, chosen, acted.refused.errors);
}

/** A line's own days: its month, as far as the list shows it. */
function toTell({ about, from, until }: DueFilter, { month, companyId }: DueRow): readonly DueToTell[] {
  if (about === 'arrival') return [];
  const [year = 0, number = 0] = month.split('-').map(Number);
  const first = atJapanTime(year, number, 1);
  const next = number === 12 ? atJapanTime(year + 1, 1, 1) : atJapanTime(year, number + 1, 1);
  return [{ about, companyId, from: Math.max(from, first), until: Math.min(until, next) }];
}

async function sendDue(visit: HelpdeskVisit): Promise<void> {
  const { ctx, act, frame } = visit;
  const query = readQuery(visit);
  const filter = await filterOf(visit, query);
  const head = dueColumns(textsOf(frame), query.about).map(({ head: words }) => words);
  sendCsv(ctx, `tokens-due-${query.about}-${dayText(act.now)}`, head, lines(visit, filter));
}

async function* lines(visit: HelpdeskVisit, filter: DueFilter): AsyncGenerator<readonly (readonly string[])[]> {
  const { site, frame } = visit;
  const columns = dueColumns(textsOf(frame), filter.about);
  for (let page = 1, more = true; more; page += 1) {
    const found = await site.tools.store.tokenDue.list(filter, { page, per: part });
    yield found.lines.map((line) => columns.map(({ text }) => text(rowOf(visit, filter.about, line))));
    more = page * part < found.total;
  }
}
