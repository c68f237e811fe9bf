// SLF011: which passwords were changed, until when they hold, and that this sign-in goes on (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { date } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';

export interface OwnPasswordResultProps {
  readonly frame: Frame;
  readonly changed: readonly ('login' | 'confirmation')[];
  readonly loginId: string;
  /** The earlier of the two; null where passwords do not expire. */
  readonly expires: Instant | null;
  readonly mailPending: boolean;
  /** Whether 「利用者管理メニューへ」 is offered. */
  readonly users: boolean;
}

export function OwnPasswordResultPage(props: OwnPasswordResultProps): VNode {
  const t = textsOf(props.frame);
  const { expires } = props;
  const became = (which: 'login' | 'confirmation'): VNode | string =>
    props.changed.includes(which) ? (
      <strong>
        {'* '}
        {t.say('SLF011.1')}
      </strong>
    ) : (
      t.say('SLF011.2')
    );
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF011"
      title={t.say('SLF011.title')}
      banners={[
        expires === null ? { key: 'password.done.plain' } : { key: 'password.done', values: { date: expires } },
      ]}
      lead={t.say('SLF011.3')}
    >
      <Facts
        facts={[
          { term: t.say('field.login_id'), detail: props.loginId },
          { term: t.say('secret.login'), detail: became('login') },
          { term: t.say('secret.confirmation'), detail: became('confirmation') },
          { term: t.say('PWC003.3'), detail: expires === null ? t.say('PWC003.6') : date(expires, t.language) },
        ]}
      />
      <Form frame={props.frame}>
        <Main action="top" label={t.say('button.top')} />
        {props.users ? (
          <Ways>
            <Way action="users" label={t.say('button.users')} />
          </Ways>
        ) : null}
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}
