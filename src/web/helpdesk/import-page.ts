// HDK042 and HDK043: one import at its own address, while it runs and when it is through. The page may be left and returned
// to; what is left to do goes on without it.
import type Router from '@koa/router';
import type { Context } from 'koa';
import { ImportResultPage } from '../../../views/helpdesk/import-result.tsx';
import {
  isRunning,
  problemView,
  whyFailed,
  type ImportView,
  type ProblemView,
} from '../../../views/helpdesk/import-words.ts';
import { ImportingPage } from '../../../views/helpdesk/importing.tsx';
import { readErrors, type LooseError } from '../../../views/messages/stored.ts';
import { textsOf } from '../../../views/parts/frame.ts';
import { actOnce, type Worked } from '../../flows/act-once.ts';
import { isId } from '../../flows/company/turn-away.ts';
import type { OperatorRow } from '../../flows/operator/actor.ts';
import { proveOperator } from '../../flows/operator/prove.ts';
import {
  cancelImport,
  importOf,
  importProblems,
  seeImport,
  takeOver,
  type ImportBy,
  type TakenOver,
  type TokenImportRow,
} from '../../flows/token-import/import.ts';
import type { Tools } from '../../flows/tools.ts';
import { seeOther, show } from '../console.ts';
import { sendCsv } from '../csv.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { notAtDesk, openHelpdesk, type HelpdeskVisit } from './visit.ts';

export const importPath = '/helpdesk/tokens/import';

/** Lines that need attention: on the page, and asked of the store at once for the list. */
const shownLines = 100;
const part = 1_000;

/** How long an answer waits for what may go on without it, and how often a running page renews itself; milliseconds, seconds. */
const patience = 3_000;
const refresh = 5;

/** Nothing was heard of it for so long, in milliseconds: a page that renewed itself would only keep its operator signed in. */
const stalled = 5 * 60_000;

export const startedBy = ({ id }: OperatorRow): ImportBy => ({ kind: 'operator', id });

/** Names of the bank's operators by id. */
export async function operatorNames({ tools }: Site): Promise<ReadonlyMap<string, string>> {
  return new Map((await tools.store.operator.list()).map(({ id, name }) => [id, name]));
}

export function importView(row: TokenImportRow, names: ReadonlyMap<string, string>): ImportView {
  const { id, fileName, format, digest, state, lines, tokens, problems, size, read, startedAt, endedAt } = row;
  const why = whyFailed(row.why);
  const by = row.startedBy === 'command-line' ? null : (names.get(row.startedBy) ?? row.startedBy);
  return { id, fileName, format, digest, by, state, why, lines, tokens, problems, size, read, startedAt, endedAt };
}

/** The result of work, or null when it goes on longer than `patience` after `from`: then it is waited for behind the answer. */
export async function unhurried<T>(tools: Tools, work: Promise<T>, from: Promise<unknown>): Promise<T | null> {
  const late = from.then(
    () => new Promise((resolve) => void setTimeout(resolve, patience)),
    () => new Promise(() => {}),
  );
  const first = await Promise.race([work.then((result) => ({ result })), late]);
  if (typeof first === 'object' && first !== null && 'result' in first) return work;
  await tools.after(async () => void (await work));
  return null;
}

export function oneImportPages(router: Router, site: Site): void {
  router.get(`${importPath}/:id`, async (ctx) => {
    const found = await open(ctx, site);
    if (found) await see(found.visit, found.row);
  });
  router.post(`${importPath}/:id`, async (ctx) => {
    const found = await open(ctx, site);
    if (found) await change(found.visit, found.row);
  });
  router.get(`${importPath}/:id/problems.csv`, async (ctx) => {
    const found = await open(ctx, site);
    if (found) sendProblems(found.visit, found.row);
  });
}

async function open(
  ctx: Context,
  site: Site,
): Promise<{ readonly visit: HelpdeskVisit; readonly row: TokenImportRow } | null> {
  const visit = await openHelpdesk(ctx, site, 'import-tokens');
  if (!visit) return null;
  const id = ctx.params['id'] ?? '';
  const row = isId(id) ? await importOf(site.tools, id) : null;
  if (row) return { visit, row };
  notAtDesk(ctx, site);
  return null;
}

/** A reload goes on with a take-over whose process died, as long as an answer waits; behind it, else. */
async function see(visit: HelpdeskVisit, row: TokenImportRow): Promise<void> {
  const { ctx, site, act } = visit;
  const seen = (await unhurried(site.tools, seeImport(site.tools, act, row.id), Promise.resolve())) ?? row;
  return seen.id === row.id ? showImport(visit, seen, []) : seeOther(ctx, `${importPath}/${seen.id}`);
}

const clean = ({ state, problems }: TokenImportRow): boolean => state === 'checked' && problems === 0;

async function showImport(
  visit: HelpdeskVisit,
  row: TokenImportRow,
  errors: readonly LooseError[],
  status: 409 | 422 = 422,
): Promise<void> {
  const { ctx, site, act } = visit;
  const path = `${importPath}/${row.id}`;
  const view = importView(row, await operatorNames(site));
  const failed = errors.length > 0;
  const frame = { ...visit.frame, path, reference: failed ? act.reference : row.reference };
  if (isRunning(row)) {
    if (act.now - row.touchedAt < stalled) ctx.set('Refresh', String(refresh));
    return show(ctx, ImportingPage({ frame: { ...frame, reference: null }, import: view, path }));
  }
  const problems = await importProblems(site.tools, row.id, 0, shownLines);
  return show(
    ctx,
    ImportResultPage({
      frame,
      errors: readErrors(errors),
      import: view,
      problems: problems.map(problemView),
      ready: clean(row),
      path,
    }),
    failed ? status : 200,
  );
}

type Refused = { readonly is: 'look-again' } | { readonly is: 'refused'; readonly errors: readonly LooseError[] };

interface Taken {
  readonly at: number;
  readonly reference: string;
  /** Null: it goes on. */
  readonly outcome: TakenOver | null;
}

async function change(visit: HelpdeskVisit, row: TokenImportRow): Promise<void> {
  const { ctx, site, act, session } = visit;
  const form = readForm(ctx);
  const path = `${importPath}/${row.id}`;
  if (form.text('action') === 'cancel') {
    await cancelImport(site.tools, act, startedBy(visit.operator), row.id);
    return seeOther(ctx, path);
  }
  if (!clean(row)) return seeOther(ctx, path);
  const taken = await actOnce<Refused, Taken>(site.tools, act, session, `take-over:${row.id}`, () =>
    takeOverProven(visit, row, form.text('otp')),
  );
  if (taken.verdict === 'busy') return showImport(visit, row, [{ field: null, key: 'form.busy' }]);
  if (taken.verdict === 'refused')
    return taken.refused.is === 'look-again' ? seeOther(ctx, path) : showImport(visit, row, taken.refused.errors);
  const now = taken.result.outcome === 'conflict' ? await importOf(site.tools, row.id) : null;
  if (now) return showImport(visit, now, [{ field: null, key: 'import.conflict' }], 409);
  return seeOther(ctx, path);
}

async function takeOverProven(
  { site, act, operator }: HelpdeskVisit,
  { id, digest }: TokenImportRow,
  otp: string,
): Promise<Worked<Refused, Taken>> {
  const { tools } = site;
  const asked = { act: 'import-tokens', about: { import: id, digest } } as const;
  const proof = await proveOperator(tools, act, operator, asked, otp);
  if (proof.verdict === 'look-again') return { verdict: 'refused', refused: { is: 'look-again' } };
  if (proof.verdict === 'refused') return { verdict: 'refused', refused: { is: 'refused', errors: proof.errors } };
  const outcome = await unhurried(tools, takeOver(tools, act, startedBy(operator), id), Promise.resolve());
  return { verdict: 'finished', result: { at: act.now, reference: act.reference, outcome } };
}

function sendProblems({ ctx, site, frame }: HelpdeskVisit, { id }: TokenImportRow): void {
  const t = textsOf(frame);
  const cells = ({ line, field, why, serial }: ProblemView): readonly string[] => [
    String(line),
    t.say(`seed.field.${field}`),
    t.say(`seed.why.${why}`),
    serial ?? '',
  ];
  async function* parts(): AsyncGenerator<readonly (readonly string[])[]> {
    for (let after = 0, last: number | undefined = 0; last !== undefined; after = last ?? after) {
      const found: readonly ProblemView[] = (await importProblems(site.tools, id, after, part)).map(problemView);
      yield found.map(cells);
      last = found.at(-1)?.line;
    }
  }
  const head = [t.say('HDK043.line'), t.say('HDK043.field'), t.say('HDK043.why'), t.say('HDK043.serial')];
  sendCsv(ctx, `import-problems-${id.slice(0, 8)}`, head, parts());
}
