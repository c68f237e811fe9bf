// CON061: whose tokens are revoked – of a device everybody who shares it, first –, what ends, from when there can be another
// one, who goes on with a shared token, and the proof for it (screens.md §4.1, §11).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { listed } from '../end/sign-out.tsx';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell, type Told } from '../parts/errors.tsx';
import { Facts, type State } from '../parts/facts.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Icon } from '../parts/icon.tsx';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import type { SentCode } from '../sign-in/setup-email-code.tsx';
import type { revocationReasons, WaitShown } from './token-revoke.tsx';
import { Who } from './unlink-check.tsx';

export interface RevokeTarget {
  readonly id: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly State[];
  /** Null: an issue that was not set up is cancelled. */
  readonly token: { readonly kind: 'hardware' | 'software'; readonly serial: string | null } | null;
  readonly wait: WaitShown | null;
  readonly devices: number;
  readonly logins: number;
  /** Names of those who hold the same token and keep it. */
  readonly goOn: readonly string[];
}

/** A code by mail in place of the token's: when it was sent, or why none can be. */
export interface MailedCode {
  readonly sent: SentCode | null;
  readonly resendAt: Instant | null;
  readonly heldUp: { readonly until: Instant | null } | null;
}

export interface TokenRevokeCheckProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly people: readonly RevokeTarget[];
  /** The device that is revoked for all, by its serial number. */
  readonly serial: string | null;
  /** Oneself is among those who share it. */
  readonly endsThis: boolean;
  /** Chosen ones for whom nothing will be done. */
  readonly left: number;
  readonly reason: (typeof revocationReasons)[number];
  readonly words: string;
  /** Nobody signs in here without a token. */
  readonly blocksLogin: boolean;
  readonly code: AskedCode | null;
  readonly mailed: MailedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

/** Names that stand in one cell; more are counted. */
const named = 10;

function After({ t, person }: { readonly t: Texts; readonly person: RevokeTarget }): VNode {
  const { wait, goOn } = person;
  const names = listed(goOn.slice(0, named), t.language);
  const more =
    goOn.length > named ? `${t.language === 'ja' ? '、' : ', '}${t.say('CON061.8', { n: goOn.length - named })}` : '';
  return (
    <>
      {wait === null ? (
        t.say('CON061.6')
      ) : (
        <Sentence
          pieces={
            wait.night === null
              ? t.pieces('CON061.4', { time: wait.now, at: wait.until })
              : t.pieces('CON061.5', { time: wait.now, at: wait.until, serviceHours: wait.night })
          }
        />
      )}
      {goOn.length === 0 ? null : (
        <>
          <br />
          {t.say('CON061.7', { list: `${names}${more}` })}
        </>
      )}
    </>
  );
}

function Ends({ t, person }: { readonly t: Texts; readonly person: RevokeTarget }): VNode {
  if (person.logins + person.devices === 0) return <>{t.say('frame.none')}</>;
  return (
    <>
      {t.say('CON041.6', { logins: person.logins, devices: person.devices })}
      {person.logins > 0 ? (
        <>
          <br />
          {t.say('CON041.7')}
        </>
      ) : null}
    </>
  );
}

function Token({ t, token }: { readonly t: Texts; readonly token: RevokeTarget['token'] }): VNode {
  if (token === null) return <>{`${t.say('token.software')}${t.gap}(${t.say('CON061.16')})`}</>;
  return (
    <>
      {t.say(`token.${token.kind}`)}
      {token.serial === null ? null : (
        <>
          <br />
          {token.serial}
        </>
      )}
    </>
  );
}

function Mailed(props: { readonly t: Texts; readonly told: readonly Told[]; readonly mailed: MailedCode }): VNode {
  const { t, told, mailed } = props;
  const { sent, heldUp } = mailed;
  return (
    <>
      <p>{t.say('CON061.11')}</p>
      {heldUp !== null ? (
        <p class="note">
          {heldUp.until === null ? (
            t.say('CON061.14')
          ) : (
            <Sentence pieces={t.pieces('CON061.13', { at: heldUp.until })} />
          )}
        </p>
      ) : (
        <>
          <Proof t={t} errors={told} code={null} />
          <Field
            t={t}
            name="email_code"
            errors={told}
            hint={sent === null ? t.say('CON061.12') : <Sentence pieces={t.pieces('hint.email_code', { ...sent })} />}
          />
        </>
      )}
    </>
  );
}

export function TokenRevokeCheckPage(props: TokenRevokeCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { people, serial, mailed } = props;
  const n = people.length;
  const lead = serial === null ? t.say('CON061.1', { n }) : t.say('CON061.2', { number: serial, n });
  const heldUp = mailed !== null && mailed.heldUp !== null;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON061"
      title={t.say('CON061.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={lead}
    >
      {props.left > 0 ? <p class="note">{t.say('CON040.6', { n: props.left })}</p> : null}
      <Table
        quiet
        caption={lead}
        columns={[
          { head: t.say('field.people') },
          { head: t.say('CON010.4') },
          { head: t.say('CON061.3') },
          { head: t.say('CON090.2') },
        ]}
        rows={people.map((person) => ({
          account: person.id,
          states: person.states,
          cells: [
            <Who name={person.name} loginId={person.loginId} />,
            <Token t={t} token={person.token} />,
            <After t={t} person={person} />,
            <Ends t={t} person={person} />,
          ],
        }))}
      />
      <Facts
        facts={[
          { term: t.label('reason'), detail: t.say(`SLF030.${props.reason}`) },
          ...(props.words === '' ? [] : [{ term: t.label('reason_words'), detail: props.words }]),
        ]}
      />
      {props.blocksLogin ? <p>{t.say('CON061.10')}</p> : null}
      {props.endsThis ? (
        <p>
          <strong>{t.say('CON061.9')}</strong>
        </p>
      ) : null}
      <p class="undone">
        <Icon name="warning" />
        <strong>{t.say('CON090.7')}</strong>
      </p>
      <Form frame={props.frame} hidden={props.hidden}>
        {mailed === null ? (
          <Proof t={t} errors={told} code={props.code} />
        ) : (
          <Mailed t={t} told={told} mailed={mailed} />
        )}
        {heldUp ? (
          <Main action="back" label={t.say('button.back')} quiet />
        ) : (
          <>
            <Main label={t.say('CON061.act')} danger />
            <Ways>
              {mailed === null ? null : <Way action="resend" label={t.say('button.resend')} />}
              <Way action="back" label={t.say('button.back')} />
            </Ways>
          </>
        )}
      </Form>
      {mailed === null || mailed.resendAt === null || heldUp ? null : (
        <p class="note">
          <Sentence pieces={t.pieces('SET005.2', { at: mailed.resendAt })} />
        </p>
      )}
    </Layout>
  );
}
