// CON121 and CON122: which settings change, from what to what, what ends with it, and the proof for it; then the result.
import type { VNode } from 'preact';
import type { SharingMode } from '../../src/rules/token-stock.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { timeRange } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Proof, type AskedCode } from '../parts/proof.tsx';
import { Result } from '../parts/result.tsx';
import { Table } from '../parts/table.tsx';
import { labelOf, settingNames, valueOf, type CompanyChoices } from './settings-words.ts';

interface Sharing {
  /** Key-fobs in somebody's hands, and by how many people. */
  readonly tokens: number;
  readonly people: number;
  /** Those of them that several hold, and by how many. */
  readonly shared: number;
  readonly sharers: number;
}

interface Change {
  readonly before: CompanyChoices;
  readonly after: CompanyChoices;
}

export interface SettingsCheckProps extends Change {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  /** Devices that end. */
  readonly devices: number;
  /** How key-fobs are shared at this moment. */
  readonly today: Sharing;
  readonly code: AskedCode | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

function Changes({ t, before, after }: Change & { readonly t: Texts }): VNode {
  return (
    <Table
      quiet
      caption={t.say('CON121.1')}
      columns={[{ head: t.say('CON121.2') }, { head: t.say('CON121.3') }, { head: t.say('CON121.4') }]}
      rows={settingNames.map((name) => {
        const [now, then] = [valueOf(t, name, before), valueOf(t, name, after)];
        return {
          cells: [
            labelOf(t, name),
            now,
            now === then ? (
              then
            ) : (
              <strong class="changed">
                {`* ${then} `}
                <span class="mark">{t.say('CON072.3')}</span>
              </strong>
            ),
          ],
        };
      })}
    />
  );
}

/** What another way of sharing means for those who share today, and for whoever registers next. */
function SharingMeans({
  t,
  mode,
  today,
}: {
  readonly t: Texts;
  readonly mode: SharingMode;
  readonly today: Sharing;
}): VNode {
  return (
    <ul class="list">
      <li>{t.say('CON121.sharing')}</li>
      {today.tokens === 0 ? null : <li>{t.say('CON121.in-use', { n: today.people, m: today.tokens })}</li>}
      {today.shared === 0 ? null : <li>{t.say('CON121.sharers', { n: today.sharers, m: today.shared })}</li>}
      <li>{t.say(`CON121.${mode}`)}</li>
    </ul>
  );
}

export function SettingsCheckPage(props: SettingsCheckProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { before, after } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON121"
      title={t.say('CON121.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON121.1')}
    >
      <Changes t={t} before={before} after={after} />
      {before.sharingMode === after.sharingMode ? null : (
        <SharingMeans t={t} mode={after.sharingMode} today={props.today} />
      )}
      {before.rememberAllowed && !after.rememberAllowed && props.devices > 0 ? (
        <p>{t.say('CON121.5', { n: props.devices })}</p>
      ) : null}
      {after.hours === null ? null : <p>{t.say('CON121.6', { list: timeRange(after.hours, t.language) })}</p>}
      <Form frame={props.frame} hidden={props.hidden}>
        <Proof t={t} errors={told} code={props.code} />
        <Main label={t.say('button.apply')} />
        <Ways>
          <Way action="back" label={t.say('button.back')} />
        </Ways>
      </Form>
    </Layout>
  );
}

export interface SettingsResultProps extends Change {
  readonly frame: Frame;
  readonly devices: number;
  readonly mailPending: boolean;
}

export function SettingsResultPage(props: SettingsResultProps): VNode {
  const t = textsOf(props.frame);
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON122"
      title={t.say('CON122.title')}
      wide
      lead={<strong>{t.say('CON122.1')}</strong>}
    >
      <Changes t={t} before={props.before} after={props.after} />
      {props.devices > 0 ? <p>{t.say('CON122.2', { n: props.devices })}</p> : null}
      <Form frame={props.frame}>
        <Main action="settings" label={t.say('CON122.3')} />
        <Ways>
          <Way action="top" label={t.say('button.top')} />
        </Ways>
      </Form>
      <Result t={t} frame={props.frame} mailPending={props.mailPending} />
    </Layout>
  );
}
