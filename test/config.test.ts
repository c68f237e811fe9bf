// The configuration: what ships is right, layers lie as spec §12 says, and whatever is wrong is told at once with its remedy.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, readConfig, type Config, type Mode } from '../src/config.ts';
import { variables } from '../src/config-env.ts';
import type { Mistake } from '../src/config-mistakes.ts';
import { parseDuration } from '../src/config-values.ts';

const root = join(import.meta.dirname, '..');
const minute = 60_000;
const day = 24 * 60 * minute;
const goodSecret = 'y7R5sJq0Yc2nVb8kTgW1uE4pXz6LmA9dQhF3oKiC0vM=';

describe('configuration', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'renkei-config-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Reads with an overlay of these files. */
  function read(
    mode: Mode,
    env: Readonly<Record<string, string>> = {},
    files: Readonly<Record<string, string>> = {},
  ): Config {
    const overlay = join(folder, 'overlay');
    mkdirSync(overlay, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(overlay, name), text);
    return readConfig({ env: { RENKEI_DATA_DIR: join(folder, 'data'), RENKEI_CONFIG: overlay, ...env }, mode, root });
  }

  function mistakes(...of: Parameters<typeof read>): readonly Mistake[] {
    try {
      read(...of);
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes;
      throw error;
    }
    throw new Error('it was accepted');
  }

  const production = {
    RENKEI_ISSUER: 'https://id.bank.example',
    RENKEI_DATABASE_URL: 'postgres://renkei@db/renkei',
    RENKEI_REDIS_URL: 'rediss://redis',
    RENKEI_SMTP_URL: 'smtps://mail',
    RENKEI_MAIL_FROM: 'Webサービス <no-reply@bank.example>',
    RENKEI_SECRET: goodSecret,
  };

  describe('what ships', () => {
    for (const file of readdirSync(join(root, 'config', 'profiles'))) {
      it(`profile ${file} makes a whole policy`, () => {
        const { policy, profile } = read('test', { RENKEI_PROFILE: file.replace('.yaml', '') });
        expect(policy.version).to.match(new RegExp(`^${profile}-[0-9a-f]{12}$`));
      });
    }

    it('has the numbers of spec §2–§6', () => {
      const { policy } = read('test');
      expect(policy.locks).to.deep.equal({ tries: 5, lock: 30 * minute, stopAt: 3 });
      expect(policy.password).to.include({ min: 8, max: 12, history: 3, expiry: 90 * day, warnBefore: 14 * day });
      expect(policy.otp).to.deep.include({ at: 'login', tries: 5, digits: 6, period: minute });
      expect(policy.device).to.include({ absolute: 90 * day, unused: 30 * day, overlap: minute, perBrowser: 5 });
      expect(policy.grace).to.include({ afterArrival: 14 * day, afterApplication: 45 * day });
      expect(policy.session).to.include({ idle: 30 * minute, absolute: 600 * minute, perAccount: 5 });
      expect(policy.source).to.deep.equal({ window: 10 * minute, failures: 100, ids: 30 });
    });

    it('follows the guides in its profiles', () => {
      const of = (profile: string) => read('test', { RENKEI_PROFILE: profile }).policy;
      expect(of('s0').password.expiry).to.equal(null);
      expect(of('s3').password.expiry).to.equal(90 * day);
      expect(of('s0').release).to.deep.equal({ softwareOtp: 'company', hardwareOtp: 'operator' });
      expect(of('s2').release.hardwareOtp).to.equal('company');
      expect(of('recommended').password).to.include({ max: 128, printable: true, refuseCommon: true });
    });

    it('says of key-fobs what guide S4 says: codes at operations alone, which stay closed after the grace; fees; sharing', () => {
      const s4 = read('test', { RENKEI_PROFILE: 's4' }).policy;
      expect(s4.otp.at).to.equal('operations');
      expect(s4.otpOperations).to.include.members(['create-user', 'change-user', 'revoke-token']);
      expect(s4.revoke).to.deep.equal({ proof: 'confirmation+otp', wait: null });
      expect(s4.grace).to.include({ then: 'block-otp-operations', afterArrival: 14 * day, afterApplication: 45 * day });
      expect(s4.release.hardwareOtp).to.equal('company');
      expect(s4.fees).to.deep.equal({ free: 3, token: 1080, reissue: 1080 });
      expect(s4.sharing).to.have.members(['one_for_all', 'some', 'one_each']);
      expect(s4.tokenExpiry.warnBefore).to.equal(60 * day);
    });

    it('says of key-fobs what guide S0 says: asked at sign-in, put off until it came, released by the helpdesk, reissued for a fee', () => {
      const s0 = read('test', { RENKEI_PROFILE: 's0' }).policy;
      expect(s0.otp.at).to.equal('login');
      expect(s0.grace.then).to.equal('block-login');
      expect(s0.release.hardwareOtp).to.equal('operator');
      expect(s0.fees.reissue).to.be.greaterThan(0);
    });

    it('drops no act from behind the code in any profile', () => {
      const all = read('test').policy.otpOperations;
      for (const file of readdirSync(join(root, 'config', 'profiles'))) {
        const { policy } = read('test', { RENKEI_PROFILE: file.replace('.yaml', '') });
        expect(policy.otpOperations, file).to.include.members([...all]);
      }
    });

    it('names every variable in the example environment', () => {
      const example = readFileSync(join(root, 'config', 'example.env'), 'utf8');
      expect(variables.filter((name) => !example.includes(name))).to.deep.equal([]);
    });

    it('is frozen through and through', () => {
      const config = read('demo');
      expect(config).to.be.frozen;
      expect(config.policy.locks).to.be.frozen;
      expect(config.portals[0]?.redirect_uris).to.be.frozen;
    });

    it('does not show the secret when it is printed', () => {
      const config = read('serve', production);
      expect(JSON.stringify(config)).not.to.include(goodSecret);
      expect(Buffer.from(config.secret()).toString('base64')).to.equal(goodSecret);
    });
  });

  describe('layers', () => {
    it('lays a policy over the profile by key, and null removes', () => {
      const { policy } = read(
        'test',
        {},
        { 'policy.yaml': 'password: { expiry: null, min: 10 }\nhours: { from: "08:00", to: "23:00" }' },
      );
      expect(policy.password).to.include({ min: 10, max: 12, expiry: null });
      expect(policy.hours).to.deep.equal({ from: '08:00', to: '23:00' });
    });

    it('names another policy version exactly when a value differs', () => {
      const { version } = read('test').policy;
      expect(read('test', {}, { 'policy.yaml': 'locks: { tries: 5 }' }).policy.version).to.equal(version);
      expect(read('test', {}, { 'policy.yaml': 'locks: { tries: 4 }' }).policy.version).not.to.equal(version);
    });

    it('adds a portal, and changes one of the demo by its client_id', () => {
      const { portals } = read(
        'demo',
        {},
        {
          'portals.yaml': `
- client_id: demo-portal
  backchannel_logout_uri: null
  renkei: { otp: always }
- client_id: other
  client_secret: short-is-fine-in-the-demo
  redirect_uris: [http://127.0.0.1:9000/callback]
`,
        },
      );
      expect(portals.map((portal) => portal.client_id)).to.deep.equal(['demo-portal', 'other']);
      expect(portals[0]?.renkei).to.include({ otp: 'always', open: false, pkce: 'required' });
      expect(portals[0]?.redirect_uris).to.deep.equal(['http://localhost:3002/callback']);
      expect(portals[0]).not.to.have.property('backchannel_logout_uri');
    });

    it('switches an upstream off by its issuer alone', () => {
      const off =
        '- { issuer: "http://localhost:3001", renkei: { enabled: false } }\n- { issuer: "https://gone.example", renkei: { enabled: false } }';
      expect(read('demo').upstreams).to.have.length(1);
      expect(read('demo', {}, { 'upstreams.yaml': off }).upstreams).to.deep.equal([]);
    });

    it('fills in what an upstream does not say with the least trust', () => {
      const entry = '- { issuer: "https://direct.example", client_id: renkei, client_secret: s }';
      expect(read('test', {}, { 'upstreams.yaml': entry }).upstreams[0]).to.deep.include({
        scope: 'openid',
        token_endpoint_auth_method: 'client_secret_basic',
        renkei: { enabled: true, display_claim: null, company_claim: null, trust: { auth_time: false, otp: 'none' } },
      });
    });

    it('allows calls exactly to the origins that the files and RENKEI_EGRESS name', () => {
      const { egress } = read('demo', { RENKEI_EGRESS: 'https://a.example, https://b.example:8443' });
      expect(egress).to.deep.equal([
        'http://localhost:3002',
        'http://localhost:3001',
        'https://a.example',
        'https://b.example:8443',
      ]);
    });
  });

  describe('the demo', () => {
    it('has its ports follow RENKEI_PORT', () => {
      const { demo, issuer, portals, upstreams, listen } = read('demo', { RENKEI_PORT: '4100' });
      expect(demo?.ports).to.deep.equal({ gateway: 4100, businessDirect: 4101, portal: 4102, mail: 4103, smtp: 4104 });
      expect(issuer).to.equal('http://localhost:4100');
      expect(listen).to.deep.equal({ host: '127.0.0.1', port: 4100 });
      expect(portals[0]?.redirect_uris).to.deep.equal(['http://localhost:4102/callback']);
      expect(upstreams[0]?.issuer).to.equal('http://localhost:4101');
    });

    it('makes its secret once, readable for its owner alone', () => {
      const first = read('demo');
      expect(read('demo').secret()).to.deep.equal(first.secret());
      const file = join(folder, 'data', 'demo-secret');
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(readdirSync(join(folder, 'data')).toSorted()).to.deep.equal(['demo-port', 'demo-secret']);
    });

    it('gives a gateway beside it the same secrets and outsiders', () => {
      const first = read('demo', { RENKEI_PORT: '4100' });
      const env = {
        RENKEI_DATA_DIR: join(folder, 'data'),
        RENKEI_PORT: '4200',
        RENKEI_ISSUER: 'http://localhost:4100',
      };
      const second = readConfig({ env, mode: 'demo', root, beside: true });
      expect(second.demo).to.deep.equal(first.demo);
      expect(second.secret()).to.deep.equal(first.secret());
      expect(second.listen.port).to.equal(4200);
      expect(second.hosts).to.include.members(['localhost:4100', 'localhost:4200']);
      expect(read('demo', { RENKEI_PORT: '4100' }).demo, 'nothing was remembered of the second').to.deep.equal(
        first.demo,
      );
    });

    it('has one secret though several processes begin at the same moment', async () => {
      const data = join(folder, 'shared');
      const code = `
        import { demoSecret } from ${JSON.stringify(join(root, 'src/config-demo.ts'))};
        process.stdout.write(demoSecret(${JSON.stringify(data)}));`;
      const found = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
            cwd: root,
          });
          let text = '';
          child.stdout.on('data', (chunk: unknown) => (text += String(chunk)));
          await once(child, 'close');
          return text;
        }),
      );
      expect(new Set(found)).to.have.length(1);
      expect(found[0]).to.equal(readFileSync(join(data, 'demo-secret'), 'utf8').trim());
    });
  });

  describe('production', () => {
    it('starts with everything it needs', () => {
      const config = read('serve', production);
      expect(config).to.include({ issuer: 'https://id.bank.example', demo: null, nowOffset: 0 });
      expect(config.hosts).to.deep.equal(['id.bank.example']);
    });

    it('names everything it lacks at once', () => {
      const places = mistakes('serve').map((mistake) => mistake.where);
      expect(places).to.have.members(Object.keys(production));
    });

    it('refuses plain http, a moved clock, and secrets that are short or guessable', () => {
      const refused = (env: Record<string, string>): string =>
        mistakes('serve', { ...production, ...env })[0]?.where ?? '';
      expect(refused({ RENKEI_ISSUER: 'http://id.bank.example' })).to.equal('RENKEI_ISSUER');
      expect(refused({ RENKEI_ISSUER: 'http://localhost:3000' })).to.equal('RENKEI_ISSUER');
      expect(refused({ RENKEI_NOW_OFFSET: '60' })).to.equal('RENKEI_NOW_OFFSET');
      const passwords = [
        'c2hvcnQ=',
        '00'.repeat(32),
        Buffer.from('change me before you go to production').toString('base64'),
        '!',
      ];
      for (const secret of passwords) expect(refused({ RENKEI_SECRET: secret })).to.equal('RENKEI_SECRET');
    });

    it('refuses portals by plain http and with short secrets', () => {
      const portal = '- { client_id: p, client_secret: short, redirect_uris: ["http://localhost:1/cb"] }';
      expect(mistakes('serve', production, { 'portals.yaml': portal }).map((mistake) => mistake.path)).to.have.members([
        '[p].client_secret',
        '[p].redirect_uris[0]',
      ]);
    });

    it('reads any variable from the file that …_FILE names', () => {
      const file = join(folder, 'secret');
      writeFileSync(file, `${goodSecret}\n`);
      const { RENKEI_SECRET: _given, ...rest } = production;
      expect(Buffer.from(read('serve', { ...rest, RENKEI_SECRET_FILE: file }).secret()).toString('base64')).to.equal(
        goodSecret,
      );
      expect(mistakes('serve', { ...production, RENKEI_SECRET_FILE: file })[0]?.remedy).to.equal('Set one of the two.');
      expect(mistakes('serve', { ...rest, RENKEI_SECRET_FILE: `${file}-not` })[0]?.where).to.equal(
        'RENKEI_SECRET_FILE',
      );
    });
  });

  describe('mistakes', () => {
    const wrong: readonly (readonly [says: string, file: string, text: string, path: string, remedy: RegExp])[] = [
      ['an unknown key', 'policy.yaml', 'otp: { trys: 5 }', 'otp.trys', /spelling/],
      ['a number out of range', 'policy.yaml', 'locks: { tries: 500 }', 'locks.tries', /from 3 to 10/],
      ['a duration without a unit', 'policy.yaml', 'locks: { lock: 30 }', 'locks.lock', /such as "1m"/],
      ['a word that is not offered', 'policy.yaml', 'otp: { at: never }', 'otp.at', /login, operations/],
      ['a value taken away that is needed', 'policy.yaml', 'locks: null', 'locks', /Add it/],
      ['limits in the wrong order', 'policy.yaml', 'password: { min: 10, max: 9 }', 'password.max', /password\.min/],
      ['a list where keys belong', 'policy.yaml', '- otp', '', /key: value/],
      ['keys where a list belongs', 'portals.yaml', 'client_id: a', '', /- client_id/],
      ['an entry without its name', 'portals.yaml', '- { redirect_uris: [] }', '[0]', /- client_id/],
      [
        'one name twice',
        'upstreams.yaml',
        '- &a { issuer: "https://x.example", client_id: a, client_secret: b }\n- *a',
        '[1].issuer',
        /one entry/,
      ],
      [
        "a portal with Renkei's own name",
        'portals.yaml',
        '- { client_id: renkei-web, client_secret: x, redirect_uris: ["https://x.example/"] }',
        '[renkei-web].client_id',
        /Choose another/,
      ],
      [
        'a portal without a secret',
        'portals.yaml',
        '- { client_id: p, redirect_uris: ["https://x.example/"] }',
        '[p].client_secret',
        /token_endpoint_auth_method/,
      ],
      [
        'a public portal without PKCE',
        'portals.yaml',
        '- { client_id: p, token_endpoint_auth_method: none, redirect_uris: ["https://x.example/"], renkei: { pkce: optional } }',
        '[p].renkei.pkce',
        /required/,
      ],
      [
        'a pairwise portal on two hosts',
        'portals.yaml',
        '- { client_id: p, client_secret: x, redirect_uris: ["https://x.example/", "https://y.example/"] }',
        '[p].sector_identifier_uri',
        /several hosts/,
      ],
      [
        'a wildcard',
        'portals.yaml',
        '- { client_id: p, client_secret: x, redirect_uris: ["https://*.example/"] }',
        '[p].redirect_uris[0]',
        /wildcards/,
      ],
      [
        'a private key',
        'portals.yaml',
        '- { client_id: p, token_endpoint_auth_method: private_key_jwt, redirect_uris: ["https://x.example/"], jwks: { keys: [{ kty: EC, d: x }] } }',
        '[p].jwks.keys[0]',
        /public key/,
      ],
      [
        'http to another machine',
        'upstreams.yaml',
        '- { issuer: "http://direct.example", client_id: a, client_secret: b }',
        '[http://direct.example].issuer',
        /localhost alone/,
      ],
      ['a telephone number that is a number', 'brand.yaml', 'phone: 120', 'phone', /in quotes/],
      ['a key written twice', 'policy.yaml', 'otp: {}\notp: {}', '', /YAML/],
      ['broken YAML', 'brand.yaml', 'web: { ja: ', '', /YAML/],
    ];
    for (const [says, file, text, path, remedy] of wrong) {
      it(`names ${says}: file, place and remedy`, () => {
        const found = mistakes('test', {}, { [file]: text });
        const mistake = found.find((candidate) => candidate.path === path);
        expect(mistake, JSON.stringify(found)).not.to.equal(undefined);
        expect(mistake?.where).to.match(new RegExp(`overlay/${file}$`));
        expect(mistake?.remedy).to.match(remedy);
      });
    }

    it('tells all of them in one message, each with where and how', () => {
      const files = { 'policy.yaml': 'locks: { tries: 0 }', 'brand.yaml': 'slogan: x', 'polcy.yaml': '' };
      const env = {
        RENKEI_PORT: '70000',
        RENKEI_PROFILE: 'bank',
        RENKEI_PROFIL: 'demo',
        RENKEI_REDIS_URL: 'http://redis',
      };
      const found = mistakes('test', env, files);
      expect(found).to.have.length(7);
      const { message } = new ConfigError(found);
      for (const { problem, remedy } of found) expect(message).to.include(problem).and.include(remedy);
    });

    it('says what is wrong with the address of Redis, and never the address', () => {
      const [found] = mistakes('test', { RENKEI_REDIS_URL: 'redis+sentinel://:secret@a:26379,b:26379' });
      expect(found).to.include({
        where: 'RENKEI_REDIS_URL',
        problem: 'the name of the primary is missing or does not fit',
      });
      expect(JSON.stringify(found)).to.include('/NAME').and.not.to.include('secret');
    });

    it('lets a demo run beside whatever else a shell has set', () => {
      expect(read('demo', { RENKEI_PROFIL: 'demo', RENKEI_SERVICE_HOST: '10.0.0.1' }).mode).to.equal('demo');
    });

    it('says what to do about the variables that Kubernetes adds', () => {
      const found = mistakes('test', { RENKEI_SERVICE_HOST: '10.0.0.1' });
      expect(found[0]?.remedy).to.include('enableServiceLinks');
    });
  });

  it('reads durations as people write them, and nothing else', () => {
    expect(parseDuration('90d')).to.equal(90 * day);
    expect(parseDuration('60s')).to.equal(minute);
    for (const text of ['', '30', '1.5h', '-1m', '5 m', '5ms', '1d1h', '1D'])
      expect(parseDuration(text), text).to.equal(null);
  });
});
