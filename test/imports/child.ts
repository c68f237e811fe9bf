// One import in a process of its own, whose heap the test bounds: a file that is made while it is read, so that nothing but the
// import itself takes memory. Tells what it took, as one line of JSON.
import { readImport, importOf } from '../../src/flows/token-import/import.ts';
import { besideStore } from '../support/database.ts';
import { closedCbc, csvHead, csvLine, keyPackage, pskcHead, pskcTail, seedToken } from '../support/seed-file.ts';
import { flowScene } from '../flows/scene.ts';

const [url = '', kind = 'csv', count = '0', prefix = 'FT'] = process.argv.slice(2);
const key = Buffer.alloc(32, 7);

async function* lines(): AsyncGenerator<Uint8Array> {
  const closing = closedCbc(key);
  yield Buffer.from(kind === 'csv' ? csvHead : pskcHead(closing));
  for (let n = 1; n <= Number(count); n += 100) {
    const some = Array.from({ length: Math.min(100, Number(count) - n + 1) }, (_one, k) => seedToken(n + k, prefix));
    yield Buffer.from(some.map((token) => (kind === 'csv' ? csvLine(token) : keyPackage(token, closing))).join(''));
  }
  if (kind !== 'csv') yield Buffer.from(pskcTail);
}

const scene = await flowScene(() => besideStore(url));
const before = process.memoryUsage.rss();
let most = before;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 20);
const began = performance.now();
const statements = scene.at.database.statements();
const { id } = await readImport(
  scene.tools,
  scene.act(),
  { kind: 'command-line' },
  {
    name: `${prefix}.${kind}`,
    format: null,
    bytes: lines(),
    key: key.toString('hex'),
    checkOnly: false,
    progress: () => {
      most = Math.max(most, process.memoryUsage.rss());
    },
  },
);
const milliseconds = performance.now() - began;
clearInterval(watch);
const row = await importOf(scene.tools, id);
process.stdout.write(
  `${JSON.stringify({
    state: row?.state,
    tokens: row?.tokens,
    milliseconds,
    statements: scene.at.database.statements() - statements,
    before,
    most,
  })}\n`,
);
await scene.at.database.close();
