// E-mail codes (メール通知パスワード): hashed, bound to account, purpose and address, with limits on tries and on sending
// that sending again doesn't reset.
import type { Instant } from '../rules/sign-in-record.ts';
import type { TokenCodePurpose } from '../rules/token-issue.ts';
import type { State } from './state.ts';

export type EmailCodePurpose = 'setup' | 'email' | 'reset' | TokenCodePurpose;

interface StoredCode {
  readonly hash: string;
  readonly address: string;
  readonly sentAt: Instant;
  readonly until: Instant;
  readonly triesLeft: number;
}

export interface EmailCodeLimits {
  readonly valid: number;
  readonly tries: number;
  readonly resendAfter: number;
  readonly perHour: number;
}

export type EmailCodeVerdict =
  | { readonly verdict: 'right' }
  | { readonly verdict: 'wrong'; readonly left: number }
  | { readonly verdict: 'expired' | 'void' };

const hour = 3_600_000;

export function emailCodeStore(state: State) {
  const keyOf = (accountId: string, purpose: EmailCodePurpose): string => `email-code:${accountId}:${purpose}`;
  return {
    /** When the present code was sent and ends; null without one. */
    async sent(
      accountId: string,
      purpose: EmailCodePurpose,
    ): Promise<Pick<StoredCode, 'address' | 'sentAt' | 'until'> | null> {
      const text = await state.get(keyOf(accountId, purpose));
      return text === null ? null : JSON.parse(text);
    },

    /**
     * Keeps a new code in place of the old one. Refused (with the time from which it is allowed) within `resendAfter` of
     * the last one, or past `perHour` sends within an hour.
     */
    async keep(
      accountId: string,
      purpose: EmailCodePurpose,
      code: { readonly hash: string; readonly address: string },
      limits: EmailCodeLimits,
      now: Instant,
    ): Promise<{ readonly sent: true } | { readonly sent: false; readonly from: Instant }> {
      const key = keyOf(accountId, purpose);
      const before = await state.get(key);
      const last: StoredCode | null = before === null ? null : JSON.parse(before);
      if (last && last.address === code.address && now < last.sentAt + limits.resendAfter) {
        return { sent: false, from: last.sentAt + limits.resendAfter };
      }
      const sends = await state.count(`email-sends:${accountId}`, now + hour);
      if (sends.count > limits.perHour) return { sent: false, from: sends.expiresAt };
      const stored: StoredCode = { ...code, sentAt: now, until: now + limits.valid, triesLeft: limits.tries };
      const fresh = JSON.stringify(stored);
      const until = stored.until + hour;
      // Of two tabs that send at once one does: the other's mail would carry a code that is void already.
      const kept = await (before === null ? state.add(key, fresh, until) : state.swap(key, before, fresh, until));
      return kept ? { sent: true } : { sent: false, from: now + limits.resendAfter };
    },

    /** Counts a mail without a code under the same limits: one within `resendAfter`, `perHour` of all. */
    async again(
      accountId: string,
      limits: Pick<EmailCodeLimits, 'resendAfter' | 'perHour'>,
      now: Instant,
    ): Promise<{ readonly sent: true } | { readonly sent: false; readonly from: Instant }> {
      const from = now + limits.resendAfter;
      const pause = `email-again:${accountId}`;
      if (!(await state.add(pause, String(from), from)))
        return { sent: false, from: Number((await state.get(pause)) ?? from) };
      const sends = await state.count(`email-sends:${accountId}`, now + hour);
      return sends.count > limits.perHour ? { sent: false, from: sends.expiresAt } : { sent: true };
    },

    /**
     * Judges a code for the address it was sent to: right ones are used up, wrong ones cost a try, exactly.
     * @param use false: a right one stays, for a page on which something else may yet be wrong
     */
    async check(
      accountId: string,
      purpose: EmailCodePurpose,
      code: { readonly hash: string; readonly address: string },
      now: Instant,
      use = true,
    ): Promise<EmailCodeVerdict> {
      const key = keyOf(accountId, purpose);
      for (;;) {
        const before = await state.get(key);
        if (before === null) return { verdict: 'expired' };
        const stored: StoredCode = JSON.parse(before);
        if (stored.until <= now || stored.address !== code.address) return { verdict: 'expired' };
        if (stored.triesLeft <= 0) return { verdict: 'void' };
        const right = stored.hash === code.hash;
        if (right && !use) return { verdict: 'right' };
        const after = { ...stored, triesLeft: right ? 0 : stored.triesLeft - 1 };
        if (!(await state.swap(key, before, JSON.stringify(after), stored.until + hour))) continue;
        if (right) {
          await state.remove(key);
          return { verdict: 'right' };
        }
        return after.triesLeft === 0 ? { verdict: 'void' } : { verdict: 'wrong', left: after.triesLeft };
      }
    },
  };
}
