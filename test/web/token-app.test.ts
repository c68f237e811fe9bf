// The token app and its activation service over HTTP: what is served, under which headers, and that other sites, wrong bodies
// and failing stores get JSON that tells nothing.
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningDemo, startDemo } from '../../src/demo.ts';
import { freePorts } from '../support/ports.ts';
import { root } from '../support/source.ts';
import { addIssue, type AddedIssue } from '../support/token-issue.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

describe('the token app over HTTP', function () {
  this.timeout(60_000);
  let demo: RunningDemo;
  let origin: string;
  let issue: AddedIssue;
  const logged: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'renkei-token-app-'));
  const nonce = Buffer.alloc(32, 7).toString('base64url');
  before(async () => {
    const port = await freePorts(5);
    origin = `http://localhost:${port}`;
    demo = await startDemo({
      env: { RENKEI_PORT: String(port), RENKEI_DATA_DIR: folder },
      root,
      reset: false,
      gatewayOnly: false,
      log: (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
    });
    issue = await addIssue(demo.stores, 'sito48', Date.now());
  });
  after(async () => {
    await demo?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As a program asks, with the headers it names and no others. */
  const ask = (
    path: string,
    {
      method = 'GET',
      headers = {},
      body = '',
    }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, origin), { method, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const all = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(all), text });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const activate = (fields: Readonly<Record<string, unknown>>, headers: Record<string, string> = {}): Promise<Answer> =>
    ask('/token-app/api/activate', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(fields),
    });
  const right = () => ({
    service_id: '10000001',
    user_id: issue.userId,
    activation_password: issue.password,
    nonce,
  });
  const errorOf = ({ text }: Answer): unknown => JSON.parse(text).error;
  const misses = async (): Promise<number | undefined> =>
    (await demo.stores.store.tokenIssue.byUserId(issue.userId))?.misses;

  describe('its files', () => {
    it('are one release: shell, modules, style, worker, manifest and icons, without any cookie', async () => {
      const shell = await ask('/token-app', { headers: { accept: 'text/html', cookie: 'renkei_browser=abc' } });
      expect([shell.status, shell.headers['content-type']]).to.deep.equal([200, 'text/html; charset=utf-8']);
      expect(shell.text).to.include('<noscript>').and.to.include('JavaScript').and.to.include('lang="en"');
      const [, script = ''] = /src="([^"]+app\.js)"/.exec(shell.text) ?? [];
      const worker = await ask('/token-app/worker.js');
      expect(worker.headers['service-worker-allowed']).to.equal('/token-app');
      expect(worker.headers['content-type']).to.equal('text/javascript; charset=utf-8');
      const [, told = ''] = /release = (\{.*\});/.exec(worker.text) ?? [];
      const release: { readonly shell: string; readonly files: readonly string[] } = JSON.parse(told);
      expect(release.files).to.include(script);
      expect(await ask(release.shell)).to.deep.include({ status: 200, text: shell.text });
      const modules = new Set(release.files.map((path) => path.split('/').at(-1)));
      for (const path of release.files) {
        const file = await ask(path);
        expect(file.status, path).to.equal(200);
        expect(file.headers, path).not.to.have.property('set-cookie');
        // What a module imports is of the same release, and kept with it.
        for (const [, name] of file.text.matchAll(/from '\.\/([\w-]+\.js)'/g)) expect(modules, path).to.include(name);
      }
      expect([shell.headers['set-cookie'], worker.headers['set-cookie']]).to.deep.equal([undefined, undefined]);
      const script200 = await ask(script);
      expect(script200.headers['cache-control']).to.equal('public, max-age=31536000, immutable');
      expect((await ask(script.replace(/\/r\/[^/]+/, '/r/AAAAAAAAAAAAAAAA'))).status, 'another release').to.equal(404);
    });

    it('may run, load and reach nothing but themselves', async () => {
      for (const path of ['/token-app', '/token-app/worker.js', '/token-app/manifest.webmanifest']) {
        const { headers } = await ask(path);
        const policy = new Map(
          (headers['content-security-policy'] ?? '').split('; ').map((rule) => [rule.split(' ')[0], rule]),
        );
        expect(policy.get('default-src'), path).to.equal("default-src 'none'");
        expect(policy.get('form-action'), path).to.equal("form-action 'none'");
        expect(policy.get('frame-ancestors'), path).to.equal("frame-ancestors 'none'");
        expect(policy.get('require-trusted-types-for'), path).to.equal("require-trusted-types-for 'script'");
        expect(headers['content-security-policy'], path).not.to.match(/unsafe|https?:|data:|\*/);
      }
      const { text } = await ask('/token-app');
      expect(text).not.to.match(/ style=| on\w+=|<style|<script(?![^>]+src=)|https?:/);
    });

    it('can be installed', async () => {
      const { headers, text } = await ask('/token-app/manifest.webmanifest');
      expect(headers['content-type']).to.equal('application/manifest+json; charset=utf-8');
      const manifest = JSON.parse(text);
      expect(manifest).to.deep.include({
        start_url: '/token-app',
        scope: '/token-app',
        display: 'standalone',
        lang: 'ja',
        name: 'Webサービス ワンタイムパスワード',
      });
      const icons: readonly { readonly src: string; readonly sizes: string; readonly purpose: string }[] =
        manifest.icons;
      expect(icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).to.have.members([
        '192x192 any',
        '512x512 any',
        '192x192 maskable',
        '512x512 maskable',
      ]);
      for (const { src } of icons) expect((await ask(src)).headers['content-type']).to.equal('image/png');
    });
  });

  describe('its service', () => {
    it('tells the time, and apart from it by how much the demo’s clock runs ahead', async () => {
      const before = JSON.parse((await ask('/token-app/api/time')).text);
      expect(before.demo_offset_seconds).to.equal(0);
      expect(Math.abs(before.now - Date.now())).to.be.lessThan(2_000);
      expect((await ask('/token-app/api/time')).headers['cache-control']).to.equal('no-store');
    });

    it('says what is wrong with a request in JSON, and counts nothing', async () => {
      const json = { 'content-type': 'application/json' };
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const path = '/token-app/api/activate';
      const cases: readonly (readonly [string, Promise<Answer>, number, string])[] = [
        ['no JSON', ask(path, { method: 'POST', headers: json, body: '{"service_id":' }), 400, 'malformed'],
        ['a list', ask(path, { method: 'POST', headers: json, body: '[]' }), 400, 'malformed'],
        ['nothing', ask(path, { method: 'POST', headers: json, body: '' }), 400, 'malformed'],
        ['a number for a text', activate({ ...right(), activation_password: 111_222 }), 400, 'malformed'],
        ['too large', activate({ ...right(), more: 'x'.repeat(5_000) }), 413, 'too-large'],
        ['a form', ask(path, { method: 'POST', headers: form, body: 'service_id=1' }), 415, 'content-type'],
        ['no type', ask(path, { method: 'POST', body: JSON.stringify(right()) }), 415, 'content-type'],
        [
          'another charset',
          activate(right(), { 'content-type': 'application/json; charset=shift_jis' }),
          415,
          'content-type',
        ],
        ['fields', activate({ ...right(), user_id: 'short', nonce: 'short' }), 422, 'form'],
        ['a missing field', activate({}), 422, 'form'],
        ['GET', ask(path), 405, 'method'],
        ['an unknown address', ask('/token-app/api/secret'), 404, 'not-found'],
        [
          'another site',
          activate(right(), { 'sec-fetch-site': 'cross-site', 'origin': 'https://evil.example' }),
          403,
          'cross-site',
        ],
        ['a sister site', activate(right(), { 'sec-fetch-site': 'same-site' }), 403, 'cross-site'],
        ['another origin', activate(right(), { origin: 'https://evil.example' }), 403, 'cross-site'],
        ['no origin at all', activate(right(), { origin: 'null' }), 403, 'cross-site'],
      ];
      for (const [what, sent, status, error] of cases) {
        const answer = await sent;
        expect([answer.status, errorOf(answer)], what).to.deep.equal([status, error]);
        expect(answer.headers['content-type'], what).to.equal('application/json; charset=utf-8');
        expect(answer.headers, what).not.to.have.any.keys('access-control-allow-origin', 'set-cookie');
        expect(JSON.parse(answer.text).reference, what).to.equal(answer.headers['x-renkei-reference']);
      }
      const fields = JSON.parse((await activate({ ...right(), user_id: 'short', nonce: 'x' })).text).fields;
      expect(fields).to.deep.equal(['user_id', 'nonce']);
      expect(await misses()).to.equal(0);
    });

    it('answers unknown and wrong alike, to the byte but for the reference number', async () => {
      const answers = [
        await activate({ ...right(), user_id: 'ZZZZZZZZZZZZ' }),
        await activate({ ...right(), service_id: '99999999' }),
        await activate({ ...right(), activation_password: '555123' }),
      ];
      const alike = answers.map(({ status, headers, text }) => {
        const { 'x-renkei-reference': reference = '', 'date': _date, ...others } = headers;
        return JSON.stringify([status, others, text.replace(reference, 'REFERENCE')]);
      });
      expect(new Set(alike).size).to.equal(1);
      expect(alike[0])
        .to.match(/^\[403,/)
        .and.to.include('activate.mismatch');
      expect(await misses()).to.equal(1);
    });

    it('reads IDs as people type them, and hands out what an app needs, to this nonce alone', async () => {
      const typed = { ...right(), user_id: ` ${issue.userId.toLowerCase().replace(/(.{4})/g, '$1-')}` };
      const answer = await activate(typed, { 'sec-fetch-site': 'same-origin', origin });
      expect(answer.status).to.equal(200);
      expect(answer.headers).to.include({ 'cache-control': 'no-store' });
      const body = JSON.parse(answer.text);
      expect(body).to.deep.include({
        secret: issue.secret,
        algorithm: 'SHA1',
        digits: 6,
        period: 60,
        service_id: '10000001',
        user_id: issue.userId,
        service: { ja: 'Webサービス', en: 'Web Service' },
      });
      expect(body.expires_at).to.be.greaterThan(Date.now() + 71 * 3_600_000);
      expect(body.fetch_again_until).to.be.within(Date.now() + 590_000, Date.now() + 600_000);
      expect(JSON.parse((await activate(right())).text)).to.deep.equal(body);
      const other = await activate({ ...right(), nonce: Buffer.alloc(32, 8).toString('base64url') });
      expect([other.status, errorOf(other)]).to.deep.equal([403, 'activate.mismatch']);
    });

    it('writes no secret, password, user ID or nonce into its log', () => {
      const log = logged.join('\n');
      expect(log).to.include('activate.mismatch');
      for (const text of [issue.secret, issue.password, issue.userId, nonce, '555123'])
        expect(log).not.to.include(text);
    });

    it('stops a source that fails too often, and says until when', async () => {
      const { failures } = demo.gateway.tools.policy.source;
      let answer = await activate({ ...right(), user_id: 'ZZZZZZZZZZZZ' });
      for (let n = 0; n < failures && answer.status === 403; n += 1)
        answer = await activate({ ...right(), user_id: 'ZZZZZZZZZZZZ' });
      expect([answer.status, errorOf(answer)]).to.deep.equal([429, 'too-many']);
      expect(Number(answer.headers['retry-after'])).to.be.within(1, 600);
    });

    it('answers in JSON when a store is away', async () => {
      await demo.stores.database.close();
      const answer = await activate({ ...right(), user_id: 'YYYYYYYYYYYY' });
      expect([429, 500, 503]).to.include(answer.status);
      expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
    });
  });
});
