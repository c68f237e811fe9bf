#!/usr/bin/env node
// Runs a command of Renkei (`npx renkei unlink …`) on the Node that package.json pins, whatever Node started this file.
// Needs the build that `npm start` or `npm run build` makes; builds nothing itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const main = join(root, 'dist', 'src', 'main.js');
const pinned = join(root, 'node_modules', 'node', 'bin', 'node');

if (existsSync(main)) {
  const child = spawn(existsSync(pinned) ? pinned : process.execPath, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  process.stderr.write('Renkei is not built yet: run "npm run build" first.\n');
  process.exitCode = 1;
}
