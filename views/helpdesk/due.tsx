// HDK047: what is due with key-fobs, by month and company, and who of those concerned was told; whoever is chosen is told now
// (screens.md §12).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { Form, Main } from '../parts/form.tsx';
import { grouped } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Result } from '../parts/result.tsx';
import { Moment } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { DueFilters, DuePages, dueColumns, dueHref, type DueQuery, type DueRow } from './due-list.tsx';
import { FreshCode } from './fresh-code.tsx';

export interface DueProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly query: DueQuery;
  readonly lines: readonly DueRow[];
  readonly chosen: readonly string[];
  readonly reminds: boolean;
  readonly mailPending: boolean;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

const notes = { limit: 'HDK047.14', expiry: 'HDK047.15', arrival: 'HDK047.16' } as const;

function Month(props: {
  readonly t: Texts;
  readonly row: DueRow;
  readonly first: boolean;
  readonly chosen: boolean;
  readonly boxed: boolean;
}): VNode {
  const { t, row } = props;
  if (!props.boxed || !row.tells) return <>{row.month}</>;
  const { companyName: name, contractNumber: number, month } = row;
  return (
    <div class="pick">
      <label class="radio">
        <input
          type="checkbox"
          id={props.first ? 'people' : undefined}
          name="people"
          value={row.id}
          checked={props.chosen}
        />
        <span class="hidden">{t.say('HDK047.10', { name, number, contractNumber: month })}</span>
      </label>
      <span>{month}</span>
    </div>
  );
}

function Lines({ t, props }: { readonly t: Texts; readonly props: DueProps }): VNode {
  const { query, lines } = props;
  const columns = dueColumns(t, query.about);
  const before = (query.page - 1) * query.per;
  const first = lines.findIndex(({ tells }) => tells);
  return (
    <div class="dense">
      <Table
        caption={t.say('HDK047.12', { total: query.total, first: before + 1, last: before + lines.length })}
        columns={columns.map(({ head, number }) => ({ head, ...(number === true ? { number } : {}) }))}
        rows={lines.map((row, place) => ({
          cells: columns.map(({ text }, column) => {
            if (column === 0)
              return (
                <Month
                  t={t}
                  row={row}
                  first={place === first}
                  chosen={props.chosen.includes(row.id)}
                  boxed={props.reminds}
                />
              );
            if (column === 1) return <a href={`/helpdesk/companies/${row.companyId}/otp`}>{row.companyName}</a>;
            if (column === 2) return grouped(row.contractNumber);
            return column === 3 ? <Moment t={t} at={row.first} as="day" /> : text(row);
          }),
        }))}
      />
    </div>
  );
}

export function DuePage(props: DueProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { query, lines } = props;
  const acts = props.reminds && lines.some(({ tells }) => tells);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="HDK047"
      title={t.say('HDK047.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say(notes[query.about])}
    >
      <DueFilters t={t} query={query} />
      {lines.length === 0 ? (
        <p class="empty">{t.say('HDK047.9')}</p>
      ) : acts ? (
        <Form frame={props.frame} hidden={props.hidden}>
          <Lines t={t} props={props} />
          <FieldErrors errors={told} name="people" />
          <p class="note">{t.say('HDK047.11')}</p>
          <FreshCode t={t} errors={told} />
          <Main label={t.say('HDK047.13')} />
        </Form>
      ) : (
        <Lines t={t} props={props} />
      )}
      <DuePages t={t} query={query} />
      <Links
        items={[
          ...(lines.length === 0 ? [] : [{ href: dueHref(query, {}, 'csv'), label: t.say('HDK040.14') }]),
          { href: '/helpdesk/tokens', label: t.say('HDK040.title') },
          { href: '/helpdesk', label: t.say('button.top') },
        ]}
      />
      {props.banners.length === 0 ? null : <Result t={t} frame={props.frame} mailPending={props.mailPending} />}
    </Layout>
  );
}
