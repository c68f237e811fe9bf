// The scene of the upstream tests: one hostile bank, one clock that stands until it is moved, and a person who goes there
// and comes back.
import { expect } from 'chai';
import {
  createUpstreams,
  type UpstreamAnswer,
  type UpstreamAsk,
  type UpstreamOptions,
  type Upstreams,
} from '../../src/oidc/upstream.ts';
import type { UpstreamFlow } from '../../src/rules/upstream.ts';
import { startHostileUpstream, type HostileUpstream } from './hostile-upstream.ts';

export const callbackUrl = 'http://localhost:3000/upstream/callback';
/** Below the defaults, so that an upstream that hangs costs a test little; above what a busy machine takes for an answer. */
export const impatient = { request: 1_000, total: 3_000 } as const;
export const plainly: UpstreamAsk = { reauthenticate: false, maxAge: null, language: 'ja' };

export interface UpstreamScene {
  now: number;
  readonly clock: () => number;
  readonly bank: HostileUpstream;
  upstreams: Upstreams;
  make(options?: Partial<UpstreamOptions>): Upstreams;
  begun(ask?: UpstreamAsk, of?: Upstreams): Promise<{ readonly url: string; readonly flow: UpstreamFlow }>;
  signIn(ask?: UpstreamAsk, of?: Upstreams): Promise<UpstreamAnswer>;
  /** What whoever reads the log learns; it must be of this kind and hold nothing that a log must not hold. */
  reasonOf(answer: UpstreamAnswer, kind: 'cancelled' | 'refused' | 'down'): string;
}

/** Sets the scene anew before every test of the calling suite. */
export function upstreamScene(): UpstreamScene {
  let bank: HostileUpstream | null = null;
  let upstreams: Upstreams | null = null;
  const set = <T>(thing: T | null): T => {
    if (thing === null) throw new Error('the scene is set before each test');
    return thing;
  };
  const scene: UpstreamScene = {
    now: 0,
    clock: () => scene.now,
    get bank() {
      return set(bank);
    },
    get upstreams() {
      return set(upstreams);
    },
    set upstreams(others) {
      upstreams = others;
    },
    make: (options = {}) =>
      createUpstreams({
        upstreams: [scene.bank.config()],
        callbackUrl,
        clock: scene.clock,
        demo: true,
        once: async () => true,
        ...options,
      }),
    async begun(ask = plainly, of = scene.upstreams) {
      const begin = await of.begin(scene.bank.issuer, ask);
      if (!begin.ok) throw new Error(begin.reason);
      return begin;
    },
    async signIn(ask = plainly, of = scene.upstreams) {
      const { url, flow } = await scene.begun(ask, of);
      return of.complete(flow, await scene.bank.authorize(url));
    },
    reasonOf(answer, kind) {
      if (answer.ok) throw new Error('it was accepted');
      expect(answer.kind, answer.reason).to.equal(kind);
      expect(answer.reason).to.match(/^[\x20-\x7e]{5,200}$/);
      expect(answer.reason).not.to.match(/<|secret text|a secret|an-access-token|eyJ|bd-000/);
      return answer.reason;
    },
  };
  beforeEach(async () => {
    scene.now = Date.now();
    bank = await startHostileUpstream(scene.clock);
    upstreams = scene.make();
  });
  afterEach(() => bank?.close());
  return scene;
}
