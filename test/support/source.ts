// Reads the tree's own source as text, for the laws that test/house.test.ts holds: files, import statements, and code
// without its comments and strings. Understands TypeScript just well enough for that.
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Files of the tree that match, in order. */
export function sourceFiles(...patterns: readonly string[]): readonly SourceFile[] {
  const paths = patterns.flatMap((pattern) => globSync(join(root, pattern)));
  return paths.toSorted().map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

const statement = /^(?:import|export)\s+(type\s+)?([\w$*{][^;'"`=()]*?)\bfrom\s+'([^']+)'/gm;
const bare = /^import\s+'([^']+)'/gm;
const dynamic = /(typeof\s+)?\bimport\(\s*'([^']+)'\s*\)/g;

/** Everything a file imports or exports from elsewhere. */
export function importsOf(text: string): readonly Import[] {
  const named = [...text.matchAll(statement)].map(([, type, names = '', from = '']): Import => {
    const inside = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
    const parts = (inside ?? '').split(',').filter((part) => part.trim() !== '');
    const allTypes = inside !== undefined && parts.length > 0 && parts.every((part) => part.trim().startsWith('type '));
    return { from, typeOnly: type !== undefined || allTypes };
  });
  const effects = [...text.matchAll(bare)].map(([, from = '']): Import => ({ from, typeOnly: false }));
  const late = [...text.matchAll(dynamic)].map(([, type, from = '']): Import => ({
    from,
    typeOnly: type !== undefined,
  }));
  return [...named, ...effects, ...late];
}

const tokens = new RegExp(
  [
    /\/\/[^\n]*|\/\*[\s\S]*?\*\//, // comments
    /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/, // strings
    /`(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)|\}(?:[^`\\$\n{}]|\\.|\$(?!\{))*(?:`|\$\{)/, // a template's text, before, between and after values
    /(?<=[=(,:[!&|?{};>]\s?|return )\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/, // regular expressions
  ]
    .map((part) => part.source)
    .join('|'),
  'g',
);

/** The code without import and export-from statements, comments, strings, templates' texts and regular expressions. */
export function codeOf(text: string): string {
  const withoutImports = text.replace(statement, '').replace(bare, '');
  return withoutImports.replace(tokens, (token) => (/^['"]/.test(token) ? "''" : ' '));
}
