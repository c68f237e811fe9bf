// SLF041: what removing one's own link ends, and the proof for it (screens.md §10).
import type { VNode } from 'preact';
import { listed } from '../end/sign-out.tsx';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import { tell } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { PairPanel } from '../sign-in/step.tsx';

export interface LinkRemoveProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly bd: string;
  readonly loginId: string;
  /** What ends with the link: devices, sign-ins that began with it, portals to be told. */
  readonly devices: number;
  readonly logins: number;
  readonly portals: readonly string[];
  /** The present sign-in began with the link and ends too. */
  readonly endsThis: boolean;
  /** null asks the confirmation password alone. */
  readonly code: AskedCode | null;
}

export function LinkRemovePage(props: LinkRemoveProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const portals = props.portals.length === 0 ? t.say('frame.none') : listed(props.portals, t.language);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF041"
      title={t.say('SLF041.title')}
      errors={told}
      banners={props.banners}
      lead={t.say('SLF041.1')}
    >
      <PairPanel t={t} pair={{ bd: props.bd, bdCompany: null, loginId: props.loginId }} />
      <h2>{t.say('SLF041.2')}</h2>
      <Facts
        facts={[
          { term: t.say('SLF041.3'), detail: t.say('SLF001.5', { n: props.devices }) },
          { term: t.say('SLF041.4'), detail: t.say('SLF041.5', { n: props.logins }) },
          { term: t.say('TOP001.6'), detail: portals },
        ]}
      />
      <ul class="list">
        <li>{t.say('SLF041.6')}</li>
        {props.endsThis ? <li>{t.say('SLF041.7')}</li> : null}
      </ul>
      <Form frame={props.frame}>
        <Proof t={t} errors={told} code={props.code} />
        <Main label={t.say('button.remove')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}
