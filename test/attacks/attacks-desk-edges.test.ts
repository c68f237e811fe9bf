// Small holes around the desk and the company's key-fobs: control signs in serial numbers, an attempt that outlives the sign-out,
// a page that keeps its operator signed in by renewing itself, and whoever was stopped in the middle of something long.
import { expect } from 'chai';
import pg from 'pg';
import { remindDue } from '../../src/flows/stock/remind.ts';
import { importOf, readImport } from '../../src/flows/token-import/import.ts';
import { bothStores } from '../support/database.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { enterDesk, freshDeskCode, operatorOf, operatorsOf, toCode } from '../support/operator.ts';
import { newId } from '../support/rows.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { csvFile, seedTokens } from '../support/seed-file.ts';
import { flowScene, type Scene } from '../flows/scene.ts';
import { supervisor } from '../flows/stock-scene.ts';
import { csrfOf } from './attacks-scene.ts';

describe('attacks on the edges of the desk', function () {
  this.timeout(120_000);
  let demo: Demo;
  const at = (path: string): string => `${demo.gateway}${path}`;
  before(async () => {
    demo = await startDemo('real');
  });
  after(() => demo.stop());

  async function administrator(): Promise<{ readonly browser: ScriptBrowser; readonly page: Page }> {
    const browser = demo.browser();
    const person = demo.person('msakai52');
    let page = await browser.submit(await browser.open(at('/company/tokens')), {}, 'direct');
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    if (page.screen !== 'CON110') {
      await demo.forward(120);
      page = await browser.submit(page, { otp: await demo.code(person) });
    }
    expect(page.screen).to.equal('CON110');
    return { browser, page };
  }

  it('a serial number with control signs in it is like any unknown one, in every place', async () => {
    const { browser, page } = await administrator();
    for (const query of ['q=%00', 'q=A%00B', 'after=%00', 'before=%00', 'q=%ED%A0%80'])
      expect((await browser.open(at(`/company/tokens?${query}`))).status, query).to.equal(200);
    const foreign = await browser.open(at('/company/tokens/print?serial=A%00B'));
    expect([foreign.status, foreign.screen]).to.deep.equal([404, 'REF024']);
    expect((await browser.submit(page, { people: ['\0'] })).status).to.equal(422);
    const unknown = await browser.submit(page, { people: ['A\0B'] });
    expect([unknown.status, unknown.screen]).to.deep.equal([404, 'REF024']);
    const list = await browser.open(at('/company/people/token-revoke'));
    for (const serial of ['\0', 'A\0B', '\u{1F511}']) {
      const answer = await browser.submit(list, { serial, reason: 'lost' });
      expect([answer.status, answer.screen], JSON.stringify(serial)).to.deep.equal([404, 'REF024']);
    }
  });

  it('signing out ends what another tab has proven so far', async () => {
    const browser = demo.browser();
    const page = await toCode(demo, browser, operatorOf('clerk'));
    expect(page.screen).to.equal('HDK004');
    const thief = browser.clone();
    await browser.post(at('/helpdesk/sign-out'), new URLSearchParams({ csrf: csrfOf(page.html) }).toString());
    const late = await thief.submit(page, { otp: await freshDeskCode(demo, operatorOf('clerk')) });
    expect(late.screen).to.equal('HDK003');
  });

  it('strangers who stop an operator’s password keep nobody from the desk who was there before in this browser', async () => {
    const target = operatorsOf('supervisor')[1];
    if (!target) throw new Error('no second supervisor');
    const own = demo.browser();
    expect((await enterDesk(demo, own, target)).screen).to.equal('HDK001');
    await own.post(
      at('/helpdesk/sign-out'),
      new URLSearchParams({ csrf: csrfOf((await own.open(at('/helpdesk'))).html) }).toString(),
    );
    for (let lock = 0; lock < 3; lock += 1) {
      for (let miss = 0; miss < 5; miss += 1) await toCode(demo, demo.browser(), { ...target, password: 'Chigau2026' });
      await demo.forward(30 * 60);
    }
    const stranger = await toCode(demo, demo.browser(), target);
    expect([stranger.status, stranger.screen, stranger.refusal]).to.deep.equal([422, 'HDK003', 'credentials']);
    expect((await enterDesk(demo, own, target)).screen).to.equal('HDK001');
  });

  it('the page of an import that stands still does not renew itself, and its operator’s session ends', async () => {
    const browser = demo.browser();
    await enterDesk(demo, browser, operatorOf('clerk'));
    const id = newId();
    const client = new pg.Client({ connectionString: demo.databaseUrl ?? '' });
    await client.connect();
    await client.query(
      `insert into token_import (id, file_name, format, digest, started_by, check_only, state, started_at, touched_at, reference)
       values ($1, 'left.csv', 'csv', 'x', 'command-line', false, 'reading', $2::bigint, $2::bigint, 'AAAA-AAAA')`,
      [id, await demo.now()],
    );
    await client.end();
    const path = at(`/helpdesk/tokens/import/${id}`);
    const running = await browser.open(path);
    expect([running.screen, running.headers.get('refresh')]).to.deep.equal(['HDK042', '5']);
    await demo.forward(6 * 60);
    const still = await browser.open(path);
    expect([still.screen, still.headers.get('refresh')]).to.deep.equal(['HDK042', null]);
  });
});

for (const { name, open } of bothStores) {
  describe(`attacks by whoever was stopped meanwhile, on ${name}`, function () {
    this.timeout(60_000);
    let scene: Scene;
    before(async () => {
      scene = await flowScene(open);
    });

    it('what a stopped operator was uploading becomes no token', async () => {
      const { tools } = scene;
      const id = newId();
      await tools.store.operator.add({
        id,
        loginName: `op${id}`,
        name: '窓口 試験',
        role: 'clerk',
        hash: 'none',
        passwordSetAt: scene.act().now,
        issued: false,
        issuedUntil: null,
        createdAt: scene.act().now,
        createdBy: 'command-line',
      });
      const file = csvFile(
        seedTokens(
          3,
          `R${newId()
            .replace(/[^a-z0-9]/gi, '')
            .slice(-8)}`.toUpperCase(),
        ),
      );
      async function* bytes(): AsyncGenerator<Uint8Array> {
        yield file.subarray(0, 40);
        await tools.store.operator.patch(id, { stoppedAt: scene.act().now });
        yield file.subarray(40);
      }
      const by = { kind: 'operator', id } as const;
      const read = await readImport(tools, scene.act(), by, {
        name: 'seeds.csv',
        format: null,
        bytes: bytes(),
        key: null,
        checkOnly: false,
      });
      const row = await importOf(tools, read.id);
      expect([row?.state, row?.lines]).to.deep.equal(['cancelled', 4]);
    });

    it('nobody is told anything by an operator who may no longer', async () => {
      const company = await scene.company();
      const gone = { ...supervisor, still: async () => false };
      const lines = [{ about: 'limit', companyId: company.id, from: 0, until: 1 }] as const;
      expect(await remindDue(scene.tools, scene.act(), gone, lines)).to.equal(null);
    });
  });
}
