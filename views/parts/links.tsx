// Menus and ways out that are plain links: nothing is changed by following them.
import type { VNode } from 'preact';

export interface MenuItem {
  readonly href: string;
  readonly label: string;
  /** One line: what it is for, or its present state. */
  readonly note?: string | undefined;
}

/** A menu: each entry with one line below it. */
export function Menu({ items }: { readonly items: readonly MenuItem[] }): VNode {
  return (
    <ul class="menu">
      {items.map(({ href, label, note }) => (
        <li>
          <a href={href}>{label}</a>
          {note === undefined ? null : <span class="note">{note}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The ways out at the end of a page. */
export function Links({ items }: { readonly items: readonly MenuItem[] }): VNode {
  return (
    <ul class="links">
      {items.map(({ href, label }) => (
        <li>
          <a href={href}>{label}</a>
        </li>
      ))}
    </ul>
  );
}
