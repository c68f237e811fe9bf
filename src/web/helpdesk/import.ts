// HDK041 トークン取込: a seed file on its way in. Who posts it is known before a byte of it is read, its form's fields are
// judged before a byte of the file is, and what the file is comes from its bytes alone.
import type Router from '@koa/router';
import type { Context } from 'koa';
import { ImportPage } from '../../../views/helpdesk/import.tsx';
import { readErrors, type LooseError } from '../../../views/messages/stored.ts';
import { newestImports, readImport } from '../../flows/token-import/import.ts';
import { proveOperator } from '../../flows/operator/prove.ts';
import { seeOther, show } from '../console.ts';
import { refuseWrongToken } from '../csrf.ts';
import { csvLine } from '../csv.ts';
import { NotUnderstood, type Form } from '../form.ts';
import type { Site } from '../site.ts';
import { letGoBy, openUpload, type Upload } from '../upload.ts';
import { importPath, importView, oneImportPages, operatorNames, startedBy, unhurried } from './import-page.ts';
import { openHelpdesk, type HelpdeskVisit } from './visit.ts';

/** Longest file that a page takes, in bytes; it is read within the server's limit for one request. */
const uploadLimit = 64 * 1024 * 1024;

/** Held in memory until the fields are judged, in bytes: some thousand lines. */
const held = 256 * 1024;

const fields = ['csrf', 'transport_key', 'dry_run', 'otp'] as const;

/** Imports that the page lists, and the longest transport key. */
const listed = 10;
const keyLength = 256;

const sampleColumns = ['serial', 'secret_base32', 'algorithm', 'digits', 'period', 'expires', 'model'];

/** Registered ahead of the tokens' own pages, whose addresses are serial numbers. */
export function importPages(router: Router, site: Site): void {
  router.get(importPath, async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'import-tokens');
    if (visit) await showForm(visit, true, []);
  });
  router.post(importPath, async (ctx) => {
    try {
      const visit = await openHelpdesk(ctx, site, 'import-tokens');
      if (visit) await receive(visit);
    } finally {
      letGoBy(ctx);
    }
  });
  router.get(`${importPath}/sample.csv`, async (ctx) => {
    if (await openHelpdesk(ctx, site, 'import-tokens')) sendSample(ctx, site);
  });
  oneImportPages(router, site);
}

/** What stands in place of the seed is none: nobody registers the sample by mistake. */
function sendSample(ctx: Context, site: Site): void {
  const { digits, period } = site.tools.policy.otp;
  const line = ['00-0000001-1', '(seed)', 'SHA1', String(digits), String(period / 1000), '2030-03-31', 'model-1'];
  ctx.set('Content-Type', 'text/csv; charset=utf-8');
  ctx.set('Content-Disposition', 'attachment; filename="tokens-sample.csv"');
  ctx.body = [sampleColumns, line].map(csvLine).join('');
}

async function showForm(visit: HelpdeskVisit, dryRun: boolean, errors: readonly LooseError[]): Promise<void> {
  const { ctx, site, act, frame } = visit;
  const { digits, period } = site.tools.policy.otp;
  const names = await operatorNames(site);
  const failed = errors.length > 0;
  show(
    ctx,
    ImportPage({
      frame: { ...frame, path: importPath, reference: failed ? act.reference : null },
      errors: readErrors(errors),
      dryRun,
      usual: { digits, period: period / 1000 },
      last: (await newestImports(site.tools, listed)).map((row) => importView(row, names)),
    }),
    failed ? 422 : 200,
  );
}

async function receive(visit: HelpdeskVisit): Promise<void> {
  const { ctx, site, act, operator } = visit;
  const upload = await openUpload(ctx, { fields, file: 'file', bytes: uploadLimit, held });
  const { form, file } = upload;
  refuseWrongToken(ctx, site, form.text('csrf'));
  const dryRun = form.has('dry_run');
  const mistakes = mistakesOf(form, upload);
  if (mistakes.length > 0) return showForm(visit, dryRun, mistakes);
  if (!dryRun) {
    const asked = { act: 'import-tokens', about: {} } as const;
    const proof = await proveOperator(site.tools, act, operator, asked, form.text('otp'));
    if (proof.verdict === 'look-again') return seeOther(ctx, importPath);
    if (proof.verdict === 'refused') return showForm(visit, dryRun, [...proof.errors, chosenAgain]);
  }
  // Of the whole form, which is some hundred bytes more than its file; nothing when it comes in chunks.
  const size = ctx.request.length ?? null;
  const id = await readUpload(visit, upload, { name: file.name, size, dryRun, key: form.text('transport_key') });
  return seeOther(ctx, `${importPath}/${id}`);
}

const chosenAgain: LooseError = { field: 'file', key: 'import.again' };

function mistakesOf(form: Form, { file }: Upload): readonly LooseError[] {
  const long = form.text('transport_key').length > keyLength;
  const mistakes: LooseError[] = long ? [{ field: 'transport_key', key: 'form.long', values: { max: keyLength } }] : [];
  if (file.name === '') return [...mistakes, { field: 'file', key: 'form.choose' }];
  return mistakes.length > 0 ? [...mistakes, chosenAgain] : [];
}

/**
 * Reads the file to its end; what is left to do then may take longer than the answer waits.
 * @returns the import's id
 * @throws NotUnderstood when the form did not end as it should have: then the import failed
 */
async function readUpload(
  { site, act, operator }: HelpdeskVisit,
  upload: Upload,
  of: { readonly name: string; readonly size: number | null; readonly dryRun: boolean; readonly key: string },
): Promise<string> {
  const { tools } = site;
  let id: string | null = null;
  const reading = readImport(
    tools,
    act,
    startedBy(operator),
    {
      name: of.name,
      format: null,
      bytes: upload.file.bytes,
      size: of.size,
      key: of.key === '' ? null : of.key,
      checkOnly: of.dryRun,
    },
    (begun) => {
      id = begun;
    },
  );
  const read = await unhurried(tools, reading, upload.whole);
  const fault = upload.fault();
  if (fault) throw fault;
  const found = read?.id ?? id;
  if (found === null) throw new NotUnderstood(400);
  return found;
}
