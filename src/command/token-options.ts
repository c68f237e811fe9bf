// What `renkei tokens` takes on the command line, and the order in which the command gets it.
import type { CommandLine } from './commands.ts';

export const tokenHelp =
  'list: who has a token, an issue or a wait; revoke: one person’s token (--login-id), or a device for all who share it (--serial); allow-issue: lift the takeover guard of an account (--login-id)';

export const tokenOptions = [
  ['--company <contract-number>', 'list: of one company alone'],
  ['--login-id <login-id>', 'whose token, or whose guard'],
  ['--serial <serial>', 'revoke: the device itself, for everybody'],
  ['--reason <reason>', 'revoke: phone, lost or other'],
  ['--why <words>', 'revoke: the reason in words, for the record'],
  ['--json', 'answer for machines'],
] as const;

const names = ['company', 'loginId', 'serial', 'reason', 'why'] as const;

export type TokenOptions = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** The command line; '' for what was not given. */
export const tokenLine = (what: string, options: TokenOptions): CommandLine => ({
  name: 'tokens',
  args: [what, ...names.map((name) => options[name] ?? '')],
});
