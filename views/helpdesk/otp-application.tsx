// HDK048: what a company applied for, the limit for registering with how it was computed, who has not registered since when; an
// operator changes the kinds, a supervisor the limit, once (screens.md §12).
import type { VNode } from 'preact';
import type { OtpApplication } from '../../src/rules/otp-application.ts';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { SharingMode } from '../../src/rules/token-stock.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import { Area } from '../parts/area.tsx';
import { Radios } from '../parts/choice.tsx';
import { FieldErrors, tell, type Told } from '../parts/errors.tsx';
import { Facts } from '../parts/facts.tsx';
import { Need } from '../parts/field.tsx';
import { Form, Main } from '../parts/form.tsx';
import { grouped } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Result } from '../parts/result.tsx';
import { Moment, Sentence } from '../parts/sentence.tsx';
import { otpApplications } from './desk-words.ts';
import { FreshCode } from './fresh-code.tsx';
import { Unregistered, type UnregisteredPeople } from './unregistered.tsx';

/** How a limit came about. */
export type LimitFrom =
  | { readonly is: 'none' }
  | { readonly is: 'set'; readonly at: Instant | null }
  | { readonly is: 'application'; readonly days: number; readonly at: Instant; readonly arrivalDays: number | null }
  | { readonly is: 'arrival'; readonly days: number; readonly at: Instant };

export interface OtpApplicationProps {
  readonly frame: Frame;
  readonly errors: readonly FormError[];
  readonly banners: readonly Banner[];
  readonly company: {
    readonly name: string;
    readonly contractNumber: string;
    readonly application: OtpApplication;
    readonly appliedAt: Instant | null;
    readonly arrivedAt: Instant | null;
    readonly sharingMode: SharingMode;
  };
  readonly limit: Instant | null;
  readonly from: LimitFrom;
  readonly blocks: 'login' | 'operations';
  readonly tokens: { readonly people: number; readonly inUse: number; readonly waiting: number };
  readonly free: { readonly left: number; readonly of: number };
  /** Null: nobody is to register, because the company has not applied. */
  readonly unregistered: UnregisteredPeople | null;
  /** Whoever may only look gets no form. */
  readonly changes: boolean;
  /** The last day that may be set; or why none may be. */
  readonly extension:
    | { readonly is: 'open'; readonly until: Instant }
    | { readonly is: 'used' }
    | { readonly is: 'none' }
    | { readonly is: 'not-allowed' };
  /** Key-fobs were given up before: until when that application is taken up again, with its limit; or a new one begins. */
  readonly again:
    | { readonly is: 'none' }
    | { readonly is: 'same'; readonly until: Instant; readonly limit: Instant | null }
    | { readonly is: 'new' };
  readonly typed: { readonly application: string; readonly limit: string; readonly words: string };
  readonly mailPending: boolean;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

function Computed({ t, from }: { readonly t: Texts; readonly from: LimitFrom }): VNode {
  switch (from.is) {
    case 'none':
      return <>{t.say('HDK048.10')}</>;
    case 'set':
      return from.at === null ? (
        <>{t.say('frame.none')}</>
      ) : (
        <Sentence pieces={t.pieces('HDK048.9', { at: from.at })} />
      );
    case 'arrival':
      return <Sentence pieces={t.pieces('HDK048.7', { n: from.days, date: from.at })} />;
    case 'application':
      return (
        <Sentence
          pieces={
            from.arrivalDays === null
              ? t.pieces('HDK048.6', { n: from.days, date: from.at })
              : t.pieces('HDK048.8', { n: from.days, date: from.at, m: from.arrivalDays })
          }
        />
      );
  }
}

function Limit(props: {
  readonly t: Texts;
  readonly extension: OtpApplicationProps['extension'];
  readonly value: string;
  readonly errors: readonly Told[];
}): VNode {
  const { t, extension, errors } = props;
  if (extension.is === 'not-allowed') return <p class="note">{t.say('HDK048.24')}</p>;
  if (extension.is === 'used') return <p class="note">{t.say('HDK048.23')}</p>;
  if (extension.is === 'none') return <p class="note">{t.say('HDK048.10')}</p>;
  const wrong = errors.some(({ field }) => field === 'grace_until');
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <p class="label">
        <label for="grace_until">{t.label('grace_until')}</label> <Need t={t} required={false} />
      </p>
      <p class="hint" id="grace_until-hint">
        <Sentence pieces={t.pieces('HDK048.22', { date: extension.until })} />
        {t.gap}
        {t.say('HDK048.27')}
      </p>
      <input
        id="grace_until"
        name="grace_until"
        type="date"
        class="input input-date"
        value={props.value}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? 'grace_until-hint grace_until-error' : 'grace_until-hint'}
      />
      <FieldErrors errors={errors} name="grace_until" />
    </div>
  );
}

/** What applying for key-fobs does to the limit. */
function newLimit(t: Texts, again: OtpApplicationProps['again']): readonly string[] {
  if (again.is === 'same') {
    const from = again.limit === null ? [] : [t.say('HDK048.34', { date: again.limit })];
    return [t.say('HDK048.33', { date: again.until }), ...from];
  }
  return again.is === 'new' ? [t.say('HDK048.19'), t.say('HDK048.35')] : [t.say('HDK048.19')];
}

export function OtpApplicationPage(props: OtpApplicationProps): VNode {
  const t = textsOf(props.frame);
  const told = tell(t, props.errors, {});
  const { company, tokens, unregistered } = props;
  const day = (at: Instant | null): VNode =>
    at === null ? <>{t.say('frame.none')}</> : <Moment t={t} at={at} as="date" />;
  return (
    <Layout
      frame={props.frame}
      t={t}
      screen="HDK048"
      title={t.say('HDK048.title')}
      errors={told}
      banners={props.banners}
      wide
      lead={`${company.name} ${grouped(company.contractNumber)}`}
    >
      <Facts
        facts={[
          { term: t.say('HDK048.1'), detail: t.say(`application.${company.application}`) },
          { term: t.say('HDK048.2'), detail: day(company.appliedAt) },
          { term: t.say('HDK048.3'), detail: day(company.arrivedAt) },
          { term: t.say('HDK048.4'), detail: day(props.limit) },
          { term: t.say('HDK048.5'), detail: <Computed t={t} from={props.from} /> },
          ...(props.limit === null
            ? []
            : [{ term: t.say('HDK048.25'), detail: t.say('HDK048.26', { blocked: props.blocks }) }]),
          { term: t.say('HDK048.11'), detail: t.say(`choice.${company.sharingMode}`) },
          { term: t.say('HDK048.12'), detail: t.say('HDK048.13', { n: tokens.inUse, m: tokens.waiting }) },
          { term: t.say('HDK048.29'), detail: t.say('HDK048.30', { n: props.free.left, m: props.free.of }) },
          {
            term: t.say('HDK048.14'),
            detail: unregistered ? t.say('HDK048.15', { n: unregistered.total }) : t.say('HDK048.32'),
          },
        ]}
      />
      {props.changes ? (
        <Form frame={props.frame} hidden={props.hidden}>
          <Radios
            t={t}
            name="otp_application"
            label={t.label('otp_application')}
            hint={[
              ...newLimit(t, props.again),
              t.say('HDK048.20'),
              ...(tokens.people === 0 ? [] : [t.say('HDK048.31', { n: tokens.people })]),
              t.say('HDK048.21'),
            ].join(t.gap)}
            options={otpApplications.map((kind) => ({ value: kind, label: t.say(`application.${kind}`) }))}
            chosen={props.typed.application}
            errors={told}
          />
          <Limit t={t} extension={props.extension} value={props.typed.limit} errors={told} />
          <Area
            t={t}
            name="reason"
            hint={t.say('hint.reason')}
            value={props.typed.words}
            required={false}
            errors={told}
          />
          <FreshCode t={t} errors={told} />
          <Main label={t.say('button.apply')} />
        </Form>
      ) : null}
      {props.banners.length === 0 ? null : <Result t={t} frame={props.frame} mailPending={props.mailPending} />}
      {unregistered ? (
        <>
          <h2>{t.say('HDK048.14')}</h2>
          <Unregistered t={t} of={unregistered} />
        </>
      ) : null}
      <Links
        items={[
          { href: `/helpdesk/tokens?contract_number=${company.contractNumber}`, label: t.say('HDK047.17') },
          { href: '/helpdesk/companies', label: t.say('HDK011.title') },
          { href: '/helpdesk', label: t.say('button.top') },
        ]}
      />
    </Layout>
  );
}
