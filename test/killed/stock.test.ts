// Killed while an operator gives tokens to a company, or ships them (HDK045): the order with its fee, dates, records and mails
// stand together or not at all, and pressing again neither orders twice nor tells anybody twice.
import { expect } from 'chai';
import type { CompanyRow } from '../../src/store/account.ts';
import { addCompany, day } from '../support/rows.ts';
import type { Page } from '../support/script-browser.ts';
import { insist, resend } from './console.ts';
import { atDesk, clerk, type Clerk, freshCode, provenCode, watchClerk } from './desk.ts';
import { told } from './onward.ts';
import { type Person, somebody } from './person.ts';
import { watchStock } from './stock-whole.ts';
import { killedSuite } from './suite.ts';
import { makeToken } from './token.ts';

describe('a gateway killed while an operator moves tokens', function () {
  this.timeout(900_000);
  const suite = killedSuite();

  /** A company that has applied, and nothing of it has arrived. */
  const applied = (): Promise<CompanyRow> =>
    addCompany(suite.scene.stores.store, {
      otpApplication: 'hardware',
      otpAppliedAt: suite.scene.now() - 5 * day,
      tokenArrivedAt: null,
    });

  /** Two tokens chosen on the list of the stock. @param of whose they are; null: nobody's yet */
  async function chosen(of: CompanyRow | null, move: 'assign' | 'ship') {
    const { scene } = suite;
    const desk = await clerk(scene);
    const now = scene.now();
    const row = { importedAt: now - 9 * day, ...(of === null ? {} : { orderedAt: now - day, fee: 0 }) };
    const serials: string[] = [];
    for (let n = 0; n < 2; n += 1) serials.push((await makeToken(scene, of?.id ?? null, row)).serial);
    const list = await atDesk(scene, desk, `/helpdesk/tokens?q=${serials[0] ?? ''}`);
    const page = await desk.visit.submit(list, { people: serials }, move);
    expect(page.screen, page.text()).to.equal('HDK045');
    return { desk, serials, page };
  }

  /** A walk from the check page, and how its operator goes on. @param column the date that the move sets */
  async function walk(desk: Clerk, page: Page, serials: readonly string[], column: string, company: CompanyRow) {
    const { scene } = suite;
    const fill = () => freshCode(desk);
    return {
      person: desk,
      watched: [await watchClerk(scene, desk)],
      act: async () => desk.visit.submit(page, await fill()),
      goOn: async () => {
        const spent = await provenCode(scene, desk);
        const after = spent === null ? await resend(desk, page, fill) : await desk.visit.submit(page, { otp: spent });
        const { trail } = await insist(desk, after, 'HDK045', fill);
        if (spent !== null && after.status === 422) expect(after.refusal).to.be.oneOf(['otp-used', 'otp-wrong']);
        const where = `serial = any($1) and company_id = $2 and ${column} is not null`;
        const moved = await scene.sql(`select id from token where ${where}`, [serials, company.id]);
        expect(moved.length, trail).to.equal(serials.length);
        const again = await desk.visit.submit(page, { otp: '000000' });
        expect(told(again), again.text()).to.be.oneOf(['HDK046', 'HDK045 (conflict)']);
        return `${trail}; once more: ${told(again)}`;
      },
    };
  }

  it('gives tokens to a company whole: the order, its fee and its record', () =>
    suite.kill({
      name: 'an operator assigns two tokens',
      atLeast: 14,
      later: 61,
      begin: async () => {
        const company = await applied();
        const { desk, serials, page: order } = await chosen(null, 'assign');
        const { contractNumber } = company;
        const said = { contract_number: contractNumber, reason: 'application', form_number: 'K-1' };
        const page = await desk.visit.submit(order, said);
        expect(page.html, page.text()).to.include('name="otp"');
        const own = await walk(desk, page, serials, 'ordered_at', company);
        return { ...own, watched: [...own.watched, await watchStock(suite.scene, company)] };
      },
    }));

  it('ships tokens whole, and whoever is to register one is told once', () =>
    suite.kill({
      name: 'an operator ships two tokens',
      atLeast: 14,
      later: 61,
      begin: async () => {
        const { scene } = suite;
        const company = await applied();
        const without: Person = await somebody(scene, { company, unregistered: true });
        const { desk, serials, page } = await chosen(company, 'ship');
        const own = await walk(desk, page, serials, 'shipped_at', company);
        return { ...own, watched: [...own.watched, await watchStock(scene, company, [without])] };
      },
    }));
});
