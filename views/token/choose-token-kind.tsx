// BOT011: which kind of token (screens.md §8.6).
import type { VNode } from 'preact';
import type { ChosenKind } from '../../src/rules/token-issue.ts';
import { Radios } from '../parts/choice.tsx';
import { tell } from '../parts/errors.tsx';
import { Form, Main, Way, Ways } from '../parts/form.tsx';
import { textsOf } from '../parts/frame.ts';
import { mayCancel, Shell, type IssueShell } from './shell.tsx';

export interface ChooseKindProps {
  readonly shell: IssueShell;
  /** In the order in which they are offered. */
  readonly kinds: readonly ChosenKind[];
  /** About a kind that can't be chosen here. */
  readonly note?: string;
}

/** The value of `token_kind` (screens.md §5). */
const values = { app: 'software', authenticator: 'authenticator', hardware: 'hardware' } as const;

/** What was posted as `token_kind`; null: nothing that is offered. */
export function readKind(value: string): ChosenKind | null {
  return value === 'software' ? 'app' : value === 'authenticator' || value === 'hardware' ? value : null;
}

export function ChooseKindPage({ shell, kinds, note }: ChooseKindProps): VNode {
  const t = textsOf(shell.frame);
  const told = tell(t, shell.errors, {});
  return (
    <Shell
      shell={shell}
      t={t}
      screen="BOT011"
      title={t.say('BOT011.title')}
      told={told}
      progress="token-kind"
      lead={t.say('BOT011.1')}
    >
      <Form frame={shell.frame}>
        <Radios
          t={t}
          name="token_kind"
          label={t.label('token_kind')}
          options={kinds.map((kind) => ({
            value: values[kind],
            label: (
              <>
                <strong>{t.say(`BOT011.${kind}`)}</strong>
                <br />
                {t.say(`BOT011.${kind}.1`)}
              </>
            ),
          }))}
          chosen={null}
          errors={told}
        />
        {note === undefined ? null : <p class="note">{note}</p>}
        <Main label={t.say('button.select')} />
        <Ways>{mayCancel(shell) ? <Way action="cancel" look="link" label={t.say('button.cancel')} /> : null}</Ways>
      </Form>
    </Shell>
  );
}
