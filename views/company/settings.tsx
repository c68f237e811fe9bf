// CON120: what the company decides for itself, beside what its bank has set, and who can release whom (screens.md §11).
import type { VNode } from 'preact';
import type { CompanyChoices } from './settings-words.ts';
import { bankHours, valueOf } from './settings-words.ts';
import type { SharingMode } from '../../src/rules/token-stock.ts';
import type { ReleaseLine } from '../../src/rules/release.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { Radios } from '../parts/choice.tsx';
import { FieldErrors, tell, type Told } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Need } from '../parts/field.tsx';
import { Form, Main } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Table } from '../parts/table.tsx';

export interface SettingsProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly present: CompanyChoices;
  /** What the form shows: the present settings, or what was typed. */
  readonly typed: {
    readonly sharing: string;
    readonly remember: string;
    readonly otpAt: string;
    readonly hoursFrom: string;
    readonly hoursTo: string;
  };
  readonly bank: {
    /** The ways of sharing that it allows; one alone is not asked. */
    readonly sharing: readonly SharingMode[];
    readonly remember: boolean;
    readonly otpAt: 'login' | 'operations';
    readonly hours: { readonly from: string; readonly to: string } | null;
  };
  readonly lines: readonly ReleaseLine[];
  readonly releasers: number;
}

function Time(props: {
  readonly t: Texts;
  readonly name: 'hours_from' | 'hours_to';
  readonly value: string;
  readonly errors: readonly Told[];
}): VNode {
  const { t, name, errors } = props;
  const wrong = errors.some((error) => error.field === name);
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <p class="label">
        <label for={name}>{t.label(name)}</label> <Need t={t} required={false} />
      </p>
      <p class="hint" id={`${name}-hint`}>
        {t.say('CON120.22')}
      </p>
      <input
        type="time"
        id={name}
        name={name}
        class="input input-code"
        value={props.value}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? `${name}-hint ${name}-error` : `${name}-hint`}
      />
      <FieldErrors errors={errors} name={name} />
    </div>
  );
}

function Releasing(props: { readonly t: Texts; readonly desk: string; readonly lines: readonly ReleaseLine[] }): VNode {
  const { t, desk, lines } = props;
  return (
    <div class="roomy">
      <Table
        caption={t.say('CON120.10')}
        columns={[
          { head: t.say('CON120.12') },
          { head: t.say('CON120.13') },
          { head: t.say('CON120.14') },
          { head: t.say('CON120.15') },
          { head: t.say('CON120.16') },
          { head: t.say('CON120.17') },
        ]}
        rows={lines.map(({ actor, target, password, softwareOtp, hardwareOtp, account }) => ({
          cells: [
            actor === 'desk' ? desk : t.say(`role.${actor}`),
            t.say(target === 'self' ? 'CON120.18' : target === 'anybody' ? 'CON120.19' : `role.${target}`),
            ...[password, softwareOtp, hardwareOtp, account].map((may) => t.say(`releasing.${may}`)),
          ],
        }))}
      />
    </div>
  );
}

export function SettingsPage(props: SettingsProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { present, bank, typed } = props;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="CON120"
      title={t.say('CON120.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={t.say('CON120.1')}
    >
      <h2>{t.say('CON120.20')}</h2>
      <Facts
        facts={[
          { term: t.say('field.sharing_mode'), detail: valueOf(t, 'sharing', present) },
          { term: t.say('field.remember_allowed'), detail: valueOf(t, 'remember', present) },
          { term: t.say('field.otp_at'), detail: valueOf(t, 'otpAt', present) },
          { term: t.say('CON120.2'), detail: valueOf(t, 'hours', present) },
          { term: t.say('CON120.8'), detail: t.say('CON120.9') },
        ]}
      />
      <h2>{t.say('CON120.21')}</h2>
      <Form frame={props.frame}>
        {bank.sharing.length > 1 ? (
          <Radios
            t={t}
            name="sharing_mode"
            label={t.say('field.sharing_mode')}
            hint={t.say('hint.sharing_mode')}
            options={bank.sharing.map((mode) => ({ value: mode, label: t.say(`choice.${mode}`) }))}
            chosen={typed.sharing}
            errors={told}
          />
        ) : (
          <p>{t.say('CON120.sharing.only')}</p>
        )}
        <Radios
          t={t}
          name="remember_allowed"
          label={t.say('field.remember_allowed')}
          hint={bank.remember ? t.say('hint.remember_allowed') : t.say('CON120.7')}
          options={[
            ...(bank.remember ? [{ value: 'yes', label: t.say('choice.yes') }] : []),
            { value: 'no', label: t.say('choice.no') },
          ]}
          chosen={typed.remember}
          errors={told}
        />
        <Radios
          t={t}
          name="otp_at"
          label={t.say('field.otp_at')}
          hint={t.say(bank.otpAt === 'login' ? 'CON120.5' : 'CON120.6')}
          options={[
            { value: 'bank', label: t.say('choice.bank') },
            { value: 'login', label: t.say('choice.login') },
          ]}
          chosen={typed.otpAt}
          errors={told}
        />
        <p>{bankHours(t, bank.hours)}</p>
        <Time t={t} name="hours_from" value={typed.hoursFrom} errors={told} />
        <Time t={t} name="hours_to" value={typed.hoursTo} errors={told} />
        <Main label={t.say('button.next')} />
      </Form>
      <h2>{t.say('CON120.10')}</h2>
      <p>{t.say('CON120.11', { n: props.releasers })}</p>
      <Releasing t={t} desk={props.frame.brand.desk[t.language]} lines={props.lines} />
      <Links
        items={[
          { href: '/company', label: t.say('CON001.title') },
          { href: '/', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
