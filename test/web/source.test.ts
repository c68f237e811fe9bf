// Where a request came from, as throttling counts it: the last hop that is not ours, and one IPv6 line as one place.
import { expect } from 'chai';
import type { IncomingMessage } from 'node:http';
import { sourceReader } from '../../src/web/source.ts';

const from = (peer: string, forwarded?: string): Parameters<ReturnType<typeof sourceReader>>[0] => {
  const socket: Partial<IncomingMessage['socket']> = { remoteAddress: peer };
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return Object.assign(Object.create(null), { socket, headers });
};

describe('the source of a request', () => {
  const read = sourceReader(['10.0.0.0/8', 'fd00::/8']);

  it('is the connection’s address, or the last hop before proxies of ours', () => {
    expect(read(from('203.0.113.9', '198.51.100.1'))).to.equal('203.0.113.9');
    expect(read(from('10.0.0.2', '192.0.2.1, 198.51.100.1, 10.0.0.3'))).to.equal('198.51.100.1');
    expect(read(from('::ffff:203.0.113.9'))).to.equal('203.0.113.9');
  });

  it('is one place for all addresses of an IPv6 line, however they are written', () => {
    const place = '2001:db8:0:7::/64';
    for (const address of ['2001:db8:0:7::1', '2001:db8:0:7:ffff:1:2:3', '2001:DB8::7:0:0:0:9'])
      expect(read(from(address)), address).to.equal(place);
    expect(read(from('2001:db8:0:8::1'))).to.equal('2001:db8:0:8::/64');
    expect(read(from('::1'))).to.equal('0:0:0:0::/64');
    expect(read(from('fd00::2', '2001:db8:0:7::5'))).to.equal(place);
  });
});
