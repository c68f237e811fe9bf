// Builds the style sheets of the pages and of the token app: the Digital Agency's design tokens that our own rules use, and
// those rules (views/style/), as one file each that old browsers understand. The results are kept in the repository, so
// running and testing need no build.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { browserslistToTargets, transform } from 'lightningcss';

const root = new URL('../', import.meta.url);
const built = {
  'views/assets/renkei.css': [
    'base',
    'header',
    'frame',
    'progress',
    'form',
    'button',
    'banner',
    'content',
    'card',
    'table',
    'print',
  ],
  'views/token-app/style.css': ['base', 'header', 'frame', 'form', 'button', 'banner', 'content', 'token-app'],
} as const;

type Built = keyof typeof built;

/** The tokens that a style sheet uses, directly or through other tokens, as one :root rule in their own order. */
function usedTokens(own: string): string {
  const file = createRequire(import.meta.url).resolve('@digital-go-jp/design-tokens/dist/tokens.css');
  const tokens = new Map(
    [...readFileSync(file, 'utf8').matchAll(/^\s*(--[\w-]+):\s*(.+);$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const used = new Set<string>();
  const follow = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/var\((--[\w-]+)\)/g)) {
      const value = tokens.get(name);
      if (value === undefined || used.has(name)) continue;
      used.add(name);
      follow(value);
    }
  };
  follow(own);
  const lines = [...tokens].filter(([name]) => used.has(name)).map(([name, value]) => `${name}: ${value};`);
  return `:root { ${lines.join(' ')} }\n`;
}

/** A whole style sheet, as it is served. */
export function styleSheet(file: Built = 'views/assets/renkei.css'): string {
  const own = built[file].map((name) => readFileSync(new URL(`views/style/${name}.css`, root), 'utf8')).join('\n');
  const { code } = transform({
    filename: file,
    code: Buffer.from(usedTokens(own) + own),
    minify: true,
    targets: browserslistToTargets(['chrome 100', 'edge 100', 'firefox 100', 'safari 15']),
  });
  return `${code.toString()}\n`;
}

if (import.meta.main) {
  const files: readonly Built[] = ['views/assets/renkei.css', 'views/token-app/style.css'];
  for (const file of files) writeFileSync(new URL(file, root), styleSheet(file));
}
