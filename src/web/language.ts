// POST /language: the chosen language in a cookie, and back to the same step.
import Router from '@koa/router';
import type { Context } from 'koa';
import { cookieName } from './cookie.ts';
import { isOwnPath } from './entry.ts';
import { readForm } from './form.ts';
import type { Site } from './site.ts';

const year = 365 * 86_400_000;

export function languageRouter(site: Site): Router {
  const router = new Router();
  router.post('/language', (ctx) => {
    const form = readForm(ctx);
    const language = form.text('language') === 'en' ? 'en' : 'ja';
    ctx.cookies.set(cookieName(site, 'language'), language, {
      httpOnly: true,
      sameSite: 'lax',
      secure: site.https,
      path: '/',
      maxAge: year,
      overwrite: true,
    });
    const back = form.text('return_to');
    ctx.status = 303;
    ctx.redirect(isOwnPath(back) ? back : '/');
  });
  return router;
}

/** Chosen, else what the browser prefers, else Japanese (screens.md §3, row 15). */
export function languageOf(ctx: Context, site: Site): 'ja' | 'en' {
  const chosen = ctx.cookies.get(cookieName(site, 'language'));
  if (chosen === 'ja' || chosen === 'en') return chosen;
  return ctx.get('accept-language') !== '' && ctx.acceptsLanguages('ja', 'en') === 'en' ? 'en' : 'ja';
}
