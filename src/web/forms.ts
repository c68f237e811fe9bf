// Paper forms that anybody may print, signed in or not: nothing of anybody stands in them, but the serial number of a token that
// was lost, in the browser in which it was revoked a moment before.
import Router from '@koa/router';
import type { Context } from 'koa';
import { InitialisationFormPage } from '../../views/print/initialisation-form.tsx';
import { TokenOrderPage } from '../../views/print/token-order.tsx';
import { orderFee } from '../rules/token-stock.ts';
import { show } from './console.ts';
import { frameOf } from './frame.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

const lossPath = '/forms/token-order';

export function formsRouter(site: Site): Router {
  const router = new Router();
  router.get('/forms/initialisation', (ctx) => {
    show(ctx, InitialisationFormPage({ frame: frameOf(ctx, site), number: askedOf(ctx).act.reference }));
  });
  router.get(lossPath, (ctx) => {
    const { fees } = site.tools.policy;
    const serial = readMarked(ctx, site);
    show(
      ctx,
      TokenOrderPage({
        frame: frameOf(ctx, site),
        number: askedOf(ctx).act.reference,
        company: null,
        kind: 'lost',
        count: 1,
        serials: serial === null ? [] : [serial],
        freeLeft: null,
        fee: { ...orderFee('loss', 1, 0, fees), most: fees.free, one: fees.reissue },
        choice: null,
        back: '/',
      }),
    );
  });
  return router;
}

const markOf = (ctx: Context, site: Site, serial: string): string =>
  site.mark('return', `lost ${askedOf(ctx).csrf} ${serial}`);

/** Address of the order form after a loss. The serial number in it is this browser's alone; nobody else can set one. */
export function lossForm(ctx: Context, site: Site, serial: string | null): string {
  if (serial === null) return lossPath;
  return `${lossPath}?${new URLSearchParams({ serial, mark: markOf(ctx, site, serial) }).toString()}`;
}

function readMarked(ctx: Context, site: Site): string | null {
  const { serial, mark } = ctx.query;
  if (typeof serial !== 'string' || typeof mark !== 'string') return null;
  return site.sameText(mark, markOf(ctx, site, serial)) ? serial : null;
}
