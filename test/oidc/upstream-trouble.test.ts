// An upstream that is down, slow, huge or lost: an answer in time, nobody sent into the void, and recovery by itself.
import { expect } from 'chai';
import { breakages, isAnswer } from '../support/hostile-upstream-switches.ts';
import { impatient, plainly, upstreamScene } from '../support/upstream-scene.ts';

const minute = 60_000;

describe('an upstream in trouble', () => {
  const scene = upstreamScene();

  for (const at of ['token', 'userinfo', 'jwks'] as const) {
    for (const how of breakages) {
      it(`answers in time when ${at} is ${how}`, async () => {
        scene.bank.breakDown({ at, how });
        const of = scene.make({ upstreams: [scene.bank.config({ display_claim: 'name' })], limits: impatient });
        const answered = isAnswer(how) && at !== 'jwks';
        scene.reasonOf(await scene.signIn(plainly, of), answered ? 'refused' : 'down');
        expect(scene.bank.requests).not.to.include('/elsewhere');
      });
    }
  }

  for (const how of breakages) {
    it(`sends nobody there when discovery is ${how}, and recovers`, async () => {
      scene.bank.breakDown({ at: 'discovery', how });
      scene.upstreams = scene.make({ limits: impatient });
      const begin = await scene.upstreams.begin(scene.bank.issuer, plainly);
      if (begin.ok) throw new Error('it was accepted');
      expect(begin.kind).to.equal('down');
      expect(scene.bank.requests).not.to.include('/elsewhere');
      scene.bank.breakDown(null);
      expect((await scene.signIn()).ok).to.equal(true);
    });
  }

  it('sends nobody to a provider that was up a minute ago and is down now', async () => {
    expect((await scene.signIn()).ok).to.equal(true);
    scene.bank.breakDown({ at: 'discovery', how: 'reset' });
    expect((await scene.upstreams.begin(scene.bank.issuer, plainly)).ok, 'heard a moment ago').to.equal(true);
    scene.now += minute;
    const begin = await scene.upstreams.begin(scene.bank.issuer, plainly);
    expect(begin.ok || begin.kind).to.equal('down');
  });

  it('waits altogether no longer than the total time', async () => {
    scene.bank.breakDown({ at: 'token', how: 'hanging' });
    const of = scene.make({ limits: { request: 3_600_000, total: 200 } });
    expect(scene.reasonOf(await scene.signIn(plainly, of), 'down')).to.include('altogether');
  });

  it('opens the circuit after failures in a row, and lets one request try after the pause', async () => {
    const states: unknown[] = [];
    scene.upstreams = scene.make({
      log: (event, fields) => event === 'upstream.state' && states.push(fields['state']),
    });
    scene.bank.breakDown({ at: 'discovery', how: '503' });
    for (let round = 0; round < 10; round += 1)
      expect((await scene.upstreams.begin(scene.bank.issuer, plainly)).ok).to.equal(false);
    expect(scene.bank.requests).to.have.length(3);
    expect(scene.upstreams.state(scene.bank.issuer)).to.equal('down');
    scene.now += 10_000;
    expect((await scene.upstreams.begin(scene.bank.issuer, plainly)).ok).to.equal(false);
    expect((await scene.upstreams.begin(scene.bank.issuer, plainly)).ok).to.equal(false);
    expect(scene.bank.requests, 'one probe').to.have.length(4);
    scene.bank.breakDown(null);
    scene.now += 10_000;
    expect((await scene.signIn()).ok).to.equal(true);
    expect(scene.upstreams.state(scene.bank.issuer)).to.equal('up');
    expect(states).to.deep.equal(['down', 'trying', 'down', 'trying', 'up']);
  });

  it('keeps the circuit closed when one code makes the provider stumble', async () => {
    scene.bank.breakDown({ at: 'token', how: 'html-500' });
    for (let round = 0; round < 10; round += 1) scene.reasonOf(await scene.signIn(), 'down');
    expect(scene.upstreams.state(scene.bank.issuer)).to.equal('up');
  });
});
