// What the portal says in words: authentication of an ID token, errors of the protocol. [Japanese, English].
type Words = readonly [string, string];

const acr: Readonly<Record<string, Words>> = {
  'urn:renkei:acr:federated': ['ID連携ログイン(コードの入力なし)', 'Linked sign-in, no code'],
  'urn:renkei:acr:federated-otp': ['ID連携ログイン + ワンタイムパスワード', 'Linked sign-in and one-time password'],
  'urn:renkei:acr:password': ['直接ログイン(コードの入力なし)', 'Direct sign-in, no code'],
  'urn:renkei:acr:password-otp': ['直接ログイン + ワンタイムパスワード', 'Direct sign-in and one-time password'],
  'urn:renkei:acr:certificate': ['電子証明書(コードの入力なし)', 'Client certificate, no code'],
  'urn:renkei:acr:certificate-otp': ['電子証明書 + ワンタイムパスワード', 'Client certificate and one-time password'],
};

const amr: Readonly<Record<string, Words>> = {
  fed: ['ID連携', 'linked sign-in'],
  pwd: ['パスワード', 'password'],
  otp: ['ワンタイムパスワード', 'one-time password'],
  mfa: ['複数の要素', 'several factors'],
  hwk: ['ハードウェアの鍵', 'hardware key'],
  swk: ['ソフトウェアの鍵', 'software key'],
};

const errors: Readonly<Record<string, Words>> = {
  access_denied: [
    'ログインが取りやめられたか、この提携サービスの利用が許可されていません。',
    'The sign-in was cancelled, or this service is not permitted.',
  ],
  login_required: ['ログインが必要です。', 'A sign-in is needed.'],
  interaction_required: ['画面での操作が必要です。', 'Something has to be done on a page.'],
  consent_required: ['同意が必要です。', 'Consent is needed.'],
  account_selection_required: ['利用者の選択が必要です。', 'A user has to be chosen.'],
  unmet_authentication_requirements: [
    'この提携サービスが求める本人確認(コードの入力)ができません。',
    'The proof this service asks for (a code) cannot be given.',
  ],
  invalid_authorization_details: [
    '承認する内容を受け付けられませんでした。',
    'What was to be approved was not accepted.',
  ],
  invalid_request: ['要求を受け付けられませんでした。', 'The request could not be accepted.'],
  temporarily_unavailable: ['しばらくしてから、もう一度お試しください。', 'Try again in a while.'],
  server_error: ['処理を続けられませんでした。', 'The service could not go on.'],
  gateway_unreachable: [
    'Webサービスに接続できませんでした。しばらくしてから、もう一度お試しください。',
    'Web Service could not be reached. Try again in a while.',
  ],
  start_over: [
    'このログインは、使えなくなりました。もう一度「ログイン」を押してください。',
    'This sign-in is no longer good. Choose "Sign in" again.',
  ],
  unknown_issuer: ['ご案内できないサービスからの要求です。', 'The request came from a service we do not know.'],
  answer_refused: ['Webサービスからの応答を確認できませんでした。', 'We could not confirm the answer of Web Service.'],
};

const pick = (words: Words | undefined, language: 'ja' | 'en', otherwise: string): string =>
  words?.[language === 'ja' ? 0 : 1] ?? otherwise;

/** The authentication context in words; unknown values as they are. */
export const acrInWords = (value: unknown, language: 'ja' | 'en'): string =>
  typeof value === 'string' ? pick(acr[value], language, value) : '—';

/** The methods in words, in the order of the token. */
export const amrInWords = (value: unknown, language: 'ja' | 'en'): string =>
  Array.isArray(value)
    ? value.map((one) => pick(amr[String(one)], language, String(one))).join(language === 'ja' ? '・' : ', ')
    : '—';

export const errorInWords = (code: string, language: 'ja' | 'en'): string =>
  pick(errors[code], language, pick(['ログインできませんでした。', 'The sign-in failed.'], language, code));

const transferErrors: Readonly<Record<string, Words>> = {
  access_denied: ['承認されませんでした。', 'It was not approved.'],
  invalid_request: [
    '承認できる時間が過ぎたか、内容を確認できませんでした。',
    'The time to approve has passed, or it could not be verified.',
  ],
  not_approved: ['承認されたことを確認できませんでした。', 'Nothing says that it was approved.'],
  approved_by_other: [
    '別のご利用者が承認したため、受け付けていません。',
    'Somebody else approved it, so it was not carried out.',
  ],
  approval_differs: ['承認された内容が、送った内容と一致しません。', 'What was approved is not what was sent.'],
};

/** The same about a transfer, which is then not carried out. */
export const transferErrorInWords = (code: string, language: 'ja' | 'en'): string =>
  `${pick(transferErrors[code], language, errorInWords(code, language))}${pick(['振込は行っていません。', ' Nothing was transferred.'], language, '')}`;
