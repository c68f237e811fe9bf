// SLF040: one's own link (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Moment } from '../parts/sentence.tsx';
import { PairPanel } from '../sign-in/step.tsx';

export interface OwnLinkProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  readonly loginId: string;
  readonly link: {
    readonly bd: string;
    readonly since: Instant;
    readonly lastUsed: Instant | null;
  } | null;
}

export function OwnLinkPage(props: OwnLinkProps): VNode {
  const t = textsOf(props.frame);
  const { link } = props;
  return (
    <Layout frame={props.frame} t={t} screen="SLF040" title={t.say('SLF040.title')} banners={props.banners}>
      {link === null ? (
        <p class="empty">{t.say('empty.link')}</p>
      ) : (
        <>
          <PairPanel t={t} pair={{ bd: link.bd, bdCompany: null, loginId: props.loginId }} />
          <Facts
            facts={[
              { term: t.say('SLF040.1'), detail: <Moment t={t} at={link.since} /> },
              { term: t.say('SLF040.2'), detail: t.say('SLF040.4') },
              {
                term: t.say('SLF040.3'),
                detail: link.lastUsed === null ? t.say('frame.none') : <Moment t={t} at={link.lastUsed} />,
              },
            ]}
          />
          <Form frame={props.frame}>
            <Main action="unlink" label={t.say('button.unlink')} />
          </Form>
        </>
      )}
      <Links items={[{ href: '/self-service', label: t.say('button.self-service') }]} />
    </Layout>
  );
}
