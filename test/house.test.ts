// The laws of the house (ARCHITECTURE.md), read off the source itself: who may import whom, that rules are pure, that only
// the configuration knows the environment, and that every step of the sign-in table has its page.
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { codeOf, importsOf, sourceFiles, type SourceFile } from './support/source.ts';

interface Law {
  /** Rooms whose values and types may be imported, besides one's own. */
  readonly ours: readonly string[];
  /** Rooms whose types alone may be imported: their objects are handed in. */
  readonly types?: readonly string[];
  /** Packages; `*`: any. */
  readonly packages: readonly string[];
  /** Modules of Node; `*`: any. */
  readonly node: readonly string[];
}

const laws: Readonly<Record<string, Law>> = {
  'src/rules': { ours: [], packages: [], node: [] },
  'src/secrets': {
    ours: [],
    types: ['src/rules'],
    packages: ['argon2', 'otplib', 'jose'],
    node: ['node:crypto', 'node:os'],
  },
  'src/seed-files': {
    ours: ['src/rules'],
    packages: ['saxes', 'csv-parse'],
    node: ['node:crypto'],
  },
  'src/store': {
    ours: ['src/rules'],
    packages: ['kysely', 'pg', '@electric-sql/pglite', 'ioredis'],
    node: ['node:fs', 'node:path', 'node:crypto', 'node:async_hooks', 'node:timers'],
  },
  'src/mail': { ours: ['src/rules'], packages: ['nodemailer'], node: [] },
  'src/flows': {
    ours: ['src/rules'],
    types: ['src/store', 'src/secrets', 'src/seed-files', 'src/mail'],
    packages: [],
    node: [],
  },
  'src/oidc': {
    ours: ['src/rules', 'src/flows'],
    types: ['src/store'],
    packages: ['oidc-provider', 'openid-client', 'jose'],
    node: ['*'],
  },
  'src/web': {
    ours: ['src/rules', 'src/flows', 'views'],
    packages: ['koa', '@koa/router', '@koa/bodyparser', '@fastify/busboy', 'preact'],
    node: ['*'],
  },
  'src/command': { ours: ['src/rules', 'src/flows'], packages: [], node: ['*'] },
  'src/demo': { ours: [], packages: ['*'], node: ['*'] },
  'src/config': { ours: ['src/rules'], packages: ['zod', 'yaml'], node: ['*'] },
  'views': { ours: [], types: ['src/rules'], packages: ['preact', 'preact-render-to-string', 'qr'], node: [] },
};

/** These wire everything and may import everything. */
const wiring = [
  'main',
  'gateway',
  'stores',
  'deliveries',
  'demo',
  'seed',
  'seed-bank-accounts',
  'seed-operators',
  'seed-tokens',
].map((name) => `src/${name}.ts`);

/** The room of a file: `src/<folder>`, `views`, or for a file in src/ itself its name up to the first hyphen. */
function roomOf(path: string): string {
  if (!path.startsWith('src/')) return path.split('/')[0] ?? path;
  const [, first = '', second] = path.split('/');
  return second === undefined ? `src/${first.replace(/[-.].*$/, '')}` : `src/${first}`;
}

/** 20 to 80 lines are the rule; where 200 are passed, ask which second noun lives inside. Nothing is so whole as to pass this. */
const longest = 260;

const packageOf = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');

function breaches({ path, text }: SourceFile): readonly string[] {
  const room = roomOf(path);
  const law = laws[room];
  if (!law) return [`${path}: the room ${room} has no law`];
  const may = (list: readonly string[], name: string): boolean => list.includes('*') || list.includes(name);
  return importsOf(text).flatMap(({ from, typeOnly }) => {
    const target = from.startsWith('.') ? roomOf(join(dirname(path), from)) : null;
    const allowed =
      target !== null
        ? target === room || law.ours.includes(target) || (typeOnly && (law.types ?? []).includes(target))
        : from.startsWith('node:')
          ? may(law.node, from.split('/')[0] ?? from)
          : may(law.packages, packageOf(from));
    return allowed ? [] : [`${path} imports ${from}${typeOnly ? ' (types)' : ''}`];
  });
}

/** Places in code, with comments and strings taken out, that match. */
function found(files: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const [match] = pattern.exec(codeOf(text)) ?? [];
    return match === undefined ? [] : [`${path}: ${match.trim()}`];
  });
}

const tableText = (): string => sourceFiles('src/rules/sign-in.ts')[0]?.text ?? '';

const sources = sourceFiles('src/**/*.{ts,tsx}', 'views/**/*.{ts,tsx}');
/** Text between tags is prose: the laws about words of the language are read off the others, and held by lint in these. */
const plain = sources.filter(({ path }) => path.endsWith('.ts'));

/** What runs in the token app's browser: plain modules, served as they stand. */
const tokenApp = sourceFiles('views/token-app/**/*.js');

describe('the house', () => {
  it('lets every room import only what its law allows', () => {
    const ruled = sources.filter(({ path }) => !wiring.includes(path));
    expect(ruled.flatMap(breaches)).to.deep.equal([]);
  });

  it('keeps the rules pure: no waiting, no clock, no chance, nothing of the process', () => {
    const rules = plain.filter(({ path }) => path.startsWith('src/rules/'));
    const impure =
      /\b(await|async|Date|process|globalThis|fetch|setTimeout|setInterval|queueMicrotask|crypto|performance|Temporal)\b|\bMath\.random\b/;
    expect(found(rules, impure)).to.deep.equal([]);
  });

  it('lets nothing but the wiring read the environment', () => {
    const others = plain.filter(({ path }) => path !== 'src/main.ts');
    expect(found(others, /\bprocess\s*(\.|\?\.|\[)\s*env\b/)).to.deep.equal([]);
  });

  it('has no any, and casts only in oidc/', () => {
    expect(found(plain, /[:<|&,(=]\s*any\b(?!\s*[:(])|\bany\[\]/), 'any').to.deep.equal([]);
    const others = plain.filter(({ path }) => !path.startsWith('src/oidc/'));
    expect(found(others, /[\w)\]}'"`]\s+as\s+(?!const\b)[\w{([]\S*/), 'casts').to.deep.equal([]);
  });

  it('keeps the token app to itself: its own modules, no markup from text, no memory but IndexedDB, two addresses', () => {
    expect(tokenApp.map(({ path }) => path)).to.include('views/token-app/app.js');
    const foreign = tokenApp.flatMap(({ path, text }) =>
      importsOf(text).flatMap(({ from }) =>
        /^\.\/[a-z-]+\.js$/.test(from) && !path.includes('/worker/') ? [] : [`${path} imports ${from}`],
      ),
    );
    expect(foreign).to.deep.equal([]);
    const loose =
      /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function|localStorage|sessionStorage|cookie|Math\.random|XMLHttpRequest|sendBeacon|WebSocket|EventSource)\b/;
    expect(found(tokenApp, loose)).to.deep.equal([]);
    // Requests leave from two places: the service's questions, and the worker's for what it did not keep.
    const asking = tokenApp.filter(({ text }) => /\bfetch\(/.test(codeOf(text))).map(({ path }) => path);
    expect(asking).to.have.members(['views/token-app/service.js', 'views/token-app/worker/worker.js']);
    expect(found(tokenApp, /\bextractable\b|importKey\([^)]*true/)).to.deep.equal([]);
  });

  it('has no rooms and files for leftovers', () => {
    const leftovers = /(^|\/)(utils?|helpers?|common|shared|misc|lib|services?|managers?|base)(\/|\.tsx?$)/;
    expect(sources.map(({ path }) => path).filter((path) => leftovers.test(path))).to.deep.equal([]);
  });

  it('opens every file with its duty', () => {
    const mute = sourceFiles(
      'src/**/*.{ts,tsx}',
      'views/**/*.{ts,tsx}',
      'views/token-app/**/*.js',
      'scripts/**/*.ts',
      'bench/**/*.ts',
      'test/support/*.ts',
    );
    expect(mute.filter(({ text }) => !/^(#!.*\n)?(\/\/|\/\*)/.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });

  it('keeps files short enough to read', () => {
    // Catalogues and tables of a database are lists: they are as long as what they list.
    const lists = /^views\/messages\/|^views\/token-app\/words\.js$|^src\/store\/(migrations\/|schema\.ts)/;
    const long = [...sources, ...tokenApp].filter(
      ({ path, text }) => !lists.test(path) && text.split('\n').length > longest,
    );
    expect(long.map(({ path }) => path)).to.deep.equal([]);
  });

  it('gives every page of the sign-in table one route and one view', async () => {
    const { signInPages } = await import('../src/web/sign-in/pages.ts');
    const slugs = Object.keys(signInPages);
    const named = [...tableText().matchAll(/\bpage\('([a-z-]+)'\)/g)].map(([, slug = '']) => slug);
    expect(slugs).to.include.members(named);
    const views = sourceFiles('views/{sign-in,token}/*.tsx').map(({ path }) => path.replace(/^views\/[a-z-]+\//, ''));
    expect(slugs.filter((slug) => views.filter((view) => view === `${slug}.tsx`).length !== 1)).to.deep.equal([]);
  });

  it('walks every row of the sign-in table in a journey', () => {
    const journeys = sourceFiles('test/{journeys,rows}/**/*.test.ts')
      .map(({ text }) => text)
      .join('\n');
    const rows = [...tableText().matchAll(/\{ row: '([0-9a-z]+)'/g)].map(([, row = '']) => row);
    expect(rows).to.have.length.greaterThan(15);
    expect(rows.filter((row) => !new RegExp(`\\brow ${row}\\b`).test(journeys))).to.deep.equal([]);
  });

  it('reads the source right', () => {
    const text = [
      "import a, { b as c } from './a.ts';",
      "import type { D } from '../d.ts';",
      "import { type E, type F } from 'e';",
      "import {\n  type G,\n  h,\n} from 'node:g';",
      "import 'i';",
      "export * from './j.ts';",
      "export const k = 'import x from y'; // any Date",
      "const l = await import('l');",
      "type M = typeof import('m');",
      'const n = `any ${o as P} Date ${q} any`; const r = /any/;',
    ].join('\n');
    expect(importsOf(text).map(({ from, typeOnly }) => `${from}${typeOnly ? ' (types)' : ''}`)).to.deep.equal([
      './a.ts',
      '../d.ts (types)',
      'e (types)',
      'node:g',
      './j.ts',
      'i',
      'l',
      'm (types)',
    ]);
    expect(codeOf(text)).to.include('o as P');
    expect(codeOf(text)).not.to.match(/any|Date/);
  });
});
