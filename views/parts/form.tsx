// The one POST form of a page and its buttons (screens.md §3 row 3): the first submit button is the main act, all other
// ways carry `name="action"` and do not wait for the fields.
import type { ComponentChildren, VNode } from 'preact';
import type { Frame } from './frame.ts';

/**
 * The page's form with its CSRF token. `action` null posts to the page's own address, spelled out: a fragment that a skip
 * link or the error summary left behind would go along, and the next page's summary would not take the focus. `hidden` goes
 * back as found.
 */
export function Form(props: {
  readonly frame: Frame;
  readonly action?: string | null | undefined;
  readonly hidden?: readonly { readonly name: string; readonly value: string }[];
  /** It has a file in it, which must be the last of its fields. */
  readonly file?: boolean;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <form
      class="form"
      method="post"
      action={props.action ?? props.frame.address ?? undefined}
      enctype={props.file === true ? 'multipart/form-data' : undefined}
      novalidate
    >
      <input type="hidden" name="csrf" value={props.frame.csrf} />
      {(props.hidden ?? []).map(({ name, value }) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {props.children}
    </form>
  );
}

/**
 * The main act. It has no name unless an action is given; `danger` is for what cannot be undone; `quiet` outlines it where a
 * link out of the page is the likelier way.
 */
export function Main(props: {
  readonly label: string;
  readonly action?: string | undefined;
  readonly note?: string | undefined;
  readonly danger?: boolean;
  readonly quiet?: boolean;
}): VNode {
  return (
    <div class="act">
      <button
        type="submit"
        class={`button button-${props.danger === true ? 'danger' : props.quiet === true ? 'other' : 'main'}`}
        {...(props.action === undefined ? {} : { name: 'action', value: props.action })}
      >
        {props.label}
      </button>
      {props.note === undefined ? null : <p class="note">{props.note}</p>}
    </div>
  );
}

/** Another way on or out: an outlined button, or one that looks like a link. */
export function Way(props: {
  readonly action: string;
  readonly label: string;
  readonly look?: 'outlined' | 'link';
  readonly note?: string | undefined;
}): VNode {
  const button = (
    <button
      type="submit"
      class={props.look === 'link' ? 'button-link' : 'button button-other'}
      name="action"
      value={props.action}
      formnovalidate
    >
      {props.label}
    </button>
  );
  return props.note === undefined ? (
    button
  ) : (
    <div class="act">
      {button}
      <p class="note">{props.note}</p>
    </div>
  );
}

/** The row of ways below the main act. */
export function Ways({ children }: { readonly children: ComponentChildren }): VNode {
  return <div class="ways">{children}</div>;
}
