// What `npx renkei …` does, in the tests' own process: the third one on the same stores.
import { runCommand, type CommandAnswer } from '../../src/command/commands.ts';
import { readConfig } from '../../src/config.ts';
import { createUpstreams } from '../../src/oidc/upstream.ts';
import { createTools, openStores } from '../../src/stores.ts';
import { root } from '../support/source.ts';
import type { Scene } from './scene.ts';

export interface ThirdProcess {
  run(name: string, ...args: readonly string[]): Promise<CommandAnswer>;
  close(): Promise<void>;
}

export async function thirdProcess(scene: Scene): Promise<ThirdProcess> {
  const [row] = await scene.sql('select demo_secret from deployment');
  const env = { ...scene.demo.env, RENKEI_SECRET: String(row?.['demo_secret']) };
  const config = readConfig({ env, mode: 'demo', root, beside: true });
  let offset = 0;
  const clock = (): number => Date.now() + offset * 1000;
  const stores = await openStores(config, clock);
  const upstreams = createUpstreams({
    upstreams: [],
    callbackUrl: config.issuer,
    clock,
    demo: false,
    once: async () => false,
  });
  const tools = createTools(config, stores, upstreams);
  return {
    async run(name, ...args) {
      offset = (await stores.store.deployment.find())?.clockOffset ?? 0;
      const reference = stores.secrets.reference();
      const act = { now: clock(), reference, agent: '', source: 'command line', language: 'ja' } as const;
      return runCommand(tools, act, { name, args });
    },
    close: () => stores.close(),
  };
}
