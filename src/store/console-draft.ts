// What somebody has entered or chosen in a procedure of several pages, until it is done: kept for one login, lost with it.
// Nothing in it is in force, and secrets enter it only hashed or sealed.
import type { Instant } from '../rules/sign-in-record.ts';
import type { State } from './state.ts';

export interface ConsoleDraftStore {
  /** Keeps a draft in place of what stood under its id. */
  keep(loginId: string, draftId: string, draft: object, until: Instant): Promise<void>;
  /** The draft in the shape in which its one writer kept it; null when there is none (any more). */
  find<Draft extends object>(loginId: string, draftId: string): Promise<Draft | null>;
  /** Reads and removes it: of many callers one gets it. */
  take<Draft extends object>(loginId: string, draftId: string): Promise<Draft | null>;
  end(loginId: string, draftId: string): Promise<void>;
}

export function consoleDraftStore(state: State): ConsoleDraftStore {
  const keyOf = (loginId: string, draftId: string): string => `console-draft:${loginId}:${draftId}`;
  return {
    async keep(loginId, draftId, draft, until) {
      await state.put(keyOf(loginId, draftId), JSON.stringify(draft), until);
    },
    async find(loginId, draftId) {
      const text = await state.get(keyOf(loginId, draftId));
      return text === null ? null : JSON.parse(text);
    },
    async take(loginId, draftId) {
      const text = await state.take(keyOf(loginId, draftId));
      return text === null ? null : JSON.parse(text);
    },
    end: (loginId, draftId) => state.remove(keyOf(loginId, draftId)),
  };
}
