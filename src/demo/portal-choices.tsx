// The portal's one form: a button for each way to ask the gateway, with a line on what it asks; and, signed in, the way to its
// transfer. No behaviour.
import type { VNode } from 'preact';
import { say } from './frame.tsx';
import type { Language } from './outsider.ts';

interface ChoicesProps {
  readonly language: Language;
  /** Signed in: the refresh token can be tried too. */
  readonly signedIn: boolean;
}

export function Choices({ language, signedIn }: ChoicesProps): VNode {
  const all = [
    [
      'login',
      say(language, 'ログイン', 'Sign in'),
      say(language, 'Webサービスで本人確認をします。', 'Web Service proves who you are.'),
    ],
    [
      'login_otp',
      say(language, 'コード必須でログイン', 'Sign in with a code'),
      say(
        language,
        'ワンタイムパスワードの入力を必ず求めます(acr_values)。',
        'Always asks for a one-time password (acr_values).',
      ),
    ],
    [
      'login_again',
      say(language, 'もう一度本人確認', 'Prove it again'),
      say(
        language,
        'ログイン中でも、最初から本人確認を求めます(prompt=login)。',
        'Asks for everything again, even when signed in (prompt=login).',
      ),
    ],
    [
      'login_silent',
      say(language, '画面なしで確認', 'Check silently'),
      say(
        language,
        '画面を出さずに、ログインが続いているかを確かめます(prompt=none)。',
        'Asks without any page whether you are still signed in (prompt=none).',
      ),
    ],
    ...(signedIn
      ? [
          [
            'refresh',
            say(language, 'トークンを更新', 'Refresh tokens'),
            say(
              language,
              'リフレッシュトークンが有効かを確かめます。',
              'Shows whether the refresh token is still good.',
            ),
          ],
        ]
      : []),
    [
      'logout',
      say(language, 'ログアウト', 'Sign out'),
      say(language, 'Webサービスからもログアウトします。', 'Signs you out of Web Service too.'),
    ],
  ];
  return (
    <>
      <form method="post" action="/">
        <ul class="choices">
          {all.map(([action, label, what], index) => (
            <li key={action}>
              <button
                name="action"
                value={action}
                class={index === 0 ? 'main' : undefined}
                aria-describedby={`what-${action}`}
              >
                {label}
              </button>
              <p id={`what-${action}`}>{what}</p>
            </li>
          ))}
        </ul>
      </form>
      {signedIn && (
        <p>
          <a class="button" href="/transfer">
            {say(language, '振込(デモ)へ', 'Transfer (demo)')}
          </a>
        </p>
      )}
    </>
  );
}
