// One request as our handlers see it: who asks (browser cookie, source address), in which language, under which reference
// number. Made once per request by app.ts; the clock is read once.
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { Act } from '../flows/tools.ts';

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
