// What comes back from an upstream through the browser, which anybody may have touched, and to whom it belongs.
import { expect } from 'chai';
import { startHostileUpstream, type HostileUpstream } from '../support/hostile-upstream.ts';
import { plainly, upstreamScene } from '../support/upstream-scene.ts';

describe('coming back from an upstream', () => {
  const scene = upstreamScene();

  describe('what the callback says', () => {
    const refusedCallbacks: Readonly<Record<string, (good: URLSearchParams) => void>> = {
      'without a state': (good) => good.delete('state'),
      'with another state': (good) => good.set('state', 'x'.repeat(43)),
      'with two states': (good) => good.append('state', good.get('state') ?? ''),
      'with two codes': (good) => good.append('code', 'another'),
      'without a code': (good) => good.delete('code'),
      'with an empty code': (good) => good.set('code', ''),
      'with a code of 5000 characters': (good) => good.set('code', 'x'.repeat(5000)),
      'with control characters in the code': (good) => good.set('code', 'a\r\nb'),
      'with an ID token beside the code': (good) => good.set('id_token', 'x.y.z'),
      'with a code of somebody else': (good) => good.set('code', 'somebody-elses'),
      'with another iss': (good) => good.set('iss', 'https://other.example'),
      'with iss and a slash more': (good) => good.set('iss', `${scene.bank.issuer}/`),
      'with an error of its own words': (good) => good.set('error', '<script>'),
      'with login_required': (good) => good.set('error', 'login_required'),
    };
    for (const [how, change] of Object.entries(refusedCallbacks)) {
      it(`refuses one ${how}`, async () => {
        const { url, flow } = await scene.begun();
        const params = await scene.bank.authorize(url);
        change(params);
        scene.reasonOf(await scene.upstreams.complete(flow, params), 'refused');
      });
    }

    it('tells a person who declined from one who was refused, and both from a provider in trouble', async () => {
      const { flow } = await scene.begun();
      const error = (code: string): URLSearchParams =>
        new URLSearchParams({ state: flow.state, error: code, iss: scene.bank.issuer });
      scene.reasonOf(await scene.upstreams.complete(flow, error('access_denied')), 'cancelled');
      scene.reasonOf(await scene.upstreams.complete(flow, error('invalid_scope')), 'refused');
      scene.reasonOf(await scene.upstreams.complete(flow, error('temporarily_unavailable')), 'down');
      expect(scene.upstreams.state(scene.bank.issuer), 'strangers cannot open the circuit').to.equal('up');
    });

    it('takes a code once', async () => {
      const { url, flow } = await scene.begun();
      const params = await scene.bank.authorize(url);
      expect((await scene.upstreams.complete(flow, params)).ok).to.equal(true);
      expect(scene.reasonOf(await scene.upstreams.complete(flow, params), 'refused')).to.include('invalid_grant');
    });
  });

  describe('with two providers', () => {
    let other: HostileUpstream;
    beforeEach(async () => {
      other = await startHostileUpstream(scene.clock);
      scene.upstreams = scene.make({ upstreams: [scene.bank.config(), other.config()] });
    });
    afterEach(() => other.close());

    it('refuses the callback of one in the flow of the other, and tells neither', async () => {
      const { flow } = await scene.begun();
      const foreign = await scene.upstreams.begin(other.issuer, plainly);
      if (!foreign.ok) throw new Error(foreign.reason);
      const params = await other.authorize(foreign.url);
      params.set('state', flow.state);
      expect(scene.reasonOf(await scene.upstreams.complete(flow, params), 'refused')).to.include('another provider');
      expect([...scene.bank.requests, ...other.requests]).not.to.include('/token');
    });

    it('keeps the direct way of the second open when the first is down', async () => {
      scene.bank.breakDown({ at: 'discovery', how: 'reset' });
      expect((await scene.upstreams.begin(scene.bank.issuer, plainly)).ok).to.equal(false);
      expect((await scene.upstreams.begin(other.issuer, plainly)).ok).to.equal(true);
    });

    it('gives each a short name of its own that stays', () => {
      const ids = scene.upstreams.list().map(({ id }) => id);
      expect(new Set(ids).size).to.equal(2);
      for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}$/);
      expect(scene.make().list()[0]?.id).to.equal(ids[0]);
    });
  });

  it('knows nothing of a provider that is switched off, not even a callback under way', async () => {
    const { url, flow } = await scene.begun();
    const params = await scene.bank.authorize(url);
    const off = scene.make({ upstreams: [scene.bank.config({ enabled: false })] });
    const asked = scene.bank.requests.length;
    expect(off.list()).to.deep.equal([]);
    expect(off.state(scene.bank.issuer)).to.equal('down');
    expect((await off.begin(scene.bank.issuer, plainly)).ok).to.equal(false);
    scene.reasonOf(await off.complete(flow, params), 'refused');
    expect(await off.endSessionUrl(scene.bank.issuer, { returnTo: null, language: null })).to.equal(null);
    expect(scene.bank.requests).to.have.length(asked);
  });
});
