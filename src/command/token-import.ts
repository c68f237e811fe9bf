// `renkei tokens import`: a seed file from a disk into the stock. It is read twice, first for its check value: so a reading that
// was broken off is gone on with when the same file is named again.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import {
  importOf,
  importProblems,
  readImport,
  type ImportProblem,
  type TokenImportRow,
} from '../flows/token-import/import.ts';
import type { Act, Tools } from '../flows/tools.ts';
import type { SeedRefusal } from '../rules/seed-file.ts';
import type { CommandAnswer, Progress } from './commands.ts';

const by = { kind: 'command-line' } as const;

const failed = (error: string, text: string, more: Readonly<Record<string, unknown>> = {}): CommandAnswer => ({
  ok: false,
  json: { ok: false, error, ...more },
  text,
});

const refusals = {
  'empty': 'The file has no token.',
  'format': 'This is neither CSV nor PSKC 1.0 (RFC 6030).',
  'truncated': 'The file ends before its end: it was cut off. (A CSV ends with a line break.)',
  'doctype': 'The file has a document type (DOCTYPE): such files are not read.',
  'encoding': 'The file is not written in UTF-8 (a CSV: UTF-8 or Shift_JIS).',
  'key-missing': 'The file is encrypted: name its transport key with --key-file or RENKEI_TRANSPORT_KEY.',
  'key-wrong': 'The transport key does not open this file.',
  'mac': 'The file is encrypted without check values (MAC), so nobody could see a change: have it made with them.',
  'unsupported': 'The file uses a way of encryption, or a version, that is not read here.',
  'too-large': 'The file, or one part of it, is larger than a seed file can be.',
  'columns':
    'The first line must name these columns: serial; secret_base32 or secret_hex, or secret and encoding; and if wanted algorithm, digits, period, expires, model.',
  'interrupted': 'The file broke off while it was read, or changed meanwhile.',
} as const satisfies Record<SeedRefusal, string>;

const words: Readonly<Record<string, string>> = {
  missing: 'is missing',
  form: 'is not in its form',
  short: 'is shorter than 128 bits',
  twice: 'stands twice in the file',
  known: 'is in the stock already',
  expired: 'has passed',
  unsupported: 'is not what tokens here can have',
  columns: 'does not have as many columns as the first line',
  mac: 'does not fit its check value',
  key: 'is encrypted, but the file names no key',
};

/** Bad lines that a person reads on a screen. */
const shown = 100;

export async function importTokens(
  tools: Tools,
  act: Act,
  asked: { readonly file: string; readonly format: string; readonly check: boolean; readonly key: string },
  progress: Progress,
): Promise<CommandAnswer> {
  const { file } = asked;
  if (file === '') return failed('file_missing', 'Say which file: tokens import FILE.');
  if (asked.format !== '' && asked.format !== 'csv' && asked.format !== 'pskc')
    return failed('unknown_format', 'There are two formats: --format csv or pskc.');
  const known = await digestOf(file);
  if (known === null) return failed('unreadable', `The file ${file} can't be read.`, { file });
  let told = 0;
  const { id } = await readImport(tools, act, by, {
    name: basename(file),
    format: asked.format === '' ? null : asked.format,
    bytes: createReadStream(file),
    size: known.size,
    key: asked.key === '' ? null : asked.key,
    checkOnly: asked.check,
    digest: known.digest,
    progress: ({ lines, tokens, problems }) => {
      if (lines - told < 10_000 && told > 0) return;
      told = lines;
      progress(`line ${lines}: ${tokens} tokens read, ${problems} lines with something wrong`);
    },
  });
  const row = await importOf(tools, id);
  return row ? answerOf(row, await everyProblem(tools, id), asked.check) : failed('gone', 'The import is gone.');
}

async function digestOf(file: string): Promise<{ readonly digest: string; readonly size: number } | null> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    const bytes: AsyncIterable<Buffer> = createReadStream(file);
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { digest: hash.digest('hex'), size };
  } catch {
    return null;
  }
}

async function everyProblem(tools: Tools, id: string): Promise<readonly ImportProblem[]> {
  const all: ImportProblem[] = [];
  for (;;) {
    const some = await importProblems(tools, id, all.at(-1)?.line ?? -1, 1_000);
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function answerOf(row: TokenImportRow, problems: readonly ImportProblem[], check: boolean): CommandAnswer {
  const ok = row.state === 'done' || (row.state === 'checked' && row.problems === 0);
  const lines = problems
    .slice(0, shown)
    .map(
      ({ line, field, why, serial }) =>
        `Line ${line}${serial === null ? '' : ` (${serial})`}: ${field} ${words[why] ?? why}`,
    );
  const counted = row.format === 'csv' && lines.length > 0 ? ['The line with the column names is line 1.'] : [];
  const more = problems.length > shown ? [`… and ${problems.length - shown} more: --json lists them.`] : [];
  return {
    ok,
    json: {
      ok,
      ...(ok ? {} : { error: row.why ?? (row.problems > 0 ? 'problems' : row.state) }),
      import: row.id,
      state: row.state,
      file: row.fileName,
      format: row.format,
      sha256: row.digest,
      tokens: row.tokens,
      bad_lines: row.problems,
      bad: problems,
      reference: row.reference,
    },
    text: [...lines, ...more, ...counted, sentence(row, check)].join('\n'),
  };
}

function sentence(row: TokenImportRow, check: boolean): string {
  if (row.state === 'done')
    return `${row.tokens} tokens are in the stock now (SHA-256 of the file ${row.digest ?? ''}).`;
  if (row.state === 'checked' && row.problems === 0)
    return `${row.tokens} tokens, nothing wrong. Nothing was imported: run it without --check, or take it over on the token desk within a day.`;
  if (row.problems > 0)
    return `${row.problems === 1 ? '1 line has' : `${row.problems} lines have`} something wrong. ${check ? 'This was a check.' : 'Nothing was imported.'}`;
  return `${isRefusal(row.why) ? refusals[row.why] : 'Somebody ended this import, or goes on with it elsewhere.'} Nothing was imported.`;
}

const isRefusal = (why: string | null): why is SeedRefusal => why !== null && Object.hasOwn(refusals, why);
