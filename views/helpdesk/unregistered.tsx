// Who of a company is to register a token and never did, and since when (HDK048).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { Moment } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';

export interface UnregisteredPeople {
  readonly total: number;
  /** The first of them. */
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly loginId: string;
    readonly since: Instant;
    readonly setUp: boolean;
    readonly states: readonly string[];
  }[];
}

export function Unregistered({
  t,
  of: { total, people },
}: {
  readonly t: Texts;
  readonly of: UnregisteredPeople;
}): VNode {
  if (total === 0) return <p class="empty">{t.say('HDK048.16')}</p>;
  return (
    <>
      <Table
        quiet
        caption={t.say('HDK048.14')}
        columns={[
          { head: t.say('field.person_name') },
          { head: t.say('field.login_id') },
          { head: t.say('HDK048.17') },
        ]}
        rows={people.map(({ id, name, loginId, since, setUp, states }) => ({
          account: id,
          states,
          cells: [
            name,
            loginId,
            <>
              <Moment t={t} at={since} as="day" />
              {setUp ? null : <span class="note-below">{t.say('HDK048.28')}</span>}
            </>,
          ],
        }))}
      />
      {people.length < total ? <p class="note">{t.say('HDK048.18', { n: people.length })}</p> : null}
    </>
  );
}
