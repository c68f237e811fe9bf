// What the token app asks for: サービスID and ユーザID, and where the app is. Never the activation password.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Texts } from '../messages/texts.ts';
import { Copyable } from '../parts/copy.tsx';
import { Facts, type Fact } from '../parts/facts.tsx';
import { grouped } from '../parts/format.ts';

export interface IssuedToken {
  readonly serviceId: string;
  readonly userId: string;
  /** The app's address. */
  readonly app: string;
  /** Where the mail about it went: in full right after it was typed, else masked. */
  readonly address: string;
  readonly until: Instant;
}

export function IssuedFacts(props: {
  readonly t: Texts;
  readonly issued: IssuedToken;
  readonly more?: readonly Fact[];
}): VNode {
  const { t, issued } = props;
  return (
    <Facts
      facts={[
        {
          term: t.say('BOT003.service'),
          detail: <Copyable t={t} value={issued.serviceId} shown={issued.serviceId} label={t.say('BOT003.service')} />,
        },
        {
          term: t.say('BOT003.user'),
          detail: <Copyable t={t} value={issued.userId} shown={grouped(issued.userId)} label={t.say('BOT003.user')} />,
        },
        { term: t.say('BOT003.app'), detail: <a href={issued.app}>{issued.app}</a> },
        ...(props.more ?? []),
      ]}
    />
  );
}
