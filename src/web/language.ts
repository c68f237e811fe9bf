// POST /language: the chosen language in a cookie, and back to the same step.
import Router from '@koa/router';
import type { Context } from 'koa';
import { cookieName } from './cookie.ts';
import { isOwnPath } from './entry.ts';
import { readForm } from './form.ts';
import { askedOf, remember } from './request.ts';
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
  return chosenLanguage(ctx, site) ?? preferred(ctx);
}

/** The portal's `ui_locales` count for what is said from here on, unless the person chose (screens.md §3, row 15). */
export function speak(ctx: Context, site: Site, asked: 'ja' | 'en' | null): void {
  if (asked === null || chosenLanguage(ctx, site) !== null) return;
  const known = askedOf(ctx);
  remember(ctx, { ...known, act: { ...known.act, language: asked } });
}

function chosenLanguage(ctx: Context, site: Site): 'ja' | 'en' | null {
  const chosen = ctx.cookies.get(cookieName(site, 'language'));
  return chosen === 'ja' || chosen === 'en' ? chosen : null;
}

function preferred(ctx: Context): 'ja' | 'en' {
  return ctx.get('accept-language') !== '' && ctx.acceptsLanguages('ja', 'en') === 'en' ? 'en' : 'ja';
}
