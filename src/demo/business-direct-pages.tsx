// Pages of the demo's Business Direct provider: BDD001 login, BDD002 signed in. Words only.
import type { VNode } from 'preact';
import { Alert, Frame, say } from './frame.tsx';
import type { Language } from './outsider.ts';
import { stateWords } from './people.ts';
import type { DemoPerson } from './people.ts';

interface PageProps {
  readonly language: Language;
}

/** The name in the header of every page. */
export const directBrand = (language: Language): string =>
  say(language, 'ビジネスダイレクト(デモ)', 'Business Direct (demo)');

export interface LoginPageProps extends PageProps {
  /** Name of the relying party that asks; null for the bank's own start page. */
  readonly asker: string | null;
  readonly people: readonly DemoPerson[];
  /** The ID as typed before. */
  readonly id: string;
  readonly wrong: boolean;
}

export function LoginPage({ language, asker, people, id, wrong }: LoginPageProps): VNode {
  const title = say(language, 'ビジネスダイレクト(デモ) ログイン', 'Business Direct (demo): sign in');
  const mistake = say(
    language,
    'IDまたはパスワードを確認できませんでした。',
    'We could not confirm the ID or password.',
  );
  const invalid = wrong
    ? { 'aria-invalid': 'true' as const, 'aria-describedby': 'mistake hint' }
    : { 'aria-describedby': 'hint' };
  return (
    <Frame
      brand={directBrand(language)}
      theme="direct"
      language={language}
      screen="BDD001"
      title={title}
      refusal={wrong ? 'credentials' : undefined}
    >
      {wrong && (
        <Alert>
          <p id="mistake">{mistake}</p>
          <p>
            {say(
              language,
              '下の表のIDとパスワードを、もう一度入力してください。',
              'Type an ID and password of the table below again.',
            )}
          </p>
        </Alert>
      )}
      {asker !== null && <p>{say(language, `${asker}が本人確認を求めています。`, `${asker} asks who you are.`)}</p>}
      <form method="post">
        <p class="hint" id="hint">
          {say(language, 'デモ用です。実際のIDは入力しないでください。', 'Demo only. Do not type a real ID.')}
        </p>
        <div class="field">
          <label for="business_direct_id">
            {say(language, 'ビジネスダイレクトのID', 'Business Direct ID')}
            <span class="need">{say(language, '※必須', 'required')}</span>
          </label>
          <input
            type="text"
            id="business_direct_id"
            name="business_direct_id"
            value={id}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            {...invalid}
          />
        </div>
        <div class="field">
          <label for="business_direct_password">
            {say(language, 'パスワード', 'Password')}
            <span class="need">{say(language, '※必須', 'required')}</span>
          </label>
          <input
            type="password"
            id="business_direct_password"
            name="business_direct_password"
            autocomplete="current-password"
            {...invalid}
          />
        </div>
        <div class="row">
          <button class="main">{say(language, 'ログイン', 'Sign in')}</button>
          <button name="action" value="cancel" formnovalidate>
            {say(language, '中止する', 'Cancel')}
          </button>
        </div>
      </form>
      <PeopleTable language={language} people={people} />
    </Frame>
  );
}

function PeopleTable({ language, people }: PageProps & { readonly people: readonly DemoPerson[] }): VNode {
  const heads = {
    company: say(language, 'ご契約先', 'Company'),
    state: say(language, '状態', 'State'),
    id: 'ID',
    password: say(language, 'パスワード', 'Password'),
  };
  return (
    <>
      <h2>{say(language, 'デモの登場人物', 'People of the demo')}</h2>
      <table>
        <caption>
          {say(
            language,
            `全${people.length}名。状態は最初に起動したときのものです。`,
            `${people.length} people, with their state at the first start.`,
          )}
        </caption>
        <thead>
          <tr>
            <th scope="col">{say(language, '氏名', 'Name')}</th>
            <th scope="col">{heads.company}</th>
            <th scope="col">{heads.state}</th>
            <th scope="col">{heads.id}</th>
            <th scope="col">{heads.password}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.login_id}>
              <th scope="row">{person.name}</th>
              <td data-label={heads.company}>{person.company}</td>
              <td data-label={heads.state}>{stateWords[person.state][language === 'ja' ? 0 : 1]}</td>
              <td data-label={heads.id} class="code">
                {person.business_direct?.id}
              </td>
              <td data-label={heads.password} class="code">
                {person.business_direct?.password}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

export function SignedInPage({ language, person }: PageProps & { readonly person: DemoPerson }): VNode {
  return (
    <Frame
      brand={directBrand(language)}
      theme="direct"
      language={language}
      screen="BDD002"
      title={directBrand(language)}
    >
      <dl>
        <dt>{say(language, 'ログイン中の方', 'Signed in as')}</dt>
        <dd>{say(language, `${person.name}様`, person.name)}</dd>
        <dt>{say(language, 'ご契約先', 'Company')}</dt>
        <dd>{person.company}</dd>
        <dt>{say(language, 'ビジネスダイレクトのID', 'Business Direct ID')}</dt>
        <dd class="code">{person.business_direct?.id}</dd>
      </dl>
      <form method="post" action="/">
        <div class="row">
          <button class="main">{say(language, 'Webサービスを開く', 'Open Web Service')}</button>
          <button name="action" value="logout">
            {say(language, 'ログアウト', 'Sign out')}
          </button>
        </div>
      </form>
      <p class="note">
        {say(
          language,
          '「Webサービスを開く」を押すと、ID連携ログインが始まります。',
          '"Open Web Service" starts a linked sign-in.',
        )}
      </p>
    </Frame>
  );
}
