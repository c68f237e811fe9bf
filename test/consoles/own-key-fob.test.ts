// Key-fobs in the self-service over real HTTP (TKN001, TKN004, BOT010): registering one and changing to the next, and what waits
// for it in the consoles (TKN003) where operations alone ask a code (guide S4).
import { expect } from 'chai';
import freeTokens from '../../config/demo/tokens.json' with { type: 'json' };
import type { DemoPerson } from '../../src/demo/people.ts';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { fobOf, type KeyFob, minuteBegins, shownAt, shownByNone, shownNext, shownNow } from '../support/key-fob.ts';
import type { Page, ScriptBrowser } from '../support/script-browser.ts';
import { enterOwnPages, mailedCode, soon } from '../support/walks.ts';

const address = '/self-service/otp';
const answer = ({ status, screen, refusal }: Page) => [status, screen, refusal];
const mainOf = ({ html }: Page): string => /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
const buttons = (page: Page): readonly string[] =>
  [...mainOf(page).matchAll(/name="action" value="(\w+)"/g)].map(([, value = '']) => value);
const idOf = (list: Page, loginId: string): string =>
  list.html
    .split('data-account="')
    .find((row) => row.includes(loginId) && !row.startsWith('<'))
    ?.split('"')[0] ?? '';
const path = (page: Page): string => new URL(page.url).pathname;

function spareOf({ contract_number: contract }: DemoPerson, n = 0): KeyFob {
  const found = freeTokens.filter((token) => token.contract_number === contract)[n];
  if (!found) throw new Error('no token in the drawer');
  const { algorithm } = found;
  if (algorithm !== 'SHA1' && algorithm !== 'SHA256' && algorithm !== 'SHA512') throw new Error(algorithm);
  return { ...found, algorithm };
}

for (const stores of ['embedded', 'real'] as const) {
  const where = stores === 'real' ? 'PostgreSQL and Redis, with two gateways' : 'embedded stores';
  describe(`one’s own key-fob where operations alone ask a code, on ${where}`, function () {
    this.timeout(90_000);
    let demo: Demo;
    before(async function () {
      if (stores === 'real' && !process.env['RENKEI_TEST_REDIS_URL']) this.skip();
      demo = await startDemo(stores, { gateways: stores === 'real' ? 2 : 1, env: { RENKEI_PROFILE: 's4' } });
    });
    after(() => demo?.stop());

    const browser = (): ScriptBrowser => demo.browser(stores === 'real');
    const at = (to: string): string => `${demo.gateway}${to}`;
    async function signIn(own: ScriptBrowser, person: DemoPerson, to = address): Promise<Page> {
      const page = await enterOwnPages(demo, own, person, to, 'direct');
      return page.screen === 'TKN001' && page.html.includes('skip_registration')
        ? own.submit(page, {}, 'skip_registration')
        : page;
    }

    it('past the limit: the top page leads to the registration, an operation is told to wait for it, all else goes on', async () => {
      const person = demo.person('thasegawa85');
      const own = browser();
      const top = await signIn(own, person, '/');
      expect(answer(top)).to.deep.equal([200, 'TOP001', null]);
      expect(top.text()).to.match(
        /トークンの登録期限\(.+\)を過ぎています。コードの入力が必要な操作にはトークンの登録が必要です。/,
      );
      expect(mainOf(top)).to.include(`href="${address}/register"`);

      const list = await own.open(at('/company/people'));
      expect(list.screen).to.equal('CON010');
      const id = idOf(list, 'cmurakami98');
      const check = await own.open(at(`/company/people/delete/${id}`));
      expect(answer(check), 'looked at, a page').to.deep.equal([200, 'TKN003', null]);
      expect(check.text())
        .to.include('この操作にはトークンの登録が必要です。')
        .and.include('利用者の削除')
        .and.include('ほかの操作は、これまでどおりご利用いただけます。')
        .and.match(/登録期限\( ?\d{4}年\d{1,2}月\d{1,2}日/);
      const posted = await own.post(
        check.url,
        new URLSearchParams({
          csrf: /name="csrf" value="([^"]+)"/.exec(check.html)?.[1] ?? '',
          people: id,
          confirmation_password: person.confirmation_password ?? '',
          confirm_count: '1',
        }).toString(),
      );
      expect(posted.screen, 'what is posted past it is not done').to.be.oneOf(['TKN003', 'CON090']);
      expect(posted.status).to.be.oneOf([403, 409]);
      expect((await own.open(at('/company/people'))).html).to.include(id);
      expect((await own.submit(check, {}, 'top')).screen).to.equal('TOP001');
      const register = await own.submit(check, {});
      expect([register.screen, path(register)]).to.deep.equal(['TKN001', `${address}/register`]);
      expect(buttons(register)).to.deep.equal(['cancel']);
    });

    it('registers: everything wrong alike and counted once, then the right code; it is used up, others are out', async () => {
      const person = demo.person('thasegawa85');
      const fob = fobOf(person);
      const own = browser();
      const elsewhere = browser();
      await signIn(elsewhere, person);
      let page = await own.submit(await signIn(own, person), {}, 'register');
      expect(page.screen).to.equal('TKN001');
      const wrong = await own.submit(page, { serial: fob.serial, otp: await shownByNone(demo, fob) });
      const foreign = spareOf(demo.person('atanaka93'));
      const other = await own.submit(page, { serial: foreign.serial, otp: await shownNow(demo, foreign) });
      const unknown = await own.submit(page, { serial: '99999999', otp: '123456' });
      const plain = (shown: Page): string =>
        mainOf(shown)
          .replaceAll(/[2-9A-Z]{4}-[2-9A-Z]{4}/g, '')
          .replaceAll(/value="[^"]*"/g, '');
      for (const each of [wrong, other, unknown])
        expect([...answer(each), plain(each)]).to.deep.equal([422, 'TKN001', 'otp-wrong', plain(wrong)]);
      expect(answer(await own.submit(page, { serial: '', otp: '12' }))).to.deep.equal([422, 'TKN001', 'form']);
      // The hint on the next page stands as long as the used code is shown.
      await minuteBegins(demo);
      const otp = await shownNow(demo, fob);
      page = await own.submit(page, { serial: fob.serial, otp });
      expect(answer(page)).to.deep.equal([200, 'BOT010', null]);
      expect(page.text())
        .to.include('トークンを登録しました')
        .and.match(/お問い合わせ番号 [2-9A-Z]{4}-[2-9A-Z]{4}/)
        .and.include('利用中')
        .and.include(`末尾${fob.serial.slice(-4)}`);
      expect(buttons(page)).to.deep.equal(['replace', 'resync', 'revoke', 'lost']);
      expect((await elsewhere.open(at(address))).screen, 'other sign-ins ended').to.equal('LGN001');
      const again = await own.open(at(`${address}/register`));
      expect([again.screen, path(again)]).to.deep.equal(['BOT010', address]);
      const mails = await soon(
        async () => demo.mails(person.email),
        (found) => found.some(({ text }) => text.includes(fob.serial.slice(-4))),
      );
      expect(
        mails.every(({ text }) => !text.includes(fob.serial)),
        'never the whole number',
      ).to.equal(true);
      // The registering code is nobody's any more.
      const link = await own.open(at('/company/people'));
      const id = idOf(link, 'cmurakami98');
      const check = await own.open(at(`/company/people/delete/${id}`));
      expect([check.screen, check.text().includes('ログインに使ったコードは使えません')]).to.deep.equal([
        'CON090',
        true,
      ]);
      const typed = { confirmation_password: person.confirmation_password ?? '', confirm_count: '1', otp };
      expect(answer(await own.submit(check, typed))).to.deep.equal([422, 'CON090', 'otp-used']);
    });

    it('asks a mailed code after one’s own loss report, on the page before it', async () => {
      const person = demo.person('atanaka93');
      const own = browser();
      const revoke = await signIn(own, person, `${address}/revoke`);
      const ended = await own.submit(revoke, {
        reason: 'lost',
        confirmation_password: person.confirmation_password ?? '',
        otp: await shownNext(demo, fobOf(person)),
      });
      expect(ended.screen).to.equal('SLF031');
      const fob = spareOf(person);
      const before = await signIn(own, person);
      expect(before.screen).to.equal('BOT010');
      let page = await own.submit(before, {}, 'register');
      expect([page.screen, path(page)]).to.deep.equal(['BOT012', `${address}/issue/send`]);
      page = await own.submit(page, {});
      expect([page.screen, path(page)]).to.deep.equal(['TKN001', `${address}/register`]);
      const typed = { serial: fob.serial, otp: await shownNow(demo, fob) };
      const without = await own.submit(page, typed);
      expect(answer(without)).to.deep.equal([422, 'TKN001', 'form']);
      const guessed = await own.submit(page, { ...typed, email_code: '00000000' });
      expect(answer(guessed)).to.deep.equal([422, 'TKN001', 'credentials']);
      page = await own.submit(page, { ...typed, email_code: await mailedCode(demo, person.email) });
      expect([page.screen, page.text().includes('トークンを登録しました')]).to.deep.equal(['BOT010', true]);
    });

    it('changes to the next one: codes of both, each wrong thing at its place, once for two presses', async () => {
      const person = demo.person('dyamamoto47');
      const [old, next] = [fobOf(person), spareOf(person, 1)];
      const own = browser();
      let page = await own.submit(await signIn(own, person), {}, 'replace');
      expect([...answer(page), path(page)]).to.deep.equal([200, 'TKN004', null, `${address}/replace`]);
      expect(buttons(page)).to.deep.equal(['back']);
      const typed = async () => ({
        otp: await shownNow(demo, old),
        serial: next.serial,
        new_otp: await shownNow(demo, next),
      });
      expect(answer(await own.submit(page, {}))).to.deep.equal([422, 'TKN004', 'form']);
      const wrong = await own.submit(page, { ...(await typed()), otp: await shownByNone(demo, old) });
      expect([...answer(wrong), wrong.text().includes('あと4回')]).to.deep.equal([422, 'TKN004', 'otp-wrong', true]);
      expect(wrong.html, 'codes are not echoed').not.to.include((await typed()).new_otp);
      expect(wrong.html).to.include(`value="${next.serial}"`);
      for (const [serial, code] of [
        ['99999999', '123456'],
        [next.serial, await shownByNone(demo, next)],
      ] as const) {
        const shown = await own.submit(page, { ...(await typed()), serial, new_otp: code });
        expect(answer(shown)).to.deep.equal([422, 'TKN004', 'otp-wrong']);
        expect(shown.text()).to.include('シリアル番号とコードの組み合わせを確認できませんでした');
      }
      const right = await typed();
      const both = await Promise.all([own.submit(page, right), own.submit(page, right)]);
      for (const each of both) {
        expect(answer(each)).to.deep.equal([200, 'BOT010', null]);
        expect(each.text())
          .to.include('新しいトークンに交換しました')
          .and.include(`末尾${next.serial.slice(-4)}`);
      }
      page = await own.open(at('/self-service/history'));
      expect([...mainOf(page).matchAll(/トークンの交換/g)], 'one record').to.have.length(1);
      // By the old token nobody signs in any more, nor proves anything.
      page = await own.open(at(`${address}/resync`));
      const codes = { otp: await shownNow(demo, old), otp_next: shownAt(old, (await demo.now()) + old.period * 1000) };
      expect(answer(await own.submit(page, codes))).to.deep.equal([422, 'OTP003', 'otp-wrong']);
    });

    it('changes nothing by the page of another browser, or with a token of another company', async () => {
      const person = demo.person('sabe89');
      const [one, two] = [browser(), browser()];
      const pages = [await signIn(one, person, `${address}/replace`), await signIn(two, person, `${address}/replace`)];
      const [mine, theirs] = pages;
      if (!mine || !theirs) throw new Error('no page');
      const edit = /name="edit" value="([^"]+)"/.exec(theirs.html)?.[1] ?? '';
      const foreign = spareOf(demo.person('yogawa62'));
      const typed = {
        otp: await shownNow(demo, fobOf(person)),
        serial: foreign.serial,
        new_otp: await shownNow(demo, foreign),
      };
      expect(answer(await one.submit(mine, { ...typed, edit }))).to.deep.equal([409, 'TKN004', 'conflict']);
      expect(answer(await one.submit(mine, typed))).to.deep.equal([422, 'TKN004', 'otp-wrong']);
      const now = await one.open(at(address));
      expect(now.text()).to.include(`末尾${fobOf(person).serial.slice(-4)}`);
    });

    it('is not changed by those who have none, nor registered beside a usable one', async () => {
      const app = browser();
      expect((await signIn(app, demo.person('msaito50'), `${address}/replace`)).screen).to.equal('BOT010');
      expect(path(await app.open(at(`${address}/register`)))).to.equal(address);
      const none = browser();
      expect((await signIn(none, demo.person('okondo31'), `${address}/register`)).screen).to.equal('BOT010');
      expect(path(await none.open(at(`${address}/replace`)))).to.equal(address);
    });
  });
}
