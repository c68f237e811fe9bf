// Pages of the demo's mail reader: MBX001 list, MBX002 one mail. The HTML part is a page of its own, without any rights.
import type { VNode } from 'preact';
import { Frame, say } from './frame.tsx';
import { codeOf } from './mailbox.ts';
import type { KeptMail } from './mailbox.ts';
import type { Language } from './outsider.ts';
import { timeInTable, timeInWords } from './time.ts';

interface PageProps {
  readonly language: Language;
}

const brand = (language: Language): string => say(language, 'メール(デモ)', 'Mail (demo)');

export interface ListPageProps extends PageProps {
  readonly mails: readonly KeptMail[];
  readonly q: string;
  readonly now: number;
  readonly offsetSeconds: number;
}

export function ListPage({ language, mails, q, now, offsetSeconds }: ListPageProps): VNode {
  const heads = {
    date: say(language, '日時', 'Time'),
    to: say(language, '宛先', 'To'),
    subject: say(language, '件名', 'Subject'),
  };
  return (
    <Frame brand={brand(language)} theme="mail" language={language} screen="MBX001" title={brand(language)}>
      <p>
        {say(
          language,
          'デモの登場人物に届いたメールです。新しい順に並びます。',
          'Mails to the people of the demo, newest first.',
        )}
      </p>
      <search>
        <form method="get" action="/">
          <div class="field">
            <label for="q">{say(language, '宛先または件名', 'Recipient or subject')}</label>
            <input type="search" id="q" name="q" value={q} autocapitalize="none" spellcheck={false} />
          </div>
          <button class="main">{say(language, '更新', 'Refresh')}</button>
          {q !== '' && (
            <a class="button" href="/">
              {say(language, '条件を解除', 'Clear')}
            </a>
          )}
        </form>
      </search>
      {mails.length === 0 ? (
        <p>
          {q === ''
            ? say(language, 'メールはまだありません。', 'No mail yet.')
            : say(language, '条件に合うメールがありません。', 'No mail matches.')}
        </p>
      ) : (
        <table>
          <caption>{say(language, `全${mails.length}件`, `${mails.length} mails`)}</caption>
          <thead>
            <tr>
              <th scope="col">{heads.date}</th>
              <th scope="col">{heads.to}</th>
              <th scope="col">{heads.subject}</th>
            </tr>
          </thead>
          <tbody>
            {mails.map((one) => (
              <tr key={one.id}>
                <td data-label={heads.date}>
                  <time dateTime={one.date}>{timeInTable(Date.parse(one.date))}</time>
                </td>
                <td data-label={heads.to}>{one.to}</td>
                <td data-label={heads.subject}>
                  <a href={`/${one.id}`}>{one.subject || say(language, '(件名なし)', '(no subject)')}</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="note">
        {say(
          language,
          `デモの時計: ${timeInWords(now, language)}(実際の時刻より${offsetSeconds}秒先)`,
          `Clock of the demo: ${timeInWords(now, language)}, ${offsetSeconds} seconds ahead of real time`,
        )}
      </p>
    </Frame>
  );
}

export function MailPage({ language, mail }: PageProps & { readonly mail: KeptMail }): VNode {
  const code = codeOf(mail.text);
  return (
    <Frame
      brand={brand(language)}
      theme="mail"
      language={language}
      screen="MBX002"
      title={mail.subject || say(language, '(件名なし)', '(no subject)')}
    >
      <dl>
        <dt>{say(language, '日時', 'Time')}</dt>
        <dd>
          <time dateTime={mail.date}>{timeInWords(Date.parse(mail.date), language)}</time>
        </dd>
        <dt>{say(language, '差出人', 'From')}</dt>
        <dd>{mail.from}</dd>
        <dt>{say(language, '宛先', 'To')}</dt>
        <dd>{mail.to}</dd>
        {code && (
          <>
            <dt>{say(language, 'メール通知パスワード', 'E-mail code')}</dt>
            <dd class="code">{`${code.slice(0, 4)} ${code.slice(4)}`}</dd>
          </>
        )}
      </dl>
      <h2>{say(language, '本文', 'Text')}</h2>
      <pre tabIndex={0}>{mail.text}</pre>
      {mail.html !== null && (
        <p>
          <a href={`/${mail.id}/html`}>{say(language, 'HTML形式の本文を見る', 'Show the HTML part')}</a>
        </p>
      )}
      <details>
        <summary>{say(language, 'ヘッダー', 'Headers')}</summary>
        <pre tabIndex={0}>{mail.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>
      </details>
      <p>
        <a class="button" href="/">
          {say(language, '戻る', 'Back')}
        </a>
      </p>
    </Frame>
  );
}

export function MissingPage({ language }: PageProps): VNode {
  const title = say(language, 'メールが見つかりません', 'Mail not found');
  return (
    <Frame brand={brand(language)} theme="mail" language={language} screen="MBX002" title={title} refusal="not-found">
      <p>
        {say(
          language,
          'このメールはありません。古いメールは1,000件を超えると消えます。',
          'There is no such mail. Only the newest 1,000 are kept.',
        )}
      </p>
      <p>
        <a class="button" href="/">
          {say(language, '戻る', 'Back')}
        </a>
      </p>
    </Frame>
  );
}
