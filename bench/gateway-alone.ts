// A gateway put together as `renkei serve` does it (src/main.ts), without the demo. One thing differs: its configuration is
// read in test mode, because production refuses plain http, and TLS is ended before a gateway and is not what is measured.
import { readConfig, type Config } from '../src/config.ts';
import { gateway, type Gateway, type Log } from '../src/gateway.ts';
import { openStores, type Stores } from '../src/stores.ts';

export interface GatewayAlone {
  readonly config: Config;
  readonly stores: Stores;
  readonly gateway: Gateway;
  close(): Promise<void>;
}

const clock = (): number => Date.now();

/** Opens and migrates the stores that an environment names. */
export async function stores(
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): Promise<{ readonly config: Config; readonly stores: Stores }> {
  const config = readConfig({ env, mode: 'test', root });
  const opened = await openStores(config, clock);
  if (!(await opened.store.deployment.find()))
    await opened.store.deployment.begin({ demo: false, createdAt: clock(), clockOffset: 0, demoSecret: null });
  return { config, stores: opened };
}

/** Listens when it resolves. */
export async function gatewayAlone(
  env: Readonly<Record<string, string | undefined>>,
  root: string,
  log: Log,
): Promise<GatewayAlone> {
  const opened = await stores(env, root);
  const { config } = opened;
  const made = await gateway({
    config,
    stores: opened.stores,
    clock,
    log,
    root,
    smtpUrl: config.smtpUrl ?? '',
    demo: null,
  });
  await made.listen();
  return {
    ...opened,
    gateway: made,
    close: async () => {
      await made.close();
      await opened.stores.close();
    },
  };
}
