// What operators and load balancers ask: alive, ready, and the state of every part. Nothing secret, nothing personal.
import Router from '@koa/router';
import type { Site } from './site.ts';

export function healthRouter(site: Site): Router {
  const router = new Router();
  router.get('/health/live', (ctx) => {
    ctx.body = { status: 'up' };
  });
  router.get('/health', async (ctx) => {
    const parts = await site.health();
    const down = parts['database'] === 'down' || parts['state'] === 'down';
    ctx.status = down ? 503 : 200;
    ctx.body = { status: down ? 'down' : 'up', parts };
  });
  return router;
}
