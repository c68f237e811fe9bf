// PRT006 of the token desk: what was done with which tokens, by whom and when, as its result page says it (HDK046).
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { MovedTokens, moveHeadline, type MoveShown } from '../helpdesk/token-result.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Moment } from '../parts/sentence.tsx';
import { Paper, Sheet, SheetFacts } from './sheet.tsx';

export interface MoveSlipProps extends MoveShown {
  readonly frame: Frame;
  readonly by: { readonly name: string; readonly loginId: string };
  readonly at: Instant;
  /** Address of the result page. */
  readonly back: string;
}

export function MoveSlipPage(props: MoveSlipProps): VNode {
  const t = textsOf(props.frame);
  const { frame, by } = props;
  return (
    <Paper
      frame={frame}
      t={t}
      screen="PRT006"
      title={t.say('PRT006.title')}
      back={[{ href: props.back, label: t.say('button.back') }]}
    >
      <Sheet t={t} frame={frame} screen="PRT006" title={t.say('PRT006.title')} company={null}>
        <SheetFacts
          facts={[
            { term: t.say('PRT006.1'), detail: t.say(`HDK046.${props.move}`) },
            { term: t.say('PRT006.2'), detail: `${by.name} (${by.loginId})` },
            { term: t.say('PRT006.3'), detail: <Moment t={t} at={props.at} /> },
          ]}
        />
        <p>
          <strong>{moveHeadline(t, props)}</strong>
        </p>
        <MovedTokens t={t} of={props} linked={false} />
        {frame.reference === null ? null : (
          <p class="reference">{t.say('frame.reference', { ref: frame.reference })}</p>
        )}
      </Sheet>
    </Paper>
  );
}
