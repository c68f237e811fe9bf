// SLF001: the menu of one's own settings with the present state in one line each (screens.md §10).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links, Menu } from '../parts/links.tsx';

export interface SelfServiceMenuProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  /** The linked Business Direct ID, or null. */
  readonly bd: string | null;
  /** Devices that skip the code. */
  readonly devices: number;
}

export function SelfServiceMenuPage(props: SelfServiceMenuProps): VNode {
  const t = textsOf(props.frame);
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
        ]}
      />
      <Links items={[{ href: '/', label: t.say('button.top') }]} />
    </Layout>
  );
}
