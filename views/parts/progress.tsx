// Where a person stands in a procedure of several pages (screens.md §3 row 9): short labels, words for screen readers, and
// on narrow screens only 「2/5 パスワード」.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';

/** The steps of first-time setup, in order. */
export const setupSteps = ['login-id', 'password', 'confirmation-password', 'email', 'token'] as const;

export type SetupStep = (typeof setupSteps)[number];

/** The pages on which a company's administrator registers or changes a person, in order. */
export const personSteps = ['basics', 'permissions', 'accounts', 'check', 'result'] as const;

/** The pages on which a software token is issued, in order. */
export const issueSteps = [
  'token-kind',
  'token-mail',
  'token-details',
  'token-check',
  'token-done',
  'token-code',
] as const;

export type IssueStep = (typeof issueSteps)[number];

export type ProgressStep = SetupStep | (typeof personSteps)[number] | IssueStep;

const procedures: readonly (readonly ProgressStep[])[] = [setupSteps, personSteps, issueSteps];

export function Progress({ t, current }: { readonly t: Texts; readonly current: ProgressStep }): VNode {
  const steps = procedures.find((procedure) => procedure.includes(current)) ?? [];
  const position = steps.indexOf(current);
  return (
    <nav class="progress" aria-label={t.say('frame.progress')}>
      <ol>
        {steps.map((step, index) => (
          <li
            class={index < position ? 'done' : index === position ? 'current' : 'ahead'}
            aria-current={index === position ? 'step' : undefined}
          >
            <span class="count">{`${index + 1}`}</span>
            {index === position ? <span class="of">{`/${steps.length}`}</span> : null}
            <span class="name">{t.say(`progress.${step}`)}</span>
            {index < position ? <span class="hidden">{t.say('frame.done')}</span> : null}
            {index === position ? <span class="hidden">{t.say('frame.current')}</span> : null}
          </li>
        ))}
      </ol>
    </nav>
  );
}
