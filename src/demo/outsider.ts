// What the demo's three outsiders share as web servers: response headers, language, form fields, listening. No pages.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import bodyParser from '@koa/bodyparser';
import Koa from 'koa';
import type { Context, Middleware } from 'koa';
import { stylesheet } from './style.ts';

export type Language = 'ja' | 'en';

/** A running part of the demo. */
export interface Outsider {
  readonly url: string;
  /** Resolves when it answers; rejects when the port is taken. */
  listen(): Promise<void>;
  /** Ends all connections and resolves when the port is free. */
  close(): Promise<void>;
}

// Chromium judges every redirect after a form by form-action, and a sign-in goes on to portals nobody here can list.
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'form-action http: https:',
].join('; ');

/** Headers of every page of ours; the provider library's own answers keep theirs. */
export function pageHeaders(ctx: Context): void {
  ctx.set({
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
}

/** Serves /demo.css (and no icon); everything else goes on. */
export const styles: Middleware = async (ctx, next) => {
  if (ctx.path === '/favicon.ico') {
    ctx.status = 204;
    return;
  }
  if (ctx.path !== '/demo.css') return next();
  ctx.set('Cache-Control', 'no-cache');
  ctx.type = 'text/css';
  ctx.body = stylesheet;
};

/** Reads a posted form of at most 16 kB; more is 413, another type leaves it empty. */
export const readForm: Middleware = bodyParser({ enableTypes: ['form'], formLimit: '16kb' });

/** One text field of a form read by `readForm`; '' when absent or sent more than once. */
export function field(ctx: Context, name: string): string {
  const body: unknown = ctx.request.body;
  if (typeof body !== 'object' || body === null) return '';
  const value: unknown = Object.getOwnPropertyDescriptor(body, name)?.value;
  return typeof value === 'string' ? value : '';
}

/** One text of the query string; '' when absent or given more than once. */
export function query(ctx: Context, name: string): string {
  const value = ctx.query[name];
  return typeof value === 'string' ? value : '';
}

/**
 * Language of the page: `?lang=` (kept in the cookie, where one is named) > cookie > browser > Japanese.
 * @param cookie name of the outsider's own cookie, or null to keep nothing
 */
export function languageOf(ctx: Context, cookie: string | null): Language {
  const asked = query(ctx, 'lang');
  if (asked === 'ja' || asked === 'en') {
    if (cookie) ctx.cookies.set(cookie, asked, { httpOnly: true, sameSite: 'lax', signed: false });
    return asked;
  }
  const kept = cookie ? ctx.cookies.get(cookie, { signed: false }) : undefined;
  if (kept === 'ja' || kept === 'en') return kept;
  return ctx.acceptsLanguages('ja', 'en') === 'en' ? 'en' : 'ja';
}

/** A plain application with the stylesheet and headers in place. */
export function outsiderApp(): Koa {
  const app = new Koa();
  app.use(styles);
  app.use(async (ctx, next) => {
    pageHeaders(ctx);
    await next();
  });
  return app;
}

/** Listens on one loopback address (or the container's, where the caller says so). */
export function serve(handler: () => ReturnType<Koa['callback']>, port: number, host: string): Omit<Outsider, 'url'> {
  let server: Server | undefined;
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server = createServer(handler());
        server.once('error', reject);
        server.listen(port, host, resolve);
      }),
    close: () =>
      new Promise((resolve) => {
        if (!server?.listening) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
