// One request as our handlers see it: who asks (browser cookie, source address), in which language, under which reference
// number. Made once per request by app.ts; the clock is read once.
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { Act } from '../flows/tools.ts';
import type { Site } from './site.ts';

export interface Asked {
  readonly act: Act;
  /** Hash of the browser cookie; null when the browser sent none. */
  readonly browser: string | null;
  /** CSRF token of this browser. */
  readonly csrf: string;
}

/** The part of koa's context that an answer needs; the provider's own context satisfies it too. */
export interface Answerable {
  readonly req: IncomingMessage;
  readonly path: string;
  status: number;
  type: string;
  body: unknown;
  set(name: string, value: string): void;
}

const asked = new WeakMap<IncomingMessage, Asked>();

export function remember(ctx: Context, value: Asked): void {
  asked.set(ctx.req, value);
}

/** The same, for errors that came before anything was found out. */
export function askedOrNone(ctx: Pick<Answerable, 'req'>): Asked | null {
  return asked.get(ctx.req) ?? null;
}

/** What app.ts found out about this request. */
export function askedOf(ctx: Pick<Answerable, 'req'>): Asked {
  const value = asked.get(ctx.req);
  if (!value) throw new Error('a request without its preparation');
  return value;
}

/**
 * The address a request came from: the connection's, or what a configured proxy says (the last hop that is not itself one
 * of ours). A forged header of anybody else changes nothing.
 */
export function sourceOf(ctx: Context, site: Pick<Site, 'trustedProxies'>): string {
  const peer = plainAddress(ctx.req.socket.remoteAddress ?? '');
  if (!site.trustedProxies.includes(peer)) return peer;
  const hops = ctx
    .get('x-forwarded-for')
    .split(',')
    .map((hop) => plainAddress(hop.trim()));
  return hops.reverse().find((hop) => hop !== '' && !site.trustedProxies.includes(hop)) ?? peer;
}

const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');
