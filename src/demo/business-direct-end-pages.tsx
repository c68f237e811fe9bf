// Pages of the demo's Business Direct provider where something ends: logout asked, BDD003 signed out, refusals. Words only.
import type { VNode } from 'preact';
import { directBrand } from './business-direct-pages.tsx';
import { Alert, Frame, say } from './frame.tsx';
import type { Language } from './outsider.ts';

interface PageProps {
  readonly language: Language;
}

export function LogoutPage({
  language,
  asker,
  secret,
}: PageProps & { readonly asker: string | null; readonly secret: string }): VNode {
  const title = say(language, 'ビジネスダイレクトからのログアウト', 'Sign out of Business Direct');
  return (
    <Frame brand={directBrand(language)} theme="direct" language={language} screen="BDD002" title={title}>
      <p>
        {asker
          ? say(language, `${asker}がログアウトを求めています。`, `${asker} asks to sign you out.`)
          : say(language, 'ログアウトしますか。', 'Sign out?')}
      </p>
      <form method="post" action="/logout">
        <input type="hidden" name="xsrf" value={secret} />
        <div class="row">
          <button class="main">{say(language, 'ログアウト', 'Sign out')}</button>
          <button name="action" value="cancel">
            {say(language, 'ログアウトしない', 'Stay signed in')}
          </button>
        </div>
      </form>
    </Frame>
  );
}

export function SignedOutPage({ language, cancelled }: PageProps & { readonly cancelled: boolean }): VNode {
  const title = cancelled
    ? say(language, 'ログインしていません', 'Not signed in')
    : say(language, 'ログアウトしました', 'Signed out');
  return (
    <Frame brand={directBrand(language)} theme="direct" language={language} screen="BDD003" title={title}>
      <p>
        {cancelled
          ? say(language, 'ログインを中止しました。', 'You cancelled the sign-in.')
          : say(language, 'ビジネスダイレクトからログアウトしました。', 'You are signed out of Business Direct.')}
      </p>
      <p>
        <a class="button main" href="/login">
          {say(language, 'ログイン', 'Sign in')}
        </a>
      </p>
    </Frame>
  );
}

export interface RefusedPageProps extends PageProps {
  readonly refusal: 'start-over' | 'portal-request' | 'not-found' | 'unexpected';
  /** Protocol words for whoever builds the relying party. */
  readonly detail: string | null;
}

export function RefusedPage({ language, refusal, detail }: RefusedPageProps): VNode {
  const title = {
    'start-over': say(language, '最初からやり直してください', 'Start again'),
    'portal-request': say(language, '要求を受け付けられませんでした', 'We could not accept the request'),
    'not-found': say(language, 'ページが見つかりません', 'Page not found'),
    'unexpected': say(language, '処理を続けられませんでした', 'We could not go on'),
  }[refusal];
  return (
    <Frame
      brand={directBrand(language)}
      theme="direct"
      language={language}
      screen="BDD001"
      title={title}
      refusal={refusal}
    >
      <Alert>
        <p>
          {refusal === 'start-over'
            ? say(
                language,
                'このログイン画面は、使えなくなりました。元のサービスからもう一度お進みください。',
                'This login page is no longer good. Start again from the service you came from.',
              )
            : say(
                language,
                '元のサービスへ戻って、もう一度お試しください。',
                'Go back to the service you came from and try again.',
              )}
        </p>
        {detail && (
          <p>
            <code>{detail}</code>
          </p>
        )}
      </Alert>
      <p>
        <a class="button" href="/">
          {say(language, 'ビジネスダイレクトへ', 'To Business Direct')}
        </a>
      </p>
    </Frame>
  );
}
