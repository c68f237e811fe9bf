// What an authorization response says, before anything is asked of anybody: it belongs to this flow and this upstream,
// and is a code or an error. Pure; nothing of its free text is taken over.
import type { UpstreamFlow } from '../rules/upstream.ts';

type CallbackReading =
  | { readonly says: 'code'; readonly code: string; readonly iss: string | null }
  | { readonly says: 'cancelled' | 'refused' | 'down'; readonly reason: string };

const refused = (reason: string): CallbackReading => ({ says: 'refused', reason });

/** RFC 6749 §4.1.2.1: these two stand for 500 and 503, which a redirect cannot carry. */
const meansDown = ['server_error', 'temporarily_unavailable'];

/**
 * Reads a callback (RFC 6749 §4.1.2, RFC 9207). The caller has found `flow` by its state, taken it once, and seen that
 * it belongs to this browser and attempt; here state and issuer are compared again, so that no mix-up passes unseen.
 */
export function readCallback(params: URLSearchParams, flow: UpstreamFlow): CallbackReading {
  const one = (name: string): string | null => params.get(name);
  if (['state', 'code', 'iss', 'error'].some((name) => params.getAll(name).length > 1)) {
    return refused('a parameter of the callback is given twice');
  }
  if (flow.state === '' || one('state') !== flow.state) return refused('state is missing or another');
  const iss = one('iss');
  if (iss !== null && iss !== flow.issuer) return refused('the callback comes from another provider');
  if (['id_token', 'access_token', 'token', 'response'].some((name) => params.has(name))) {
    return refused('the callback is not that of the code flow');
  }
  const error = one('error');
  if (error === 'access_denied') return { says: 'cancelled', reason: 'access_denied' };
  if (error !== null) {
    const code = /^[a-z_]{1,64}$/.test(error) ? error : 'an unreadable code';
    return { says: meansDown.includes(error) ? 'down' : 'refused', reason: `it answered with error ${code}` };
  }
  const code = one('code');
  if (code === null || !/^[\x21-\x7e]{1,4096}$/.test(code)) return refused('code is missing or odd');
  return { says: 'code', code, iss };
}
