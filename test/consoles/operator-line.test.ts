// The line of an operator, on embedded stores and on real ones with two gateways: made by the command, an own password, an
// authenticator, the desk; then every day with a code; and out by a command, while the gateways run.
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Demo, startDemo } from '../support/demo-process.ts';
import { enterDesk, freshDeskCode, toCode } from '../support/operator.ts';
import { renkei } from '../support/walks.ts';

for (const stores of ['embedded', 'real'] as const) {
  describe(`the line of an operator on ${stores} stores`, function () {
    this.timeout(120_000);
    let demo: Demo;
    let folder: string;
    before(async () => {
      demo = await startDemo(stores, stores === 'real' ? { gateways: 2 } : {});
      folder = mkdtempSync(join(tmpdir(), 'renkei-operator-'));
    });
    after(async () => {
      rmSync(folder, { recursive: true, force: true });
      await demo.stop();
    });

    it('leads from the command to the desk and out again', async () => {
      const file = join(folder, 'password');
      const named = ['--name', '初田 始', '--role', 'supervisor'] as const;
      const added = await renkei(demo, 'operators', 'add', 'hatsuta1', ...named, '--json', '--password-file', file);
      expect(added.status, added.err).to.equal(0);
      const issued = readFileSync(file, 'utf8').trim();
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(JSON.parse(added.out)).to.include({ ok: true, login_id: 'hatsuta1', role: 'supervisor' });
      expect(added.out + added.err).not.to.include(issued);
      const taken = await renkei(demo, 'operators', 'add', 'other22', ...named, '--password-file', file);
      expect(taken.status).to.equal(1);
      expect((await renkei(demo, 'operators', 'list')).out)
        .to.include('hatsuta1')
        .and.not.to.include('other22');

      const browser = demo.browser(true);
      const operator = { login_id: 'hatsuta1', password: issued };
      const password = await toCode(demo, browser, operator);
      const own = 'Hatsuta2026';
      const token = await browser.submit(password, { new_password: own, new_password_again: own });
      const secret = /data-copy="([A-Z2-7]+)"/.exec(token.html)?.[1] ?? '';
      const desk = await browser.submit(token, { otp: await freshDeskCode(demo, { secret }) });
      expect([desk.screen, desk.url]).to.deep.equal(['HDK001', `${demo.gateway}/helpdesk`]);

      const daily = { ...operator, password: own, name: '初田 始', role: 'supervisor', secret };
      const other = demo.browser(true);
      expect((await enterDesk(demo, other, daily)).screen).to.equal('HDK001');
      expect((await renkei(demo, 'operators', 'stop', 'hatsuta1')).status).to.equal(0);
      for (const each of [browser, other])
        expect((await each.open(`${demo.gateway}/helpdesk`)).screen).to.equal('HDK003');
      expect((await toCode(demo, other, daily)).refusal).to.equal('credentials');

      const again = await renkei(demo, 'operators', 'reissue', 'hatsuta1', '--json');
      expect((await renkei(demo, 'operators', 'resume', 'hatsuta1')).status).to.equal(0);
      const { password: anew }: { password: string } = JSON.parse(again.out);
      const page = await toCode(demo, demo.browser(true), { ...daily, password: anew });
      expect(new URL(page.url).pathname).to.equal('/helpdesk/sign-in/password');
      expect((await renkei(demo, 'audit', 'verify')).status).to.equal(0);
    });
  });
}
