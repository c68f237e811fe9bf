// The provider's way out: back-channel logout and portals' JWKS, to exact origins of the configuration and nowhere else.
// The library's own guard refuses every private address, where a bank's portals live.
import type { Egress } from './options.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** https, or http to a loopback host in the demo; its origin has to be listed. */
export function mayCall(address: string, egress: Egress): boolean {
  const url = URL.parse(address);
  if (!url || url.username !== '' || url.password !== '') return false;
  const plain = url.protocol === 'http:' && egress.demo && loopback.has(url.hostname);
  return (url.protocol === 'https:' || plain) && egress.allowedOrigins.includes(url.origin);
}

/** A fetch for the library; rejects for an address that is not listed, and follows no redirect. */
export function egressFetch(egress: Egress): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!mayCall(address, egress)) throw new Error('the address is not in the list of allowed origins');
    const { method, headers, body, signal } = init ?? {};
    // Without the library's dispatcher, which would cut connections to private addresses.
    return fetch(address, {
      redirect: 'manual',
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  };
}
