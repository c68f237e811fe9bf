// OUT002: signed out; what portals were told, and what still goes on (screens.md §8.9).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Notified, type NotifiedPortal } from '../parts/notified.tsx';
import { Sentence } from '../parts/sentence.tsx';

export interface SignedOutProps {
  readonly frame: Frame;
  readonly at: Instant;
  readonly portals: readonly NotifiedPortal[];
  /** The sign-in came through Business Direct, which goes on. */
  readonly upstreamGoesOn: boolean;
  /** Whether its own log-out is offered (`logout.upstream`). */
  readonly upstreamLogout: boolean;
  readonly deviceGoesOn: boolean;
  /** A registered address of the portal to go back to; the button is a link. */
  readonly back: { readonly portal: string; readonly href: string } | null;
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
}

export function SignedOutPage(props: SignedOutProps): VNode {
  const t = textsOf(props.frame);
  const { back } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="OUT002"
      title={t.say('OUT002.title')}
      lead={<Sentence pieces={t.pieces('OUT002.1', { at: props.at })} />}
    >
      {props.upstreamGoesOn ? <p class="box box-warning">{t.say('OUT002.2')}</p> : null}
      {props.deviceGoesOn ? <p class="note">{t.say('OUT002.3')}</p> : null}
      <Notified t={t} portals={props.portals} />
      {back === null ? null : (
        <p>
          <a class="button button-main" href={back.href}>
            {t.say('button.to-portal', { portal: back.portal })}
          </a>
        </p>
      )}
      <Form frame={props.frame} action={props.action}>
        <Main label={t.say('button.to-signin')} quiet={back !== null} />
        <Ways>
          {props.upstreamLogout ? <Way action="logout_upstream" label={t.say('button.logout_upstream')} /> : null}
        </Ways>
      </Form>
    </Layout>
  );
}
