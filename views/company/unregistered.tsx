// Who of a company has not registered a token, since when, and until when it may be put off (screens.md §17, moment 10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { Moment } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { tokensHref, type TokensQuery } from './token-filters.tsx';

export interface UnregisteredList {
  readonly total: number;
  readonly page: number;
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly loginName: string;
    readonly states: readonly string[];
    readonly role: 'master' | 'admin' | 'member';
    readonly since: Instant;
    /** Null: it can't be put off. */
    readonly limit: Instant | null;
  }[];
}

function Limit({ t, limit, now }: { readonly t: Texts; readonly limit: Instant | null; readonly now: Instant }): VNode {
  if (limit === null) return <>{t.say('CON110.limit.none')}</>;
  const moment = <Moment t={t} at={limit} as="table" />;
  if (limit > now) return moment;
  return (
    <>
      {moment}
      <span class="note-below">{t.say('CON110.limit.over')}</span>
    </>
  );
}

export function UnregisteredPeople(props: {
  readonly t: Texts;
  readonly query: TokensQuery;
  readonly list: UnregisteredList;
  readonly blocks: 'login' | 'operations';
  readonly now: Instant;
}): VNode {
  const { t, query, list, now } = props;
  const { total, page, people } = list;
  const pages = Math.max(1, Math.ceil(total / query.per));
  const first = (page - 1) * query.per;
  return (
    <section class="stack" id="unregistered">
      <h2>{t.say('CON110.unregistered')}</h2>
      {total === 0 ? (
        <p>{t.say('CON110.unregistered.none')}</p>
      ) : (
        <>
          <p>{t.say('CON110.unregistered.1', { blocked: props.blocks })}</p>
          <Table
            caption={t.say('CON010.1', { total, first: first + 1, last: first + people.length })}
            columns={[
              { head: t.say('CON010.2') },
              { head: t.label('login_id') },
              { head: t.say('CON010.3') },
              { head: t.say('CON110.since') },
              { head: t.say('CON110.limit') },
            ]}
            rows={people.map((person) => ({
              account: person.id,
              states: person.states,
              cells: [
                <a href={`/company/people/${encodeURIComponent(person.id)}`}>{person.name}</a>,
                <span class="login-id">{person.loginName}</span>,
                t.say(`role.${person.role}`),
                <Moment t={t} at={person.since} as="day" />,
                <Limit t={t} limit={person.limit} now={now} />,
              ],
            }))}
          />
          {pages === 1 ? null : (
            <nav class="pages" aria-label={t.say('CON110.waiting.pages')}>
              {page > 1 ? <a href={tokensHref(query, 'people', String(page - 1))}>{t.say('button.previous')}</a> : null}
              <span>{t.say('CON010.10', { page, pages })}</span>
              {page < pages ? (
                <a href={tokensHref(query, 'people', String(page + 1))}>{t.say('button.following')}</a>
              ) : null}
            </nav>
          )}
        </>
      )}
    </section>
  );
}
