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
}

type Row = Pick<Suite, 'name' | 'needs' | 'uses' | 'alone'>;

const servers: readonly Tool[] = ['redis', 'postgres'];

/** In the order in which they run: what fails fastest comes first. */
const rows: readonly Row[] = [
  { name: 'house', needs: [], uses: [], alone: false },
  { name: 'rules', needs: [], uses: [], alone: false },
  { name: 'secrets', needs: [], uses: ['oathtool'], alone: false },
  { name: 'mail', needs: [], uses: [], alone: false },
  { name: 'store', needs: servers, uses: [], alone: false },
  { name: 'flows', needs: servers, uses: [], alone: false },
  { name: 'oidc', needs: servers, uses: [], alone: false },
  { name: 'web', needs: servers, uses: [], alone: false },
  {
    name: 'journeys',
    needs: [...servers, 'chromium', 'japanese-font'],
    uses: ['apache-openidc', 'oathtool'],
    alone: true,
  },
  { name: 'races', needs: servers, uses: [], alone: true },
];

/** `house` is the files that lie in test/ itself: the laws of the tree and the configuration. */
const filesOf = (test: string, name: string): string[] =>
  globSync(name === 'house' ? join(test, '*.test.{ts,tsx}') : join(test, name, '**', '*.test.{ts,tsx}')).toSorted();

/** Every suite that has a file, under the tests' folder. */
export function allSuites(test: string): readonly Suite[] {
  const known = new Set(rows.map((row) => row.name));
  const others = readdirSync(test)
    .filter((name) => statSync(join(test, name)).isDirectory() && !known.has(name))
    .map((name): Row => ({ name, needs: [], uses: [], alone: false }));
  return [...rows, ...others]
    .map((row) => ({ ...row, files: filesOf(test, row.name) }))
    .filter((suite) => suite.files.length > 0);
}

/**
 * The suites a command line asks for: names of suites, or test files, which run with the needs of their suite.
 * Throws an error that names the suites when a word is neither.
 */
export function chosenSuites(test: string, words: readonly string[]): readonly Suite[] {
  const suites = allSuites(test);
  if (words.length === 0) return suites;
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
