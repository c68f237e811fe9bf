// English messages about forms, passwords and IDs (screens.md §7.1, §7.2).

export const form = {
  'form.title': 'Please check what you entered',
  'form.ref': 'Reference number {ref} (screen ID {screen}). Give it when you call.',
  'form.required': 'Enter: {label}.',
  'form.choose': 'Choose: {label}.',
  'form.long': '{label} can have up to {max} characters.',
  'form.chars': '{label} contains characters that cannot be used. Use {allowed}.',
  'form.date': 'Enter {label} like 2026-11-22.',
  'form.stale': 'The page was open too long, so nothing was done. Check it and try again.',
  'form.busy': 'Another entry is being checked. Try again. This was not counted.',
  'ask.admin': "Ask your company's master user or an administrator.",
  'ask.desk': 'Call the {desk} ({phone}, {hours}).',
  'ask.any': "Ask your company's administrator. If you are the master user, call the {desk} ({phone}, {hours}).",
  'ask.opens': 'The desk opens at {opens}.',
  'login.mismatch':
    'We could not confirm this login ID and password. Enter them again. After five misses in a row sign-in pauses for 30 minutes (it may be paused already). For help choose "Trouble signing in?".',
  'login.busy':
    'Too many sign-ins came from this network, so we paused it. Try again from {at}, or sign in with {direct}.',
  'password.fullwidth': 'It contains full-width characters. Switch to half-width. This was not counted as an attempt.',
  'password.length': '{label} needs {min}–{max} characters.',
  'password.mix': '{label} needs at least one letter and one digit.',
  'password.sameid': 'It cannot equal the login ID.',
  'password.sameother': 'The two passwords must differ.',
  'password.sameissued': 'It cannot equal the password you were given.',
  'password.recent': 'It cannot equal one you used recently.',
  'password.common': 'This one is easy to guess. Choose another.',
  'password.again': 'The two entries differ. Enter them again.',
  'password.current': 'We could not confirm it. Enter it again. {n} more attempts until it is temporarily locked.',
  'password.keepboth': 'Choose at least one password to change.',
  'confirm.wrong':
    'We could not confirm the confirmation password. It is not the login password. {n} more attempts until it is temporarily locked.',
  'confirm.locked':
    'The confirmation password is temporarily locked. You can do this from {until}. Signing in and viewing still work. {ask}',
  'confirm.stopped': 'The confirmation password is stopped and must be released. {ask}',
  'id.length': 'A login ID has {min}–{max} letters or digits.',
  'id.taken': 'This login ID cannot be used. Choose another.',
  'id.issued': 'A login ID cannot be nine digits. Choose another.',
  'setup.resumed': 'You continue where you left off.',
  'setup.saved': '{label} was set.',
  'setup.idset': 'Your login ID is now "{login_id}". The number you were given no longer works.',
  'setup.complete': 'The first-time setup is complete.',
  'expiry.soon': 'Your password expires on {date}. Change it before then.',
  'password.done': 'Password changed; it expires on {date}. Other sign-ins and devices that skip the code have ended.',
  'password.done.plain': 'Password changed. Other sign-ins and devices that skip the code have ended.',
  'password.postponed':
    'The login password could not be confirmed several times, so its change is postponed. Signing in goes on; change it after the release.',
} as const;
