// `npm start`: one process with the gateway and the demo's outsiders, on embedded stores or on those that the environment
// names; or one more gateway beside it (spec §12).
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command/commands.ts';
import { listenForCommands } from './command/control.ts';
import { type Config, readConfig } from './config.ts';
import { businessDirect } from './demo/business-direct.ts';
import { type ShiftedDate, shiftDate } from './demo/clock.ts';
import { displays, guideOf } from './demo/guide.ts';
import { mailReader } from './demo/mail-reader.ts';
import type { Outsider } from './demo/outsider.ts';
import { portal } from './demo/portal.ts';
import { gateway, type Gateway, type Log } from './gateway.ts';
import { openStores, type Stores } from './stores.ts';
import { codeAt, secretFromBase32, stepAt } from './secrets/totp.ts';
import { demoFiles, seedDemo } from './seed.ts';
import { openDatabase } from './store/database.ts';
import { dropEverything, madeBy } from './store/deployment.ts';
import { demoRouter, type DemoData } from './web/demo.ts';

export interface DemoOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly root: string;
  readonly reset: boolean;
  readonly gatewayOnly: boolean;
  readonly log: Log;
}

export interface RunningDemo {
  readonly addresses: Readonly<Record<string, string>>;
  readonly gateway: Gateway;
  readonly stores: Stores;
  readonly clock: ShiftedDate;
  close(): Promise<void>;
}

/** Starts the demo; resolves when every part answers. */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const { root, log } = options;
  if (options.reset && options.gatewayOnly)
    throw new Error('--reset begins a demo anew; --gateway-only joins one: use one of them.');
  if (options.reset) await reset(readConfig({ env: options.env, mode: 'demo', root, beside: options.gatewayOnly }));
  const config = await sharedConfig(options);
  const { demo } = config;
  if (!demo) throw new Error('the demo was started without its configuration');
  const clock = shiftDate(config.nowOffset);
  const now = (): number => Date.now();
  const stores = await openStores(config, now);
  if (!options.gatewayOnly) await seedDemo(config, stores, root, now());
  const marked = await stores.store.deployment.find();
  if (!marked?.demo) throw new Error('No demo was started on this database yet. Run `npm start` first.');
  clock.setOffset(Math.max(marked.clockOffset, config.nowOffset));

  const { ports } = demo;
  const forward = async (seconds: number): Promise<boolean> => {
    if (!clock.setOffset(seconds)) return false;
    await stores.store.deployment.forward(seconds);
    return true;
  };
  const smtpUrl = `smtp://127.0.0.1:${ports.smtp}`;
  const address = (port: number): string => `http://localhost:${port}`;
  const main = await gateway({
    config,
    stores,
    clock: now,
    log,
    root,
    smtpUrl: config.smtpUrl ?? smtpUrl,
    demo: {
      pages: (site) => demoRouter(site, demoData(config, root, clock, forward)),
      // Another process may have moved the clock that all of them share. While the database is away it runs on, and whoever
      // needs the database says so.
      followClock: async () => {
        if (config.databaseUrl === null) return;
        const shared = await stores.store.deployment.find().catch(() => null);
        if (shared) clock.setOffset(shared.clockOffset);
      },
      offset: clock.get,
    },
  });
  const outsiders = options.gatewayOnly ? [] : outside(config, root, demo, clock, forward);
  for (const outsider of outsiders) await outsider.listen();
  await main.listen();
  const stopCommands =
    config.databaseUrl === null
      ? await listenForCommands(config.dataDir, (line, progress) =>
          runCommand(
            main.tools,
            { now: now(), reference: stores.secrets.reference(), agent: '', source: 'command line', language: 'ja' },
            line,
            progress,
          ),
        )
      : null;
  const own = address(config.listen.port);
  return {
    addresses: options.gatewayOnly
      ? { gateway: own }
      : {
          'gateway': own,
          'business-direct': address(ports.businessDirect),
          'portal': address(ports.portal),
          'mail': address(ports.mail),
          'guide': `${own}/demo`,
        },
    gateway: main,
    stores,
    clock,
    close: async () => {
      await stopCommands?.();
      await main.close();
      await Promise.all(outsiders.map((outsider) => outsider.close()));
      await stores.close();
      clock.restore();
    },
  };
}

/** Every process of one demo has the same secret: the database's, where they share one. */
async function sharedConfig({ env, root, gatewayOnly }: DemoOptions): Promise<Config> {
  const config = readConfig({ env, mode: 'demo', root, beside: gatewayOnly });
  await refuseForeign(config);
  if (config.databaseUrl === null || (env['RENKEI_SECRET'] ?? env['RENKEI_SECRET_FILE']) !== undefined) return config;
  const stores = await openStores(config, () => Date.now());
  try {
    const known = await stores.store.deployment.find();
    if (!known?.demo || known.demoSecret === null) return config;
    return readConfig({ env: { ...env, RENKEI_SECRET: known.demoSecret }, mode: 'demo', root, beside: gatewayOnly });
  } finally {
    await stores.close();
  }
}

function outside(
  config: Config,
  root: string,
  demo: NonNullable<Config['demo']>,
  clock: ShiftedDate,
  forward: (seconds: number) => Promise<boolean>,
): readonly Outsider[] {
  const { ports, portalSecret, upstreamSecret } = demo;
  const at = (port: number): string => `http://localhost:${port}`;
  const { dataDir } = config;
  const { host } = config.listen;
  return [
    mailReader({
      url: at(ports.mail),
      port: ports.mail,
      smtpPort: ports.smtp,
      host,
      dataDir,
      clock: { get: clock.get, setOffset: forward },
    }),
    businessDirect({
      issuer: at(ports.businessDirect),
      port: ports.businessDirect,
      people: demoFiles(root).people,
      clients: [
        {
          client_id: 'renkei',
          client_name: config.brand.web.ja,
          client_secret: upstreamSecret,
          redirect_uris: [`${config.issuer}/upstream/callback`],
          post_logout_redirect_uris: [`${config.issuer}/`],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      gateway: config.issuer,
      dataDir,
      host,
    }),
    portal({
      url: at(ports.portal),
      issuer: config.issuer,
      client_id: 'demo-portal',
      client_secret: portalSecret,
      host,
    }),
  ];
}

/** Nothing is added to a database that holds something else. */
async function refuseForeign({ databaseUrl, dataDir }: Config): Promise<void> {
  if (databaseUrl === null) return;
  const database = await openDatabase({ url: databaseUrl, folder: dataDir });
  const owner = await madeBy(database.db).finally(() => database.close());
  if (owner === 'other') throw new Error('This database holds tables of something else. Give the demo an empty one.');
}

/**
 * Begins anew, only on what a demo made (spec §12): before the mark was read, nothing is migrated, dropped or removed.
 * @throws when the tables are somebody else's, or when a process that runs holds the folder
 */
async function reset(config: Config): Promise<void> {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl !== null || existsSync(join(dataDir, 'postgres'))) {
    const database = await openDatabase({ url: databaseUrl, folder: dataDir });
    try {
      const owner = await madeBy(database.db);
      if (owner === 'other' || owner === 'renkei')
        throw new Error('This database was not made by the demo: it is not reset.');
      if (databaseUrl !== null) await dropEverything(database.db);
    } finally {
      await database.close();
    }
  }
  const kept = databaseUrl === null ? ['postgres', 'business-direct.json'] : [];
  for (const name of [...kept, 'mail.jsonl']) rmSync(join(dataDir, name), { recursive: true, force: true });
}

function demoData(
  config: Config,
  root: string,
  clock: ShiftedDate,
  forward: (seconds: number) => Promise<boolean>,
): DemoData {
  const { people, tokens, stock, operators } = demoFiles(root);
  const ports = config.demo?.ports;
  const at = (port: number | undefined): string => `http://localhost:${port ?? 0}`;
  const tokensPage = `${config.issuer}/demo/tokens`;
  return {
    guide: {
      ...guideOf(people, operators, tokensPage),
      addresses: {
        gateway: config.issuer,
        helpdesk: `${config.issuer}/helpdesk`,
        portal: at(ports?.portal),
        direct: at(ports?.businessDirect),
        mail: at(ports?.mail),
        tokens: tokensPage,
        clock: `${config.issuer}/demo/clock`,
      },
    },
    tokens: (now) =>
      displays(people, operators, [...tokens, ...stock.tokens], now, (token, at) =>
        codeAt({ ...token, secret: secretFromBase32(token.secret) }, stepAt(at, token.period)),
      ),
    offset: clock.get,
    forward,
  };
}
