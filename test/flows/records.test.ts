// Records for people as flows give them: every event that can be written is read and has its words, what a record doesn't name
// stays inside, and a file is read in parts, up to where the chain stood.
import { expect } from 'chai';
import { ja } from '../../views/messages/ja.ts';
import { texts } from '../../views/messages/texts.ts';
import { actWords, ruleWords, whyWords } from '../../views/parts/record-words.ts';
import { exportRecords } from '../../src/flows/records/export.ts';
import { readRecord } from '../../src/flows/records/read.ts';
import { listRecords, type RecordFilter } from '../../src/flows/records.ts';
import { auditEvents } from '../../src/rules/audit-event.ts';
import { readDay, readPeriod } from '../../src/rules/record-days.ts';
import { eventsOf, recordKinds } from '../../src/rules/record-kind.ts';
import { acts } from '../../src/rules/permission.ts';
import { table } from '../../src/rules/sign-in.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { brand } from '../web/samples/frame.ts';
import { flowScene, type Scene } from './scene.ts';

const written = (event: string, data: Readonly<Record<string, unknown>> = {}) =>
  readRecord({
    seq: 7,
    body: JSON.stringify({
      at: 5,
      reference: '7K3F-92QD',
      event,
      accountId: 'a',
      actor: { kind: 'account', id: 'a' },
      data,
    }),
  });

const everything: RecordFilter = { period: { from: null, until: null }, kind: null, q: '' };

describe('what records tell', () => {
  it('knows every event, each of one kind, and every row, act and reason in words', () => {
    for (const event of auditEvents) expect(written(event)?.event, event).to.equal(event);
    const kinds = recordKinds.flatMap(eventsOf);
    expect(kinds.toSorted()).to.deep.equal([...auditEvents].toSorted());
    for (const language of ['ja', 'en'] as const) {
      const t = texts(language, brand, null, null);
      for (const { row } of table) expect(ruleWords(t, row), row).to.be.a('string');
      for (const act of acts) expect(actWords(t, act), act).to.be.a('string');
      expect(whyWords(t, 'too-many')).not.to.equal(whyWords(t, 'never heard of'));
    }
    expect(Object.keys(ja).filter((key) => key.startsWith('event.'))).to.have.length(auditEvents.length);
  });

  it('passes by what a newer version wrote', () => {
    expect(written('moon.landed')).to.equal(null);
    expect(written('login.finished', { receipt: 'broken', otp: 3, route: 'tunnel', portals: [1] })).to.deep.include({
      route: null,
      receipt: null,
      code: null,
      portals: [],
    });
  });

  it('reads before and after in each of their shapes, and nothing else of what a record holds', () => {
    const changes = (data: Readonly<Record<string, unknown>>) => written('account.changed', data)?.changes;
    expect(changes({ before: 'PC', after: '机' })).to.deep.equal([{ what: 'value', before: ['PC'], after: ['机'] }]);
    expect(
      changes({ before: { name: 'x', portals: [] }, after: { portals: ['a', 'b'], admin: true, deep: { z: 1 } } }),
    ).to.deep.equal([
      { what: 'name', before: ['x'], after: [] },
      { what: 'portals', before: [], after: ['a', 'b'] },
      { what: 'admin', before: [], after: ['true'] },
      { what: 'deep', before: [], after: [] },
    ]);
    expect(
      changes({ before: { email: 'taro@old.example.jp' }, after: { email: 't***@new.example.jp' } }),
      'registered addresses are masked, once',
    ).to.deep.equal([{ what: 'email', before: ['t***@old.example.jp'], after: ['t***@new.example.jp'] }]);
    expect(changes({ after: { name: 'x' } })).to.deep.equal([{ what: 'name', before: [], after: ['x'] }]);
    expect(changes({})).to.deep.equal([]);
    const shown = JSON.stringify(written('link.refused', { subject: 'secret-subject', issuer: 'i', ids: ['foreign'] }));
    expect(shown).not.to.match(/secret-subject|foreign/);
  });
});

describe('the days of a period', () => {
  it('are whole days in Japan, both included, typed in any width', () => {
    const from = Date.parse('2026-11-22T00:00:00+09:00');
    expect(readDay('2026-11-22')).to.equal(from);
    expect(readDay(' ２０２６-１１-２２ ')).to.equal(from);
    expect(readPeriod({ from: '2026-11-22', to: '2026-11-22' })).to.deep.equal({
      ok: true,
      period: { from, until: from + 86_400_000 },
    });
    expect(readPeriod({ from: '', to: ' ' })).to.deep.equal({ ok: true, period: { from: null, until: null } });
    for (const wrong of ['2026-02-29', '2026-13-01', '2026-00-10', '2026/11/22', '22', 'x', '02026-11-22', '2026-1-2'])
      expect(readDay(wrong), wrong).to.equal(null);
    expect(readDay('2028-02-29')).to.equal(Date.parse('2028-02-29T00:00:00+09:00'));
    expect(readPeriod({ from: 'x', to: '2026-02-30' })).to.deep.equal({ ok: false, wrong: ['from', 'to'] });
  });
});

describe('handing out records', function () {
  this.timeout(60_000);
  let scene: Scene;
  let company: CompanyRow;
  let master: AccountRow;

  before(async () => {
    scene = await flowScene();
    company = await scene.company();
    master = await scene.person(company, { role: 'master' });
    await scene.at.store.transaction(async ({ audit }) => {
      for (let n = 0; n < 1_200; n += 1)
        await audit.add({
          chain: company.id,
          at: scene.now + n,
          reference: '7K3F-92QD',
          event: n % 2 === 0 ? 'login.finished' : 'link.made',
          accountId: master.id,
          actor: { kind: 'account', id: master.id },
          data: { n },
        });
    });
  });

  it('reads it in parts of 500, newest first, without what was written since, and writes down count and filter', async () => {
    const person = await scene.look(master);
    const parts = await exportRecords(scene.tools, scene.act(), person, 'company', everything);
    const [exported] = (await scene.records(master)).toReversed();
    expect(exported).to.deep.include({ event: 'records.exported', accountId: master.id });
    expect(exported?.data).to.deep.include({
      count: 1_200,
      filter: { q: '', kind: null, from: null, until: null },
    });
    const sizes: number[] = [];
    const places: number[] = [];
    for await (const part of parts) {
      sizes.push(part.length);
      places.push(...part.map(({ seq }) => seq));
    }
    expect(sizes).to.deep.equal([500, 500, 200]);
    expect(places).to.deep.equal(Array.from({ length: 1_200 }, (_each, n) => 1_200 - n));
  });

  it('counts and reads one’s own by the same filter, and writes nothing down', async () => {
    const person = await scene.look(master);
    const before = await scene.at.store.records.newest(company.id);
    const filter: RecordFilter = { ...everything, kind: 'link' };
    let count = 0;
    for await (const part of await exportRecords(scene.tools, scene.act(), person, 'own', filter)) count += part.length;
    expect(count).to.equal(600);
    expect(await scene.at.store.records.newest(company.id)).to.equal(before);
    const page = await listRecords(scene.tools, person, 'own', filter, null, 50);
    expect([page.records.length, page.newer, page.older]).to.deep.equal([50, null, 1_102]);
  });
});
