// The programs of the machine that tests use, where they stand, and the one command that installs those that are missing.
// Only looks: nothing is started or installed here.
import { accessSync, constants, existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Tool = 'redis' | 'postgres' | 'chromium' | 'japanese-font' | 'apache-openidc' | 'oathtool';

interface Program {
  readonly packages: readonly string[];
  readonly find: () => string | null;
}

function onPath(...names: readonly string[]): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'].filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}

/** The newest of the files that match; Debian keeps one folder per PostgreSQL version. */
const newest = (pattern: string): string | null =>
  globSync(pattern)
    .toSorted(new Intl.Collator('en', { numeric: true }).compare)
    .at(-1) ?? null;

function given(path: string | undefined): string | null {
  return path && existsSync(path) ? path : null;
}

const programs: Readonly<Record<Tool, Program>> = {
  'redis': { packages: ['redis-server'], find: () => onPath('redis-server') },
  'postgres': {
    packages: ['postgresql'],
    find: () => newest('/usr/lib/postgresql/*/bin/postgres') ?? onPath('postgres'),
  },
  'chromium': {
    packages: ['chromium'],
    find: () => given(process.env['RENKEI_TEST_CHROMIUM']) ?? onPath('chromium', 'chromium-browser', 'google-chrome'),
  },
  'japanese-font': {
    packages: ['fonts-noto-cjk'],
    find: () => newest('/usr/share/fonts/**/NotoSansCJK-Regular.ttc'),
  },
  'apache-openidc': {
    packages: ['apache2', 'libapache2-mod-auth-openidc'],
    find: () => (existsSync('/usr/lib/apache2/modules/mod_auth_openidc.so') ? onPath('apache2') : null),
  },
  'oathtool': { packages: ['oathtool'], find: () => onPath('oathtool') },
};

/** Where the program stands (for a font: its file), or null when this machine does not have it. */
export function findTool(tool: Tool): string | null {
  return programs[tool].find();
}

/** One command that installs the given tools on Debian and its kin. */
export function installCommand(tools: Iterable<Tool>): string {
  const packages = new Set([...tools].flatMap((tool) => programs[tool].packages));
  return `apt-get update && apt-get install -y --no-install-recommends ${[...packages].join(' ')}`;
}

/** Skips the running test or suite unless the tool is there; the runner names what was skipped for want of a tool. */
export function needs(context: { skip(): never }, tool: Tool): string {
  return findTool(tool) ?? context.skip();
}
