// An approval (spec §3 row 16b): the code's step, the record of what was shown and its number commit together, and once.
import { expect } from 'chai';
import { approve, declineApproval } from '../../src/flows/sign-in/approve.ts';
import { chooseRoute } from '../../src/flows/sign-in/choose.ts';
import { finish } from '../../src/flows/sign-in/finish.ts';
import { lookAt, type Look } from '../../src/flows/sign-in/look.ts';
import type { Answer } from '../../src/flows/sign-in/answer.ts';
import type { Approval } from '../../src/rules/approval.ts';
import type { SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, portalRequest } from '../support/attempt.ts';
import { bothStores } from '../support/database.ts';
import { atOnce, minute } from '../support/rows.ts';
import { flowScene, type Scene, type Token } from './scene.ts';

const approval: Approval = {
  items: [
    {
      action: '振込',
      payee: 'みなと銀行 本店 普通 1234567',
      amount: { value: '1500000', currency: 'JPY' },
      count: null,
      date: '2026-11-30',
      number: null,
    },
  ],
  digest: 'the-digest',
  until: null,
};

for (const { name, open } of bothStores)
  describe(`an approval, on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    let token: Token;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
      company = await scene.company();
    });
    beforeEach(async () => {
      person = await scene.person(company);
      token = await scene.token(company, [person]);
    });

    /** Login ID, password and the sign-in's code were right. */
    const begin = (): Promise<SignInRecord> =>
      scene.tools.attempts.begin(
        attemptRecord({
          request: portalRequest({ approval }),
          route: 'direct',
          account: { id: person.id, epoch: 1 },
          passwordAt: scene.now,
          otp: { at: scene.now, tokenId: token.row.id, step: 1, kind: 'hardware', shared: false, by: 'code' },
          expiresAt: scene.now + 30 * minute,
        }),
      );
    const look = async (record: SignInRecord): Promise<Look> =>
      lookAt(scene.tools, scene.tools.store, await scene.tools.attempts.find(record.id), scene.now);
    const press = async (record: SignInRecord, otp = token.code(), shown = true): Promise<Answer> => {
      const { person: who } = await look(record);
      if (!who) throw new Error('nobody is known');
      return approve(scene.tools, scene.act(), record, who, { otp, shown });
    };
    const told = async (event: string) => (await scene.records(person)).filter((record) => record.event === event);

    it('is asked whatever code the sign-in has, and kept with the code’s step under the receipt’s number', async () => {
      const record = await begin();
      expect(await look(record)).to.deep.include({ row: '16b', step: { to: 'page', slug: 'approve' } });
      expect(await press(record)).to.deep.equal({ advanced: true });
      const { step, record: now } = await look(record);
      expect(step).to.deep.equal({ to: 'finish' });
      const [written] = await told('operation.approved');
      const [code] = await told('otp.accepted');
      expect(written?.data).to.deep.include({ items: approval.items, digest: 'the-digest', attempt: record.id });
      expect(written?.data).to.include({ step: code?.data['step'], token: token.row.id, portal: 'demo-portal' });
      expect(now?.approved).to.deep.equal({
        at: scene.now,
        accountId: person.id,
        digest: 'the-digest',
        reference: written?.reference,
      });
      if (!now) throw new Error('the attempt is gone');
      expect((await finish(scene.tools, scene.act(), now, () => null)).verdict).to.equal('finished');
      const named = { reference: written?.reference, digest: 'the-digest' };
      const [login] = await told('login.finished');
      expect(login?.data['approval']).to.deep.equal(named);
      expect(login?.data['receipt']).to.deep.include({ approval: named });
    });

    it('is written down once, although what it gave the attempt was lost, or many presses come at once', async () => {
      const record = await begin();
      await press(record);
      const [first] = await told('operation.approved');
      // A process that was killed after its commit: the attempt knows nothing of it.
      await scene.tools.attempts.change(record.id, (now) => ({ ...now, approved: null }));
      scene.now += 2 * minute;
      await atOnce(6, (index) => press(record, token.code(index % 2 === 0 ? -1 : 0)));
      expect(await told('operation.approved')).to.have.length(1);
      expect((await look(record)).record?.approved?.reference).to.equal(first?.reference);
    });

    it('is no other way’s and no other person’s', async () => {
      const record = await begin();
      await press(record);
      await chooseRoute(scene.tools, scene.act(), record, 'direct');
      expect((await look(record)).record).to.include({ approved: null, issue: null });
      const other = await scene.person(company);
      await scene.token(company, [other]);
      const again = await begin();
      await press(again, token.code(1));
      await scene.tools.attempts.change(again.id, (now) => ({ ...now, account: { id: other.id, epoch: 1 } }));
      expect((await look(again)).step).not.to.deep.equal({ to: 'finish' });
    });

    it('is nothing when something else was shown: no code is looked at, and the attempt can’t have it any more', async () => {
      const record = await begin();
      await press(record, token.code(), false);
      expect(await look(record)).to.deep.include({ row: '16b', step: { to: 'refuse', word: 'approval-gone' } });
      expect(await scene.events(person)).to.deep.equal([]);
    });

    it('is declined once, and not after it was given', async () => {
      const record = await begin();
      const { person: who } = await look(record);
      if (!who) throw new Error('nobody is known');
      expect(await declineApproval(scene.tools, scene.act(), record, who)).to.equal(true);
      expect((await look(record)).facts.attempt).to.equal('gone');
      await declineApproval(scene.tools, scene.act(), record, who);
      expect(await told('operation.declined')).to.have.length(1);
      const next = await begin();
      await press(next);
      expect(await declineApproval(scene.tools, scene.act(), next, who)).to.equal(false);
      expect(await told('operation.declined')).to.have.length(1);
    });
  });
