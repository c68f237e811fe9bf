// CON001 and CON002: the two menus of the company console, in the guide's order (screens.md §11).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links, Menu } from '../parts/links.tsx';

export interface CompanyMenuProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  /** People of the company with a lock or stop. */
  readonly stopped: number;
  /** People whose registration limit is near. */
  readonly dueSoon: number;
  /** People who wait for the issue of their next token. */
  readonly waiting: number;
}

export function CompanyMenuPage(props: CompanyMenuProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON001"
      title={t.say('CON001.title')}
      banners={props.banners}
      lead={t.say('CON001.1')}
    >
      <ul class="counts">
        <li>
          <a href="/company/people/state?state=restricted">{t.say('CON001.2', { n: props.stopped })}</a>
        </li>
        <li>
          <a href="/company/tokens">{t.say('CON001.3', { n: props.dueSoon })}</a>
        </li>
        {props.waiting === 0 ? null : (
          <li>
            <a href="/company/people/token-revoke">{t.say('CON001.waiting', { n: props.waiting })}</a>
          </li>
        )}
      </ul>
      <Menu
        items={[
          { href: '/company/people-menu', label: t.say('CON002.2'), note: t.say('CON001.5') },
          { href: '/company/records', label: t.say('CON100.title'), note: t.say('CON100.3') },
          { href: '/company/tokens', label: t.say('CON110.title'), note: t.say('CON110.note') },
          { href: '/company/settings', label: t.say('CON120.title'), note: t.say('CON001.settings.note') },
        ]}
      />
      <Links items={[{ href: '/', label: t.say('button.top') }]} />
    </Layout>
  );
}

export interface PeopleMenuProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
}

export function PeopleMenuPage(props: PeopleMenuProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON002"
      title={t.say('CON002.title')}
      banners={props.banners}
      lead={t.say('CON002.1')}
    >
      <Menu
        items={[
          { href: '/self-service/password', label: t.say('CON002.5'), note: t.say('CON002.6') },
          { href: '/company/people/state', label: t.say('CON002.state'), note: t.say('CON002.state.note') },
          { href: '/company/people', label: t.say('CON002.7'), note: t.say('CON002.8') },
          {
            href: '/company/people/otp-release',
            label: t.say('CON002.otp-release'),
            note: t.say('CON002.otp-release.note'),
          },
          {
            href: '/company/people/token-revoke',
            label: t.say('CON002.token-revoke'),
            note: t.say('CON002.token-revoke.note'),
          },
          { href: '/company/people/links', label: t.say('CON070.title'), note: t.say('CON002.4') },
        ]}
      />
      <Links
        items={[
          { href: '/company', label: t.say('CON001.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
