// CON110: the company's key-fobs with their state and who shares each, the free ones that are left, that some arrived, and who has
// not registered one.
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { textsOf } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { TokenFilters, TokenPages, type StateCounts } from './token-filters.tsx';
import { TokenTable, type TokenTableProps } from './token-table.tsx';
import { UnregisteredPeople, type UnregisteredList } from './unregistered.tsx';

export type { TokensQuery } from './token-filters.tsx';
export type { CompanyTokenRow } from './token-table.tsx';

export interface CompanyTokensProps extends TokenTableProps {
  readonly errors: readonly FormError[];
  readonly counts: StateCounts;
  /** The company applied for key-fobs. */
  readonly applied: boolean;
  /** Free ones that are left, and yen for each further one and after a loss. */
  readonly quota: { readonly left: number; readonly token: number; readonly reissue: number };
  readonly sharingMode: 'one_for_all' | 'some' | 'one_each';
  readonly unregistered: UnregisteredList;
  readonly blocks: 'login' | 'operations';
}

const yen = (t: Texts, n: number): string => (n === 0 ? t.say('CON110.zero') : t.say('CON110.each', { n }));

/** Why there is no list, and what to do next. */
function emptyWords(t: Texts, { applied, query }: CompanyTokensProps): VNode {
  if (query.total > 0) return <p>{t.say('CON110.4')}</p>;
  return (
    <p>
      <Sentence pieces={applied ? t.pieces('CON110.3') : t.pieces('CON110.2')} />
    </p>
  );
}

export function CompanyTokensPage(props: CompanyTokensProps): VNode {
  const t = textsOf(props.frame);
  const { applied, quota, query } = props;
  const told = tell(t, props.errors, { people: t.say('CON110.box') });
  const any = query.total > 0;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON110"
      title={t.say('CON110.title')}
      errors={told}
      wide
      lead={t.say('CON110.1')}
    >
      {applied ? (
        <Facts
          facts={[
            {
              term: t.say('CON110.quota'),
              detail: t.say('CON110.left', { n: quota.left, m: quota.token }),
            },
            { term: t.say('CON110.reissue'), detail: yen(t, quota.reissue) },
            { term: t.label('sharing_mode'), detail: t.say(`choice.${props.sharingMode}`) },
          ]}
        />
      ) : null}
      {any ? <TokenFilters t={t} query={query} counts={props.counts} /> : null}
      {props.tokens.length === 0 ? emptyWords(t, props) : <TokenTable t={t} props={props} told={told} />}
      <TokenPages t={t} query={query} />
      {applied ? (
        <UnregisteredPeople t={t} query={query} list={props.unregistered} blocks={props.blocks} now={props.frame.now} />
      ) : null}
      <Links
        items={[
          ...(applied ? [{ href: props.form, label: t.say('CON110.form.link') }] : []),
          ...(any ? [{ href: '/company/people/token-revoke', label: t.say('CON002.token-revoke') }] : []),
          { href: '/company', label: t.say('CON001.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
