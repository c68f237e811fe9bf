// PRT002: the letter to a master – ID, where the password comes from, the steps (screens.md §11). With a password it is the
// answer to a request, printed once and posted.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { MenuItem } from '../parts/links.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Moment, Sentence } from '../parts/sentence.tsx';
import { Fold, Paper, Secret, Sheet, SheetFacts } from './sheet.tsx';

export interface CompletionNoticeProps {
  readonly frame: Frame;
  readonly company: { readonly name: string; readonly contractNumber: string };
  readonly name: string;
  readonly loginId: string;
  /** Null: the one of the application form, which is never printed. */
  readonly reset: { readonly number: string; readonly password: string } | null;
  readonly until: Instant;
  /** Address of the sign-in. */
  readonly address: string;
  readonly back: readonly MenuItem[];
}

export function CompletionNoticePage(props: CompletionNoticeProps): VNode {
  const { frame, company, reset } = props;
  const t = textsOf(frame);
  const title = t.say('PRT002.title');
  return (
    <Paper frame={frame} t={t} screen="PRT002" title={title} back={props.back}>
      <Sheet frame={frame} t={t} screen="PRT002" title={title} company={company}>
        <p>
          {company.name}
          <br />
          {t.say('PRT002.1', { name: props.name })}
        </p>
        <p>{reset === null ? t.say('PRT002.2') : t.say('PRT002.3', { number: reset.number })}</p>
        <SheetFacts
          facts={[
            { term: t.label('contract_number'), detail: company.contractNumber },
            { term: t.label('login_id'), detail: <span class="secret">{props.loginId}</span> },
            {
              term: t.say('PRT002.4'),
              detail: reset === null ? t.say('PRT002.5') : <Secret value={reset.password} />,
            },
            { term: t.say('PRT002.6'), detail: <Moment t={t} at={props.until} /> },
            { term: t.say('PRT002.7'), detail: props.address },
          ]}
        />
        <h3>{t.say('PRT002.8')}</h3>
        <ol class="list">
          <li>{t.say('PRT002.9')}</li>
          <li>{t.say('PRT002.10')}</li>
          <li>{t.say('PRT002.11')}</li>
        </ol>
        {reset === null ? (
          <p>{t.say('PRT002.12')}</p>
        ) : (
          <p>
            {t.say('PRT002.13')}
            {t.gap}
            {t.say('PRT002.14')}
          </p>
        )}
        <p>{t.say('PRT002.16')}</p>
        <p>
          {t.say('PRT002.17')}: <Sentence pieces={t.pieces('ask.desk')} />
        </p>
        <p>
          <strong>{t.say('PRT002.15')}</strong>
        </p>
        <Fold t={t} />
      </Sheet>
    </Paper>
  );
}
