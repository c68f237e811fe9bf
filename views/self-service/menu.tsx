// SLF001: the menu of one's own settings with the present state in one line each (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { State } from '../parts/facts.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links, Menu } from '../parts/links.tsx';
import { kindWords, stateWords, type TokenKindName, type TokenStateName } from './token-state.tsx';

export interface SelfServiceMenuProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  /** The earlier expiry of the two, null where they don't expire; and what is the matter with them. */
  readonly passwords: { readonly expires: Instant | null; readonly states: readonly State[] };
  /** The registered address, masked; null without one. */
  readonly email: { readonly masked: string; readonly proven: boolean } | null;
  /** One's own token; `from` is the moment of 再発行待ち. */
  readonly token: {
    readonly state: TokenStateName;
    readonly kind: TokenKindName | null;
    readonly expires: Instant | null;
    readonly from: Instant | null;
  };
  /** The linked Business Direct ID, or null. */
  readonly bd: string | null;
  /** Devices that skip the code. */
  readonly devices: number;
  /** Open sign-ins, this one included. */
  readonly sessions: number;
}

/** No line begins with the dot. */
const between = '\u00a0· ';

export function SelfServiceMenuPage(props: SelfServiceMenuProps): VNode {
  const t = textsOf(props.frame);
  const { passwords, email } = props;
  const passwordLine = [
    passwords.expires === null ? t.say('PWC003.6') : t.say('SLF001.6', { date: passwords.expires }),
    ...passwords.states.map((state) => t.say(`state.${state}`)),
  ].join(between);
  const { token } = props;
  const tokenLine = [
    ...(token.kind === null ? [] : [kindWords(t, token.kind)]),
    ...(token.expires === null ? [] : [t.say('SLF001.6', { date: token.expires })]),
    stateWords(t, token.state, token.from),
  ].join(between);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF001"
      title={t.say('SLF001.title')}
      banners={props.banners}
      lead={t.say('SLF001.1')}
    >
      <Menu
        items={[
          { href: '/self-service/password', label: t.say('SLF010.title'), note: passwordLine },
          {
            href: '/self-service/email',
            label: t.say('SLF020.title'),
            note:
              email === null
                ? t.say('SLF001.8')
                : email.proven
                  ? email.masked
                  : `${email.masked} (${t.say('SLF001.7')})`,
          },
          { href: '/self-service/otp', label: t.say('BOT010.title'), note: tokenLine },
          {
            href: '/self-service/link',
            label: t.say('SLF040.title'),
            note: props.bd === null ? t.say('SLF001.3') : t.say('SLF001.2', { bd: props.bd }),
          },
          {
            href: '/self-service/devices',
            label: t.say('SLF001.4'),
            note: t.say('SLF001.5', { n: props.devices }),
          },
          {
            href: '/self-service/sessions',
            label: t.say('SLF055.title'),
            note: t.say('SLF041.5', { n: props.sessions }),
          },
          { href: '/self-service/history', label: t.say('SLF060.title') },
        ]}
      />
      <Links items={[{ href: '/', label: t.say('button.top') }]} />
    </Layout>
  );
}
