// HDK001: the desk's first page – one search, what waits, the ways to the procedures (screens.md §12).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import { Menu } from '../parts/links.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

export interface HelpdeskHomeProps {
  readonly frame: Frame;
  readonly counts: {
    readonly arrivals: number;
    readonly due: number;
    readonly expiring: number;
    readonly alarms: number;
  };
  readonly imports: boolean;
}

export function HelpdeskHomePage({ frame, counts, imports }: HelpdeskHomeProps): VNode {
  const t = textsOf(frame);
  return (
    <Layout frame={frame} t={t} screen="HDK001" title={t.say('HDK001.title')}>
      <search class="filters">
        <form method="get" action="/helpdesk/tokens">
          <div>
            <label for="q">{t.say('HDK001.search')}</label>
            <input id="q" name="q" type="search" class="input" autocomplete="off" autocapitalize="characters" />
          </div>
          <div class="filters-act">
            <button type="submit" class="button button-other">
              {t.say('button.search')}
            </button>
          </div>
        </form>
      </search>
      <h2>{t.say('HDK001.open')}</h2>
      <ul class="counts">
        <li>
          <a href="/helpdesk/tokens/due?about=arrival">{t.say('HDK001.arrivals', { n: counts.arrivals })}</a>
        </li>
        <li>
          <a href="/helpdesk/tokens/due?about=limit">{t.say('HDK001.due', { n: counts.due })}</a>
        </li>
        <li>
          <a href="/helpdesk/tokens/due?about=expiry">{t.say('HDK001.expiring', { n: counts.expiring })}</a>
        </li>
        <li>{t.say('HDK001.alarms', { n: counts.alarms })}</li>
      </ul>
      <h2>{t.say('HDK001.menu')}</h2>
      <Menu
        items={[
          { href: '/helpdesk/tokens', label: t.say('HDK001.stock'), note: t.say('HDK001.stock.note') },
          ...(imports
            ? [{ href: '/helpdesk/tokens/import', label: t.say('HDK001.import'), note: t.say('HDK001.import.note') }]
            : []),
          { href: '/helpdesk/tokens/due', label: t.say('HDK001.dates'), note: t.say('HDK001.dates.note') },
          { href: '/helpdesk/companies', label: t.say('HDK001.companies'), note: t.say('HDK001.companies.note') },
        ]}
      />
    </Layout>
  );
}
