// What the app says, in Japanese and English (screens.md §14, §5, §7). Japanese is the source; both are whole.

const ja = {
  'skip': '本文へ移動',
  'language': '表示言語',
  'screen': '画面ID {screen}',
  'demo': 'デモ環境',
  'demo.note': '実際のIDやパスワードは入力しないでください。',
  'desk': '{desk} {phone}',
  'hours': '受付 {hours}',
  'help': '使い方',
  'required': '※必須',
  'optional': '任意',
  'show': '表示する',
  'hide': '隠す',
  'back': '戻る',
  'next': '次へ',
  'error': 'エラー: ',
  'form.title': '入力内容をご確認ください',
  'form.ref': 'お問い合わせ番号 {ref}(画面ID {screen})。お電話の際にお伝えください。',
  'form.required': '{label}を入力してください。',
  'warning': '注意',
  'important': '重要',

  'service_id': 'サービスID',
  'user_id': 'ユーザID',
  'activation_password': '利用開始パスワード',
  'token_name': 'トークンの名前',
  'service_id.hint': '「トークン発行のお知らせ」メールに記載されています。',
  'user_id.hint': '同じメールに記載された12文字です。',
  'activation_password.hint': 'トークンを発行したときにご自身で決めた、4〜8桁の数字です。この端末には保存しません。',
  'token_name.hint': '複数のトークンを区別するための名前です。40文字以内。',
  'service_id.form': 'サービスIDは4〜12桁の数字です。メールを確認し、もう一度入力してください。',
  'user_id.form': 'ユーザIDは12文字の英数字です。メールを確認し、もう一度入力してください。',
  'activation_password.form': '利用開始パスワードは4〜8桁の数字です。この入力は回数に数えていません。',
  'token_name.form': 'トークンの名前は40文字以内で入力してください。',

  'codes.title': 'ワンタイムパスワード',
  'codes.empty': 'トークンはまだありません。「トークンの追加」を押してください。',
  'codes.add': 'トークンの追加',
  'codes.code': 'コード',
  'codes.left': 'あと{s}秒',
  'codes.user': 'ユーザIDの末尾 {last4}',
  'codes.ending': '末尾 {last4}',
  'codes.copy': 'コピー',
  'codes.copied': 'コピーしました',
  'codes.notCopied': 'コピーできませんでした。表示されているコードを入力してください。',
  'codes.read': '読み上げ',
  'codes.reading': '{name}のコードは {digits}。{left}。',
  'codes.settings': '設定',
  'codes.offline': 'オフラインです。コードはこのまま使えます。',
  'codes.clock': '端末の時刻が{n}秒ずれています。このままでは、コードを確認できないことがあります。',
  'codes.clockHow': '直し方を見る',

  'install.title': 'ホーム画面に追加してください',
  'install.why':
    'ブラウザのまま使うと、閲覧データの削除などでトークンが消えることがあります。消えた場合は、失効と再発行が必要です。',
  'install.ios':
    '共有ボタンを押し、「ホーム画面に追加」を選んでください。ブラウザで追加したトークンは、ホーム画面のアプリには引き継がれません。先にホーム画面に追加してください。',
  'install.menu': 'ブラウザのメニューから「アプリをインストール」または「ホーム画面に追加」を選んでください。',
  'install.act': 'ホーム画面に追加する',

  'add.title': 'トークンの追加',
  'add.lead': 'メールに記載されたIDと、利用開始パスワードを入力してください。通信が必要です。',
  'add.send': '送信',
  'add.stopped': '中止しました。途中で切れた場合は、同じ入力でやり直せます。',
  'activate.mismatch':
    'サービスID、ユーザID、利用開始パスワードの組み合わせを確認できませんでした。メールとお控えを確認し、もう一度入力してください。続けて確認できないと、この発行は取り消されます。',
  'activate.busy':
    '短い時間に多くの入力があったため、このネットワークからの受付を止めています。{at}以降にもう一度お試しください。',

  'sending.title': '通信中',
  'sending.lead': 'このままお待ちください。途中で切れた場合は、同じ入力でやり直せます。',
  'sending.progress': 'サービスに確認しています',
  'sending.stop': '中止',
  'sending.away': '通信できません。電波のよい場所でもう一度お試しください。',
  'sending.same': '途中で切れた場合も、同じ入力でやり直せます。',
  'sending.again': 'もう一度送信する',

  'added.title': '初期設定完了',
  'added.lead': 'パソコンの画面にこのコードを入力すると、利用開始になります。',

  'token.title': 'トークンの設定',
  'token.service': 'サービス',
  'token.added': '追加した日',
  'token.save': '保存',
  'token.delete': '削除',
  'token.saved': '保存しました',

  'delete.title': 'トークンの削除',
  'delete.warning':
    '削除すると、この端末ではコードを表示できません。元に戻せません。利用を続けるには、失効と再発行が必要です。',
  'delete.token': 'トークン',
  'delete.act': '削除する',

  'clock.title': '端末の時刻',
  'clock.off': '端末の時刻が{n}秒ずれています。設定で「日付と時刻の自動設定」を入れてください。',
  'clock.right': '端末の時刻は合っています。',
  'clock.unknown': '通信できないため、時刻を確認できませんでした。',
  'clock.iphone': 'iPhone・iPad',
  'clock.iphoneHow': '「設定」→「一般」→「日付と時刻」→「自動設定」をオンにします。',
  'clock.android': 'Android',
  'clock.androidHow':
    '「設定」→「システム」→「日付と時刻」→「日時を自動的に設定」をオンにします。機種により名称が異なります。',
  'clock.again': 'もう一度確認する',

  'full.title': '追加できる件数の上限',
  'full.lead': '1台に追加できるトークンは{most}件までです。使っていないトークンを削除してから、追加してください。',
  'full.unused': '最も長く使っていないトークン',
  'full.since': '{name}({at}から)',

  'storage.title': 'この端末では保存できません',
  'storage.lead': 'ブラウザの保存領域を使えないため、トークンを追加できません。次の点をご確認ください。',
  'storage.private': 'プライベートブラウズ(シークレットモード)の場合は、通常のウィンドウで開いてください。',
  'storage.blocked': 'ブラウザの設定で、このサイトのデータの保存(Cookieを含む)を許可してください。',
  'storage.full': '端末の空き容量が少ない場合は、不要なデータを削除してください。',
  'storage.safe': '入力した内容は保存されていません。同じ入力でやり直せます。',

  'help.title': '使い方',
  'help.install': 'ホーム画面に追加する',
  'help.installWhy':
    'トークンの鍵は、この端末の中だけに保存されます。ホーム画面に追加すると、ブラウザの都合で消されにくくなります。',
  'help.installIos':
    'iPhone・iPad: Safariの共有ボタンから「ホーム画面に追加」を選びます。トークンは、追加したアプリの中で登録します。',
  'help.installAndroid':
    'Android・パソコン: ブラウザのメニューから「アプリをインストール」または「ホーム画面に追加」を選びます。',
  'help.kept': 'この端末の状態',
  'help.persisted': '保存領域は保護されています。',
  'help.notPersisted': '保存領域は保護されていません。ホーム画面に追加してください。',
  'help.offline': '電波のない場所で使う',
  'help.offlineHow':
    '一度開けば、通信がなくてもコードを表示できます。通信が必要なのは、トークンを追加するときだけです。',
  'help.clock': 'コードを確認できないとき',
  'help.clockHow': '端末の時刻が合っているか、ご確認ください。',
  'help.clockLink': '端末の時刻を確認する',
  'help.change': '機種変更',
  'help.changeHow':
    'トークンは、別の端末に写せません。古い端末が使えるうちに、「お客様情報変更」で失効と再発行をしてください。新しい端末には、再発行したトークンを追加します。',
  'help.lost': '紛失・盗難',
  'help.lostHow':
    'ID連携ログインの後、「お客様情報変更」の「ワンタイムパスワード設定」から「紛失・盗難の手続きをする」を選んでください。ログインできない場合は、貴社の管理者ユーザへご依頼ください。',

  'unexpected': '表示できませんでした。アプリを開き直してください。トークンは消えていません。',
};

/** @type {typeof ja} */
const en = {
  'skip': 'Skip to main content',
  'language': 'Language',
  'screen': 'Screen ID {screen}',
  'demo': 'Demo environment',
  'demo.note': 'Do not enter real IDs or passwords.',
  'desk': '{desk} {phone}',
  'hours': 'Hours {hours}',
  'help': 'Help',
  'required': 'Required',
  'optional': 'Optional',
  'show': 'Show',
  'hide': 'Hide',
  'back': 'Back',
  'next': 'Next',
  'error': 'Error: ',
  'form.title': 'Please check what you entered',
  'form.ref': 'Reference number {ref} (screen ID {screen}). Give it when you call.',
  'form.required': 'Enter: {label}.',
  'warning': 'Caution',
  'important': 'Important',

  'service_id': 'Service ID',
  'user_id': 'User ID',
  'activation_password': 'Activation password',
  'token_name': 'Token name',
  'service_id.hint': 'See the mail about your token.',
  'user_id.hint': 'The 12 characters in the same mail.',
  'activation_password.hint':
    'The 4–8 digits that you chose when you issued the token. They are not kept on this device.',
  'token_name.hint': 'Tells several tokens apart. Up to 40 characters.',
  'service_id.form': 'A service ID has 4–12 digits. Check the mail and enter it again.',
  'user_id.form': 'A user ID has 12 letters and digits. Check the mail and enter it again.',
  'activation_password.form': 'An activation password has 4–8 digits. This was not counted as an attempt.',
  'token_name.form': 'A token name can have up to 40 characters.',

  'codes.title': 'One-time passwords',
  'codes.empty': 'No tokens yet. Choose "Add token".',
  'codes.add': 'Add token',
  'codes.code': 'Code',
  'codes.left': '{s} s left',
  'codes.user': 'User ID ending in {last4}',
  'codes.ending': 'ending in {last4}',
  'codes.copy': 'Copy',
  'codes.copied': 'Copied',
  'codes.notCopied': 'It could not be copied. Type the code that is shown.',
  'codes.read': 'Read out',
  'codes.reading': 'The code of {name} is {digits}. {left}.',
  'codes.settings': 'Settings',
  'codes.offline': 'You are offline. Codes work as usual.',
  'codes.clock': 'The clock of this device is {n} seconds off. Codes may not be accepted.',
  'codes.clockHow': 'How to correct it',

  'install.title': 'Add this app to your home screen',
  'install.why':
    'In a browser tab, tokens can be lost when browsing data is cleared. A lost token must be revoked and issued again.',
  'install.ios':
    'Tap the share button and choose "Add to Home Screen". Tokens added in the browser do not move to the app on the home screen, so add it there first.',
  'install.menu': 'Choose "Install app" or "Add to Home screen" in the browser menu.',
  'install.act': 'Add to home screen',

  'add.title': 'Add a token',
  'add.lead': 'Enter the IDs from the mail and your activation password. You need a connection.',
  'add.send': 'Send',
  'add.stopped': 'Stopped. If the connection was cut, enter the same again.',
  'activate.mismatch':
    'We could not confirm these three. Check the mail and your note. After several attempts this issue is cancelled.',
  'activate.busy': 'Too many entries came from this network, so we paused it. Try again from {at}.',

  'sending.title': 'Sending',
  'sending.lead': 'Wait a moment. If the connection is cut, you can enter the same again.',
  'sending.progress': 'Asking the service',
  'sending.stop': 'Stop',
  'sending.away': 'No connection. Try again where the signal is better.',
  'sending.same': 'If the connection was cut, the same entry still works.',
  'sending.again': 'Send again',

  'added.title': 'Set-up complete',
  'added.lead': 'Enter this code on the screen of your computer to start using the token.',

  'token.title': 'Token settings',
  'token.service': 'Service',
  'token.added': 'Added on',
  'token.save': 'Save',
  'token.delete': 'Delete',
  'token.saved': 'Saved',

  'delete.title': 'Delete token',
  'delete.warning':
    'After this, the device cannot show codes. It cannot be undone. To go on, the token must be revoked and issued again.',
  'delete.token': 'Token',
  'delete.act': 'Delete',

  'clock.title': "The device's clock",
  'clock.off': 'The clock of this device is {n} seconds off. Turn on automatic date and time in its settings.',
  'clock.right': 'The clock of this device is right.',
  'clock.unknown': 'The time could not be checked without a connection.',
  'clock.iphone': 'iPhone, iPad',
  'clock.iphoneHow': 'Settings → General → Date & Time → turn on Set Automatically.',
  'clock.android': 'Android',
  'clock.androidHow': 'Settings → System → Date & time → turn on Set time automatically. Names differ between models.',
  'clock.again': 'Check again',

  'full.title': 'Limit reached',
  'full.lead': 'A device can hold {most} tokens. Delete one that you do not use, then add the new one.',
  'full.unused': 'Unused for the longest time',
  'full.since': '{name} (since {at})',

  'storage.title': 'Cannot keep tokens here',
  'storage.lead': 'The browser storage cannot be used, so no token can be added. Check the following.',
  'storage.private': 'In a private window: open the app in an ordinary window.',
  'storage.blocked': 'In the browser settings: allow this site to store data (cookies included).',
  'storage.full': 'If the device is nearly full: remove data that you do not need.',
  'storage.safe': 'Nothing of what you entered was kept. You can enter the same again.',

  'help.title': 'Help',
  'help.install': 'Add to the home screen',
  'help.installWhy':
    "A token's key is kept on this device alone. On the home screen the app is less likely to be cleared by the browser.",
  'help.installIos':
    'iPhone, iPad: tap the share button in Safari and choose "Add to Home Screen". Add tokens in the app on the home screen.',
  'help.installAndroid': 'Android, computers: choose "Install app" or "Add to Home screen" in the browser menu.',
  'help.kept': 'This device',
  'help.persisted': 'The storage is protected.',
  'help.notPersisted': 'The storage is not protected. Add the app to your home screen.',
  'help.offline': 'Without a connection',
  'help.offlineHow': 'Once opened, the app shows codes without a connection. Only adding a token needs one.',
  'help.clock': 'When a code is not accepted',
  'help.clockHow': "Check that the device's clock is right.",
  'help.clockLink': "Check the device's clock",
  'help.change': 'Changing your device',
  'help.changeHow':
    'A token cannot be copied to another device. While the old one works, revoke the token and issue it again under "Change your details". Then add the new one on the new device.',
  'help.lost': 'Lost or stolen',
  'help.lostHow':
    'Sign in with a linked sign-in, open "Change your details" and the one-time password settings, and choose "Report as lost or stolen". If you cannot sign in, ask your company\'s administrator.',

  'unexpected': 'It could not be shown. Open the app again. Your tokens are still there.',
};

/** @typedef {'ja' | 'en'} Language */
/** @typedef {keyof typeof ja} Word */

const texts = { ja, en };

/** @type {Language} */
let spoken = 'ja';

/** @returns {Language} */
export function language() {
  return spoken;
}

/**
 * @param {unknown} chosen what was chosen before on this device; anything else: what the browser prefers, else Japanese
 * @returns {Language}
 */
export function speak(chosen) {
  spoken = chosen === 'ja' || chosen === 'en' ? chosen : preferred();
  document.documentElement.lang = spoken;
  return spoken;
}

/** @returns {Language} */
function preferred() {
  const [first] = navigator.languages.map((each) => each.slice(0, 2)).filter((each) => each === 'ja' || each === 'en');
  return first === 'en' ? 'en' : 'ja';
}

/**
 * @param {Word} word
 * @param {Readonly<Record<string, string | number>>} values
 */
export function say(word, values = {}) {
  return texts[spoken][word].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * A name of the bank's configuration, as the document carries it.
 * @param {'web' | 'desk' | 'hours'} name
 */
export function brand(name) {
  return document.documentElement.dataset[`${name}${spoken === 'ja' ? 'Ja' : 'En'}`] ?? '';
}

/** `2026年11月22日(日)` / `Sun 22 Nov 2026`. @param {number} at */
export function dateOf(at) {
  /** @type {Partial<Record<Intl.DateTimeFormatPartTypes, string>>} */
  const parts = {};
  const format = new Intl.DateTimeFormat(spoken === 'ja' ? 'ja-JP' : 'en-GB', {
    year: 'numeric',
    month: spoken === 'ja' ? 'numeric' : 'short',
    day: 'numeric',
    weekday: 'short',
    timeZone: 'Asia/Tokyo',
  });
  for (const { type, value } of format.formatToParts(at)) parts[type] = value;
  const { year = '', month = '', day = '', weekday = '' } = parts;
  return spoken === 'ja'
    ? `${year}年${month.replace('月', '')}月${day.replace('日', '')}日(${weekday})`
    : `${weekday} ${day} ${month} ${year}`;
}

/** @param {number} at */
export function timeOf(at) {
  return new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit', timeZone: 'Asia/Tokyo' })
    .format(at)
    .replace(/^0/, '');
}
