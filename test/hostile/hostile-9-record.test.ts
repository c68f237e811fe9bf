// After everything: the embedded database, which only its process can read, says the same as the real one; every chain
// verifies; and the document names every misbehaviour.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  answerSwitches,
  breakages,
  callbackSwitches,
  claimSwitchNames,
  lostCallbacks,
} from '../support/hostile-upstream-switches.ts';
import { tokenSwitches } from '../support/hostile-upstream-tokens.ts';
import { root } from '../support/source.ts';
import { renkei } from '../support/walks.ts';
import { afterwards, endWorlds, theWorlds } from './hostile-scene.ts';
import { reasonIn, table } from './hostile-judgement.ts';

after(async function () {
  this.timeout(60_000);
  await endWorlds();
});

describe('what is left after all misbehaviours', () => {
  it('is one audit record for each refused page, one live link with each provider, and the honest logins alone', async function () {
    this.timeout(60_000);
    const reasons: Map<string, string>[] = [];
    for (const world of await theWorlds()) {
      const verified = await renkei(world.demo, 'audit', 'verify', '--json');
      expect(verified.status, `${world.name}: ${verified.out}${verified.err}`).to.equal(0);
      expect(
        world.demo
          .log()
          .split('\n')
          .filter((line) => /"event":"(oidc\.)?unexpected"/.test(line)),
        world.name,
      ).to.deep.equal([]);
      const rows = await afterwards(world);
      const records = await rows('select reference, event, body from audit');
      const told = new Map<string, string>();
      for (const { label, reference, event } of world.refused) {
        const under = records.filter((row) => row['reference'] === reference);
        expect(
          under.map((row) => row['event']),
          `${world.name}: ${label}`,
        ).to.deep.equal(event === null ? [] : [event]);
        if (under[0]) told.set(label, reasonIn(String(under[0]['body']), label));
      }
      reasons.push(told);
      const links = await rows("select issuer, subject, ended_at from link where subject like 'bd-000%'");
      expect(
        links.map((row) => [row['subject'], row['ended_at']]),
        world.name,
      ).to.deep.equal([
        ['bd-0001', null],
        ['bd-0001', null],
      ]);
      const logins = await rows('select route from login');
      const by = (route: string): number => logins.filter((row) => row['route'] === route).length;
      expect([by('federated'), by('direct')], world.name).to.deep.equal([world.logins.federated, world.logins.direct]);
    }
    const [real, embedded] = reasons;
    for (const [label, reason] of real ?? []) {
      if (embedded?.has(label)) expect(embedded.get(label), label).to.equal(reason);
    }
  });

  it('is written down, and the document names every misbehaviour', () => {
    table.write();
    const document = readFileSync(join(root, 'docs/hostile-upstream.md'), 'utf8');
    const switches = [
      ...claimSwitchNames,
      ...tokenSwitches,
      ...answerSwitches,
      ...Object.keys(callbackSwitches),
      ...Object.keys(lostCallbacks),
      ...(['discovery', 'jwks', 'token', 'userinfo'] as const).flatMap((at) =>
        breakages.map((how) => `${how} at ${at}`),
      ),
    ];
    expect(switches.filter((name) => !document.includes(`\`${name}\``))).to.deep.equal([]);
  });
});
