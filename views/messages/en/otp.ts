// English messages about the one-time password, tokens and e-mail codes (screens.md §7.3).

export const otp = {
  'otp.form': 'Enter 6 digits. This was not counted as an attempt.',
  'otp.emailcode': "The e-mail code has 8 digits, the token's 6. Enter: {label}.",
  'otp.wrong': 'We could not confirm the code. Enter the one shown now. {n} more attempts until it is stopped.',
  'otp.used': 'This code has been used. Enter the next one shown. It was not counted.',
  'otp.afterlogin': 'The code you signed in with cannot be used. Enter the next one.',
  'otp.drift.hw': 'If the token\'s clock has drifted, "Adjust the token\'s clock" repairs it.',
  'otp.drift.sw': "Set the phone's date and time to automatic and try again.",
  'otp.resync.wrong':
    'We could not confirm two codes in a row. Enter one, wait for the change, enter the next. {n} more attempts until it is stopped.',
  'otp.resync.done': "The token's clock is adjusted.",
  'otp.required': '"{portal}" needs a one-time password. Your skip setting stays.',
  'otp.again': 'Please confirm again that it is you.',
  'remember.done': 'This browser skips the code until {until}. You can end it under "Change your details".',
  'remember.ended': 'Skipping has ended, so a code is needed. Reason: {why}',
  'remember.stolen':
    'The skip of this device may have been used elsewhere, so we ended it. If this was not you, call the {desk} ({phone}).',
  'serial.form': 'Enter the whole serial number that is printed on the token. This was not counted as an attempt.',
  'serial.mismatch':
    'We could not confirm this serial number and code. Enter what the token shows. If it happens again: {ask}',
  'grace.open': 'Register your token by {date}.',
  'grace.last': 'The limit for registering is today {time}. After it you cannot {blocked} until you register.',
  'grace.over': 'The limit ({date}) has passed. Register your token to {blocked}.',
  'issue.mail': 'Enter one e-mail address in half-width characters.',
  'issue.again': 'The two addresses differ.',
  'issue.weak': 'This number is easy to guess. Choose another.',
  'issue.digits': 'Use 4–8 digits.',
  'issue.codes.again': 'The two activation passwords differ.',
  'issue.done': 'Token issued. Set up the app by {until}.',
  'issue.lapsed': 'The issue lapsed after 72 hours. Issue the token again.',
  'issue.void': 'The issue was cancelled after several attempts. Issue the token again.',
  'token.activated': 'The one-time password is in use now.',
  'token.revoked': 'Token revoked. Issue and sign-in are possible from {at}.',
  'token.revoked.now': 'Token revoked. You can register a new one now.',
  'emailcode.wrong': 'We could not confirm the e-mail code. Use the latest mail. {n} attempts left.',
  'emailcode.expired': 'The e-mail code has expired. Choose "Send the mail again".',
  'emailcode.void': 'This e-mail code can no longer be used. Send the mail again.',
  'emailcode.limit':
    'The sending limit is reached. You can send again from {at}. Check the spam settings and the address.',
  'emailcode.sent': 'Mail sent to {masked} at {sentAt}.',
  'token.expiring': 'Your token expires on {date}. Register the new one when it arrives.',
  'token.expiring.app':
    'Your token expires on {date}. Your company uses the app now: issue a token in the app after that day.',
  'token.expired.app':
    'Your token ending in {last4} expired on {date}. Your company uses the app now: issue a token in the app.',
  'token.expired':
    'Your token ending in {last4} expired on {date}. Register the new one; if it has not arrived: {ask.desk}',
} as const;
