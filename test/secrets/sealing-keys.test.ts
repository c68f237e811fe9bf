// Which keys seal a deployment's secrets: the master's own, or those that RENKEI_SEALING_KEYS names, newest first.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Config, ConfigError, readConfig } from '../../src/config.ts';
import { createSecrets, type GatewaySecrets } from '../../src/secrets/gateway-secrets.ts';
import { SealBroken } from '../../src/secrets/sealing.ts';
import { root } from '../support/source.ts';

const master = randomBytes(32);
const [one, two] = [randomBytes(32), randomBytes(32)];
const folder = mkdtempSync(join(tmpdir(), 'renkei-keys-'));

const read = (env: Readonly<Record<string, string>>): Config =>
  readConfig({
    env: { RENKEI_DATA_DIR: folder, RENKEI_SECRET: master.toString('base64'), ...env },
    mode: 'test',
    root,
  });
const secretsOf = (env: Readonly<Record<string, string>>): GatewaySecrets => {
  const config = read(env);
  return createSecrets(config.secret(), 2, () => 0, config.sealingKeys());
};
const sealedBy = (env: Readonly<Record<string, string>>): string =>
  secretsOf(env).newTokenSecret('token').split('.')[1] ?? '';
const keys = (...list: readonly (Buffer | string)[]): string =>
  list.map((key) => (typeof key === 'string' ? key : key.toString('base64'))).join(',');
const wrong = (value: string): ConfigError => {
  try {
    read({ RENKEI_SEALING_KEYS: value });
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('it was taken');
};

describe('the keys that seal', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are the master’s own key alone unless others are named', () => {
    expect(secretsOf({}).sealing.keys).to.deep.equal(['k1']);
    expect(sealedBy({})).to.equal('k1');
  });

  it('are those that are named, the first one sealing, and the master’s behind them or where it is named', () => {
    const list = { RENKEI_SEALING_KEYS: keys(one, two) };
    const all = secretsOf(list).sealing.keys;
    expect(all).to.have.length(3).and.include('k1');
    expect(all[2]).to.equal('k1');
    expect(sealedBy(list))
      .to.equal(all[0])
      .and.match(/^[\w-]{12}$/);
    const waiting = { RENKEI_SEALING_KEYS: keys('master', one) };
    expect(secretsOf(waiting).sealing.keys).to.deep.equal(['k1', all[0]]);
    expect(sealedBy(waiting)).to.equal('k1');
  });

  it('are told apart by what they are, however they are written, in a variable or a file', () => {
    const file = join(folder, 'keys');
    writeFileSync(file, `${two.toString('hex')}\n${one.toString('base64url')}\nmaster\n`);
    expect(secretsOf({ RENKEI_SEALING_KEYS_FILE: file }).sealing.keys).to.deep.equal(
      secretsOf({ RENKEI_SEALING_KEYS: keys(two, one) }).sealing.keys,
    );
  });

  it('all open what they sealed; one that was taken away opens nothing, and says which it was', () => {
    const before = secretsOf({ RENKEI_SEALING_KEYS: keys(one) });
    const sealed = before.newTokenSecret('token');
    const both = secretsOf({ RENKEI_SEALING_KEYS: keys(two, one) });
    expect(both.openTokenSecret(sealed, 'token')).to.deep.equal(before.openTokenSecret(sealed, 'token'));
    expect(
      secretsOf({ RENKEI_SEALING_KEYS: keys(two, one) }).openTokenSecret(secretsOf({}).newTokenSecret('a'), 'a'),
    ).to.have.length(20);
    const without = secretsOf({ RENKEI_SEALING_KEYS: keys(two) });
    expect(() => without.openTokenSecret(sealed, 'token')).to.throw(SealBroken, before.sealing.keys[0] ?? '');
    expect(without.sealing.reseal(sealed, 'token')).to.equal(null);
  });

  it('leave marks, cookies and the audit chain as they are: those are the master’s', () => {
    const [plain, named] = [secretsOf({}), secretsOf({ RENKEI_SEALING_KEYS: keys(one) })];
    expect(named.mark('activation', 'x')).to.equal(plain.mark('activation', 'x'));
    expect(named.cookieKey).to.equal(plain.cookieKey);
    expect(named.chainMac('', 'x')).to.equal(plain.chainMac('', 'x'));
  });

  it('are refused when they are none, too short or long, weak, named twice, or the master secret; and never told', () => {
    const tries = {
      'no key!': 'it is neither hex nor base64',
      [randomBytes(16).toString('base64')]: 'it has 16 bytes; 32 are needed',
      [randomBytes(33).toString('base64')]: 'it has 33 bytes; 32 are needed',
      [Buffer.alloc(32, 7).toString('base64')]: 'it does not look random',
      [Buffer.from('a sentence of thirty-two letters').toString('base64')]: 'it does not look random',
      [keys(one, one)]: 'it stands there twice',
      [`${one.toString('base64')},${one.toString('hex')}`]: 'it stands there twice',
      'master,master': 'it stands there twice',
      [master.toString('base64')]: 'it is RENKEI_SECRET itself',
    };
    for (const [value, problem] of Object.entries(tries)) {
      const error = wrong(value);
      const last = error.mistakes.at(-1);
      if (value !== 'no key!')
        expect([last?.where, last?.problem], value).to.deep.equal(['RENKEI_SEALING_KEYS', problem]);
      for (const part of value.split(',').filter((each) => each.length > 10))
        expect(error.message.includes(part)).to.equal(false);
    }
  });
});
