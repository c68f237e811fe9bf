// Where a person stands in a procedure of several pages (screens.md §3 row 9): short labels, words for screen readers, and
// on narrow screens only 「2/5 パスワード」.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';

/** The steps of first-time setup, in order. */
export const setupSteps = ['login-id', 'password', 'confirmation-password', 'email', 'token'] as const;

export type SetupStep = (typeof setupSteps)[number];

export function Progress({ t, current }: { readonly t: Texts; readonly current: SetupStep }): VNode {
  const position = setupSteps.indexOf(current);
  return (
    <nav class="progress" aria-label={t.say('frame.progress')}>
      <ol>
        {setupSteps.map((step, index) => (
          <li
            class={index < position ? 'done' : index === position ? 'current' : 'ahead'}
            aria-current={index === position ? 'step' : undefined}
          >
            <span class="count">{`${index + 1}`}</span>
            {index === position ? <span class="of">{`/${setupSteps.length}`}</span> : null}
            <span class="name">{t.say(`progress.${step}`)}</span>
            {index < position ? <span class="hidden">{t.say('frame.done')}</span> : null}
            {index === position ? <span class="hidden">{t.say('frame.current')}</span> : null}
          </li>
        ))}
      </ol>
    </nav>
  );
}
