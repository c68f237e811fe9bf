// Attempts: one sign-in record per OIDC interaction, changed only by compare-and-swap, so that two tabs or a double press
// never overwrite each other's proof.
import type { SignInRecord } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

export interface AttemptStore {
  find(id: string): Promise<SignInRecord | null>;
  /** Says that this request will look for it, so that it is read meanwhile. */
  foresee(id: string): void;
  /**
   * Whether it is still what this request read: another tab may have taken it elsewhere while something was compared or an
   * upstream was asked. What this request proved stands there by then, where it still counts; the newest is found from then on.
   */
  stands(id: string): Promise<boolean>;
  /** Begins an attempt; when two requests begin it at once, both get the first one's record. */
  begin(record: SignInRecord): Promise<SignInRecord>;
  /** Applies a pure change to the newest record; null when the attempt is gone. */
  change(id: string, rule: (record: SignInRecord) => SignInRecord): Promise<SignInRecord | null>;
}

const keyOf = (id: string): string => `attempt:${id}`;
const parse = (text: string): SignInRecord => JSON.parse(text);

export function attemptStore(state: State): AttemptStore {
  const kept = (record: SignInRecord) => ({ value: JSON.stringify(record), expiresAt: record.expiresAt });
  return {
    async find(id) {
      const text = await state.get(keyOf(id));
      return text === null ? null : parse(text);
    },

    foresee(id) {
      state.get(keyOf(id)).catch(() => {});
    },

    stands: (id) => state.stands(keyOf(id)),

    async begin(record) {
      const text = await state.change(keyOf(record.id), (now) => (now === null ? kept(record) : null));
      return text === null ? record : parse(text);
    },

    async change(id, rule) {
      const text = await state.change(keyOf(id), (now) => (now === null ? null : kept(rule(parse(now)))));
      return text === null ? null : parse(text);
    },
  };
}
