// Pages of the demo's portal: PTL001 start, PTL002 signed in, PTL003 error; one form for all. Words only.
import type { VNode } from 'preact';
import { Alert, Data, Frame, say } from './frame.tsx';
import type { Language } from './outsider.ts';
import { Choices } from './portal-choices.tsx';
import type { PortalError, PortalLogin, PortalSession, RefreshResult } from './portal-session.ts';
import { acrInWords, amrInWords, errorInWords } from './portal-words.ts';
import { timeInWords } from './time.ts';

interface PageProps {
  readonly language: Language;
}

const brand = (language: Language): string => say(language, '提携サービス(デモ)', 'Partner service (demo)');

/** The portal's one page in its three states. `returned`: just back from a logout at the gateway. */
export function PortalPage(
  props: PageProps & { readonly session: PortalSession | null; readonly returned: boolean },
): VNode {
  const { language, session, returned } = props;
  if (session?.error) return <ErrorPage language={language} error={session.error} signedIn={session.login !== null} />;
  if (session?.login) return <SignedInPage language={language} login={session.login} refresh={session.refresh} />;
  return <StartPage language={language} session={session} returned={returned} />;
}

export function MissingPage({ language }: PageProps): VNode {
  const title = say(language, 'ページが見つかりません', 'Page not found');
  return (
    <Frame brand={brand(language)} theme="portal" language={language} screen="PTL003" title={title} refusal="not-found">
      <p>
        <a class="button" href="/">
          {say(language, '提携サービスへ', 'To the partner service')}
        </a>
      </p>
    </Frame>
  );
}

function StartPage({
  language,
  session,
  returned,
}: PageProps & { readonly session: PortalSession | null; readonly returned: boolean }): VNode {
  const ended = session?.lastLogoutToken;
  return (
    <Frame brand={brand(language)} theme="portal" language={language} screen="PTL001" title={brand(language)}>
      {ended && !returned && (
        <div class="notice" role="status">
          <p>
            {say(
              language,
              `Webサービスからの通知で、${timeInWords(ended.at, language)}にログアウトしました。`,
              `Web Service told us to sign you out at ${timeInWords(ended.at, language)}.`,
            )}
          </p>
        </div>
      )}
      {returned && (
        <div class="notice" role="status">
          <p>{say(language, 'ログアウトしました。', 'You are signed out.')}</p>
        </div>
      )}
      <p>{say(language, 'ログインしていません。', 'You are not signed in.')}</p>
      <Choices language={language} signedIn={false} />
    </Frame>
  );
}

function SignedInPage({
  language,
  login,
  refresh,
}: PageProps & { readonly login: PortalLogin; readonly refresh: RefreshResult | null }): VNode {
  const { claims, userinfo } = login;
  const name = text(claims.name) ?? text(userinfo?.name) ?? claims.sub;
  const company = companyName(claims.company) ?? companyName(userinfo?.company);
  return (
    <Frame
      brand={brand(language)}
      theme="portal"
      language={language}
      screen="PTL002"
      title={say(language, 'ログイン中', 'Signed in')}
    >
      <dl>
        <dt>{say(language, '氏名', 'Name')}</dt>
        <dd>{name}</dd>
        <dt>{say(language, 'ご契約先', 'Company')}</dt>
        <dd>{company ?? '—'}</dd>
        <dt>{say(language, 'ログインの方法', 'How you signed in')}</dt>
        <dd>
          {acrInWords(claims.acr, language)}
          <br />
          <code>acr: {JSON.stringify(claims.acr ?? null)}</code>
        </dd>
        <dt>{say(language, '確認したもの', 'What was proven')}</dt>
        <dd>
          {amrInWords(claims.amr, language)}
          <br />
          <code>amr: {JSON.stringify(claims.amr ?? null)}</code>
        </dd>
        <dt>{say(language, '本人確認の時刻', 'Proven at')}</dt>
        <dd>
          {claims.auth_time === undefined ? '—' : timeInWords(claims.auth_time * 1000, language)}
          <br />
          <code>auth_time: {JSON.stringify(claims.auth_time ?? null)}</code>
        </dd>
      </dl>
      <Data id="claims" value={claims} />
      {refresh && <RefreshNotice language={language} refresh={refresh} />}
      <Choices language={language} signedIn={true} />
      <details>
        <summary>{say(language, 'IDトークンの内容', 'What the ID token says')}</summary>
        <pre tabIndex={0}>{JSON.stringify(claims, null, 2)}</pre>
      </details>
      {userinfo && (
        <details>
          <summary>{say(language, 'UserInfoの内容', 'What UserInfo says')}</summary>
          <pre tabIndex={0}>{JSON.stringify(userinfo, null, 2)}</pre>
        </details>
      )}
    </Frame>
  );
}

function RefreshNotice({ language, refresh }: PageProps & { readonly refresh: RefreshResult }): VNode {
  const at = timeInWords(refresh.at, language);
  return (
    <>
      {refresh.ok ? (
        <div class="notice" role="status">
          <p>{say(language, `${at}に、トークンを更新しました。`, `Tokens refreshed at ${at}.`)}</p>
        </div>
      ) : (
        <Alert>
          <p>{say(language, `${at}に、トークンを更新できませんでした。`, `Tokens could not be refreshed at ${at}.`)}</p>
          <p>
            <code>
              {refresh.error}
              {refresh.error_description ? `: ${refresh.error_description}` : ''}
            </code>
          </p>
        </Alert>
      )}
      <Data id="refresh" value={refresh} />
    </>
  );
}

/** Errors that are no word of the gateway but the portal's own finding, in the words of spec §12. */
const refusals = new Map([
  ['gateway_unreachable', 'upstream-down'],
  ['start_over', 'start-over'],
]);

function ErrorPage({
  language,
  error,
  signedIn,
}: PageProps & { readonly error: PortalError; readonly signedIn: boolean }): VNode {
  const title = say(language, 'ログインできませんでした', 'Sign-in failed');
  return (
    <Frame
      brand={brand(language)}
      theme="portal"
      language={language}
      screen="PTL003"
      title={title}
      refusal={refusals.get(error.error) ?? 'upstream-refused'}
    >
      <Alert>
        <p>{errorInWords(error.error, language)}</p>
        <p>
          <code>
            {error.error}
            {error.error_description ? `: ${error.error_description}` : ''}
          </code>
        </p>
        <p>{say(language, `お問い合わせ番号 ${error.reference}`, `Reference number ${error.reference}`)}</p>
      </Alert>
      <Data id="error" value={{ error: error.error, error_description: error.error_description }} />
      <Choices language={language} signedIn={signedIn} />
      {signedIn && (
        <p>
          <a href="/?view=session">{say(language, 'ログイン中の画面へ戻る', 'Back to your session')}</a>
        </p>
      )}
    </Frame>
  );
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function companyName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined;
  return text(value.name);
}
