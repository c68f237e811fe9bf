// SLF042: the link was removed; portals that were told, and whether this sign-in ends (screens.md §10).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Notified, type NotifiedPortal } from '../parts/notified.tsx';
import { Result } from '../parts/result.tsx';

export interface LinkResultProps {
  readonly frame: Frame;
  readonly portals: readonly NotifiedPortal[];
  /** The present sign-in began with the link: it ends with this page. */
  readonly endsThis: boolean;
  readonly mailPending: boolean;
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
}

export function LinkResultPage(props: LinkResultProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout frame={props.frame} t={t} screen="SLF042" title={t.say('SLF042.title')} banners={[{ key: 'link.removed' }]}>
      {props.endsThis ? <p>{t.say('SLF042.1')}</p> : null}
      <Notified t={t} portals={props.portals} />
      <Form frame={props.frame} action={props.action}>
        <Main label={t.say('button.continue')} />
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}
