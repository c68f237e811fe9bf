// Paper forms that anybody may print, signed in or not: nothing of anybody stands in them.
import Router from '@koa/router';
import { InitialisationFormPage } from '../../views/print/initialisation-form.tsx';
import { show } from './console.ts';
import { frameOf } from './frame.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

export function formsRouter(site: Site): Router {
  const router = new Router();
  router.get('/forms/initialisation', (ctx) => {
    show(ctx, InitialisationFormPage({ frame: frameOf(ctx, site), number: askedOf(ctx).act.reference }));
  });
  return router;
}
