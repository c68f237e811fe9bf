// Keys of the demo's Business Direct provider: made at the first start, kept in one file of the data folder, so that a
// restart leaves the gateway's cached keys and the browsers' cookies good. Demo keys only.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const kept = z.object({
  signing: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.enum(['ES256', 'RS256']) })).length(2),
  cookies: z.string().min(32),
});

export type DirectKeys = z.infer<typeof kept>;

/**
 * The provider's keys from `business-direct.json` in the data folder, made when the file is not there.
 * @throws when the file is there but is not what this function writes
 */
export function directKeys(dataDir: string): DirectKeys {
  const file = join(dataDir, 'business-direct.json');
  const text = readIfThere(file);
  if (text !== null) {
    const parsed = kept.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`${file} is damaged: remove it and start again`);
    return parsed.data;
  }
  const made = newKeys();
  mkdirSync(dataDir, { recursive: true });
  // Written beside and moved: a killed start leaves either no file or a whole one.
  writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}

function newKeys(): DirectKeys {
  const id = () => randomBytes(8).toString('hex');
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return {
    signing: [
      { ...ec, kty: 'EC', kid: id(), alg: 'ES256', use: 'sig' },
      { ...rsa, kty: 'RSA', kid: id(), alg: 'RS256', use: 'sig' },
    ],
    cookies: randomBytes(32).toString('base64url'),
  };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
