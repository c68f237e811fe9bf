// `renkei tokens` as its command line hands it on, run on the stores of a test.
import { type CommandAnswer, runCommand } from '../../src/command/commands.ts';
import { tokenLine, type TokenOptions } from '../../src/command/token-options.ts';
import type { Act, Tools } from '../../src/flows/tools.ts';

export const tokenCommandLine =
  (scene: () => { readonly tools: Tools; readonly act: Act }) =>
  (what: string, options: TokenOptions): Promise<CommandAnswer> => {
    const { tools, act } = scene();
    return runCommand(tools, act, tokenLine(what, options));
  };
