// Who of a company shares a token, whom its serial number names, and who has or awaits one: always of that company alone.
import { expect } from 'chai';
import { bothStores, type OpenStore, run } from '../support/database.ts';
import { addAccount, addCompany, addToken, holdToken, minute, newId, start } from '../support/rows.ts';

for (const { name, open } of bothStores) {
  describe(`the tokens of people on ${name}`, function () {
    this.timeout(120_000);
    let at: OpenStore;
    before(async () => {
      at = await open();
    });

    const issue = async (accountId: string, tokenId: string, expiresAt: number): Promise<void> => {
      await at.store.tokenIssue.add({
        id: newId(),
        tokenId,
        accountId,
        kind: 'app',
        userId: newId(),
        activation: null,
        address: null,
        issuedAt: start,
        expiresAt,
      });
    };

    it('names everybody who shares a token, of the company alone, and nobody whose share has ended', async () => {
      const { store } = at;
      const company = await addCompany(store);
      const other = await addCompany(store);
      const token = await addToken(store, company.id);
      const people = [];
      for (const loginName of ['c', 'a', 'b']) {
        const account = await addAccount(store, company.id, { loginName: `${loginName}${newId()}` });
        await holdToken(store, token.id, account.id);
        people.push(account);
      }
      await store.token.release(people[2]?.id ?? '', start, 'revoked');
      const sharers = await store.tokensOfPeople.sharers(company.id, [token.id]);
      expect(sharers.map(({ accountId }) => accountId)).to.deep.equal([people[1]?.id, people[0]?.id]);
      expect(await store.tokensOfPeople.sharers(other.id, [token.id])).to.deep.equal([]);
      expect(await store.tokensOfPeople.sharers(company.id, [])).to.deep.equal([]);

      const serial = token.serial ?? '';
      expect((await store.tokensOfPeople.bySerial(company.id, serial))?.id).to.equal(token.id);
      expect((await store.tokensOfPeople.bySerial(null, serial))?.companyId).to.equal(company.id);
      expect(await store.tokensOfPeople.bySerial(other.id, serial), 'of another company').to.equal(null);
      await store.token.retire(token.id, start);
      expect(await store.tokensOfPeople.bySerial(company.id, serial), 'out of use').to.equal(null);
    });

    it('lists tokens in hand, issues that have not lapsed and waits, and counts those who wait', async () => {
      const { store } = at;
      const company = await addCompany(store);
      const [held, issued, lapsed, waiting, waited, bare] = await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((loginName) =>
          addAccount(store, company.id, { loginName: `${loginName}${newId()}` }),
        ),
      );
      await holdToken(store, (await addToken(store, company.id)).id, held?.id ?? '');
      await issue(issued?.id ?? '', (await addToken(store, company.id)).id, start + minute);
      await issue(lapsed?.id ?? '', (await addToken(store, company.id)).id, start);
      await store.account.change(waiting?.id ?? '', { waitsUntil: start + 1 });
      await store.account.change(waited?.id ?? '', { waitsUntil: start });
      const lines = await store.tokensOfPeople.list(company.id, start);
      expect(lines.map(({ loginName, kind, holders }) => [loginName, kind, holders])).to.deep.equal([
        [held?.loginName, 'hardware', 1],
        [issued?.loginName, null, 0],
        [waiting?.loginName, null, 0],
      ]);
      expect(bare).not.to.equal(undefined);
      expect(await store.tokensOfPeople.waiting(company.id, start)).to.equal(1);
      await run(at, `update account set deleted_at = ${start} where id = '${waiting?.id}'`);
      expect(await store.tokensOfPeople.waiting(company.id, start)).to.equal(0);
      expect(await store.tokensOfPeople.list(company.id, start)).to.have.length(2);
      expect((await store.tokensOfPeople.list(null, start)).length).to.be.greaterThan(1);
    });
  });
}
