// What must hold of somebody's tokens whatever was killed: never two open issues, no token in hand whose issue goes on, no secret
// of an ended issue left usable, each issue, start, change and end told once.
import { expect } from 'chai';
import type { Person } from './person.ts';
import type { Scene } from './scene.ts';
import type { Told } from './whole.ts';

/** Throws when issues, tokens, records and mails disagree. */
export async function checkTokens(scene: Scene, person: Person, records: readonly Told[]): Promise<void> {
  const { id } = person.account;
  const of = (...events: readonly string[]): readonly Told[] => records.filter(({ event }) => events.includes(event));
  const issuesOf = (told: readonly Told[]): readonly string[] =>
    told.flatMap(({ data }) => (typeof data['issue'] === 'string' ? [data['issue']] : []));

  const issues = await scene.sql(
    `select issue.*, token.retired_at,
       (select count(*)::int from token_holder where token_id = issue.token_id and ended_at is null) as hands
     from token_issue issue join token on token.id = issue.token_id where account_id = $1`,
    [id],
  );
  const idsOf = (wanted: (row: Readonly<Record<string, unknown>>) => boolean): readonly string[] =>
    issues.filter(wanted).map((row) => String(row['id']));
  expect(idsOf((row) => row['ended_at'] === null).length, 'open issues').to.be.at.most(1);
  expect(
    idsOf(() => true),
    'issues and their records',
  ).to.have.members(issuesOf(of('token.issued')));
  expect(
    idsOf((row) => row['ended_why'] === 'activated'),
    'issues in use and their records',
  ).to.have.members(issuesOf(of('token.activated')));
  expect(
    idsOf((row) => row['ended_at'] !== null && row['ended_why'] !== 'activated'),
    'issues that came to nothing and their records',
  ).to.have.members(issuesOf(of('token.issue-ended', 'token.revoked')));
  for (const row of issues) {
    const { ended_why: why, hands, retired_at: retired, nonce, fetched_at: fetched } = row;
    if (Number(hands) > 0) expect(why, 'a token in hand was brought into use').to.equal('activated');
    if (why !== null && why !== 'activated')
      expect(retired, 'the secret of an issue that came to nothing').not.to.equal(null);
    expect(nonce === null, 'an app that fetched, and when').to.equal(fetched === null);
  }
  expect(of('token.fetched').filter(({ data }) => data['again'] === false).length, 'secrets fetched first').to.equal(
    issues.filter(({ fetched_at: fetched }) => fetched !== null).length,
  );

  const addresses = issues.flatMap(({ address }) => (typeof address === 'string' ? [address] : []));
  for (const address of new Set(addresses)) {
    const mails = (await scene.demo.mails(address)).filter(({ subject }) => subject.includes('トークン発行のお知らせ'));
    expect(mails.length, 'mails to the telephone').to.equal(issues.filter((row) => row['address'] === address).length);
  }
  for (const token of await scene.sql(
    `select token.id, retired_at from token join token_holder on token_holder.token_id = token.id
     where account_id = $1 and kind = 'software' and ended_at is not null`,
    [id],
  ))
    expect(token['retired_at'], 'the secret of an app that was taken away').not.to.equal(null);

  const replaced = await scene.sql(
    `select token.id, retired_why from token join token_holder on token_holder.token_id = token.id
     where account_id = $1 and ended_why = 'replaced' and kind = 'hardware'`,
    [id],
  );
  const changes = of('token.replaced');
  expect(
    replaced.map((row) => row['id']),
    'key-fobs that were given up, and their records',
  ).to.have.members(changes.map(({ data }) => data['before']));
  for (const row of replaced) expect(row['retired_why'], 'a key-fob without its last holder').to.equal('replaced');
  const taken = await scene.sql('select token_id from token_holder where account_id = $1', [id]);
  expect(taken.map((row) => row['token_id'])).to.include.members(changes.map(({ data }) => data['token']));
}
