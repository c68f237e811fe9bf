// Builds views/assets/renkei.css: the Digital Agency's design tokens that our own rules use, and those rules (views/style/),
// as one file that old browsers understand. The result is kept in the repository, so running and testing need no build.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { browserslistToTargets, transform } from 'lightningcss';

const root = new URL('../', import.meta.url);
const sheets = ['base', 'header', 'frame', 'progress', 'form', 'button', 'banner', 'content', 'card', 'table', 'print'];

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

/** The whole style sheet, as it is served. */
export function styleSheet(): string {
  const own = sheets.map((name) => readFileSync(new URL(`views/style/${name}.css`, root), 'utf8')).join('\n');
  const { code } = transform({
    filename: 'renkei.css',
    code: Buffer.from(usedTokens(own) + own),
    minify: true,
    targets: browserslistToTargets(['chrome 100', 'edge 100', 'firefox 100', 'safari 15']),
  });
  return `${code.toString()}\n`;
}

if (import.meta.main) writeFileSync(new URL('views/assets/renkei.css', root), styleSheet());
