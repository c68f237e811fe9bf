// PRT001: the sheet that a person is handed, with what was issued to them. Its passwords stand on it the first time alone.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Banner } from '../messages/banners.ts';
import type { Texts } from '../messages/texts.ts';
import type { Fact } from '../parts/facts.tsx';
import { date } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Fold, Paper, Secret, Sheet, SheetFacts } from './sheet.tsx';

export interface IdSheetProps {
  readonly frame: Frame;
  readonly company: { readonly name: string; readonly contractNumber: string };
  readonly name: string;
  readonly loginId: string;
  /** ID and password are the issued ones of a person before the first-time setup. */
  readonly first: boolean;
  /** The person must choose own ones at the next sign-in. */
  readonly forced: boolean;
  /** Null where nothing of the kind was issued; `shown` where it was shown before. */
  readonly login: { readonly password: string } | 'shown' | null;
  readonly confirmation: { readonly password: string } | 'shown' | null;
  readonly until: Instant | null;
  /** Address of the sign-in. */
  readonly address: string;
  /** Who handed it over: whom to ask in the company. */
  readonly asked: string;
  readonly back: string;
}

function secrets(t: Texts, props: IdSheetProps): readonly Fact[] {
  const one = (term: string, secret: IdSheetProps['login']): readonly Fact[] =>
    secret === null
      ? []
      : [{ term, detail: secret === 'shown' ? t.say('PRT001.22') : <Secret value={secret.password} /> }];
  return [
    ...one(t.say(props.first ? 'PRT001.15' : 'secret.login'), props.login),
    ...one(t.say('secret.confirmation'), props.confirmation),
  ];
}

export function IdSheetPage(props: IdSheetProps): VNode {
  const t = textsOf(props.frame);
  const shown = props.login === 'shown' || props.confirmation === 'shown';
  const banners: readonly Banner[] = shown ? [{ key: 'issued.once' }] : [];
  const steps = props.first
    ? (['PRT001.8', 'PRT001.10', 'PRT001.11', 'PRT001.12'] as const)
    : (['PRT001.16', 'PRT001.17', ...(props.forced ? (['PRT001.18'] as const) : []), 'PRT001.19'] as const);
  return (
    <Paper
      frame={props.frame}
      t={t}
      screen="PRT001"
      title={t.say('PRT001.title')}
      back={[{ href: props.back, label: t.say('button.back') }]}
      banners={banners}
    >
      <Sheet t={t} frame={props.frame} screen="PRT001" title={t.say('PRT001.title')} company={props.company}>
        <p>
          <strong>{t.say('PRT001.14')}</strong>
        </p>
        <SheetFacts
          facts={[
            { term: t.say('PRT001.1'), detail: props.name },
            { term: t.say('person.login-id'), detail: props.first ? <Secret value={props.loginId} /> : props.loginId },
            ...secrets(t, props),
            ...(props.until === null ? [] : [{ term: t.say('PRT001.3'), detail: date(props.until, t.language) }]),
          ]}
        />
        {shown ? null : <p>{t.say('PRT001.2')}</p>}
        <Fold t={t} />
        <SheetFacts
          facts={[
            { term: t.say('PRT001.4'), detail: props.address },
            { term: t.say('PRT001.5'), detail: t.say(props.first ? 'PRT001.6' : 'PRT001.21') },
            { term: t.say('PRT001.13'), detail: props.asked },
          ]}
        />
        <h3>{t.say(props.first ? 'PRT001.7' : 'PRT001.20')}</h3>
        <ol>
          {steps.map((step) => (
            <li>
              {t.say(step)}
              {step === 'PRT001.8' ? (
                <>
                  <br />
                  {t.say('PRT001.9')}
                </>
              ) : null}
            </li>
          ))}
        </ol>
      </Sheet>
    </Paper>
  );
}
