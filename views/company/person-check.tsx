// CON023 and CON033: everything that will be registered or changed, what else happens, and the proof for it (screens.md §4.1,
// §11).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Summary, type SummaryProps } from './person-summary.tsx';

export interface PersonCheckProps extends Omit<SummaryProps, 't'> {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** Null asks the confirmation password alone. */
  readonly code: AskedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  /** Address of this page without the switch. */
  readonly path: string;
  /** Nothing is left to do: no proof is asked. */
  readonly unchanged: boolean;
  /** Passwords that are set here and stay stopped. */
  readonly stopped: readonly ('login' | 'confirmation')[];
}

/** What the change brings besides, in sentences. */
function consequences(t: Texts, props: PersonCheckProps): readonly string[] {
  const { before, after, passwords } = props;
  if (before === null) return [];
  const sets =
    passwords !== null &&
    [passwords.login, passwords.confirmation].some(({ how }) => how === 'issue' || how === 'typed');
  const leaves = before.portals.some(
    ({ granted, name }) => granted && after.portals.some((one) => one.name === name && !one.granted),
  );
  return [
    ...(sets ? [t.say('CON033.8', { name: before.name })] : []),
    ...props.stopped.map((secret) => t.say('CON033.9', { secret })),
    ...(leaves ? [t.say('CON033.10')] : []),
    ...(before.email !== after.email ? [t.say('CON033.11')] : []),
  ];
}

export function PersonCheckPage(props: PersonCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { before, after } = props;
  const isNew = before === null;
  const notes = consequences(t, props);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen={isNew ? 'CON023' : 'CON033'}
      title={t.say(isNew ? 'CON023.title' : 'CON033.title')}
      errors={told}
      banners={props.banners}
      progress="check"
      lead={
        isNew
          ? t.say('CON023.1')
          : props.unchanged
            ? t.say('person.unchanged')
            : t.say('CON033.1', { name: before.name, login_id: before.loginId ?? '' })
      }
    >
      {isNew || props.unchanged ? null : (
        <p>
          {props.onlyChanged ? (
            <a href={props.path}>{t.say('button.all-items')}</a>
          ) : (
            <a href={`${props.path}?show=changed`}>{t.say('button.only-changed')}</a>
          )}
        </p>
      )}
      <Summary t={t} before={before} after={after} passwords={props.passwords} onlyChanged={props.onlyChanged} />
      {notes.length === 0 ? null : (
        <ul>
          {notes.map((note) => (
            <li>{note}</li>
          ))}
        </ul>
      )}
      <Form frame={props.frame} hidden={props.hidden}>
        {props.unchanged ? (
          <Main action="users" quiet label={t.say('button.users')} />
        ) : (
          <>
            <Proof t={t} errors={told} code={props.code} />
            <Main label={t.say(isNew ? 'button.register' : 'button.apply')} />
          </>
        )}
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
