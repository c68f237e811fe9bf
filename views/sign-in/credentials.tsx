// Login ID and login password together, as LGN002 and LNK001 ask for them; the one mistake of the pair (group A) marks both
// fields and names neither (screens.md §4.8).
import type { VNode } from 'preact';
import type { FormError } from '../messages/errors.ts';
import type { Texts } from '../messages/texts.ts';
import type { Told } from '../parts/errors.tsx';
import { Field } from '../parts/field.tsx';

export function Credentials(props: {
  readonly t: Texts;
  readonly loginId: string;
  readonly errors: readonly FormError[];
  readonly told: readonly Told[];
}): VNode {
  const { t, told } = props;
  const mismatch = props.errors.some((error) => error.key === 'login.mismatch');
  return (
    <>
      <Field
        t={t}
        name="login_id"
        errors={told}
        hint={t.say('hint.login_id')}
        value={props.loginId}
        suspect={mismatch}
      />
      <Field t={t} name="password" errors={told} hint={t.say('hint.password')} suspect={mismatch} />
    </>
  );
}

/** 「初めてログインする方」: where the issued ID and password come from. */
export function FirstTime({ t }: { readonly t: Texts }): VNode {
  return (
    <details class="details">
      <summary>{t.say('LGN002.2')}</summary>
      <ul>
        <li>{t.say('LGN002.3')}</li>
        <li>{t.say('LGN002.4')}</li>
        <li>{t.say('LGN002.5')}</li>
      </ul>
    </details>
  );
}
