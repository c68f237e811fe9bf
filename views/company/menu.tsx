// CON001 and CON002: the two menus of the company console, reduced to what exists (screens.md §11).
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
        <li>{t.say('CON001.2', { n: props.stopped })}</li>
        <li>{t.say('CON001.3', { n: props.dueSoon })}</li>
      </ul>
      <Menu items={[{ href: '/company/people-menu', label: t.say('CON002.2'), note: t.say('TOP001.12') }]} />
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
          { href: '/company/people', label: t.say('CON010.title'), note: t.say('CON002.3') },
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
