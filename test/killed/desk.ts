// Operators at the token desk in these tests: clerks made by rows, their way in, the file that a maker of key-fobs sends, and what
// must hold of an operator whatever was killed.
import { expect } from 'chai';
import type { Page, Upload } from '../support/script-browser.ts';
import { csvFile, type SeedToken, seedTokens } from '../support/seed-file.ts';
import { type Visitor, visitor } from './person.ts';
import { newId, password, type Scene } from './scene.ts';
import { makeToken, type Typist, typist } from './token.ts';
import { recordsWhere, type Told, type Watched } from './whole.ts';

export interface Clerk extends Typist {
  readonly id: string;
  readonly loginName: string;
  readonly visit: Visitor;
}

export async function clerk(scene: Scene): Promise<Clerk> {
  const id = newId();
  const loginName = `desk${id}`;
  const now = scene.now();
  const token = await makeToken(scene, null, { kind: 'software', serial: null, expiresAt: null });
  await scene.stores.store.operator.add({
    id,
    loginName,
    name: '窓口 花子',
    role: 'clerk',
    hash: scene.hash,
    passwordSetAt: now,
    issued: false,
    issuedUntil: null,
    tokenId: token.id,
    createdAt: now,
    createdBy: 'command-line',
  });
  return Object.assign(typist(scene, token), { id, loginName, visit: visitor(scene) });
}

/** Signs in to a page of the desk. The code is an early one: the act's own fits into the same minute. */
export async function atDesk(scene: Scene, { loginName, visit, earlyCode }: Clerk, path: string): Promise<Page> {
  const page = await visit.open(`${scene.demo.gateway}${path}`);
  const asked = await visit.submit(page, { login_id: loginName, password });
  return visit.submit(asked, { otp: await earlyCode() });
}

/** What every change at the desk asks. */
export const freshCode = async ({ freshCode: code }: Clerk): Promise<{ readonly otp: string }> => ({
  otp: await code(),
});

export const recordsOfClerk = (scene: Scene, { id }: Clerk): Promise<readonly Told[]> =>
  recordsWhere(scene, `chain = 'bank' and event like 'operator.%' and body::json->'actor'->>'id' = $1`, id);

/** The code that a record says was accepted last; null: none but the sign-in's. */
export async function provenCode(scene: Scene, desk: Clerk): Promise<string | null> {
  const proven = (await recordsOfClerk(scene, desk)).findLast(({ event }) => event === 'operator.proven');
  return proven ? desk.token.code(Number(proven.data['step'])) : null;
}

export async function watchClerk(scene: Scene, desk: Clerk): Promise<Watched> {
  const before = (await recordsOfClerk(scene, desk)).length;
  return {
    committed: async () =>
      (await recordsOfClerk(scene, desk))
        .slice(before)
        .map(({ event }) => event)
        .join(', ') || 'nothing',
    async check() {
      expect((await scene.stores.store.audit.verify('bank')).badAt, 'the bank’s chain verifies').to.equal(null);
      const records = await recordsOfClerk(scene, desk);
      const steps = records.filter(({ event }) => event === 'operator.proven').map(({ data }) => Number(data['step']));
      expect(steps, 'accepted steps only rise').to.deep.equal([...new Set(steps)].toSorted((a, b) => a - b));
      const [token] = await scene.sql('select last_step from token where id = $1', [desk.token.id]);
      const last = Number(token?.['last_step']);
      if (records.at(-1)?.event === 'operator.proven') expect(last, 'the last step').to.equal(steps.at(-1));
    },
  };
}

export interface SeedFile {
  readonly name: string;
  readonly tokens: readonly SeedToken[];
  readonly upload: Upload;
}

/** A file whose name and serial numbers nobody else has. */
export function seedFile(lines: number): SeedFile {
  const prefix = `K${newId().slice(0, 10)}`.toUpperCase();
  const tokens = seedTokens(lines, prefix);
  const name = `${prefix}.csv`;
  return { name, tokens, upload: { fileName: name, content: csvFile(tokens).toString() } };
}
