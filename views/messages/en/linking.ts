// English messages about links, consoles and the states told on the top page (screens.md §7.4, REF002, REF003).

export const linking = {
  'link.done': 'Linked: {direct} ID "{bd}" now signs you in as "{login_id}".',
  'link.tries': 'The limit of attempts with {direct} ID "{bd}" is reached. Try again from {at}, or sign in directly.',
  'forget.done': 'Skipping has ended. A code is needed from next time.',
  'device.renamed': 'The name of the device was saved.',
  'link.removed': 'The link was removed. The next {direct} sign-in asks for your login ID and a code.',
  'edit.stale': 'Another administrator changed this first. Nothing was changed; check the latest data.',
  'edit.tampered': 'What was sent differs from the check page. Start again.',
  'bulk.none': 'Choose at least one user.',
  'bulk.many': 'Up to {max} at once. Narrow the list.',
  'self.release': 'You cannot release yourself. {ask}',
  'self.link': 'Change your own link and skipping under "Change your details".',
  'release.desk': 'Key-fob tokens are released by the {desk}.',
  'last.block': '{name} is the last person able to release others. Grant administration to someone else first.',
  'last.warn':
    'Only one person can release others. If that person is stopped, a paper form is needed. Add another administrator.',
  'mail.pending': 'The change is done; its mail is still queued.',
  'spray.alarm': 'Many sign-in attempts on your users failed since {from}. The source is limited; nobody was stopped.',
  'password.locked':
    'Your login password is temporarily locked. You can sign in from {until}, or ask to be released. {ask}',
  'password.stopped': 'Your login password is stopped and does not recover by itself. Ask to be released. {ask}',
  'empty.users': 'No {things} match. Change the conditions or choose "Clear".',
  'empty.devices': 'No devices. You can add one when you enter a code at a linked sign-in.',
  'empty.notices': 'No notices at present.',
  'empty.portals': 'You have no partner services. Ask an administrator to set the service permission.',
  'empty.link': 'No link is registered. Signing in with {direct} makes one.',
  'bulk.count': 'The number differs from the {n} users chosen.',
  'self.edit': 'Change your own password under "Change your details".',
  'issued.once': 'The initial password was shown once. If it was not noted, set it again.',
  'person.added': 'User registered. Print the sheet and hand it over.',
  'session.ended': 'The chosen sign-in has ended.',
  'reset.accepted':
    'If your entries match our records, we sent an e-mail code to the registered address. Enter it by {until}. If none arrives, call the {desk} ({phone}).',
  'issue.guard':
    'Your password and e-mail address were both changed by others. A token can be issued from {at}, or once another administrator or the {desk} allows it.',
  'person.none': 'Nobody among them can take part in this procedure.',
} as const;
