// Computes the hashes of the demo's passwords, which stand in config/demo/ for everybody to read, once for all starts: hashing
// them anew was most of what a first start took. To be run when a password of the demo, or the parameters of the hash, change.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createSecrets } from '../src/secrets/gateway-secrets.ts';
import { demoFiles, demoPasswords } from '../src/seed.ts';

const root = new URL('../', import.meta.url).pathname;
const { hasher } = createSecrets(new Uint8Array(32), cpus().length, Date.now);
const hashes: Record<string, string> = {};
for (const password of demoPasswords(demoFiles(root)).toSorted()) hashes[password] = await hasher.hash(password);
writeFileSync(new URL('config/demo/hashes.json', `file://${root}`), `${JSON.stringify(hashes, null, 2)}\n`);
