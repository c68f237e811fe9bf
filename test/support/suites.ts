// The suites of the test runner: which folder, what it needs, what it can use. A folder that stands in no row is a suite
// that needs nothing.
import { globSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Tool } from './tools.ts';

export interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  /** Without these the suite cannot run at all. */
  readonly needs: readonly Tool[];
  /** Without these some of its tests skip themselves. */
  readonly uses: readonly Tool[];
  /** Timing or browsers: runs with nothing beside it. */
  readonly alone: boolean;
  /** Takes minutes: `npm run test:long`, not part of a plain `npm test`. */
  readonly long: boolean;
}

type Row = Pick<Suite, 'name' | 'needs' | 'uses' | 'alone' | 'long'>;

const servers: readonly Tool[] = ['redis', 'postgres'];

/** In the order in which they run: what fails fastest comes first, then what takes longest, so that nothing runs long alone. */
const quick = { needs: [], uses: [], alone: false, long: false } as const;
const rows: readonly Row[] = [
  { ...quick, name: 'house' },
  { ...quick, name: 'rules' },
  { ...quick, name: 'secrets', uses: ['oathtool'] },
  { ...quick, name: 'mail' },
  { ...quick, name: 'journeys', needs: [...servers, 'chromium', 'japanese-font'], uses: ['oathtool'] },
  { ...quick, name: 'store', needs: servers },
  { ...quick, name: 'flows', needs: servers },
  { ...quick, name: 'oidc', needs: servers },
  { ...quick, name: 'web', needs: servers },
  { ...quick, name: 'cost', needs: servers },
  { ...quick, name: 'consoles', needs: servers, long: true },
  { ...quick, name: 'contract', needs: servers, long: true },
  { ...quick, name: 'rows', needs: servers, long: true },
  { ...quick, name: 'attacks', needs: servers, long: true },
  { ...quick, name: 'hostile', needs: servers, long: true },
  { ...quick, name: 'independent', needs: servers, uses: ['apache-openidc', 'chromium'], long: true },
  { ...quick, name: 'browsers', needs: [...servers, 'chromium', 'japanese-font'], alone: true, long: true },
  { ...quick, name: 'faults', needs: servers, alone: true, long: true },
  { ...quick, name: 'killed', needs: servers, alone: true, long: true },
  { ...quick, name: 'races', needs: servers, alone: true, long: true },
  { ...quick, name: 'imports', needs: servers, alone: true, long: true },
];

/** `house` is the files that lie in test/ itself: the laws of the tree and the configuration. */
const filesOf = (test: string, name: string): string[] =>
  globSync(name === 'house' ? join(test, '*.test.{ts,tsx}') : join(test, name, '**', '*.test.{ts,tsx}')).toSorted();

/** Every suite that has a file, under the tests' folder. */
export function allSuites(test: string): readonly Suite[] {
  const known = new Set(rows.map((row) => row.name));
  const others = readdirSync(test)
    .filter((name) => statSync(join(test, name)).isDirectory() && !known.has(name))
    .map((name): Row => ({ ...quick, name }));
  return [...rows, ...others]
    .map((row) => ({ ...row, files: filesOf(test, row.name) }))
    .filter((suite) => suite.files.length > 0);
}

/**
 * The suites a command line asks for: none named, all but the long ones; `long`, those; else names of suites, or test files,
 * which run with the needs of their suite.
 * Throws an error that names the suites when a word is neither.
 */
export function chosenSuites(test: string, words: readonly string[]): readonly Suite[] {
  const suites = allSuites(test);
  if (words.length === 0) return suites.filter((suite) => !suite.long);
  if (words.length === 1 && words[0] === 'long') return suites.filter((suite) => suite.long);
  return words.map((word) => {
    const name = word.replace(/^test\//, '').replace(/\/$/, '');
    const suite = suites.find((candidate) => candidate.name === name);
    if (suite) return suite;
    const files = globSync(word).map((file) => join(process.cwd(), file));
    const owner = suites.find((candidate) => files.length > 0 && files.every((file) => candidate.files.includes(file)));
    if (!owner) {
      const names = suites.map((candidate) => candidate.name).join(', ');
      throw new Error(`"${word}" is neither a suite (${names}) nor a file of one under ${relative('.', test)}/`);
    }
    return { ...owner, name: `${owner.name} (${files.map((file) => basename(file)).join(', ')})`, files };
  });
}
