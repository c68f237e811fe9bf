// SLF050: devices that skip the code; ending one asks no password, it only adds safety (screens.md §10).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Sub } from '../messages/placeholders.ts';
import type { Texts } from '../messages/texts.ts';
import { FieldErrors, tell } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Result } from '../parts/result.tsx';
import { Moment } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';

export interface ShownDevice {
  readonly id: string;
  readonly label: string;
  readonly browser: string;
  readonly since: Instant;
  readonly lastUsed: Instant;
  readonly until: Instant;
  /** It is the browser that asks. */
  readonly here: boolean;
}

export interface EndedDevice {
  readonly label: string;
  readonly browser: string;
  readonly endedAt: Instant;
  readonly why: Sub<'why'>;
}

export interface DevicesProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly devices: readonly ShownDevice[];
  readonly ended: readonly EndedDevice[];
  /** Which one the form chooses (radio `device`); null: this browser's, else the first. */
  readonly chosen: string | null;
  /** Whether a name may be given (`device_label`); then saving it is the main act, else ending. */
  readonly rename: { readonly typed: string } | null;
}

function Ended({ t, ended }: { readonly t: Texts; readonly ended: readonly EndedDevice[] }): VNode | null {
  if (ended.length === 0) return null;
  return (
    <Table
      caption={t.say('SLF050.8')}
      columns={[
        { head: t.say('field.device_label') },
        { head: t.say('SLF050.3') },
        { head: t.say('SLF050.9') },
        { head: t.say('SLF050.10') },
      ]}
      rows={ended.map((one) => ({
        cells: [one.label, one.browser, <Moment t={t} at={one.endedAt} as="table" />, t.say(`why.${one.why}`)],
      }))}
    />
  );
}

export function DevicesPage(props: DevicesProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { devices, rename } = props;
  const chosen = props.chosen ?? (devices.find(({ here }) => here) ?? devices[0])?.id;
  const forget = <Way action="forget" label={t.say('button.forget')} />;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="SLF050"
      title={t.say('SLF050.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={devices.length === 0 ? null : t.say('SLF050.1')}
    >
      {devices.length === 0 ? (
        <p class="empty">{t.say('empty.devices')}</p>
      ) : (
        <Form frame={props.frame}>
          <Table
            caption={t.say('SLF050.2', { n: devices.length })}
            columns={[
              { head: t.say('field.device_label') },
              { head: t.say('SLF050.3') },
              { head: t.say('SLF050.4') },
              { head: t.say('SLF050.5') },
              { head: t.say('SLF050.6') },
            ]}
            rows={devices.map((one, index) => ({
              cells: [
                <label class="radio">
                  <input
                    type="radio"
                    id={index === 0 ? 'device' : undefined}
                    name="device"
                    value={one.id}
                    checked={one.id === chosen}
                  />
                  <span>
                    {one.label}
                    {one.here ? <strong class="mark">{t.say('SLF050.7')}</strong> : null}
                  </span>
                </label>,
                one.browser,
                <Moment t={t} at={one.since} as="table" />,
                <Moment t={t} at={one.lastUsed} as="table" />,
                <Moment t={t} at={one.until} as="table" />,
              ],
            }))}
          />
          <FieldErrors errors={told} name="device" />
          {rename === null ? (
            <Main action="forget" label={t.say('button.forget')} />
          ) : (
            <>
              <Field
                t={t}
                name="device_label"
                errors={told}
                hint={t.say('hint.device_label')}
                value={rename.typed}
                required={false}
              />
              <Main label={t.say('button.save')} />
            </>
          )}
          <Ways>
            {rename === null ? null : forget}
            {devices.length > 1 ? <Way action="forget_all" label={t.say('button.forget_all')} /> : null}
          </Ways>
        </Form>
      )}
      <Ended t={t} ended={props.ended} />
      <Result t={t} frame={props.frame} />
      <Links items={[{ href: '/self-service', label: t.say('button.self-service') }]} />
    </Layout>
  );
}
