// Registering a key-fob and changing to a new one, outside a sign-in too (screens.md §8.6, §10: TKN001–004).
export const registerToken = {
  'BOT010.register': 'Register key-fob',
  'BOT010.replace': 'Change to the new token',
  'serial.sharing':
    'Somebody else has registered this token. In your company everybody uses a token of their own. Register yours. This was not counted. If you need help: {ask.any}',
  'serial.sharing.common':
    'In your company everybody uses the same token. Register the one that is in use already. This was not counted. If you need help: {ask.any}',
  'token.registered': 'Token registered. Other sign-ins and devices that skip the code have ended.',
  'token.replaced':
    'You now use the new token. Codes of the old one no longer work. Other sign-ins and devices that skip the code have ended.',
  'TKN003.title': 'This operation needs a token',
  'TKN003.1': 'Register a token to do this.',
  'TKN003.2': 'Operation',
  'TKN003.4': 'Everything else works as before.',
  'TKN003.5': 'If the token has not arrived: {ask.desk}',
  'TKN004.title': 'Change to the new token',
  'TKN004.1': 'Have both your present token and the new one in front of you.',
  'TKN004.2': 'Code of the present token',
  'TKN004.3': 'Serial number of the new token',
  'TKN004.4': 'After the change, codes of the present token no longer work.',
  'TKN004.5': 'Others who share it can use it until they change too.',
  'TKN004.6': 'Other sign-ins and devices that skip the code end.',
  'button.register-now': 'Register now',
  'button.change-token': 'Change',
  'field.new_otp': 'Code of the new token',
  'hint.new_otp': 'The 6 digits on the new token.',
} as const;
