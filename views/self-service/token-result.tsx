// SLF031: the token is revoked; from when there can be another one, and how to come to it (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Notified, type NotifiedPortal } from '../parts/notified.tsx';
import { Result } from '../parts/result.tsx';
import { LossWays, type WaysToToken } from './token-revoke.tsx';

export interface TokenResultProps {
  readonly frame: Frame;
  /** When the next one can be issued and its holder signs in; null: now. */
  readonly until: Instant | null;
  /** It fell into the night: the range of times. */
  readonly night: string | null;
  /** From when the address or the guard lets one be issued. */
  readonly issueFrom: Instant | null;
  /** After a loss. */
  readonly ways: WaysToToken | null;
  readonly portals: readonly NotifiedPortal[];
  readonly mailPending: boolean;
  /** Where the form goes: the end of the sign-in. */
  readonly action: string;
}

export function TokenResultPage(props: TokenResultProps): VNode {
  const t = textsOf(props.frame);
  const { until, issueFrom, night, ways } = props;
  const at = Math.max(until ?? 0, issueFrom ?? 0);
  const overNight = night !== null && at === until;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF031"
      title={t.say('SLF031.title')}
      banners={[at === 0 ? { key: 'token.revoked.now' } : { key: 'token.revoked', values: { at } }]}
    >
      {!overNight ? null : <p>{t.say('SLF031.4', { serviceHours: night })}</p>}
      <p>{t.say('SLF031.3')}</p>
      {ways === null ? null : (
        <>
          <h2>{t.say('SLF031.2')}</h2>
          <LossWays t={t} ways={ways} />
        </>
      )}
      <Notified t={t} portals={props.portals} />
      <p>{t.say('SLF031.1')}</p>
      <Form frame={props.frame} action={props.action}>
        <Main label={t.say('button.continue')} />
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}
