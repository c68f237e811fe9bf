// The demo's own pages at the gateway: the guide with five stories, the tokens' live codes, the clock. Never mounted in
// production.
import Router from '@koa/router';
import { render } from '../../views/layout.tsx';
import { DemoClockPage } from '../../views/demo/clock.tsx';
import { DemoGuidePage, type DemoGuideProps } from '../../views/demo/guide.tsx';
import { DemoTokensPage, type DemoTokensProps } from '../../views/demo/tokens.tsx';
import { readForm } from './form.ts';
import { frameOf } from './frame.ts';
import type { Site } from './site.ts';

export interface DemoData {
  readonly guide: Omit<DemoGuideProps, 'frame'>;
  /** The codes that the demo's tokens show at a time. */
  tokens(now: number): DemoTokensProps['tokens'];
  readonly offset: () => number;
  /** Moves the clock of all processes; false when it would go back. */
  forward(seconds: number): Promise<boolean>;
}

export function demoRouter(siteOf: () => Site, data: DemoData): Router {
  const router = new Router();
  router.get('/demo', (ctx) => {
    ctx.type = 'html';
    ctx.body = render(DemoGuidePage({ ...data.guide, frame: frameOf(ctx, siteOf()) }));
  });
  router.get('/demo/tokens', (ctx) => {
    const frame = frameOf(ctx, siteOf());
    ctx.type = 'html';
    ctx.body = render(DemoTokensPage({ frame, tokens: data.tokens(frame.now) }));
  });
  router.get('/demo/clock', (ctx) => {
    ctx.type = 'html';
    ctx.body = render(DemoClockPage({ frame: frameOf(ctx, siteOf()), offsetSeconds: data.offset() }));
  });
  router.post('/demo/clock', async (ctx) => {
    const seconds = Number(readForm(ctx).text('offset_seconds'));
    if (Number.isInteger(seconds) && seconds >= 0) await data.forward(seconds);
    ctx.status = 303;
    ctx.redirect('/demo/clock');
  });
  return router;
}
