// The command line: the demo, a production gateway, and what operators do from a shell. Every command reads the same
// configuration; what changes something writes its audit record like any other act.
import { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { letterDocument, letterText } from '../views/print/letter.tsx';
import { runCommand, type CommandAnswer, type CommandLine } from './command/commands.ts';
import { askRunning } from './command/control.ts';
import { keyIn } from './command/key-file.ts';
import { intoOnceFile } from './command/once-file.ts';
import { operatorHelp, operatorLine, operatorOptions, type OperatorOptions } from './command/operator-options.ts';
import { plainCommands } from './command/plain-commands.ts';
import { tokenHelp, tokenLine, tokenOptions, type TokenOptions } from './command/token-options.ts';
import { readEnvironment } from './config-env.ts';
import type { Mistake } from './config-mistakes.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { startDemo } from './demo.ts';
import type { Act, Tools } from './flows/tools.ts';
import { gateway, type Log } from './gateway.ts';
import { createTools, openStores, type Stores } from './stores.ts';
import { createUpstreams } from './oidc/upstream.ts';

const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
const logger = pino(
  { base: null, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: 2, sync: false }),
);
const log: Log = (event, fields) => logger.info({ event, ...fields });

const program = new Command('renkei').description('Renkei (連携): ID-federation gateway and OpenID Provider');

program
  .command('demo')
  .description('the whole demo in one process (npm start)')
  .option('--reset', 'begin anew; only on a database that the demo made')
  .option('--gateway-only', 'one more gateway on the stores of a demo that runs')
  .action(async (options: { readonly reset?: boolean; readonly gatewayOnly?: boolean }) => {
    const demo = await startDemo({
      env: process.env,
      root,
      reset: options.reset ?? false,
      gatewayOnly: options.gatewayOnly ?? false,
      log,
    });
    endOnSignal(() => demo.close());
    const addresses = Object.entries(demo.addresses).map(([name, address]) => `${name}=${address}`);
    process.stdout.write(`ready ${addresses.join(' ')}\n`);
  });

program
  .command('serve')
  .description('a production gateway; refuses embedded stores, plain http and default secrets')
  .action(async () => {
    const config = readConfig({ env: process.env, mode: 'serve', root });
    const clock = (): number => Date.now();
    const stores = await openStores(config, clock);
    const known = await stores.store.deployment.find();
    if (known?.demo) throw new Error('This database was made by the demo: production does not serve it.');
    if (!known)
      await stores.store.deployment.begin({ demo: false, createdAt: clock(), clockOffset: 0, demoSecret: null });
    const main = await gateway({ config, stores, clock, log, root, smtpUrl: config.smtpUrl ?? '', demo: null });
    await main.listen();
    endOnSignal(async () => {
      await main.close();
      await stores.close();
    });
    process.stdout.write(`ready gateway=${config.issuer}\n`);
  });

program
  .command('migrate')
  .description('bring the database to this version')
  .action(async () => {
    await withStores(async () => {});
    process.stdout.write('The database is up to date.\n');
  });

for (const [usage, does] of plainCommands) {
  const command = program.command(usage).description(does).option('--json', 'answer for machines');
  command.action(() => answer({ name: command.name(), args: command.args }, command.opts<Answering>()));
}

program
  .command('bank-accounts')
  .description('load CONTRACT_NUMBER FILE.csv: the bank accounts (口座) of a company, in place of those before')
  .argument('<what>')
  .argument('<contract-number>')
  .argument('<file>')
  .option('--json', 'answer for machines')
  .action((what: string, contract: string, file: string, options: Answering) =>
    answer({ name: 'bank-accounts', args: [what, contract, readFileSync(file, 'utf8')] }, options),
  );

program
  .command('reset-requests')
  .description(
    'masters who forgot their password: list; approve NUMBER --letter FILE; renew NUMBER --letter FILE (the letter was lost); refuse NUMBER WHY',
  )
  .argument('[what]', 'list, approve, renew or refuse', 'list')
  .argument('[number]', 'the receipt number (受付番号)')
  .argument('[why...]', 'why it is sent back, as the person is told')
  .option('--letter <file>', 'where the letter with the new password goes; - for the screen, once')
  .option('--json', 'answer for machines')
  .action((what: string, number: string | undefined, why: readonly string[], options: Answering & Posting) =>
    answerWithLetter({ name: 'reset-requests', args: [what, number ?? '', why.join(' ')] }, options),
  );

const tokens = program
  .command('tokens')
  .description(tokenHelp)
  .argument('<what>', 'list, stock, revoke, allow-issue or import')
  .argument('[file]', 'import: the seed file, CSV or PSKC');
for (const [flags, words] of tokenOptions) tokens.option(flags, words);
tokens.action((what: string, file: string | undefined, options: Answering & TokenOptions) => {
  const asked = file === undefined ? {} : { file: resolve(file), key: transportKey(options.keyFile) };
  return answer(tokenLine(what, { ...options, ...asked }), options);
});

const operators = program
  .command('operators')
  .description(operatorHelp)
  .argument('<what>', 'add, list, stop, resume, unlock or reissue')
  .argument('[login-id]', 'whose');
for (const [flags, words] of operatorOptions) operators.option(flags, words);
operators.action((what: string, loginId: string | undefined, options: Answering & OperatorOptions) =>
  intoOnceFile(options.passwordFile, (write) =>
    answer(operatorLine(what, loginId, options), options, ({ password }) => {
      if (password === undefined) return null;
      write?.(`${password}\n`);
      return write === null ? { password } : null;
    }),
  ),
);

/** What opens a seed file, from its own file or the environment. */
function transportKey(file: string | undefined): string | null {
  if (file !== undefined) return keyIn(file);
  const mistakes: Mistake[] = [];
  const key = readEnvironment(process.env, false, mistakes).get('RENKEI_TRANSPORT_KEY');
  const wrong = mistakes.filter(({ where }) => where.startsWith('RENKEI_TRANSPORT_KEY'));
  if (wrong.length > 0) throw new ConfigError(wrong);
  return key;
}

interface Answering {
  readonly json?: boolean;
}

interface Posting {
  readonly letter?: string;
}

/**
 * An approval makes a password that only the letter tells: where it goes is settled first, and a file is never written over.
 */
async function answerWithLetter(line: CommandLine, options: Answering & Posting): Promise<void> {
  if (line.args[0] !== 'approve' && line.args[0] !== 'renew') return answer(line, options);
  if (options.letter === undefined)
    throw new Error('Say where the letter goes: --letter FILE, or --letter - for the screen.');
  await intoOnceFile(options.letter, (write) =>
    answer(line, options, ({ letter }, config) => {
      if (letter === undefined) return null;
      const style = readFileSync(join(root, 'views/assets/renkei.css'), 'utf8');
      const frame = {
        brand: config.brand,
        environment: config.demo ? ('demo' as const) : null,
        address: config.issuer,
      };
      if (write === null) return { letter: letterText(letter, frame) };
      write(letterDocument(letter, frame, style));
      return null;
    }),
  );
}

/** What is told once, by name, as far as it is for the screen; null: nothing, or it went where it belongs. */
type Hand = (told: CommandAnswer, config: Config) => Readonly<Record<string, string>> | null;

/** Runs a command: in a demo that holds the embedded database, else on the stores themselves. */
async function answer(line: CommandLine, { json }: Answering, hand: Hand = () => null): Promise<void> {
  const config = commandConfig();
  const running = config.databaseUrl === null ? await askRunning(config.dataDir, line, progress) : null;
  const told =
    running ??
    (await withStores((at, stores, clock) =>
      runCommand(commandTools(at, stores, clock), commandAct(stores, clock), line, progress),
    ));
  const once = hand(told, config);
  const shown = json !== true ? told.text : JSON.stringify({ ...told.json, ...once });
  process.stdout.write(`${shown}\n${once === null || json === true ? '' : `\n${Object.values(once).join('\n')}\n`}`);
  if (!told.ok) process.exitCode = 1;
}

/** On the error output: the answer stands alone on the other one. */
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

function commandTools(config: Config, stores: Stores, clock: () => number): Tools {
  const upstreams = createUpstreams({
    upstreams: [],
    callbackUrl: config.issuer,
    clock,
    demo: false,
    once: async () => false,
  });
  return createTools(config, stores, upstreams);
}

function commandAct(stores: Stores, clock: () => number): Act {
  return { now: clock(), reference: stores.secrets.reference(), agent: '', source: 'command line', language: 'ja' };
}

/** The demo's configuration unless the environment names an https issuer. */
function commandConfig(): Config {
  const demo = !(process.env['RENKEI_ISSUER'] ?? 'http:').startsWith('https:');
  return readConfig({ env: process.env, mode: demo ? 'demo' : 'serve', root, beside: demo });
}

async function withStores<T>(work: (config: Config, stores: Stores, clock: () => number) => Promise<T>): Promise<T> {
  let config = commandConfig();
  let offset = 0;
  const clock = (): number => Date.now() + offset * 1000;
  let stores = await openStores(config, clock);
  const known = await stores.store.deployment.find();
  offset = known?.clockOffset ?? 0;
  if (known?.demoSecret && process.env['RENKEI_SECRET'] === undefined) {
    await stores.close();
    config = readConfig({ env: { ...process.env, RENKEI_SECRET: known.demoSecret }, mode: 'demo', root, beside: true });
    stores = await openStores(config, clock);
  }
  try {
    return await work(config, stores, clock);
  } finally {
    await stores.close();
  }
}

function endOnSignal(close: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void close().finally(() => process.exit(0));
    });
  }
}

function packageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageRoot(dirname(from));
}

try {
  await program.parseAsync();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof ConfigError ? text : `renkei: ${text}`}\n`);
  // Stores that were opened before the mistake was found would keep the process waiting.
  process.exit(1);
}
