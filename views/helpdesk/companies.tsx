// HDK011: the companies of the bank, by name or contract number, with the ways to their applications and tokens (screens.md §12).
import type { VNode } from 'preact';
import type { OtpApplication } from '../../src/rules/otp-application.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Texts } from '../messages/texts.ts';
import { grouped } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Icon } from '../parts/icon.tsx';
import { Links } from '../parts/links.tsx';
import { Moment } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';

export interface CompanyLine {
  readonly id: string;
  readonly name: string;
  readonly contractNumber: string;
  readonly suspended: boolean;
  readonly application: OtpApplication;
  readonly limit: Instant | null;
  readonly people: number;
  readonly withToken: number;
}

export interface CompaniesQuery {
  readonly q: string;
  readonly page: number;
  readonly per: number;
  readonly total: number;
}

export interface CompaniesProps {
  readonly frame: Frame;
  readonly query: CompaniesQuery;
  readonly companies: readonly CompanyLine[];
}

const path = '/helpdesk/companies';

function href({ q }: CompaniesQuery, page: number): string {
  const params = new URLSearchParams({ ...(q === '' ? {} : { q }), ...(page === 1 ? {} : { page: String(page) }) });
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

function Pages({ t, query }: { readonly t: Texts; readonly query: CompaniesQuery }): VNode | null {
  const pages = Math.max(1, Math.ceil(query.total / query.per));
  if (pages === 1) return null;
  return (
    <nav class="pages" aria-label={t.say('HDK011.9')}>
      {query.page > 1 ? <a href={href(query, query.page - 1)}>{t.say('button.previous')}</a> : null}
      <span>{t.say('CON010.10', { page: query.page, pages })}</span>
      {query.page < pages ? <a href={href(query, query.page + 1)}>{t.say('button.following')}</a> : null}
    </nav>
  );
}

export function CompaniesPage(props: CompaniesProps): VNode {
  const t = textsOf(props.frame);
  const { query, companies } = props;
  const before = (query.page - 1) * query.per;
  return (
    <Layout frame={props.frame} t={t} screen="HDK011" title={t.say('HDK011.title')} wide>
      <search class="filters">
        <form method="get" action={path}>
          <div>
            <label for="q">{t.say('field.q')}</label>
            <input
              id="q"
              name="q"
              type="search"
              class="input"
              value={query.q}
              autocomplete="off"
              aria-describedby="q-hint"
            />
            <p class="hint" id="q-hint">
              {t.say('HDK011.1')}
            </p>
          </div>
          <div class="filters-act">
            <button type="submit" class="button button-other">
              {t.say('button.search')}
            </button>
            {query.q === '' ? null : <a href={path}>{t.say('button.clear')}</a>}
          </div>
        </form>
      </search>
      {companies.length === 0 ? (
        <p class="empty">{t.say('HDK011.5')}</p>
      ) : (
        <div class="dense">
          <Table
            caption={t.say('HDK011.8', { total: query.total, first: before + 1, last: before + companies.length })}
            columns={[
              { head: t.say('HDK040.3') },
              { head: t.say('field.contract_number') },
              { head: t.say('HDK011.6') },
              { head: t.say('HDK048.4') },
              { head: t.say('HDK011.2'), number: true },
              { head: t.say('HDK011.3'), number: true },
              { head: t.say('HDK011.4') },
            ]}
            rows={companies.map((company) => ({
              cells: [
                <>
                  <a href={`${path}/${company.id}/otp`}>{company.name}</a>{' '}
                  {company.suspended ? (
                    <span class="state state-bad">
                      <Icon name="stop" />
                      {t.say('HDK011.7')}
                    </span>
                  ) : null}
                </>,
                grouped(company.contractNumber),
                t.say(`application.${company.application}`),
                company.limit === null ? t.say('frame.none') : <Moment t={t} at={company.limit} as="day" />,
                String(company.people),
                String(company.withToken),
                <a href={`/helpdesk/tokens?contract_number=${company.contractNumber}`}>
                  {t.say('HDK047.17')}
                  <span class="hidden">{` ${company.name}`}</span>
                </a>,
              ],
            }))}
          />
        </div>
      )}
      <Pages t={t} query={query} />
      <Links
        items={[
          { href: '/helpdesk/tokens', label: t.say('HDK040.title') },
          { href: '/helpdesk/tokens/due', label: t.say('HDK047.title') },
          { href: '/helpdesk', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
