// English titles and texts of the demo's own pages (screens.md §15); never shown in production.

export const demo = {
  'DMO001.title': 'Try it',
  'DMO001.1': 'Five stories show how Renkei behaves. All people and passwords are made up.',
  'DMO001.2': 'What to look for',
  'DMO001.3': 'All people',
  'DMO001.4': 'Addresses',
  'DMO001.5': 'Gateway (this system)',
  'DMO001.6': 'Partner service (demo)',
  'DMO001.7': '{direct} (demo)',
  'DMO001.8': 'Mail (demo)',
  'DMO001.9': 'Codes of the tokens',
  'DMO001.10': 'Clock',
  'DMO001.11': 'IDs and passwords change as you follow the stories. The table shows the values of the first start.',
  'DMO001.12': '{direct} ID / password',
  'DMO001.13': 'Passwords',
  'DMO001.14': 'Person',
  'DMO001.15': 'Company, role',
  'DMO001.16':
    'Keep "Codes of the tokens" and "Mail (demo)" open in tabs of their own. A code changes every 60 seconds and can be used once.',
  'DMO001.17': 'A token in the tables leads to the code that it shows now.',
  'DMO001.19': '{desk} (operators)',
  'DMO001.20': 'Operators of the {desk}',
  'DMO001.21':
    'They sign in at /helpdesk of the gateway. The one marked "First time" chooses a password and registers an authenticator app first.',
  'DMO001.22': 'First time',
  'DMO001.s1.title': '1 Link and skip',
  'DMO001.s1.1': 'Open the partner service, choose "Sign in", then "Sign in with {direct}".',
  'DMO001.s1.2': 'At {direct} (demo) enter the {direct} ID and password of the table and choose "Sign in".',
  'DMO001.s1.3': 'On "Confirm the link" enter the login ID and password of the table and choose "Next".',
  'DMO001.s1.4': 'Enter the code of the token, tick "Skip the one-time password from next time" and choose "Sign in".',
  'DMO001.s1.5': 'At the partner service choose "Sign out", then again "Sign in" and "Sign in with {direct}".',
  'DMO001.s1.see':
    '"How you signed in" at the partner service is federated-otp the first time. The second time no code is asked and it is federated.',
  'DMO001.s2.title': '2 Direct sign-in',
  'DMO001.s2.1':
    'At the partner service, in the browser of story 1, choose "Sign out", then "Sign in" and "Sign in with login ID".',
  'DMO001.s2.2': 'Enter the login ID and password of the same person and choose "Sign in".',
  'DMO001.s2.3': 'Enter the code of the token and choose "Sign in".',
  'DMO001.s2.see': 'The skip is never used on the direct route: a code is asked. "How you signed in" is password-otp.',
  'DMO001.s3.title': '3 Removing a link',
  'DMO001.s3.1':
    'At the partner service, in the browser of story 1, choose "Sign out", then "Sign in" and "Sign in with {direct}", and stay signed in.',
  'DMO001.s3.2':
    'In another browser (or a private window) open the gateway, choose "Sign in with login ID" and sign in as the administrator.',
  'DMO001.s3.3':
    'Go to "Administration", "User management", "Links and skipping", tick the person of story 1 and choose "Remove the link".',
  'DMO001.s3.4': 'Enter the confirmation password and the next code and choose "Remove links (1)".',
  'DMO001.s3.5':
    'In the browser of story 1 open the partner service again, then "Sign in" and "Sign in with {direct}".',
  'DMO001.s3.see':
    'The partner service has been signed out. The next sign-in begins with "Confirm the link" and asks the code that was skipped before.',
  'DMO001.s4.title': '4 A new user',
  'DMO001.s4.1':
    'In another browser (or a private window) open the partner service, choose "Sign in", "Sign in with {direct}", and enter the {direct} ID and password of the table.',
  'DMO001.s4.2': 'On "Confirm the link" enter the 9-digit login ID and the password of the table and choose "Next".',
  'DMO001.s4.3':
    'Choose a login ID, two passwords and an e-mail address, one after the other. Any made-up address will do: the e-mail code arrives in "Mail (demo)".',
  'DMO001.s4.4': 'Enter the serial number and the code of the token in the table and choose "Register".',
  'DMO001.s4.see':
    'You may close the browser halfway and continue later. The code that registers the token signs you in as well: you are at the partner service.',
  'DMO001.s5.title': '5 Stop and release',
  'DMO001.s5.1':
    'In another browser (or a private window) open the partner service, choose "Sign in", "Sign in with login ID", and enter the login ID and password of the table.',
  'DMO001.s5.2': 'Enter a wrong code, such as 000000, five times.',
  'DMO001.s5.3': 'Read "One-time password stopped" in "Mail (demo)".',
  'DMO001.s5.4': 'Release with this command, in the folder where the demo was started, then sign in again.',
  'DMO001.s5.see':
    'The fifth miss stops the one-time password: now even the right code is refused. After the release it works again.',
  'DMO002.title': 'Demo tokens',
  'DMO002.1': 'The codes that key-fobs and app tokens show now (as of {at}).',
  'DMO002.3': 'Not registered',
  'DMO002.4': 'Its clock is {minutes} minutes off',
  'DMO002.5': 'until {time}',
  'DMO002.6': 'Code shown',
  'DMO002.7': 'shared',
  'DMO003.title': 'Clock',
  'DMO003.1': 'The clock of the whole demo. Move it forward to see limits and waits.',
  'DMO003.2': 'Now',
  'DMO003.3': 'Ahead of real time',
  'DMO003.4': '{n} seconds',
  'DMO003.minute': '1 minute forward',
  'DMO003.twenty': '20 minutes forward',
  'DMO003.morning': 'to 8:10 tomorrow',
} as const;
