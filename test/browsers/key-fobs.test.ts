// Key-fobs on a telephone held by somebody who reads English, without the pages' scripts: the pages of guide S4 that matter, each
// looked over for what no page may have (test/support/chromium.ts). The guide itself is walked by guide-s4.test.ts.
import { expect } from 'chai';
import freeTokens from '../../config/demo/tokens.json' with { type: 'json' };
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Chromium, startChromium, type Tab } from '../support/chromium.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { fobOf, type KeyFob, shownNext, shownNow } from '../support/key-fob.ts';
import { needs } from '../support/tools.ts';

describe('key-fobs on a telephone, in English, without JavaScript', function () {
  this.timeout(60_000);
  let demo: Demo;
  let chromium: Chromium;

  before(async function () {
    needs(this, 'chromium');
    [demo, chromium] = await Promise.all([startDemo('embedded', { env: { RENKEI_PROFILE: 's4' } }), startChromium()]);
  });
  after(async () => {
    await chromium?.close();
    await demo?.stop();
  });
  afterEach(() => {
    expect(chromium.faults()).to.deep.equal([]);
  });

  const at = (path: string): string => `${demo.gateway}${path}`;

  async function enter(person: DemoPerson, path = '/'): Promise<Tab> {
    const tab = await (await chromium.window({ language: 'en', width: 360, scripts: false })).tab();
    expect(await tab.open(at(path))).to.equal('LGN001');
    await tab.send({}, 'direct');
    await tab.send({ login_id: person.login_id, password: person.password });
    expect(await tab.page.locator('html').getAttribute('lang')).to.equal('en');
    return tab;
  }

  it('TKN001: puts the registration off, and CON110 has the key-fob on its way', async () => {
    const tab = await enter(demo.person('nsakurai41'));
    expect(await tab.screen()).to.equal('TKN001');
    expect(await tab.text()).to.include('Register your token by');
    expect(await tab.send({}, 'skip_registration')).to.equal('TOP001');
    expect(await tab.open(at('/company/tokens'))).to.equal('CON110');
    expect(await tab.text()).to.include('Shipped');
    expect(await tab.open(at('/company/settings'))).to.equal('CON120');
    await tab.close();
  });

  it('TKN001: registers at the sign-in, and under one’s details', async () => {
    const [lead, member] = [demo.person('nsakurai41'), demo.person('anishimura23')];
    const first = await enter(lead);
    const typed = async (fob: KeyFob) => ({ serial: fob.serial, otp: await shownNext(demo, fob) });
    expect(await first.send({ ...(await typed(fobOf(lead))), otp: '000000' })).to.equal('TKN001');
    expect(await first.refusal()).to.equal('otp-wrong');
    expect(await first.send(await typed(fobOf(lead)))).to.equal('TOP001');
    await first.close();
    const second = await enter(member, '/self-service/otp');
    expect(await second.screen()).to.equal('BOT010');
    expect(await second.send({}, 'register')).to.equal('TKN001');
    expect(await second.send(await typed(fobOf(member)))).to.equal('BOT010');
    await second.close();
  });

  it('TKN003: an operation past the limit, and from there to the registration', async () => {
    const person = demo.person('thasegawa85');
    const tab = await enter(person, '/company/people');
    await tab.page.locator('main input[name=people]').first().check();
    await tab.follow(() => tab.page.locator('main form[method=post] button').first().click());
    expect(await tab.screen()).to.equal('CON030');
    await tab.send({ person_name: '村上 千里' });
    await tab.send({});
    expect(await tab.send({})).to.equal('TKN003');
    expect(await tab.send({})).to.equal('TKN001');
    expect(await tab.send({ serial: fobOf(person).serial, otp: await shownNow(demo, fobOf(person)) })).not.to.equal(
      'TKN001',
    );
    await tab.close();
  });

  it('TKN004: changes to the successor', async () => {
    const person = demo.person('msakai52');
    const next = freeTokens.find(({ contract_number: of }) => of === person.contract_number);
    if (!next) throw new Error('no successor');
    const fresh: KeyFob = { ...next, algorithm: 'SHA1' };
    const tab = await enter(person, '/self-service/otp');
    expect(await tab.send({}, 'replace')).to.equal('TKN004');
    const typed = { otp: await shownNext(demo, fobOf(person)), serial: fresh.serial };
    expect(await tab.send({ ...typed, new_otp: '000000' })).to.equal('TKN004');
    const again = { otp: await shownNext(demo, fobOf(person)), new_otp: await shownNow(demo, fresh) };
    expect(await tab.send({ ...typed, ...again })).to.equal('BOT010');
    await tab.close();
  });

  it('SLF030 to PRT003: reported lost, the form for another one', async () => {
    const person = demo.person('tnaito76');
    const tab = await enter(person, '/self-service/otp/revoke?reason=lost');
    expect(await tab.screen()).to.equal('SLF030');
    expect(await tab.text()).to.match(/1,080/);
    await tab.page.locator('main input[name=reason][value=lost]').check();
    const proof = {
      confirmation_password: person.confirmation_password ?? '',
      otp: await shownNext(demo, fobOf(person)),
    };
    expect(await tab.send(proof)).to.equal('SLF031');
    await tab.follow(() =>
      tab.page
        .locator('main')
        .getByRole('link', { name: /order form|form/i })
        .first()
        .click(),
    );
    expect(await tab.screen()).to.equal('PRT003');
    await tab.close();
  });
});
