// DMO003: the demo's clock, forward only (screens.md §15). The value sent is the whole offset in seconds, as `/clock` takes it.
import type { VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import { Radios } from '../parts/choice.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form, Main } from '../parts/form.tsx';
import { japaneseDay } from '../parts/format.ts';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Links } from '../parts/links.tsx';
import { Moment } from '../parts/sentence.tsx';

export interface DemoClockProps {
  readonly frame: Frame;
  /** How far the demo is ahead of real time, in seconds. */
  readonly offsetSeconds: number;
}

const second = 1000;
const day = 86_400 * second;
const japan = 9 * 3600 * second;

/** Seconds from now to 8:10 of the next day in Japan. */
const toMorning = (now: Instant): number =>
  Math.ceil(((japaneseDay(now) + 1) * day - japan + (8 * 3600 + 600) * second - now) / second);

export function DemoClockPage(props: DemoClockProps): VNode {
  const { frame, offsetSeconds } = props;
  const t = textsOf(frame);
  return (
    <Layout frame={frame} t={t} screen="DMO003" title={t.say('DMO003.title')} lead={t.say('DMO003.1')}>
      <Facts
        facts={[
          { term: t.say('DMO003.2'), detail: <Moment t={t} at={frame.now} /> },
          { term: t.say('DMO003.3'), detail: t.say('DMO003.4', { n: offsetSeconds }) },
        ]}
      />
      <Form frame={frame}>
        <Radios
          t={t}
          name="offset_seconds"
          label={t.label('offset_seconds')}
          hint={t.say('hint.offset_seconds')}
          options={[
            { value: String(offsetSeconds + 60), label: t.say('DMO003.minute') },
            { value: String(offsetSeconds + 1200), label: t.say('DMO003.twenty') },
            { value: String(offsetSeconds + toMorning(frame.now)), label: t.say('DMO003.morning') },
          ]}
          chosen={String(offsetSeconds + 60)}
          errors={[]}
        />
        <Main label={t.say('button.advance')} />
      </Form>
      <Links items={[{ href: '/demo', label: t.say('DMO001.title') }]} />
    </Layout>
  );
}
