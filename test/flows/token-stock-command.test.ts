// `renkei tokens stock`: how many key-fobs stand where, of the bank and of one company.
import { expect } from 'chai';
import { freeLeft, stockStates } from '../../src/rules/token-stock.ts';
import { serverStore } from '../support/database.ts';
import { day } from '../support/rows.ts';
import { tokenCommandLine } from '../support/token-command.ts';
import { flowScene, type Scene } from './scene.ts';
import { given } from './stock-scene.ts';

describe('tokens stock', function () {
  this.timeout(60_000);
  let scene: Scene;
  const tokens = tokenCommandLine(() => ({ tools: scene.tools, act: scene.act() }));
  before(async () => {
    scene = await flowScene(serverStore);
  });

  it('counts a company’s by state, with its application, its limit and its free ones', async () => {
    const company = await scene.company({
      otpApplication: 'hardware',
      otpAppliedAt: scene.now - 5 * day,
      tokenArrivedAt: null,
    });
    await given(scene, company);
    await given(scene, company, { shippedAt: scene.now });
    await scene.token(company, [await scene.person(company), await scene.person(company)]);
    await given(scene, company, { retiredAt: 1, retiredWhy: 'lost' });
    const { ok, json, text } = await tokens('stock', { company: company.contractNumber });
    expect(ok).to.equal(true);
    expect(json).to.deep.include({ application: 'hardware', arrived: null, total: 4 });
    expect(json['free_left']).to.equal(freeLeft(0, scene.tools.policy.fees));
    expect(json['registration_limit']).to.match(/^\d{4}-\d\d-\d\dT23:59:59\+09:00$/);
    expect(json['states']).to.include({ ordered: 1, shipped: 1, registered: 1, lost: 1, arrived: 0 });
    expect(text)
      .to.include('ordered  1\n')
      .and.to.match(/total {2}4$/);
  });

  it('counts the bank’s in every state, and knows when there is no such company', async () => {
    const { json } = await tokens('stock', {});
    const states = Object.entries(json['states'] ?? {});
    expect(states.map(([state]) => state)).to.deep.equal([...stockStates]);
    expect(states.reduce((sum, [, n]) => sum + Number(n), 0)).to.equal(json['total']);
    expect(json).not.to.have.property('contract_number');
    const unknown = await tokens('stock', { company: '0' });
    expect([unknown.ok, unknown.json]).to.deep.equal([
      false,
      { ok: false, error: 'unknown_contract', contract_number: '0' },
    ]);
  });
});
