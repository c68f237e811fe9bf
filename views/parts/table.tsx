// Tables that become one card per row on phones: each cell repeats its column's head (screens.md §3 row 10, §4.3).
import type { ComponentChildren, VNode } from 'preact';

export interface Column {
  readonly head: string;
  readonly number?: boolean;
  /** How the table is ordered by it now, and the address of the next order. */
  readonly sort?: { readonly now: 'ascending' | 'descending' | 'none'; readonly href: string };
}

const arrows = { ascending: '▲', descending: '▼', none: '' } as const;

/** `data-account` and `data-state` of rows about people, never one without the other (spec §12). */
type About =
  | { readonly account: string; readonly states: readonly string[] }
  | { readonly account?: undefined; readonly states?: undefined };

export type Row = About & {
  /** The first cell is the row's head. */
  readonly cells: readonly ComponentChildren[];
};

/** A table; its caption is read out and shown unless `quiet`. Roles are spelled out because cards change `display`. */
export function Table(props: {
  readonly caption: ComponentChildren;
  readonly quiet?: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}): VNode {
  const { columns } = props;
  return (
    <table class="table" role="table">
      <caption class={props.quiet === true ? 'hidden' : undefined}>{props.caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, number, sort }) => (
            <th
              scope="col"
              role="columnheader"
              class={number === true ? 'number' : undefined}
              aria-sort={sort === undefined ? undefined : sort.now}
            >
              {sort === undefined ? (
                head
              ) : (
                <a href={sort.href}>
                  {head}
                  <span aria-hidden>{arrows[sort.now]}</span>
                </a>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.rows.map(({ cells, account, states }) => (
          <tr role="row" data-account={account} data-state={states?.join(' ')}>
            {cells.map((cell, index) => {
              const column = columns[index];
              const look = column?.number === true ? 'number' : undefined;
              return index === 0 ? (
                <th scope="row" role="rowheader" data-head={column?.head} class={look}>
                  <div>{cell}</div>
                </th>
              ) : (
                <td role="cell" data-head={column?.head} class={look}>
                  <div>{cell}</div>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
