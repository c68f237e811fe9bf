// What a redirect to an upstream left behind: by its state value, for one callback only, bound to browser and attempt.
import type { Instant } from '../rules/sign-in-record.ts';
import type { UpstreamFlow } from '../rules/upstream.ts';
import type { State } from './state.ts';

/** State, nonce and PKCE verifier of one redirect, with the provider it went to and the attempt it belongs to. */
export interface PendingFlow {
  readonly attemptId: string;
  readonly flow: UpstreamFlow;
}

export function upstreamFlowStore(state: State) {
  const keyOf = (value: string): string => `upstream:${value}`;
  return {
    async add(value: string, pending: PendingFlow, expiresAt: Instant): Promise<void> {
      await state.put(keyOf(value), JSON.stringify(pending), expiresAt);
    },
    /** Single use: a callback played again finds nothing. */
    async take(value: string): Promise<PendingFlow | null> {
      const text = await state.take(keyOf(value));
      return text === null ? null : JSON.parse(text);
    },
  };
}
