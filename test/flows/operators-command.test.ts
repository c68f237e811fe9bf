// `renkei operators`: what it answers to people and to machines, and that an issued password stands in neither (spec §8).
import { expect } from 'chai';
import { type CommandAnswer, runCommand } from '../../src/command/commands.ts';
import { operatorLine, type OperatorOptions } from '../../src/command/operator-options.ts';
import { bothStores } from '../support/database.ts';
import { flowScene, type Scene } from './scene.ts';

for (const { name, open } of bothStores) {
  describe(`renkei operators on ${name}`, () => {
    let scene: Scene;
    /** How many records the bank's chain had before. */
    let written: number;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
      const heads = await scene.tools.store.audit.heads();
      written = heads.find(({ chain }) => chain === 'bank')?.seq ?? 0;
    });
    const run = (what: string, loginId?: string, options: OperatorOptions = {}): Promise<CommandAnswer> =>
      runCommand(scene.tools, scene.act(), operatorLine(what, loginId, options));
    const errorOf = async (answer: Promise<CommandAnswer>): Promise<unknown> => {
      const { ok, json, text } = await answer;
      expect([ok, json['ok']]).to.deep.equal([false, false]);
      expect(text).not.to.equal('');
      return json['error'];
    };

    it('adds the first one, whose password is handed over apart and once', async () => {
      expect((await run('list')).text).to.include('no operator yet');
      const { ok, json, text, password = '' } = await run('add', 'Tantou.1', { name: '窓口 綾乃', role: 'clerk' });
      expect(ok).to.equal(true);
      expect(json).to.include({ ok: true, login_id: 'Tantou.1', role: 'clerk' });
      expect(password).to.match(/^[1-9A-Za-z]{9}$/);
      expect(JSON.stringify(json) + text).not.to.include(password);
      const listed = await run('list');
      expect(listed.json['operators']).to.deep.equal([
        {
          login_id: 'Tantou.1',
          name: '窓口 綾乃',
          role: 'clerk',
          stopped: false,
          password: 'issued',
          otp: 'none',
          last_sign_in: null,
        },
      ]);
      expect(JSON.stringify(listed)).not.to.include(password);
    });

    it('refuses what is no ID, no name, no role, and an ID that is taken in any case', async () => {
      const good = { name: '別人', role: 'clerk' };
      expect(await errorOf(run('add', 'tantou.1', good))).to.equal('login_id_taken');
      expect(await errorOf(run('add', 'a', good))).to.equal('login_id_form');
      expect(await errorOf(run('add', 'てすと', good))).to.equal('login_id_form');
      expect(await errorOf(run('add', 'other1', { role: 'clerk' }))).to.equal('name_missing');
      expect(await errorOf(run('add', 'other1', { name: '別人' }))).to.equal('unknown_role');
      expect(await errorOf(run('add', 'other1', { ...good, role: 'admin' }))).to.equal('unknown_role');
      expect(await errorOf(run('add', undefined, good))).to.equal('login_id_missing');
      expect(await errorOf(run('promote', 'tantou.1'))).to.equal('unknown_command');
    });

    it('stops, resumes, unlocks and reissues, and says so when there is nothing to do', async () => {
      expect((await run('stop', 'TANTOU.1')).json).to.include({ ok: true, login_id: 'TANTOU.1' });
      expect(await errorOf(run('stop', 'tantou.1'))).to.equal('unchanged');
      expect((await run('list')).text).to.include('stopped');
      expect((await run('resume', 'tantou.1')).ok).to.equal(true);
      expect(await errorOf(run('resume', 'tantou.1'))).to.equal('unchanged');
      expect((await run('unlock', 'tantou.1')).json).to.deep.include({ released: [] });
      const again = await run('reissue', 'tantou.1');
      expect(again.password).to.match(/^[1-9A-Za-z]{9}$/);
      expect(JSON.stringify(again.json) + again.text).not.to.include(again.password);
      for (const what of ['stop', 'resume', 'unlock', 'reissue'])
        expect(await errorOf(run(what, 'nobody1'))).to.equal('unknown_login_id');
    });

    it('writes each act down in the bank’s own chain, with the command line as who did it', async () => {
      const bodies = await scene.tools.store.audit.list({ chain: 'bank' }, 1_000);
      const records = bodies
        .map((body): { seq: number; event: string; actor: object } => JSON.parse(body))
        .filter(({ seq, event }) => seq > written && event.startsWith('operator.'))
        .toReversed();
      expect(records.map(({ event }) => event)).to.deep.equal([
        'operator.added',
        'operator.stopped',
        'operator.resumed',
        'operator.reissued',
      ]);
      for (const { actor } of records) expect(actor).to.deep.equal({ kind: 'operator', id: 'command-line' });
    });
  });
}
