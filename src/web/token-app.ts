// The token app as files (spec §5; screens.md §14): its shell, modules, worker and icons, read once at the start and named by
// their content, so that an installed app is of one release as a whole. Without cookies; what it does, it does in the browser.
import Router from '@koa/router';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Context } from 'koa';
import { renderShell } from '../../views/token-app/shell.tsx';
import type { Site } from './site.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
};

// Forms are read by the app's scripts alone: without them not even the activation password goes anywhere. The one address that
// may become a script's is the worker's.
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types token-app-worker',
].join('; ');

/** @param folder the package's views/token-app */
export function tokenAppRouter(site: Site, folder: string): Router {
  const all = filesOf(folder);
  const icons = new Map([...all].filter(([name]) => name.endsWith('.png')));
  const modules = new Map([...all].filter(([name]) => !icons.has(name)));
  const manifest = JSON.stringify(manifestOf(site));
  const shell = (release: string): string => renderShell({ brand: site.brand, environment: site.environment, release });
  const release = hashOf([shell(''), manifest, readFileSync(join(folder, 'worker', 'worker.js')), ...contentOf(all)]);
  const under = `/token-app/r/${release}`;
  const page = shell(release);
  const worker = workerOf(folder, {
    release,
    shell: `${under}/`,
    files: [
      ...[...modules.keys()].map((name) => `${under}/${name}`),
      ...[...icons.keys()].map((name) => `/token-app/icons/${name}`),
      '/token-app/manifest.webmanifest',
    ],
  });

  const router = new Router();
  const send = (ctx: Context, type: string, body: string | Buffer, cache: string | null): void => {
    ctx.set('Content-Security-Policy', contentPolicy);
    if (cache !== null) ctx.set('Cache-Control', cache);
    ctx.type = type;
    ctx.body = body;
  };
  router.get('/token-app', (ctx) => send(ctx, 'text/html; charset=utf-8', page, 'no-cache'));
  router.get('/token-app/worker.js', (ctx) => {
    // The app's address has no slash at its end, and the worker stands below it.
    ctx.set('Service-Worker-Allowed', '/token-app');
    send(ctx, 'text/javascript; charset=utf-8', worker, 'no-cache');
  });
  router.get('/token-app/manifest.webmanifest', (ctx) =>
    send(ctx, 'application/manifest+json; charset=utf-8', manifest, 'no-cache'),
  );
  router.get('/token-app/icons/:name', (ctx, next) => {
    const file = icons.get(ctx.params['name'] ?? '');
    return file ? send(ctx, file.type, file.body, 'public, max-age=86400') : next();
  });
  router.get('/token-app/r/:release', (ctx, next) =>
    ctx.params['release'] === release ? send(ctx, 'text/html; charset=utf-8', page, 'no-cache') : next(),
  );
  router.get('/token-app/r/:release/:name', (ctx, next) => {
    const file = ctx.params['release'] === release ? modules.get(ctx.params['name'] ?? '') : undefined;
    return file ? send(ctx, file.type, file.body, 'public, max-age=31536000, immutable') : next();
  });
  return router;
}

interface File {
  readonly type: string;
  readonly body: Buffer;
}

function filesOf(folder: string): ReadonlyMap<string, File> {
  return new Map(
    readdirSync(folder)
      .toSorted()
      .flatMap((name) => {
        const type = types[extname(name)];
        return type === undefined ? [] : [[name, { type, body: readFileSync(join(folder, name)) }] as const];
      }),
  );
}

const contentOf = (files: ReadonlyMap<string, File>): readonly (string | Buffer)[] =>
  [...files].flatMap(([name, { body }]) => [name, body]);

function hashOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)} `).update(part);
  return hash.digest('base64url').slice(0, 16);
}

/** The worker knows its release by its own bytes: browsers take a changed worker for a new one. */
function workerOf(folder: string, release: Readonly<Record<string, unknown>>): string {
  return `const worker = self, release = ${JSON.stringify(release)};\n${readFileSync(join(folder, 'worker', 'worker.js'), 'utf8')}`;
}

function manifestOf(site: Site): Readonly<Record<string, unknown>> {
  const icon = (name: string, size: number, purpose: 'any' | 'maskable') => ({
    src: `/token-app/icons/${name}.png`,
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  });
  return {
    id: '/token-app',
    start_url: '/token-app',
    scope: '/token-app',
    lang: 'ja',
    dir: 'ltr',
    name: `${site.brand.web.ja} ワンタイムパスワード`,
    short_name: 'トークン',
    description: 'ログインや重要な操作に使うワンタイムパスワードを表示します。',
    display: 'standalone',
    orientation: 'any',
    background_color: '#ffffff',
    theme_color: '#0017c1',
    icons: [
      icon('icon-192', 192, 'any'),
      icon('icon-512', 512, 'any'),
      icon('maskable-192', 192, 'maskable'),
      icon('maskable-512', 512, 'maskable'),
    ],
  };
}
