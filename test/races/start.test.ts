// Several processes that start on an empty database at the same moment: one of them fills it, all of them serve.
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { launch } from '../support/demo-process.ts';
import { freePorts } from '../support/ports.ts';
import { freshDatabase } from '../support/postgres.ts';
import { scriptBrowser } from '../support/script-browser.ts';

describe('two processes on an empty database', function () {
  this.timeout(180_000);

  it('start at once, share one set of people, keys and secrets, and sign in by either', async () => {
    const database = await freshDatabase();
    const secret = randomBytes(32).toString('base64');
    const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'renkei-start-')));
    const ports = [await freePorts(5), await freePorts(5)];
    const demos = await Promise.all(
      ports.map((port, index) =>
        launch(
          {
            PATH: process.env['PATH'],
            HOME: process.env['HOME'],
            RENKEI_PORT: String(port),
            RENKEI_DATA_DIR: folders[index],
            // As every deployment of several processes has it.
            RENKEI_SECRET: secret,
            RENKEI_DATABASE_URL: database.url,
            RENKEI_REDIS_URL: process.env['RENKEI_TEST_REDIS_URL'],
          },
          [],
        ),
      ),
    );
    try {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const count = async (table: string): Promise<number> =>
        Number((await client.query(`select count(*)::int as n from ${table}`)).rows[0].n);
      expect(await count('deployment')).to.equal(1);
      expect(await count('signing_key')).to.equal(2);
      expect(await count(`company where contract_number = '1014820157'`)).to.equal(1);
      await client.end();

      const keys = await Promise.all(
        ports.map(async (port) => (await fetch(`http://localhost:${port}/oidc/jwks`)).json()),
      );
      expect(keys[0]).to.deep.equal(keys[1]);
      for (const port of ports) {
        const browser = scriptBrowser();
        let page = await browser.submit(await browser.open(`http://localhost:${port + 2}/`), {}, 'login');
        page = await browser.submit(page, {}, 'direct');
        // No code is asked of this company: the password alone leads to the portal.
        page = await browser.submit(page, { login_id: 'hsakamoto24', password: 'wakaba2545' });
        expect(page.json('claims')?.['preferred_username'], page.text().slice(0, 200)).to.equal('hsakamoto24');
      }
    } finally {
      for (const { child, ended } of demos) {
        child.kill('SIGTERM');
        await ended;
      }
      await database.drop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    }
  });
});
