// The few static files of the pages, read once at the start.
import Router from '@koa/router';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** @param folder the package's views/assets */
export function assetsRouter(folder: string): Router {
  const files = new Map(
    readdirSync(folder).flatMap((name) => {
      const type = types[extname(name)];
      return type === undefined ? [] : [[name, { type, body: readFileSync(join(folder, name)) }] as const];
    }),
  );
  const router = new Router();
  router.get('/assets/:name', (ctx, next) => {
    const file = files.get(ctx.params['name'] ?? '');
    if (!file) return next();
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.type = file.type;
    ctx.body = file.body;
    return undefined;
  });
  return router;
}
