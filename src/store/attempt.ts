// Attempts: one sign-in record per OIDC interaction, changed only by compare-and-swap, so that two tabs or a double press
// never overwrite each other's proof.
import type { SignInRecord } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

export interface AttemptStore {
  find(id: string): Promise<SignInRecord | null>;
  /** Begins an attempt; when two requests begin it at once, both get the first one's record. */
  begin(record: SignInRecord): Promise<SignInRecord>;
  /** Applies a pure change to the newest record; null when the attempt is gone. */
  change(id: string, rule: (record: SignInRecord) => SignInRecord): Promise<SignInRecord | null>;
}

const keyOf = (id: string): string => `attempt:${id}`;
const parse = (text: string): SignInRecord => JSON.parse(text);
/** Parallel writers of one attempt are tabs of one browser: few. */
const rounds = 50;

export function attemptStore(state: State): AttemptStore {
  return {
    async find(id) {
      const text = await state.get(keyOf(id));
      return text === null ? null : parse(text);
    },

    async begin(record) {
      if (await state.add(keyOf(record.id), JSON.stringify(record), record.expiresAt)) return record;
      return (await this.find(record.id)) ?? record;
    },

    async change(id, rule) {
      for (let round = 0; round < rounds; round += 1) {
        const before = await state.get(keyOf(id));
        if (before === null) return null;
        const record = rule(parse(before));
        const after = JSON.stringify(record);
        if (after === before || (await state.swap(keyOf(id), before, after, record.expiresAt))) return record;
      }
      throw new Error('an attempt was changed by too many requests at once');
    },
  };
}
