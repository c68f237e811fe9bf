// Where a page of an issue stands: in a sign-in, or in the console of somebody who is signed in. The pages are the same.
import type { ComponentChildren, VNode } from 'preact';
import type { Instant } from '../../src/rules/sign-in-record.ts';
import { Layout } from '../layout.tsx';
import type { Banner } from '../messages/banners.ts';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import type { Told } from '../parts/errors.tsx';
import type { Frame } from '../parts/frame.ts';
import type { IssueStep, SetupStep } from '../parts/progress.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { Step, type Attempt } from '../sign-in/step.tsx';

export type IssueShell =
  | ({ readonly at: 'sign-in' } & Attempt)
  | {
      readonly at: 'console';
      readonly frame: Frame;
      readonly errors: readonly FormError[];
      readonly banners: readonly Banner[];
      /** When what was entered is forgotten; null says nothing. */
      readonly until: Instant | null;
    };

/** Whether 「中止する」 is offered: a console can always be left. */
export const mayCancel = (shell: IssueShell): boolean => shell.at === 'console' || shell.cancel;

/** The frame of one page. `told` are the shell's errors, in words; `more` are banners of this page alone. */
export function Shell(props: {
  readonly shell: IssueShell;
  readonly t: Texts;
  readonly screen: string;
  readonly title: string;
  readonly told: readonly Told[];
  readonly more?: readonly Banner[];
  readonly lead?: ComponentChildren;
  readonly progress?: IssueStep | SetupStep;
  readonly children: ComponentChildren;
}): VNode {
  const { shell, t, screen, title, told, children } = props;
  const banners = [...shell.banners, ...(props.more ?? [])];
  const shared = {
    t,
    screen,
    title,
    errors: told,
    ...(props.lead === undefined ? {} : { lead: props.lead }),
    ...(props.progress === undefined ? {} : { progress: props.progress }),
  };
  if (shell.at === 'sign-in')
    return (
      <Step attempt={{ ...shell, banners }} {...shared}>
        {children}
      </Step>
    );
  return (
    <Layout frame={shell.frame} banners={banners} {...shared}>
      {children}
      {shell.until === null ? null : (
        <p class="until">
          <Sentence pieces={t.pieces('frame.until', { time: shell.until })} />
        </p>
      )}
    </Layout>
  );
}
