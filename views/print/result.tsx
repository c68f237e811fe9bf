// PRT006: a result page on paper: which procedure, who did it and when, per person what was done, the reference number.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import type { Message } from '../messages/placeholders.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Moment, Sentence } from '../parts/sentence.tsx';
import { Table } from '../parts/table.tsx';
import { Paper, Sheet, SheetFacts } from './sheet.tsx';

export interface SlipRow {
  readonly name: string;
  readonly loginId: string;
  readonly result: 'done' | 'out' | 'failed';
  readonly why: Message<
    | 'edit.stale'
    | 'CON070.3'
    | 'CON042.6'
    | 'CON042.7'
    | 'CON062.5'
    | 'CON090.8'
    | 'REF024.text'
    | 'release.desk'
    | 'last.block'
  > | null;
  /** What stands now, in words; null where nothing is compared. */
  readonly now: string | null;
}

export interface ResultSlipProps {
  readonly frame: Frame;
  readonly company: { readonly name: string; readonly contractNumber: string };
  /** Title of the result page. */
  readonly procedure: string;
  readonly headline: string;
  readonly by: { readonly name: string; readonly loginId: string };
  readonly at: Instant;
  readonly people: readonly SlipRow[];
  /** Address of the result page. */
  readonly back: string;
}

export function ResultSlipPage(props: ResultSlipProps): VNode {
  const t = textsOf(props.frame);
  const { frame, by, people } = props;
  const compared = people.some(({ now }) => now !== null);
  return (
    <Paper
      frame={frame}
      t={t}
      screen="PRT006"
      title={t.say('PRT006.title')}
      back={[{ href: props.back, label: t.say('button.back') }]}
    >
      <Sheet t={t} frame={frame} screen="PRT006" title={t.say('PRT006.title')} company={props.company}>
        <SheetFacts
          facts={[
            { term: t.say('PRT006.1'), detail: props.procedure },
            { term: t.say('PRT006.2'), detail: `${by.name} (${by.loginId})` },
            { term: t.say('PRT006.3'), detail: <Moment t={t} at={props.at} /> },
          ]}
        />
        <p>
          <strong>{props.headline}</strong>
        </p>
        <Table
          quiet
          caption={t.say('CON072.2')}
          columns={[
            { head: t.say('CON010.2') },
            { head: t.say('field.login_id') },
            { head: t.say('CON072.2') },
            ...(compared ? [{ head: t.say('field.state') }] : []),
          ]}
          rows={people.map((person) => ({
            cells: [
              person.name,
              person.loginId,
              <>
                {t.say(`result.${person.result}`)}
                {person.why === null ? null : (
                  <>
                    <br />
                    <Sentence pieces={t.message(person.why)} />
                  </>
                )}
              </>,
              ...(compared ? [person.now ?? t.say('frame.none')] : []),
            ],
          }))}
        />
        {frame.reference === null ? null : (
          <p class="reference">{t.say('frame.reference', { ref: frame.reference })}</p>
        )}
      </Sheet>
    </Paper>
  );
}
