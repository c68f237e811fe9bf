// Attacks on approvals: what was shown, what the code proved and what the portal gets are one; nothing of it is good twice.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { DemoPerson } from '../../src/demo/people.ts';
import { canonicalOf } from '../../src/rules/approval.ts';
import { minuteBegins } from '../support/key-fob.ts';
import type { OwnPortal, Pushed } from '../support/own-portal.ts';
import { decode, mainForm, type Page, type ScriptBrowser } from '../support/script-browser.ts';
import { attemptOf, csrfOf, enter, formOf, raw, theScene, type Scene } from './attacks-scene.ts';

const transfer = {
  type: 'urn:renkei:approval',
  action: '振込',
  payee: 'みなと銀行 本店 普通 1234567 カ)ミナトセイキ',
  amount: { value: '1500000', currency: 'JPY' },
  date: '2026-11-30',
};

interface Approved {
  readonly reference: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('attacks on approvals', function () {
  this.timeout(180_000);
  let scene: Scene;
  let portal: OwnPortal;
  let person: DemoPerson;
  let browser: ScriptBrowser;
  before(async () => {
    scene = await theScene();
    ({ portal } = scene);
    await scene.forgetSources();
    person = scene.demo.person('msaito50');
    await scene.asBefore(person);
    browser = scene.browser();
    await enter(scene, browser, person);
  });
  after(() => scene.asBefore(person));

  const push = (details: readonly object[] = [transfer], ask = {}): Promise<Pushed> =>
    portal.push(scene.demo.gateway, details, ask);
  const toApproval = async (details?: readonly object[], who = browser): Promise<Page> => {
    const page = await who.open((await push(details)).url);
    expect(page.screen, page.text()).to.equal('APR001');
    return page;
  };
  const approve = async (page: Page, who = browser): Promise<Page> =>
    who.submit(page, { otp: await scene.code(person) });
  const told = async (event: string): Promise<readonly Approved[]> => {
    const rows = await scene.sql('select body from audit where account_id = $1 and event = $2 order by seq', [
      await scene.accountId(person),
      event,
    ]);
    return rows.map(({ body }) => JSON.parse(String(body)));
  };
  const shownOf = (page: Page): string => mainForm(page.html).hidden.find(([name]) => name === 'approval')?.[1] ?? '';

  it('what was shown, what was written down with the code, and what the portal gets are one', async () => {
    const page = await toApproval();
    for (const text of [
      '試験のattack-portal',
      '振込',
      transfer.payee,
      '1,500,000円',
      '2026年11月30日(月)',
      person.name,
    ])
      expect(page.text()).to.include(text);
    const tokens = await portal.redeem(scene.demo.gateway, await approve(page));
    const { type: _type, ...content } = transfer;
    const items = [{ ...content, count: null, number: null }];
    const digest = createHash('sha256').update(canonicalOf(items, null)).digest('base64url');
    expect(shownOf(page).split('.')[0]).to.equal(digest);
    const [record] = (await told('operation.approved')).slice(-1);
    expect(record?.data).to.deep.include({ items, digest, portal: 'attack-portal', until: null });
    const [code] = (await told('otp.accepted')).slice(-1);
    expect(record?.data['step']).to.equal(code?.data['step']);
    expect(record?.data['token']).to.equal(code?.data['token']);
    expect(code?.reference).to.equal(record?.reference);
    const [detail] = tokens.details ?? [];
    expect(detail).to.deep.equal({ ...transfer, receipt: record?.reference, approved_at: detail?.['approved_at'] });
    const [raised] = (await told('login.stepped-up')).slice(-1);
    expect(raised?.data['approval']).to.deep.equal({ reference: record?.reference, digest });
    expect(tokens.claims['acr']).to.equal('urn:renkei:acr:federated-otp');
    const later = await portal.refresh(scene.demo.gateway, tokens.refreshToken);
    expect([later.status, later.details]).to.deep.equal([200, null]);
  });

  it('the code of the login, of a step-up or of an approval before is worth nothing', async () => {
    await minuteBegins(scene.demo);
    const code = await scene.code(person);
    const stepUp = await browser.open(await portal.authorizeUrl(scene.demo.gateway, { prompt: 'login' }));
    let page = await browser.submit(stepUp, {}, 'direct');
    page = await browser.submit(page, { login_id: person.login_id, password: person.password });
    page = await browser.submit(page, { otp: code });
    expect(page.screen).to.equal('CALLBACK');
    page = await toApproval();
    const before = (await told('operation.approved')).length;
    page = await browser.submit(page, { otp: code });
    expect([page.status, page.screen, page.refusal]).to.deep.equal([422, 'APR001', 'otp-used']);
    expect(page.text()).to.include('ログインに使ったコードは使えません');
    const fresh = await scene.code(person);
    const done = await browser.submit(page, { otp: fresh });
    expect(portal.answer(done).has('code')).to.equal(true);
    expect(await told('operation.approved')).to.have.length(before + 1);
    const next = await browser.submit(await toApproval(), { otp: fresh });
    expect(next.refusal).to.equal('otp-used');
    expect(await told('operation.approved')).to.have.length(before + 1);
  });

  it('a request that went through the browser is refused, and so is a pushed one of another portal', async () => {
    const front = await browser.open(
      await portal.authorizeUrl(scene.demo.gateway, { authorization_details: JSON.stringify([transfer]) }),
    );
    expect(portal.answer(front).get('error')).to.equal('invalid_request');
    expect(portal.answer(front).get('error_description')).to.match(/must be pushed/);
    const { requestUri } = await push();
    const foreign = new URLSearchParams({ client_id: 'other-portal', request_uri: requestUri });
    const stolen = await browser.open(`${scene.demo.gateway}/oidc/authorize?${foreign}`);
    expect([stolen.status, stolen.screen]).to.deep.equal([400, 'REF023']);
    expect(stolen.text()).not.to.include(transfer.payee);
  });

  it('a pushed request is taken up once: not by a second browser, not after it was approved, on no process', async () => {
    const pushed = await push();
    const page = await browser.open(pushed.url);
    expect(page.screen).to.equal('APR001');
    const thief = scene.browser();
    const second = await thief.open(pushed.url);
    expect(portal.answer(second).get('error')).to.equal('invalid_request_uri');
    for (const gateway of scene.demo.gateways) {
      const answer = await raw(gateway, { path: new URL(pushed.url).pathname + new URL(pushed.url).search });
      expect(answer.location ?? '').not.to.match(/sign-in/);
    }
    // The attempt's own address, in a browser that did not begin it.
    const other = await thief.open(`${attemptOf(page)}/approve`);
    expect([other.status, other.screen]).to.deep.equal([410, 'REF001']);
    const posted = await thief.post(formOf(page), new URLSearchParams([...mainForm(page.html).hidden]).toString());
    expect(posted.status).to.be.oneOf([403, 410]);
    await approve(page);
    expect((await browser.open(pushed.url)).status).to.equal(400);
  });

  const tampers: readonly (readonly [string, (shown: string, other: string) => string])[] = [
    ['another content', (shown) => `${'A'.repeat(43)}.${shown.split('.')[1]}`],
    ['no mark', (shown) => shown.split('.')[0] ?? ''],
    ['nothing', () => ''],
    ['what another attempt showed', (_shown, other) => other],
  ];
  for (const [what, tampered] of tampers)
    it(`${what} instead of what was shown: nothing is approved, and nothing can be any more`, async () => {
      const other = shownOf(await toApproval());
      const page = await toApproval();
      const before = (await told('operation.approved')).length;
      const accepted = (await told('otp.accepted')).length;
      const gone = await browser.submit(page, {
        otp: await scene.code(person),
        approval: tampered(shownOf(page), other),
      });
      expect([gone.status, gone.screen, gone.refusal]).to.deep.equal([403, 'REF022', 'approval-gone']);
      expect(await told('otp.accepted'), 'the code was not looked at').to.have.length(accepted);
      const again = await approve(page);
      expect([again.status, again.screen]).to.deep.equal([403, 'REF022']);
      const back = await browser.submit(again, {});
      expect(portal.answer(back).get('error')).to.equal('invalid_request');
      expect(await told('operation.approved')).to.have.length(before);
    });

  it('back button, second tab, double press: one approval, one code', async () => {
    const page = await toApproval();
    const tab = await browser.open(page.url);
    expect(tab.screen).to.equal('APR001');
    const before = (await told('operation.approved')).length;
    const done = await approve(page);
    const tokens = await portal.redeem(scene.demo.gateway, done);
    expect(tokens.status).to.equal(200);
    for (const stale of [page, tab]) {
      const answer = await approve(stale);
      expect([answer.status, answer.screen]).to.deep.equal([410, 'REF001']);
    }
    expect((await browser.open(page.url)).screen).to.equal('REF001');
    expect(await told('operation.approved')).to.have.length(before + 1);
    const twice = await portal.redeem(scene.demo.gateway, done);
    expect([twice.error, twice.details]).to.deep.equal(['invalid_grant', null]);
  });

  it('many presses at once with two good codes approve once, and the portal gets that receipt', async () => {
    // Of one browser, as two jars: whose cookies are the newest afterwards nobody knows.
    const own = scene.browser();
    await enter(scene, own, person);
    const page = await toApproval(undefined, own);
    const tab = own.clone();
    await scene.demo.forward(180);
    await scene.keepTime();
    const [older, newer] = [await scene.demo.code(person, -1), await scene.demo.code(person)];
    const before = (await told('operation.approved')).length;
    const answers = await Promise.all(
      [older, newer, older, newer, newer, older].map((otp, index) =>
        (index % 2 === 0 ? own : tab).submit(page, { otp }),
      ),
    );
    const approvals = await told('operation.approved');
    expect(approvals).to.have.length(before + 1);
    const redeemed = await Promise.all(
      answers.filter(({ screen }) => screen === 'CALLBACK').map((each) => portal.redeem(scene.demo.gateway, each)),
    );
    const receipts = redeemed.flatMap(({ details }) => details ?? []).map(({ receipt }) => receipt);
    expect(receipts.length).to.be.greaterThan(0);
    expect(new Set(receipts)).to.deep.equal(new Set([approvals.at(-1)?.reference]));
  });

  it('declined is told to the portal and written down once; there is no way back to it', async () => {
    const page = await toApproval();
    const before = (await told('operation.declined')).length;
    const answer = await browser.submit(page, {}, 'decline');
    expect(portal.answer(answer).get('error')).to.equal('access_denied');
    await browser.submit(page, {}, 'decline');
    const again = await approve(page);
    expect([again.status, again.screen]).to.deep.equal([410, 'REF001']);
    const declined = await told('operation.declined');
    expect(declined).to.have.length(before + 1);
    expect(declined.at(-1)?.data).to.have.property('digest', shownOf(page).split('.')[0]);
  });

  it('approved in one tab and declined in another at once: one of both is written down, and the portal hears that one', async () => {
    const own = scene.browser();
    await enter(scene, own, person);
    for (let round = 0; round < 6; round += 1) {
      const page = await toApproval(undefined, own);
      const events = ['operation.approved', 'operation.declined'] as const;
      const before = await Promise.all(events.map(told));
      const otp = await scene.code(person);
      const tab = own.clone();
      const [yes, no] = await Promise.all([own.submit(page, { otp }), tab.submit(page, {}, 'decline')]);
      const after = await Promise.all(events.map(told));
      const made = after.map((list, index) => list.length - (before[index]?.length ?? 0));
      expect(
        made.reduce((sum, count) => sum + count),
        `${made.join()} ${yes.screen} ${no.screen}`,
      ).to.equal(1);
      const heard = [yes, no].filter(({ screen }) => screen === 'CALLBACK').map((each) => portal.answer(each));
      if (made[1] === 1) expect(heard.filter((each) => each.has('code'))).to.deep.equal([]);
      else expect(heard.filter((each) => each.get('error') === 'access_denied')).to.deep.equal([]);
    }
    browser = scene.browser();
    await enter(scene, browser, person);
  });

  it('a declined one that is begun again from its address stays declined', async () => {
    const page = await toApproval();
    const before = (await told('operation.approved')).length;
    // The answer is not followed, so the portal’s request is still held.
    const sent = await raw(formOf(page), {
      method: 'POST',
      headers: { 'origin': new URL(page.url).origin, 'sec-fetch-site': 'same-origin' },
      browser,
      body: new URLSearchParams([...mainForm(page.html).hidden, ['action', 'decline']]).toString(),
    });
    expect(sent.location).to.match(/\/oidc\/authorize\//);
    const restarted = await browser.submit(page, {}, 'restart');
    let again = await browser.submit(restarted, {}, 'direct');
    again = await browser.submit(again, { login_id: person.login_id, password: person.password });
    if (again.screen === 'OTP002') again = await browser.submit(again, { otp: await scene.code(person) });
    expect(again.screen).to.equal('APR001');
    const answer = await approve(again);
    expect([answer.status, answer.screen]).to.deep.equal([403, 'REF022']);
    expect(await told('operation.approved')).to.have.length(before);
  });

  const losses: readonly (readonly [string, string, string])[] = [
    [
      'the account',
      'update account set stopped_at = 1 where id = $1',
      'update account set stopped_at = null where id = $1',
    ],
    [
      'the contract',
      'update company set suspended_at = 1 where id = (select company_id from account where id = $1)',
      'update company set suspended_at = null where id = (select company_id from account where id = $1)',
    ],
    [
      'the one-time password',
      'update account set otp_stopped_at = 1 where id = $1',
      'update account set otp_stopped_at = null where id = $1',
    ],
    [
      'the token',
      'update token set retired_at = 1 where id in (select token_id from token_holder where account_id = $1 and ended_at is null)',
      'update token set retired_at = null where id in (select token_id from token_holder where account_id = $1 and ended_at is null)',
    ],
  ];
  for (const [what, stop, back] of losses)
    it(`${what} stopped while the page stood there: nothing is approved`, async () => {
      const page = await toApproval();
      const id = await scene.accountId(person);
      const before = (await told('operation.approved')).length;
      const otp = await scene.code(person);
      await scene.sql(stop, [id]);
      try {
        const answer = await browser.submit(page, { otp });
        // The session of then is nobody’s any more: the sign-in begins again; without a token, its registration.
        expect(answer.screen).to.be.oneOf(['LGN001', 'TKN002']);
      } finally {
        await scene.sql(back, [id]);
      }
      expect(await told('operation.approved')).to.have.length(before);
    });

  it('a code for what was approved dies with what it rested on, before it is redeemed', async () => {
    for (const [what, stop, back] of losses.slice(0, 2)) {
      const done = await approve(await toApproval());
      const id = await scene.accountId(person);
      await scene.sql(stop, [id]);
      try {
        const tokens = await portal.redeem(scene.demo.gateway, done);
        expect([tokens.error, tokens.details], what).to.deep.equal(['invalid_grant', null]);
      } finally {
        await scene.sql(back, [id]);
      }
    }
  });

  it('the form is this browser’s: without its mark, or with another’s, no code is looked at', async () => {
    const page = await toApproval();
    const other = await toApproval(undefined, browser);
    const accepted = (await told('otp.accepted')).length;
    const otp = await scene.code(person);
    const thief = scene.browser();
    const foreign = csrfOf((await thief.open(await portal.authorizeUrl(scene.demo.gateway))).html);
    for (const csrf of ['', foreign, 'x'.repeat(43)]) {
      const form = new URLSearchParams([...mainForm(page.html).hidden, ['otp', otp]]);
      form.set('csrf', csrf);
      expect((await browser.post(formOf(page), form.toString())).status).to.equal(403);
    }
    expect(await told('otp.accepted')).to.have.length(accepted);
    expect(portal.answer(await browser.submit(other, { otp })).has('code')).to.equal(true);
  });

  it('it ends when the portal said, by the clock of the gateway', async () => {
    const end = new Date((await scene.demo.now()) + 120_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const page = await toApproval([{ ...transfer, valid_until: end }]);
    await scene.demo.forward(121);
    await scene.keepTime();
    const before = (await told('operation.approved')).length;
    const gone = await approve(page);
    expect([gone.status, gone.screen, gone.refusal]).to.deep.equal([403, 'REF022', 'approval-gone']);
    expect((await browser.open(page.url)).screen).to.equal('REF022');
    const back = await browser.submit(gone, {});
    expect(portal.answer(back).get('error')).to.equal('invalid_request');
    expect(await told('operation.approved')).to.have.length(before);
    expect((await push([{ ...transfer, valid_until: end }])).error).to.equal('invalid_authorization_details');
  });

  it('markup is text, and what cannot be shown as it is never comes as far', async () => {
    const payee = '</dd></dl><script>alert(1)</script><form action=//x>"\'&amp;';
    const page = await toApproval([{ ...transfer, payee, action: '<b>振込</b>', number: '{n}{portal}' }]);
    expect(page.html).not.to.match(/<script>alert|<form action=\/\/x|<b>振込/);
    expect(decode(page.html.replaceAll('&#39;', "'")))
      .to.include(payee)
      .and.to.include('{n}{portal}');
    for (const bad of ['A\u202Ecod', 'A\nB', 'A\u200BB', 'x'.repeat(101)])
      expect((await push([{ ...transfer, payee: bad }])).error).to.equal('invalid_authorization_details');
    const huge = await portal.push(
      scene.demo.gateway,
      Array.from({ length: 5000 }, () => transfer),
    );
    expect(huge.status).to.be.oneOf([400, 413]);
    const form = new URLSearchParams(mainForm(page.html).hidden);
    expect(form.get('csrf')).to.equal(csrfOf(page.html));
  });

  it('wrong codes count as everywhere: the fifth stops the one-time password, and nothing was approved', async () => {
    const page = await toApproval();
    const before = (await told('operation.approved')).length;
    let answer = page;
    for (let miss = 0; miss < 5; miss += 1) {
      const near = await Promise.all([-2, -1, 0, 1, 2].map((step) => scene.demo.code(person, step)));
      const wrong = ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code));
      answer = await browser.submit(page, { otp: wrong ?? '' });
    }
    expect([answer.status, answer.screen, answer.refusal]).to.deep.equal([403, 'REF004', 'otp-stopped']);
    expect(await told('operation.approved')).to.have.length(before);
    await scene.asBefore(person);
    expect((await browser.open((await push()).url)).screen, 'the login of then is over').to.equal('LGN001');
  });
});
