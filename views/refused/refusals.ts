// Every refusal page as data: its word for `data-refusal` (spec §12) and its ways on (screens.md §8.8). The status belongs to
// the handler, the texts to the catalogue under `{screen}.title` and `{screen}.text`.
import type { Key, Names, Values } from '../messages/placeholders.ts';
import type { ja } from '../messages/ja.ts';

/** A way on from a refusal: the button's `action` and its words. */
export interface RefusalWay {
  readonly action: string;
  readonly label: Extract<Key, `button.${string}`>;
}

interface Definition {
  readonly word: string;
  /** The first is the main act. 「中止する」 is added where a portal waits. */
  readonly ways: readonly [RefusalWay, ...RefusalWay[]];
}

const restart = { action: 'restart', label: 'button.restart' } as const;
const direct = { action: 'direct', label: 'button.direct' } as const;
const federated = { action: 'federated', label: 'button.federated' } as const;
const retry = { action: 'retry', label: 'button.retry' } as const;
const top = { action: 'top', label: 'button.top' } as const;
const otherId = { action: 'back', label: 'button.other-id' } as const;

export const refusals = {
  REF001: { word: 'start-over', ways: [restart] },
  REF004: { word: 'otp-stopped', ways: [restart] },
  REF005: { word: 'account-stopped', ways: [restart] },
  REF006: { word: 'company-suspended', ways: [restart] },
  REF007: { word: 'no-permission', ways: [top] },
  REF008: { word: 'link-limit', ways: [otherId, direct] },
  REF009: { word: 'link-taken', ways: [restart] },
  REF010: { word: 'company-mismatch', ways: [otherId, { action: 'restart', label: 'button.other-bd' }] },
  REF011: { word: 'not-planned', ways: [restart] },
  REF012: { word: 'upstream-refused', ways: [federated, direct] },
  REF013: { word: 'upstream-refused', ways: [restart] },
  REF014: { word: 'upstream-down', ways: [direct, retry] },
  REF015: { word: 'otp-unreachable', ways: [restart] },
  REF017: { word: 'conflict', ways: [restart] },
  REF018: { word: 'closed', ways: [restart] },
  REF019: { word: 'too-many', ways: [restart] },
  REF020: { word: 'unavailable', ways: [restart] },
  REF022: { word: 'approval-gone', ways: [{ action: 'cancel', label: 'button.back-to-portal' }] },
  REF023: { word: 'portal-request', ways: [restart] },
  REF024: { word: 'not-found', ways: [top, restart] },
  REF025: { word: 'csrf', ways: [restart] },
  REF026: { word: 'unexpected', ways: [top, restart] },
  REF027: { word: 'not-allowed', ways: [top, restart] },
  REF028: { word: 'account-stopped', ways: [{ action: 'print', label: 'button.print-form' }, restart] },
} as const satisfies Record<string, Definition>;

export type RefusalScreen = keyof typeof refusals;

type Text<S extends RefusalScreen> = Extract<Key, `${S}.text`>;

/** One refusal with what its text needs. REF019 may say another of the busy messages instead of its own. */
export type Refusal =
  | {
      [S in RefusalScreen]: [Names<(typeof ja)[Text<S>]>] extends [never]
        ? { readonly screen: S; readonly values?: Readonly<Record<never, never>> }
        : { readonly screen: S; readonly values: Values<Text<S>> };
    }[RefusalScreen]
  | { readonly screen: 'REF019'; readonly text: 'login.busy'; readonly values: Values<'login.busy'> }
  | { readonly screen: 'REF019'; readonly text: 'operator.busy'; readonly values: Values<'operator.busy'> }
  | { readonly screen: 'REF019'; readonly text: 'link.tries'; readonly values: Values<'link.tries'> };
