// PTL004: the form of a transfer, and what became of it: the receipt, or why it was not approved. Words only.
import type { VNode } from 'preact';
import { Alert, Data, Frame, say } from './frame.tsx';
import type { Language } from './outsider.ts';
import type { Transfer, TransferField, TransferState } from './portal-transfer.ts';
import { transferErrorInWords } from './portal-words.ts';
import { dayInWords, timeInWords } from './time.ts';

export interface TransferProps {
  readonly language: Language;
  /** What stands in the form. */
  readonly typed: Transfer;
  readonly wrong: readonly TransferField[];
  /** What became of the last one; null: nothing yet. */
  readonly state: TransferState | null;
}

const amountInWords = (amount: string, language: Language): string => {
  const digits = amount.replace(/\B(?=(\d{3})+$)/g, ',');
  return language === 'ja' ? `${digits}円` : `JPY ${digits}`;
};

function wrongInWords(name: TransferField, language: Language): string {
  switch (name) {
    case 'payee':
      return say(language, '振込先を100文字以内で入力してください。', 'Enter the payee, up to 100 characters.');
    case 'amount':
      return say(language, '金額を数字で入力してください。', 'Enter the amount in digits.');
    case 'date':
      return say(language, '指定日を「2026-11-30」の形で入力してください。', 'Enter the date like 2026-11-30.');
  }
}

export function TransferPage(props: TransferProps): VNode {
  const { language, state, wrong } = props;
  const { error = null, approved = null } = state ?? {};
  const done = approved?.matches === true;
  const refusal = wrong.length > 0 ? 'form' : error || (approved && !done) ? 'upstream-refused' : undefined;
  return (
    <Frame
      brand={say(language, '提携サービス(デモ)', 'Partner service (demo)')}
      theme="portal"
      language={language}
      screen="PTL004"
      title={say(language, '振込(デモ)', 'Transfer (demo)')}
      refusal={refusal}
    >
      {wrong.length > 0 && (
        <Alert>
          <p>{say(language, '入力内容をご確認ください。', 'Please check what you entered.')}</p>
          <ul>
            {wrong.map((name) => (
              <li>
                <a href={`#${name}`}>{wrongInWords(name, language)}</a>
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {state && wrong.length === 0 && <Outcome language={language} state={state} />}
      {!done && <TransferForm {...props} />}
      <p class="row">
        {done && (
          <a class="button" href="/transfer?new=1">
            {say(language, '続けて振り込む', 'Another transfer')}
          </a>
        )}
        <a href="/">{say(language, '提携サービスのトップへ', 'Back to the partner service')}</a>
      </p>
    </Frame>
  );
}

function Outcome({ language, state }: { readonly language: Language; readonly state: TransferState }): VNode {
  const { sent, approved, error } = state;
  const data = <Data id="transfer" value={{ sent, approved, error: error?.error ?? null }} />;
  if (error)
    return (
      <>
        <Alert>
          <p>{transferErrorInWords(error.error, language)}</p>
          <p>
            <code>
              {error.error}
              {error.error_description ? `: ${error.error_description}` : ''}
            </code>
          </p>
          <p>{say(language, `お問い合わせ番号 ${error.reference}`, `Reference number ${error.reference}`)}</p>
        </Alert>
        {data}
      </>
    );
  if (!approved?.matches)
    return (
      <>
        <Alert>
          <p>{transferErrorInWords('approval_differs', language)}</p>
        </Alert>
        {data}
      </>
    );
  return (
    <>
      <div class="notice" role="status">
        <p>{say(language, '振込を受け付けました。', 'The transfer was accepted.')}</p>
      </div>
      <dl>
        <dt>{say(language, '受付番号', 'Receipt number')}</dt>
        <dd>{approved.receipt}</dd>
        <dt>{say(language, '承認日時', 'Approved at')}</dt>
        <dd>{timeInWords(Date.parse(approved.approvedAt), language)}</dd>
        <dt>{say(language, '振込先', 'Payee')}</dt>
        <dd>{sent.payee}</dd>
        <dt>{say(language, '金額', 'Amount')}</dt>
        <dd>{amountInWords(sent.amount, language)}</dd>
        <dt>{say(language, '指定日', 'Date')}</dt>
        <dd>{dayInWords(sent.date, language)}</dd>
        <dt>{say(language, '内容の照合', 'Comparison')}</dt>
        <dd>
          {say(
            language,
            '送った内容と承認された内容は、一致しています。',
            'What was approved is exactly what was sent.',
          )}
        </dd>
      </dl>
      {data}
      <details>
        <summary>{say(language, '承認された内容(authorization_details)', 'What was approved')}</summary>
        <pre tabIndex={0}>{JSON.stringify(approved.returned, null, 2)}</pre>
      </details>
    </>
  );
}

function TransferForm({ language, typed, wrong }: TransferProps): VNode {
  const shared = (name: TransferField) => ({
    'id': name,
    name,
    'value': typed[name],
    'autocomplete': 'off',
    'aria-describedby': wrong.includes(name) ? `${name}-hint ${name}-error` : `${name}-hint`,
    ...(wrong.includes(name) ? { 'aria-invalid': true } : {}),
  });
  const field = (name: TransferField, label: string, hint: string) => (
    <div class="field">
      <label for={name}>
        {label}
        <span class="need">{say(language, '※必須', 'required')}</span>
      </label>
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
      {name === 'date' ? <input type="date" {...shared(name)} /> : <input type="text" {...shared(name)} />}
      {wrong.includes(name) && (
        <p class="wrong" id={`${name}-error`}>
          {wrongInWords(name, language)}
        </p>
      )}
    </div>
  );
  return (
    <form method="post" action="/transfer" novalidate>
      <p>
        {say(
          language,
          '内容をWebサービスへ送り、ワンタイムパスワードで承認します。お金は動きません。',
          'The details go to Web Service, where a one-time password approves them. No money moves.',
        )}
      </p>
      {field(
        'payee',
        say(language, '振込先', 'Payee'),
        say(language, '銀行名、口座番号、受取人など(100文字まで)。', 'Bank, account, name; up to 100 characters.'),
      )}
      {field('amount', say(language, '金額(円)', 'Amount (JPY)'), say(language, '例: 1500000', 'Example: 1500000'))}
      {field('date', say(language, '指定日', 'Date'), say(language, '例: 2026-11-30', 'Example: 2026-11-30'))}
      <p>
        <button class="main">{say(language, '承認へ進む', 'Go on to approval')}</button>
      </p>
    </form>
  );
}
