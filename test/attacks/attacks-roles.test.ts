// Attacks on the consoles: another company's people, rights that one's role does not have, buttons that are not shown, and
// login IDs that were somebody's. Each is named after the system that had the hole.
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import {
  attemptOf,
  csrfOf,
  directly,
  enter,
  theScene,
  through,
  toChoice,
  toConsole,
  type Scene,
} from './attacks-scene.ts';

describe('attacks on the consoles', function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await theScene();
    await scene.forgetSources();
  });

  const post = (
    browser: ScriptBrowser,
    path: string,
    csrf: string,
    fields: readonly (readonly [string, string])[],
  ): Promise<Page> =>
    browser.post(
      `${scene.demo.gateway}${path}`,
      new URLSearchParams([['csrf', csrf], ...fields.map(([name, value]) => [name, value])]).toString(),
    );
  const hiddenOf = (html: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
  const foreignRecords = async (person: DemoPerson): Promise<number> =>
    (
      await scene.sql(
        `select 1 from audit where event = 'console.foreign-target' and chain = (select company_id from account where id = $1)`,
        [await scene.accountId(person)],
      )
    ).length;
  /** A page without what differs from one request to the next. */
  const plain = (page: Page, id: string): string =>
    page.html
      .replaceAll(csrfOf(page.html), 'CSRF')
      .replaceAll(page.headers.get('x-renkei-reference') ?? 'REFERENCE', 'REFERENCE')
      .replaceAll(id, 'ID')
      .replace(/\d{1,2}:\d{2}(?::\d{2})?/g, 'TIME');

  it('of another company: every address answers as if nobody were there, writes it down and does nothing (CVE-2026-105209)', async () => {
    const { demo } = scene;
    const master = demo.person('ksato82');
    const foreign = demo.person('ymori34');
    const victim = demo.person('rhashimoto46');
    const desk = scene.browser();
    const top = await toConsole(scene, desk, master, '/company/people/links');
    expect(top.screen).to.equal('CON070');
    const csrf = csrfOf(top.html);
    const id = await scene.accountId(foreign);
    const own = await scene.accountId(victim);
    await enter(scene, scene.browser(), foreign, { remember: true });
    const before = [await scene.holdings(foreign), await scene.holdings(victim)];
    let written = await foreignRecords(master);
    const noted = async (what: string): Promise<void> => {
      const now = await foreignRecords(master);
      expect(now, `${what}: it is written down`).to.be.above(written);
      written = now;
    };
    const nobody = id.replace(/^.{4}/, 'zzzz');

    for (const path of ['/company/people/ID', '/company/people/unlink/ID', '/company/people/forget/ID']) {
      const answer = await desk.open(`${demo.gateway}${path.replace('ID', id)}`);
      const unknown = await desk.open(`${demo.gateway}${path.replace('ID', nobody)}`);
      expect([answer.status, answer.screen], path).to.deep.equal([404, 'REF024']);
      expect(plain(answer, id), path).to.equal(plain(unknown, nobody));
      expect(answer.html).not.to.contain(foreign.name).and.not.to.contain(foreign.company);
      await noted(path);
    }
    const proof = [
      ['confirmation_password', master.confirmation_password ?? ''],
      ['otp', await scene.code(master)],
    ] as const;
    for (const action of ['unlink', 'forget', 'view', ''] as const) {
      for (const path of ['/company/people', '/company/people/links', `/company/people/${id}`]) {
        const answer = await post(desk, path, csrf, [['people', id], ['action', action], ...proof]);
        expect(answer.html, `${path} ${action}`).not.to.contain(foreign.name);
        expect(answer.screen, `${path} ${action}`).not.to.match(/^CON0(71|72|80|81)$/);
      }
    }
    await noted('the lists');
    // A check page of one's own people, sent back with somebody else's.
    for (const what of ['unlink', 'forget'] as const) {
      const check = await desk.open(`${demo.gateway}/company/people/${what}/${own}~${id}`);
      expect(check.html).not.to.contain(foreign.name);
      await noted(`${what}, mixed`);
      if (check.screen === 'REF024') continue;
      const edit = hiddenOf(check.html, 'edit');
      for (const people of [[id], [id, own], [own, id, id]]) {
        const fields = people.map((each): readonly [string, string] => ['people', each]);
        const answer = await post(desk, `/company/people/${what}/${people.join('~')}`, csrf, [
          ...fields,
          ['edit', edit],
          ['company', foreign.contract_number],
          ['company_id', 'x'],
          ...proof,
        ]);
        expect(answer.screen, `${what} ${people.length}`).not.to.match(/^CON0(72|81)$/);
        expect(answer.html).not.to.contain(foreign.name);
      }
    }
    expect([await scene.holdings(foreign), await scene.holdings(victim)]).to.deep.equal(before);
    await scene.asBefore(foreign);
  });

  it('lists show one’s own company, whatever is asked of them (CVE-2026-92764)', async () => {
    const { demo } = scene;
    const master = demo.person('ksato82');
    const desk = scene.browser();
    await toConsole(scene, desk, master, '/company/people');
    const others = demo.people.filter(({ company }) => company !== master.company);
    const [foreign] = others;
    for (const path of ['/company/people', '/company/people/links']) {
      for (const query of [
        '',
        'per=100',
        'q=%25',
        'q=_',
        `q=${foreign?.login_id}`,
        `q=${encodeURIComponent(foreign?.name ?? '')}`,
        `q=${foreign?.business_direct?.id}`,
        `company=${foreign?.contract_number}`,
        'company_id=%25&per=100',
        `people=${foreign ? await scene.accountId(foreign) : ''}`,
        "q=' or 1=1 --",
        'state=linked&per=100',
        'page=99&per=100',
      ]) {
        const page = await desk.open(`${demo.gateway}${path}?${query}`);
        expect(page.status, query).to.equal(200);
        const rows = page.html.split(/<tr\b/).slice(1).join('\n');
        for (const { login_id: loginId, name, company } of others) {
          expect(rows, `${query} ${loginId}`).not.to.contain(`>${loginId}<`).and.not.to.contain(name);
          expect(rows, query).not.to.contain(company);
        }
      }
    }
  });

  it('each verb asks its own right and its own proof, for every role (CVE-2026-94001, CVE-2019-12887)', async () => {
    const { demo } = scene;
    const target = demo.person('rhashimoto46');
    const id = await scene.accountId(target);
    await scene.asBefore(target);
    await enter(scene, scene.browser(), target, { remember: true });
    const before = await scene.holdings(target);
    expect(before.devices).to.equal(1);

    // A member: nothing at all, by no address.
    const member = demo.person('dyamamoto47');
    await scene.asBefore(member);
    const own = scene.browser();
    const csrf = csrfOf((await toConsole(scene, own, member, '/')).html);
    const paths = [
      '',
      '/people',
      '/people-menu',
      '/people/links',
      `/people/${id}`,
      `/people/unlink/${id}`,
      `/people/forget/${id}`,
    ];
    for (const path of paths) {
      const seen = await own.open(`${demo.gateway}/company${path}`);
      expect([seen.status, seen.screen, seen.refusal], path).to.deep.equal([403, 'REF027', 'not-allowed']);
      const sent = await post(own, `/company${path}`, csrf, [
        ['people', id],
        ['action', 'unlink'],
        ['edit', 'x'],
        ['confirmation_password', member.confirmation_password ?? ''],
      ]);
      expect([403, 404], `POST ${path}`).to.include(sent.status);
    }

    // An administrator: the check page alone does nothing; each proof is asked, and asked right.
    const admin = demo.person('msuzuki14');
    const desk = scene.browser();
    await toConsole(scene, desk, admin, '/company/people/links');
    const right = admin.confirmation_password ?? '';
    for (const [what, screen, proofs] of [
      [
        'unlink',
        'CON071',
        [
          {},
          { confirmation_password: right },
          { confirmation_password: '', otp: await scene.code(admin) },
          { confirmation_password: right, otp: '' },
          { confirmation_password: admin.password, otp: await scene.code(admin) },
          { confirmation_password: target.confirmation_password ?? '', otp: await scene.code(admin) },
          { confirmation_password: right, otp: await scene.code(target) },
        ],
      ],
      ['forget', 'CON080', [{}, { confirmation_password: '' }, { confirmation_password: admin.password }]],
    ] as const) {
      for (const proof of proofs) {
        const check = await desk.open(`${demo.gateway}/company/people/${what}/${id}`);
        expect(check.screen).to.equal(screen);
        const answer = await desk.submit(check, proof);
        expect([answer.status, answer.screen], `${what} ${Object.keys(proof).join()}`).to.deep.equal([422, screen]);
      }
    }
    expect(await scene.holdings(target)).to.deep.equal(before);
    // One's own link: not by the company's page, and not without its proof on one's own.
    const mine = await scene.accountId(admin);
    const self = await desk.open(`${demo.gateway}/company/people/unlink/${mine}`);
    expect(self.screen).not.to.equal('CON071');
    const check = await desk.open(`${demo.gateway}/self-service/link/remove`);
    for (const proof of [
      {},
      { confirmation_password: right },
      { confirmation_password: admin.password, otp: '000000' },
    ])
      expect((await desk.submit(check, proof)).status).to.equal(422);
    expect((await scene.holdings(admin)).links).to.deep.equal([admin.business_direct?.id]);
    await scene.asBefore(admin);
    await scene.asBefore(target);
  });

  it('a proof is for the act, the people and the sign-in that it was asked for: not sent again, not for others', async () => {
    const { demo } = scene;
    const admin = demo.person('msuzuki14');
    const [one, two] = [demo.person('rhashimoto46'), demo.person('ksato82')];
    for (const person of [one, two]) {
      await scene.asBefore(person);
      await enter(scene, scene.browser(), person, { remember: true });
    }
    const ids = [await scene.accountId(one), await scene.accountId(two)] as const;
    const desk = scene.browser();
    await toConsole(scene, desk, admin, '/company/people/links');
    const check = await desk.open(`${demo.gateway}/company/people/forget/${ids[0]}`);
    const [csrf, edit] = [csrfOf(check.html), hiddenOf(check.html, 'edit')];
    const sent = (browser: ScriptBrowser, what: string, people: string, token = csrf): Promise<Page> =>
      post(browser, `/company/people/${what}/${people}`, token, [
        ['people', people],
        ['edit', edit],
        ['confirmation_password', admin.confirmation_password ?? ''],
      ]);
    expect((await sent(desk, 'forget', ids[1])).status, 'for another person').to.equal(409);
    expect((await sent(desk, 'unlink', ids[0])).status, 'for another act').to.equal(409);
    const again = scene.browser();
    const elsewhere = await toConsole(scene, again, admin, '/company/people/links');
    expect((await sent(again, 'forget', ids[0], csrfOf(elsewhere.html))).status, 'in another sign-in').to.equal(409);
    expect((await scene.holdings(one)).devices).to.equal(1);
    expect((await sent(desk, 'forget', ids[0])).screen).to.equal('CON081');
    await enter(scene, scene.browser(), one, { remember: true });
    await sent(desk, 'forget', ids[0]);
    expect((await scene.holdings(one)).devices, 'the same page once more').to.equal(1);
    expect((await scene.holdings(two)).devices).to.equal(1);
    await scene.asBefore(one);
    await scene.asBefore(two);
    await scene.asBefore(admin);
  });

  it('what has no button has no address behind it: routes, skips, boxes and acts that are not offered (CVE-2024-49757)', async () => {
    const { demo, portal } = scene;
    const browser = scene.browser();
    // A route that the portal's demand leaves out.
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:renkei:acr:federated-otp' } } });
    const page = await browser.open(await portal.authorizeUrl(demo.gateway, { claims }));
    expect(page.html).not.to.contain('value="direct"');
    const csrf = csrfOf(page.html);
    for (const [path, fields] of [
      ['', { action: 'direct' }],
      ['/choose-route', { action: 'direct' }],
      ['/direct', { login_id: 'hsakamoto24', password: demo.person('hsakamoto24').password }],
    ] as const) {
      const answer = await browser.post(
        `${attemptOf(page)}${path}`,
        new URLSearchParams({ csrf, ...fields }).toString(),
      );
      expect(['LGN001', 'BDD001'], path).to.include(answer.screen);
    }
    // The repair of a drifted token is for key-fobs; an app's holder guesses no wider window by its address.
    const app = demo.person('rhashimoto46');
    const linked = scene.browser();
    const otp = await through(scene, linked, app);
    expect(otp.html).not.to.contain('value="resync"');
    const resync = await linked.post(
      `${attemptOf(otp)}/otp-resync`,
      new URLSearchParams({
        csrf: csrfOf(otp.html),
        otp: await demo.code(app, -20),
        otp_next: await demo.code(app, -19),
      }).toString(),
    );
    expect(resync.screen).not.to.equal('CALLBACK');
    await scene.asBefore(app);
    // The consoles: people without anything to act upon, and oneself.
    const desk = scene.browser();
    const admin = demo.person('msuzuki14');
    await toConsole(scene, desk, admin, '/company/people/links');
    for (const person of [demo.person('sito48'), admin]) {
      const id = await scene.accountId(person);
      for (const what of ['unlink', 'forget']) {
        const check = await desk.open(`${demo.gateway}/company/people/${what}/${id}`);
        expect(check.screen, `${what} ${person.login_id}`).not.to.match(/^CON0(71|80)$/);
      }
    }
    // Pages of the demo's people who may not enter a portal.
    const barred = demo.person('mhayashi38');
    const at = scene.browser();
    const own = await toConsole(scene, at, barred, '/company/people');
    expect([own.status, own.screen]).to.deep.equal([403, 'REF027']);
    await scene.asBefore(barred);
    await scene.asBefore(admin);
  });

  it('a login ID that is or was somebody’s is nobody else’s, in any case and width (CVE-2026-19607)', async () => {
    const { demo } = scene;
    const newcomer = demo.person('880654614');
    const browser = scene.browser();
    const page = await directly(scene, browser, newcomer);
    expect(page.screen).to.equal('SET001');
    const wide = (text: string): string =>
      [...text].map((sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0)).join('');
    // The ID that a newcomer reserved and left, chosen by a person who was then set up, issued ones, nine digits of nobody.
    const [reserved] = await scene.sql(
      'select login_name_reserved as name from account where login_name_reserved is not null limit 1',
    );
    const taken = [
      'ksato82',
      'KSATO82',
      wide('ksato82'),
      'k sato-82',
      'rkimura78',
      'sendo86',
      newcomer.login_id,
      '509313448',
      '123456789',
      wide('123456789'),
      ...(reserved ? [String(reserved['name']), String(reserved['name']).toUpperCase()] : []),
    ];
    for (const id of taken) {
      const answer = await browser.submit(page, { new_login_id: id });
      expect([answer.status, answer.screen], id).to.deep.equal([422, 'SET001']);
    }
    const [row] = await scene.sql('select login_name, login_name_reserved from account where id = $1', [
      await scene.accountId(newcomer),
    ]);
    expect(row).to.deep.equal({ login_name: newcomer.login_id, login_name_reserved: null });
    // The owner signs in as before.
    const owner = scene.browser();
    const direct = await owner.submit(await toChoice(scene, owner), {}, 'direct');
    const master = demo.person('ksato82');
    expect((await owner.submit(direct, { login_id: master.login_id, password: master.password })).screen).to.equal(
      'OTP002',
    );
  });
});
