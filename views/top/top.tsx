// TOP001: who one is, the sign-in before, what needs attention, the portals, the menu (screens.md §9).
import type { VNode } from 'preact';
import type { Instant, Route } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { Texts } from '../messages/texts.ts';
import { Facts } from '../parts/facts.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Menu } from '../parts/links.tsx';
import { Moment, Sentence } from '../parts/sentence.tsx';

export interface TopPortal {
  readonly name: string;
  /** One line about it; '' for none. */
  readonly about: string;
  /** Its registered `initiate_login_uri` or start page. */
  readonly href: string;
  /** Opening it asks a code. */
  readonly otp: boolean;
}

export interface TopProps {
  readonly frame: Frame;
  readonly banners: readonly Banner[];
  readonly name: string;
  readonly loginId: string;
  readonly company: string;
  readonly role: 'master' | 'admin' | 'member';
  readonly lastLogin: {
    readonly at: Instant;
    readonly route: Route;
    readonly code: 'otp' | 'device' | 'none';
    /** Reference number of its record. */
    readonly reference: string;
  } | null;
  /** Failed sign-ins since then, and a temporary lock since then. */
  readonly failures: number;
  readonly lockedAt: Instant | null;
  /** May read the company's records; members who may have no other page of the console. */
  readonly records: boolean;
  readonly portals: readonly TopPortal[];
  /** ログイン時のお知らせ, newest first. */
  readonly notices: readonly { readonly at: Instant; readonly title: string }[];
}

function Since({ t, props }: { readonly t: Texts; readonly props: TopProps }): VNode | null {
  if (props.failures === 0 && props.lockedAt === null) return null;
  return (
    <div class="box box-warning">
      {props.failures === 0 ? null : <p>{t.say('TOP001.3', { n: props.failures })}</p>}
      {props.lockedAt === null ? null : (
        <p>
          <Sentence pieces={t.pieces('TOP001.4', { at: props.lockedAt })} />
        </p>
      )}
      <p>
        <Sentence pieces={t.pieces('TOP001.5')} /> <a href="/self-service/history">{t.say('SLF060.title')}</a>
      </p>
    </div>
  );
}

function Portals({ t, portals }: { readonly t: Texts; readonly portals: readonly TopPortal[] }): VNode {
  if (portals.length === 0) return <p class="empty">{t.say('empty.portals')}</p>;
  return (
    <ul class="cards">
      {portals.map(({ name, about, href, otp }) => (
        <li class="card">
          <h3>{name}</h3>
          {about === '' ? null : <p>{about}</p>}
          {otp ? <p class="note">{t.say('TOP001.7')}</p> : null}
          <p>
            <a class="button button-other" href={href}>
              {t.say('button.open')}
              <span class="hidden">{` ${name}`}</span>
            </a>
          </p>
        </li>
      ))}
    </ul>
  );
}

export function TopPage(props: TopProps): VNode {
  const t = textsOf(props.frame);
  const { lastLogin } = props;
  const admin = props.role !== 'member';
  const separator = t.language === 'ja' ? '・' : ', ';
  const last =
    lastLogin === null ? (
      t.say('TOP001.2')
    ) : (
      <>
        <span class="whole">
          <Moment t={t} at={lastLogin.at} />
          {separator}
        </span>
        <span class="whole">{`${t.say(`route.${lastLogin.route}`)}${separator}`}</span>
        <span class="whole">{t.say(`code.${lastLogin.code}`)}</span>{' '}
        <a class="whole" href={`/self-service/history/${encodeURIComponent(lastLogin.reference)}`}>
          {t.say('TOP001.15')}
        </a>
      </>
    );
  return (
    <Layout frame={props.frame} t={t} screen="TOP001" title={t.say('TOP001.title')} banners={props.banners}>
      <Facts
        facts={[
          { term: t.say('TOP001.13'), detail: t.say('frame.who', { name: props.name, login_id: props.loginId }) },
          { term: t.say('fact.company'), detail: props.company },
          { term: t.say('TOP001.14'), detail: t.say(`role.${props.role}`) },
          { term: t.say('TOP001.1'), detail: last },
        ]}
      />
      <Since t={t} props={props} />
      <h2>{t.say('TOP001.6')}</h2>
      <Portals t={t} portals={props.portals} />
      <h2>{t.say('TOP001.8')}</h2>
      {props.notices.length === 0 ? (
        <p class="empty">{t.say('empty.notices')}</p>
      ) : (
        <ul class="list">
          {props.notices.slice(0, 5).map(({ at, title }) => (
            <li>
              <Moment t={t} at={at} as="day" /> {title}
            </li>
          ))}
        </ul>
      )}
      <h2>{t.say('TOP001.9')}</h2>
      <Menu
        items={[
          { href: '/self-service', label: t.say('SLF001.title'), note: t.say('TOP001.11') },
          ...(admin
            ? [{ href: '/company', label: t.say('TOP001.10'), note: t.say('TOP001.12') }]
            : props.records
              ? [{ href: '/company/records', label: t.say('CON100.title'), note: t.say('TOP001.16') }]
              : []),
        ]}
      />
    </Layout>
  );
}
