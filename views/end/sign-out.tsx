// OUT001: a portal asked for sign-out without saying who (screens.md §8.9).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';

export interface SignOutProps {
  readonly frame: Frame;
  /** Names of the portals of this session. */
  readonly portals: readonly string[];
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
  /** Hidden inputs of the provider's logout form; they go back as found. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

/** A list of names in one sentence. */
export const listed = (names: readonly string[], language: 'ja' | 'en'): string =>
  names.join(language === 'ja' ? '、' : ', ');

export function SignOutPage(props: SignOutProps): VNode {
  const t = textsOf(props.frame);
  const { portals } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="OUT001"
      title={t.say('OUT001.title')}
      lead={portals.length === 0 ? t.say('OUT001.2') : t.say('OUT001.1', { list: listed(portals, t.language) })}
    >
      <Form frame={props.frame} action={props.action} hidden={props.hidden}>
        <Main label={t.say('button.logout')} />
        <Ways>
          <Way action="cancel" label={t.say('button.stay')} />
        </Ways>
      </Form>
    </Layout>
  );
}
