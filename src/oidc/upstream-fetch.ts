// The only way out to an upstream: addresses it may name, one bounded request, one bounded JSON body, no redirects.
// What comes back is JSON and nothing more; who may believe it is decided elsewhere.
import type { Breaker } from './upstream-breaker.ts';

/** Why there is no usable answer. An Error, because it has to cross openid-client; `message` never holds foreign text. */
export class UpstreamFault extends Error {
  override readonly name = 'UpstreamFault';
  readonly kind: 'refused' | 'down';
  constructor(kind: 'refused' | 'down', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** Where requests may go; `allowedOrigins` null: any https name besides those that can only be inside a network. */
export interface EgressRule {
  readonly demo: boolean;
  readonly allowedOrigins: readonly string[] | null;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
const isInside = (host: string): boolean =>
  host.startsWith('[') ||
  /^[\d.]+$/.test(host) ||
  !host.includes('.') ||
  /(^|\.)(localhost|local|internal)?$/.test(host);

/**
 * Whether an upstream may name this address as its own: https (http between loopback hosts in the demo only), no user
 * name, no fragment; another origin than the issuer's has to be listed, or at least not be an address or a name that only
 * means something inside our own network (server-side request forgery by a discovery document).
 */
export function mayReach(address: string, issuer: string, rule: EgressRule): boolean {
  const url = URL.parse(address);
  const home = URL.parse(issuer);
  if (!url || !home || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  const plain = rule.demo && home.protocol === 'http:' && isLoopback(home.hostname) && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && plain)) return false;
  if (url.origin === home.origin || plain) return true;
  return rule.allowedOrigins ? rule.allowedOrigins.includes(url.origin) : !isInside(url.hostname);
}

export interface UpstreamRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /**
   * A `document` (discovery, keys) says nothing about anybody: an unusable one means the provider is not there. An
   * `answer` (token, userinfo) is about a person: an unusable one is refused. A `sign` of life may say anything at all.
   */
  readonly about: 'document' | 'answer' | 'sign';
  readonly signal: AbortSignal | null;
}

/** Status below 500 (200 for documents) and a JSON text. Rejects with an UpstreamFault only. */
export type Reach = (request: UpstreamRequest) => Promise<{ readonly status: number; readonly text: string }>;

/** Null when larger than `limit` bytes; counted after decompression. */
async function boundedText(response: Response, limit: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Outcome =
  | { readonly status: number; readonly text: string }
  | { readonly fault: UpstreamFault; readonly dead: boolean };

async function send(request: UpstreamRequest, timeout: number, limit: number): Promise<Outcome> {
  const own = AbortSignal.timeout(timeout);
  const unusable = (reason: string): Outcome =>
    request.about === 'document'
      ? { fault: new UpstreamFault('down', reason), dead: true }
      : { fault: new UpstreamFault('refused', reason), dead: false };
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body,
    redirect: 'manual',
    signal: request.signal ? AbortSignal.any([own, request.signal]) : own,
  });
  const { status } = response;
  const drop = async (outcome: Outcome): Promise<Outcome> => {
    await response.body?.cancel();
    return outcome;
  };
  if (request.about === 'sign' && (status < 502 || status > 504)) return drop({ status, text: '' });
  if (status >= 500 || status === 429 || status === 408) {
    // A 500 may be the fault of one forged code; a gateway's 50x speaks for the whole.
    const dead = request.about !== 'answer' || (status >= 502 && status <= 504);
    return drop({ fault: new UpstreamFault('down', `it answered with status ${status}`), dead });
  }
  if (status < 200 || (status >= 300 && status < 400)) return drop(unusable(`it redirected (status ${status})`));
  if (request.about === 'document' && status !== 200) return drop(unusable(`it answered with status ${status}`));
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type))
    return drop(unusable('it did not answer with JSON'));
  const text = await boundedText(response, limit);
  return text === null ? unusable('its answer is too large') : { status, text };
}

/** `timeout` in milliseconds for headers and body together, `limit` in bytes. */
export function createReach(options: {
  readonly issuer: string;
  readonly rule: EgressRule;
  readonly breaker: Breaker;
  readonly timeout: number;
  readonly limit: number;
}): Reach {
  const { issuer, rule, breaker } = options;
  const looking = new Set<string>();

  const sent = (request: UpstreamRequest): Promise<Outcome> =>
    send(request, options.timeout, options.limit).catch((): Outcome => ({
      fault: new UpstreamFault('down', 'it cannot be reached or did not answer in time'),
      dead: true,
    }));

  /**
   * Whether an address lives, asked with nothing of anybody in the request. What a person brought may have made it fail
   * (a firewall that drops odd codes), and one person must not close Business Direct to all others.
   */
  async function look(url: string): Promise<void> {
    if (looking.has(url)) return;
    looking.add(url);
    const headers = { accept: 'application/json' };
    const outcome = await sent({ url, method: 'GET', headers, body: null, about: 'sign', signal: null });
    looking.delete(url);
    if ('fault' in outcome) breaker.failed(url);
    else breaker.answered(url, false);
  }

  return async (request) => {
    const { url } = request;
    const plain = request.about === 'document';
    if (!mayReach(url, issuer, rule)) throw new UpstreamFault('refused', 'an address it names is not allowed');
    if (!breaker.enter(plain)) throw new UpstreamFault('down', 'it failed several times; the circuit is open');
    const outcome = await sent(request);
    if (!('fault' in outcome)) {
      breaker.answered(url, plain);
      return outcome;
    }
    if (!outcome.dead) breaker.answered(url, plain);
    else if (plain) breaker.failed(url);
    else void look(url);
    throw outcome.fault;
  };
}

/** One JSON document, parsed. Rejects with an UpstreamFault. */
export async function readDocument(reach: Reach, url: string): Promise<unknown> {
  const headers = { accept: 'application/json' };
  const { text } = await reach({ url, method: 'GET', headers, body: null, about: 'document', signal: null });
  try {
    return JSON.parse(text);
  } catch {
    throw new UpstreamFault('down', 'a document of it is not JSON');
  }
}
