// CON024 and CON034: what was registered or changed, and the way to the printed sheet. Passwords stand on the sheet alone.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { listed } from '../end/sign-out.tsx';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { Texts } from '../messages/texts.ts';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { date } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Result } from '../parts/result.tsx';
import { Summary, type SummaryProps } from './person-summary.tsx';

interface Shared {
  readonly frame: Frame;
  readonly mailPending: boolean;
  /** Where the form goes: the sheet's address. */
  readonly action: string;
  /** The sheet's passwords: still to be shown, shown before, or none were issued. */
  readonly sheet: 'waits' | 'shown' | 'none';
}

export interface RegisteredProps extends Shared {
  readonly name: string;
  readonly loginId: string;
  readonly until: Instant;
}

const banners = (sheet: Shared['sheet'], first: readonly Banner[]): readonly Banner[] =>
  sheet === 'shown' ? [{ key: 'issued.once' }] : first;

export function PersonRegisteredPage(props: RegisteredProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON024"
      title={t.say('CON024.title')}
      banners={banners(props.sheet, [{ key: 'person.added' }])}
      progress="result"
    >
      <Facts
        facts={[
          { term: t.label('person_name'), detail: props.name },
          { term: t.say('CON024.1'), detail: <strong>{props.loginId}</strong> },
          { term: t.say('CON024.2'), detail: t.say(props.sheet === 'waits' ? 'CON024.3' : 'CON024.4') },
          { term: t.say('CON024.5'), detail: date(props.until, t.language) },
        ]}
      />
      <Form frame={props.frame} action={props.action}>
        <Main action="print" label={t.say('button.print-sheet')} />
        <Ways>
          <Way action="create" label={t.say('button.register-another')} />
          <Way action="users" label={t.say('button.users')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}

export interface ChangedPersonProps extends Shared, Omit<SummaryProps, 't' | 'onlyChanged'> {
  readonly ended: { readonly logins: number; readonly devices: number; readonly portals: readonly string[] };
  /** Passwords that were set and stay stopped. */
  readonly stopped: readonly ('login' | 'confirmation')[];
}

function Ended({ t, ended }: { readonly t: Texts; readonly ended: ChangedPersonProps['ended'] }): VNode | null {
  if (ended.logins + ended.devices + ended.portals.length === 0) return null;
  return (
    <Facts
      facts={[
        {
          term: t.say('CON034.3'),
          detail: (
            <>
              {t.say('CON034.4', { logins: ended.logins, devices: ended.devices })}
              {ended.portals.length === 0 ? null : (
                <>
                  <br />
                  {t.say('CON034.5', { list: listed(ended.portals, t.language) })}
                </>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

export function PersonChangedPage(props: ChangedPersonProps): VNode {
  const t = textsOf(props.frame);
  const { passwords, sheet } = props;
  const set =
    passwords !== null && [passwords.login, passwords.confirmation].some(({ how }) => how !== 'keep' && how !== 'none');
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON034"
      title={t.say('CON034.title')}
      banners={banners(sheet, [])}
      progress="result"
      lead={<strong>{t.say('CON034.1')}</strong>}
    >
      {set ? <p>{t.say('CON034.2')}</p> : null}
      {props.stopped.map((secret) => (
        <p>{t.say('CON033.9', { secret })}</p>
      ))}
      <Summary t={t} before={props.before} after={props.after} passwords={passwords} onlyChanged={false} />
      <Ended t={t} ended={props.ended} />
      <Form frame={props.frame} action={props.action}>
        {sheet === 'none' ? (
          <Main action="users" label={t.say('button.users')} />
        ) : (
          <Main action="print" label={t.say('button.print-sheet')} />
        )}
        <Ways>
          {sheet === 'none' ? null : <Way action="users" label={t.say('button.users')} />}
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}
