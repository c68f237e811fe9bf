// The two questions that the app asks the service (docs/activation-api.md). Every way in which no answer comes is `away`.

/** @import { Algorithm } from './totp.js' */
/**
 * @typedef {object} Granted
 * @property {string} secret Base32
 * @property {Algorithm} algorithm
 * @property {number} digits
 * @property {number} period
 * @property {string} service_id
 * @property {string} user_id
 * @property {{ readonly ja: string, readonly en: string }} service
 */
/** @typedef {'service_id' | 'user_id' | 'activation_password'} AskedField */
/**
 * @typedef {{ readonly verdict: 'granted', readonly granted: Granted }
 *   | { readonly verdict: 'mismatch', readonly reference: string }
 *   | { readonly verdict: 'form', readonly fields: readonly string[], readonly reference: string }
 *   | { readonly verdict: 'too-many', readonly seconds: number, readonly reference: string }
 *   | { readonly verdict: 'away' }
 *   | { readonly verdict: 'stopped' }} Answer
 */

/** How long an answer is waited for, in milliseconds. */
const patience = { activate: 20_000, time: 5_000 };

/**
 * Ends a request that takes too long.
 * @param {AbortController} stop
 * @param {number} after milliseconds
 */
const endLate = (stop, after) => setTimeout(() => stop.abort('late'), after);

/**
 * @param {{ readonly service_id: string, readonly user_id: string, readonly activation_password: string, readonly nonce: string }} asked
 * @param {AbortController} stop ends it from outside
 * @returns {Promise<Answer>}
 */
export async function activate(asked, stop) {
  const late = endLate(stop, patience.activate);
  try {
    const response = await fetch('/token-app/api/activate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
      credentials: 'omit',
      cache: 'no-store',
      signal: stop.signal,
    });
    const body = await response.json();
    const reference = String(body.reference ?? '');
    if (response.status === 200) return { verdict: 'granted', granted: body };
    if (body.error === 'activate.mismatch') return { verdict: 'mismatch', reference };
    if (response.status === 422) return { verdict: 'form', fields: body.fields ?? [], reference };
    if (response.status === 429)
      return { verdict: 'too-many', seconds: Number(response.headers.get('retry-after') ?? '60'), reference };
    return { verdict: 'away' };
  } catch {
    return { verdict: stop.signal.aborted && stop.signal.reason !== 'late' ? 'stopped' : 'away' };
  } finally {
    clearTimeout(late);
  }
}

/**
 * What time it really is, and by how much the demo's clock runs ahead of it; null when nobody answers in time.
 * @returns {Promise<{ readonly now: number, readonly ahead: number | null } | null>} milliseconds
 */
export async function askTime() {
  const stop = new AbortController();
  const late = endLate(stop, patience.time);
  try {
    const response = await fetch('/token-app/api/time', {
      credentials: 'omit',
      cache: 'no-store',
      signal: stop.signal,
    });
    if (!response.ok) return null;
    const { now, demo_offset_seconds: seconds } = await response.json();
    if (typeof now !== 'number') return null;
    return typeof seconds === 'number' ? { now: now - seconds * 1000, ahead: seconds * 1000 } : { now, ahead: null };
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}
