// Which portals were told of a sign-out, and which are still being told (screens.md §3 row 21).
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import { Table } from './table.tsx';

export interface NotifiedPortal {
  readonly name: string;
  /** The portal confirmed it; otherwise it is retried by itself. */
  readonly done: boolean;
}

export function Notified(props: { readonly t: Texts; readonly portals: readonly NotifiedPortal[] }): VNode | null {
  const { t, portals } = props;
  if (portals.length === 0) return null;
  return (
    <Table
      caption={t.say('OUT002.4')}
      columns={[{ head: t.say('OUT002.5') }, { head: t.say('OUT002.6') }]}
      rows={portals.map(({ name, done }) => ({
        cells: [name, t.say(done ? 'notified.done' : 'notified.pending')],
      }))}
    />
  );
}
