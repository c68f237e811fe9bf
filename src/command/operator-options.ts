// What `renkei operators` takes on the command line, and the order in which the command gets it.
import type { CommandLine } from './commands.ts';

export const operatorHelp =
  'the bank’s own staff: add LOGIN_ID --name NAME --role clerk|supervisor|auditor; list; stop, resume, unlock LOGIN_ID; reissue LOGIN_ID (a new issued password; the authenticator is taken away)';

export const operatorOptions = [
  ['--name <name>', 'add: the operator’s name'],
  ['--role <role>', 'add: clerk, supervisor or auditor'],
  ['--password-file <file>', 'add, reissue: a new file that alone gets the issued password; - for the screen, once'],
  ['--json', 'answer for machines'],
] as const;

export interface OperatorOptions {
  readonly name?: string;
  readonly role?: string;
  readonly passwordFile?: string;
}

export const operatorLine = (
  what: string,
  loginId: string | undefined,
  { name, role }: OperatorOptions,
): CommandLine => ({
  name: 'operators',
  args: [what, loginId ?? '', name ?? '', role ?? ''],
});
