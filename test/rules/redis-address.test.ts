// How the address of Redis may be written, and what is said of one that is not.
import { expect } from 'chai';
import { readRedisAddress } from '../../src/rules/redis-address.ts';

const access = { tls: false, username: null, password: null };

describe('the address of Redis', () => {
  it('is one server', () => {
    expect(readRedisAddress('redis://redis')).to.deep.equal({
      kind: 'server',
      host: 'redis',
      port: 6379,
      db: 0,
      ...access,
    });
    expect(readRedisAddress('rediss://renkei:p%40ss@redis.bank.example:6380/3')).to.deep.equal({
      kind: 'server',
      host: 'redis.bank.example',
      port: 6380,
      db: 3,
      tls: true,
      username: 'renkei',
      password: 'p@ss',
    });
    expect(readRedisAddress('redis://:p@[::1]:7000/')).to.deep.include({ host: '::1', port: 7000, password: 'p' });
  });

  it('is the entry nodes of a Cluster, all with one scheme and password', () => {
    expect(readRedisAddress('rediss://u:p@a:1, rediss://u:p@b:2')).to.deep.equal({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      tls: true,
      username: 'u',
      password: 'p',
    });
    for (const text of ['redis://a,rediss://b', 'redis://:p@a,redis://b', 'redis://u:p@a,redis://v:p@b'])
      expect(readRedisAddress(text), text).to.have.property('problem', 'its URLs differ in scheme, user or password');
    expect(readRedisAddress('redis://a/1,redis://b')).to.have.property('problem', 'a Cluster has the database 0 alone');
  });

  it('is Sentinels and the name under which they know the primary', () => {
    expect(readRedisAddress('redis+sentinel://a,b:26380,[fd00::1]:26381/renkei')).to.deep.equal({
      kind: 'sentinel',
      sentinels: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26380 },
        { host: 'fd00::1', port: 26381 },
      ],
      primary: 'renkei',
      db: 0,
      ...access,
      sentinelUsername: null,
      sentinelPassword: null,
    });
    const whole = 'rediss+sentinel://app:p%2Cw@a:1,b:2/main-1?db=2&sentinel_user=watch&sentinel_password=s%26w';
    expect(readRedisAddress(whole)).to.deep.include({
      tls: true,
      username: 'app',
      password: 'p,w',
      primary: 'main-1',
      db: 2,
      sentinelUsername: 'watch',
      sentinelPassword: 's&w',
    });
  });

  for (const [text, problem] of [
    ['', 'it is not a URL of Redis'],
    ['http://redis', 'it is not a URL of Redis'],
    ['redis://secret@', 'its host or port does not fit'],
    ['redis://:secret@redis:70000', 'its host or port does not fit'],
    ['redis://redis/secret', 'its database is not a number'],
    ['redis://:secret%zz@redis', 'its user or password is not written as in a URL'],
    ['redis://redis?secret=1', 'it is not a URL of Redis'],
    ['redis://a,', 'it is not a URL of Redis'],
    ['http+sentinel://a/secret', 'it is not a URL of Sentinels'],
    ['redis+sentinel://:secret@a:1,:2/name', 'the host or port of a Sentinel does not fit'],
    ['redis+sentinel://:secret@a:1', 'the name of the primary is missing or does not fit'],
    ['redis+sentinel://a/name/secret', 'the name of the primary is missing or does not fit'],
    ['redis+sentinel://a/name?password=secret', 'it has a setting that is not known'],
    ['redis+sentinel://a/name?db=secret', 'its database is not a number'],
    ['redis+sentinel://a/name?sentinel_user=secret', 'the user of the Sentinels has no password'],
  ] as const) {
    it(`is not "${text}": ${problem}`, () => {
      const told = readRedisAddress(text);
      expect(told).to.have.property('problem', problem);
      expect(told)
        .to.have.property('remedy')
        .that.matches(/^Write .*redis/);
      expect(JSON.stringify(told), 'what was written may be a password').not.to.include('secret');
    });
  }
});
