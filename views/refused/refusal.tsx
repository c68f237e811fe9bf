// The one view of all refusals: title, text, reference number, ways on (screens.md §8.8).
import type { VNode } from 'preact';
import { Layout } from '../layout.tsx';
import type { Key } from '../messages/placeholders.ts';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Sentence } from '../parts/sentence.tsx';
import { refusals, type Refusal } from './refusals.ts';

export interface RefusalProps {
  readonly frame: Frame;
  readonly refusal: Refusal;
  /** Whether a portal waits, so that 「中止する」 is offered. */
  readonly cancel: boolean;
  /** Where the form goes; null: to the page's own address. */
  readonly action: string | null;
}

/** What a refusal says: its own text, or another busy message on REF019. */
const textKey = (refusal: Refusal): Key => ('text' in refusal ? refusal.text : `${refusal.screen}.text`);

export function RefusalPage(props: RefusalProps): VNode {
  const { frame, refusal } = props;
  const t = textsOf(frame);
  const { word, ways } = refusals[refusal.screen];
  const [main, ...others] = ways;
  return (
    <Layout frame={frame} t={t} screen={refusal.screen} title={t.say(`${refusal.screen}.title`)} refusal={word}>
      <p class="refused">
        <Sentence pieces={t.message({ key: textKey(refusal), values: refusal.values })} />
      </p>
      {refusal.screen === 'REF004' ? <p>{t.say('REF004.2')}</p> : null}
      {frame.reference === null ? null : (
        <p class="reference box">{t.say('form.ref', { ref: frame.reference, screen: refusal.screen })}</p>
      )}
      <Form frame={frame} action={props.action}>
        <Main action={main.action} label={t.say(main.label)} />
        <Ways>
          {others.map((way) => (
            <Way action={way.action} label={t.say(way.label)} />
          ))}
          {props.cancel ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}
        </Ways>
      </Form>
    </Layout>
  );
}
