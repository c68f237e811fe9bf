// A table that a suite writes about what it saw, into the folder that RENKEI_TEST_TABLES names; without it nothing is
// written. In a file that exists, only what stands between <!-- table --> and <!-- /table --> is written anew.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface EvidenceTable {
  row(cells: readonly string[]): void;
  /** Writes `<name>.md`; at the end of the suite, and only when all of its rows were seen. */
  write(): void;
}

const marks = ['<!-- table -->', '<!-- /table -->'] as const;
const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim() || '–';

/** @param columns the heads; every row has as many cells */
export function evidenceTable(name: string, columns: readonly string[]): EvidenceTable {
  const rows: (readonly string[])[] = [];
  return {
    row(cells) {
      if (cells.length !== columns.length) throw new Error(`${cells.length} cells for ${columns.length} columns`);
      rows.push(cells);
    },
    write() {
      const folder = process.env['RENKEI_TEST_TABLES'];
      if (folder === undefined || folder === '') return;
      const file = join(folder, `${name}.md`);
      const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`);
      const old = existsSync(file) ? readFileSync(file, 'utf8') : `# ${name}\n\n${marks.join('\n')}\n`;
      const [from, to] = [old.indexOf(marks[0]), old.indexOf(marks[1])];
      if (from < 0 || to < from) throw new Error(`${file} has no ${marks.join(' … ')}`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${old.slice(0, from)}${marks[0]}\n\n${lines.join('\n')}\n\n${old.slice(to)}`);
    },
  };
}
