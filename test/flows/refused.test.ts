// A sign-in that the table turns away (spec §3, rows 7 to 18) is recorded once, under the number that its page shows.
import { expect } from 'chai';
import { finish } from '../../src/flows/sign-in/finish.ts';
import { lookAt, type Look } from '../../src/flows/sign-in/look.ts';
import { recordRefusal } from '../../src/flows/sign-in/refused.ts';
import { chooseOtherLoginId } from '../../src/flows/sign-in/choose.ts';
import type { Tools } from '../../src/flows/tools.ts';
import type { SignInRecord } from '../../src/rules/sign-in-record.ts';
import type { AccountRow, CompanyRow } from '../../src/store/account.ts';
import { attemptRecord, portalRequest, verifiedUpstream } from '../support/attempt.ts';
import { bothStores } from '../support/database.ts';
import { addLink, atOnce, day, minute, newId } from '../support/rows.ts';
import { dyingState, dyingStore, Killed } from './dying.ts';
import { flowScene, type Scene } from './scene.ts';

for (const { name, open } of bothStores)
  describe(`a sign-in that is turned away, on ${name}`, () => {
    let scene: Scene;
    let company: CompanyRow;
    let person: AccountRow;
    before(async function () {
      this.timeout(60_000);
      scene = await flowScene(open);
    });
    beforeEach(async () => {
      company = await scene.company();
      person = await scene.person(company);
      await scene.token(company, [person]);
    });

    /** Login ID and password of `person` were right. */
    const begin = (patch: Partial<SignInRecord> = {}): Promise<SignInRecord> =>
      scene.tools.attempts.begin(
        attemptRecord({
          route: 'direct',
          account: { id: person.id, epoch: 1 },
          passwordAt: scene.now,
          expiresAt: scene.now + 30 * minute,
          ...patch,
        }),
      );
    const look = async ({ id }: SignInRecord): Promise<Look> =>
      lookAt(scene.tools, scene.tools.store, await scene.tools.attempts.find(id), scene.now);
    let pages = 0;
    /** The number that a page of its own would show, and the number that the record gave it. */
    const show = async (seen: Look, tools: Tools = scene.tools): Promise<{ own: string; shown: string }> => {
      pages += 1;
      const own = `PAGE-${pages}`;
      return { own, shown: await recordRefusal(tools, scene.act({ reference: own }), seen) };
    };
    const stop = (patch: Partial<AccountRow>): Promise<unknown> => scene.at.store.account.change(person.id, patch);
    const refusals = async (who = person) =>
      (await scene.records(who)).filter(({ event }) => event === 'sign-in.refused');

    it('says row, sentence, word, portal, route, link and upstream, on the company chain', async () => {
      const upstream = verifiedUpstream();
      const linkId = await addLink(scene.at.store, person, { subject: upstream.subject });
      await stop({ stoppedAt: scene.now - day });
      const record = await begin({ route: 'federated', upstream, linkId, passwordAt: null });
      const { own, shown } = await show(await look(record));
      expect(shown).to.equal(own);
      const [written, ...more] = await refusals();
      expect(more).to.deep.equal([]);
      expect(written).to.deep.include({
        chain: company.id,
        reference: own,
        accountId: person.id,
        actor: { kind: 'account', id: person.id },
      });
      expect(written?.data).to.deep.equal({
        attempt: record.id,
        portal: 'demo-portal',
        row: '7',
        says: 'The account or its company may not sign in.',
        word: 'account-stopped',
        since: scene.now - day,
        until: null,
        account: person.id,
        route: 'federated',
        link: linkId,
        issuer: upstream.issuer,
        subject: upstream.subject,
        agent: scene.act().agent,
      });
    });

    it('shows the same number again and asks no database for it', async () => {
      await stop({ otpStoppedAt: scene.now });
      const record = await begin();
      const { shown } = await show(await look(record));
      const seen = await look(record);
      const again = await show(seen, scene.toolsOn(dyingStore(scene.at.store, 1).store));
      expect(again.shown).to.equal(shown);
      expect(await refusals()).to.have.length(1);
    });

    it('records a refusal for another reason anew, and a stop that was lifted and set again', async () => {
      const record = await begin();
      const shown: string[] = [];
      const turn = async (patch: Partial<AccountRow>): Promise<void> => {
        await stop(patch);
        shown.push((await show(await look(record))).shown);
      };
      await turn({ otpStoppedAt: scene.now });
      await turn({ stoppedAt: scene.now });
      await turn({ stoppedAt: null });
      await turn({ otpStoppedAt: scene.now + 1 });
      await turn({ otpStoppedAt: null, waitsUntil: scene.now + day });
      await turn({ waitsUntil: scene.now + 2 * day });
      await turn({ waitsUntil: null, securityEpoch: 2 });
      const written = await refusals();
      expect(written.map(({ data }) => `${String(data['row'])} ${String(data['word'])}`)).to.deep.equal([
        '10 otp-stopped',
        '7 account-stopped',
        '10 otp-stopped',
        '10 otp-stopped',
        '11 waiting',
        '11 waiting',
        '18 conflict',
      ]);
      expect(written.map(({ reference }) => reference)).to.deep.equal(shown);
      expect(new Set(shown).size).to.equal(7);
    });

    it('tells another login ID of the same attempt, and another attempt, apart', async () => {
      company = await scene.company({ suspendedAt: scene.now });
      person = await scene.person(company);
      const upstream = verifiedUpstream();
      const record = await begin({ route: 'federated', upstream });
      await show(await look(record));
      const other = await scene.person(company);
      await chooseOtherLoginId(scene.tools, scene.act(), record);
      await scene.tools.attempts.change(record.id, (now) => ({
        ...now,
        account: { id: other.id, epoch: 1 },
        passwordAt: scene.now,
      }));
      await show(await look(record));
      await show(await look(await begin()));
      expect(await refusals(), 'two attempts').to.have.length(2);
      expect(await refusals(other)).to.have.length(1);
    });

    it('is written once by tabs that are refused at once, and all show its number', async () => {
      for (let round = 0; round < 4; round += 1) {
        await stop({ otpStoppedAt: scene.now + round });
        const record = await begin();
        const seen = await look(record);
        const all = await atOnce(6, () => show(seen));
        expect(new Set(all.map(({ shown }) => shown)).size).to.equal(1);
        const written = await refusals();
        expect(written).to.have.length(round + 1);
        expect(written.at(-1)?.reference).to.equal(all[0]?.shown);
      }
    });

    it('shows no page without its record, and writes no second one, wherever its process is killed', async () => {
      await stop({ otpStoppedAt: scene.now });
      let points = 0;
      for (let died = true; died; points += 1) {
        const seen = await look(await begin());
        const before = (await refusals()).length;
        const failed = await show(seen, scene.toolsOn(dyingStore(scene.at.store, points + 1).store)).catch(
          (error: unknown) => error,
        );
        died = failed instanceof Killed;
        expect((await refusals()).length).to.equal(died ? before : before + 1);
      }
      expect(points).to.be.greaterThan(3);

      const record = await begin();
      const lost = await show(await look(record), scene.toolsOn(scene.at.store, dyingState(scene.state, 1))).catch(
        (error: unknown) => error,
      );
      expect(lost, 'recorded, and not kept in the attempt').to.be.instanceOf(Killed);
      const written = await refusals();
      const { own, shown } = await show(await look(record));
      expect(shown).to.equal(written.at(-1)?.reference).and.not.to.equal(own);
      expect(await refusals()).to.deep.equal(written);
    });

    it('finds a lost race and its refusal under one number', async () => {
      const upstream = verifiedUpstream();
      const otp = { at: scene.now, tokenId: newId(), step: 1, kind: 'hardware', shared: false, by: 'code' } as const;
      const record = await begin({ route: 'federated', upstream, otp });
      await addLink(scene.at.store, await scene.person(company), { subject: upstream.subject });
      const ended = await finish(scene.tools, scene.act({ reference: 'RACE-LOST' }), record, () => null);
      expect(ended.verdict).to.equal('look-again');
      expect((await show(await look(record))).shown).to.equal('RACE-LOST');
      const written = await scene.records(person);
      expect(written.map(({ event, reference }) => [event, reference])).to.deep.equal([
        ['link.refused', 'RACE-LOST'],
        ['sign-in.refused', 'RACE-LOST'],
      ]);
    });

    it('leaves an attempt alone that another tab has taken elsewhere', async () => {
      await stop({ otpStoppedAt: scene.now });
      const record = await begin();
      const seen = await look(record);
      await scene.tools.attempts.change(record.id, (now) => ({ ...now, route: null, account: null, passwordAt: null }));
      await show(seen);
      expect(await refusals()).to.have.length(1);
      expect((await scene.tools.attempts.find(record.id))?.refused).to.equal(null);
    });

    it('is nothing that a stranger can write: no attempt, an expired one, closed hours, nobody known', async () => {
      const untouched = scene.toolsOn(dyingStore(scene.at.store, 1).store, dyingState(scene.state, 1));
      const unknown = await lookAt(scene.tools, scene.tools.store, null, scene.now);
      expect(unknown.step).to.deep.equal({ to: 'refuse', word: 'start-over' });
      const expired = await look(await begin({ expiresAt: scene.now }));
      const proven = await look(await begin());
      const closed: Look = { ...proven, row: '1', step: { to: 'refuse', word: 'closed' } };
      const stranger = attemptRecord({ route: 'federated', upstream: verifiedUpstream() });
      const vouched = await lookAt(
        scene.tools,
        scene.tools.store,
        { ...stranger, request: portalRequest({ otpDemanded: true, unmeetable: true }) },
        scene.now,
      );
      expect(vouched.row, 'an upstream identity alone is asked for an account before anything is refused').to.equal(
        '5',
      );
      for (const seen of [unknown, expired, closed, vouched]) {
        const { own, shown } = await show(seen, untouched);
        expect(shown).to.equal(own);
      }
      expect(await scene.events(person)).to.deep.equal([]);
    });
  });
