// What `renkei tokens` takes on the command line, and the order in which the command gets it.
import type { CommandLine } from './commands.ts';

export const tokenHelp =
  'list: who has a token, an issue or a wait; stock: how many key-fobs stand where; revoke: one person’s token (--login-id), or a device for all who share it (--serial); allow-issue: lift the takeover guard of an account (--login-id); import FILE: key-fobs from a seed file into the stock, all or none';

export const tokenOptions = [
  ['--company <contract-number>', 'list, stock: of one company alone'],
  ['--login-id <login-id>', 'whose token, or whose guard'],
  ['--serial <serial>', 'revoke: the device itself, for everybody'],
  ['--reason <reason>', 'revoke: phone, lost or other'],
  ['--why <words>', 'revoke: the reason in words, for the record'],
  ['--check', 'import: only look whether everything in the file is right'],
  ['--format <format>', 'import: csv or pskc; without, the file’s first bytes tell'],
  ['--key-file <file>', 'import: where the transport key is; or RENKEI_TRANSPORT_KEY(_FILE). Never the key itself'],
  ['--json', 'answer for machines'],
] as const;

const names = ['company', 'loginId', 'serial', 'reason', 'why'] as const;

export type TokenOptions = Readonly<Partial<Record<(typeof names)[number], string>>> & ImportOptions;

export interface ImportOptions {
  /** With its whole path: another process may open it. */
  readonly file?: string;
  readonly format?: string;
  readonly check?: boolean;
  readonly keyFile?: string;
  /** The transport key itself, read from where the options or the environment say. */
  readonly key?: string | null;
}

/** The command line; '' for what was not given. */
export const tokenLine = (what: string, options: TokenOptions): CommandLine => ({
  name: 'tokens',
  args: [
    what,
    ...names.map((name) => options[name] ?? ''),
    options.file ?? '',
    options.format ?? '',
    options.check === true ? 'check' : '',
    options.key ?? '',
  ],
});
