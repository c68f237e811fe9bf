// RST001–RST004: trouble signing in, and a master's request for a new password. Open to everybody at every hour; a request is
// bound to the browser that makes it, and nothing here signs anybody in or tells whether an entry is anybody's.
import Router from '@koa/router';
import type { Context } from 'koa';
import { ResetCodePage } from '../../views/reset/code.tsx';
import { ResetDonePage } from '../../views/reset/done.tsx';
import { ResetRequestPage } from '../../views/reset/request.tsx';
import { readErrors, type LooseError } from '../../views/messages/stored.ts';
import { ForgotPage } from '../../views/sign-in/forgot.tsx';
import { askReset, resendCode } from '../flows/reset/ask.ts';
import { checkResetCode } from '../flows/reset/check-code.ts';
import type { Answer } from '../flows/sign-in/answer.ts';
import type { ResetAsk } from '../flows/tools.ts';
import { seeOther, show } from './console.ts';
import { readForm, type Form } from './form.ts';
import { frameOf } from './frame.ts';
import { refuse } from './refuse.ts';
import { askedOf } from './request.ts';
import type { Site } from './site.ts';

const pages = { forgot: '/forgot', request: '/reset-request', code: '/reset-code', done: '/reset-done' } as const;

export function resetRouter(site: Site): Router {
  const router = new Router();
  router.get(pages.forgot, (ctx) => {
    const frame = frameOf(ctx, site);
    show(ctx, ForgotPage({ frame, errors: [], banners: [], portal: null, pair: null, until: null, cancel: false }));
  });
  router.post(pages.forgot, (ctx) => seeOther(ctx, readForm(ctx).text('action') === 'back' ? '/' : pages.request));

  router.get(pages.request, (ctx) => showRequest(ctx, site, null, []));
  router.post(pages.request, async (ctx) => {
    const form = readForm(ctx);
    const { act, browser } = askedOf(ctx);
    if (form.text('action') === 'cancel') return seeOther(ctx, '/');
    if (form.text('action') !== '' || browser === null) return seeOther(ctx, pages.request);
    const answer = await askReset(site.tools, act, browser, {
      loginId: form.text('login_id'),
      contractNumber: form.text('contract_number'),
      email: form.text('email'),
    });
    return answered(ctx, site, answer, pages.code, (errors) => showRequest(ctx, site, form, errors));
  });

  router.get(pages.code, (ctx) => asking(ctx, site, (ask) => showCode(ctx, site, ask, [])));
  router.post(pages.code, (ctx) =>
    asking(ctx, site, async (ask, browser) => {
      const form = readForm(ctx);
      const { act } = askedOf(ctx);
      const action = form.text('action');
      if (action === 'cancel') return seeOther(ctx, '/');
      if (action !== '' && action !== 'resend') return seeOther(ctx, pages.code);
      const answer =
        action === 'resend'
          ? await resendCode(site.tools, act, browser, ask)
          : await checkResetCode(site.tools, act, browser, ask, form.text('email_code'));
      const next = action === 'resend' ? pages.code : pages.done;
      return answered(ctx, site, answer, next, (errors) => showCode(ctx, site, ask, errors));
    }),
  );

  router.get(pages.done, async (ctx) => {
    const ask = await askOf(ctx, site);
    if (!ask?.done) return seeOther(ctx, ask ? pages.code : pages.request);
    const { number, at, reference } = ask.done;
    return show(ctx, ResetDonePage({ frame: { ...frameOf(ctx, site), reference }, number, at }));
  });
  router.post(pages.done, (ctx) => seeOther(ctx, '/'));
  return router;
}

async function askOf(ctx: Context, site: Site): Promise<ResetAsk | null> {
  const { act, browser } = askedOf(ctx);
  return browser === null ? null : site.tools.resetAsks.find(browser, act.now);
}

/** For the page of the code: what this browser asked for. Another browser, or one whose time is over, begins anew. */
async function asking(
  ctx: Context,
  site: Site,
  page: (ask: ResetAsk, browser: string) => Promise<void> | void,
): Promise<void> {
  const ask = await askOf(ctx, site);
  const { browser } = askedOf(ctx);
  if (!ask || browser === null) return refuse(ctx, site, 'start-over', { screen: 'REF001' }, { action: pages.forgot });
  return ask.done ? seeOther(ctx, pages.done) : page(ask, browser);
}

function answered(
  ctx: Context,
  site: Site,
  answer: Answer,
  next: string,
  again: (errors: readonly LooseError[]) => void,
): void {
  if (answer.advanced) return seeOther(ctx, next);
  if (answer.word !== 'too-many') return again(answer.errors);
  const { until } = answer;
  const busy = { screen: 'REF019', text: 'login.busy', values: { at: until } } as const;
  return refuse(ctx, site, 'too-many', busy, { until, action: pages.forgot });
}

function showRequest(ctx: Context, site: Site, form: Form | null, errors: readonly LooseError[]): void {
  const page = ResetRequestPage({
    frame: frameOf(ctx, site, { reference: errors.length > 0, path: pages.request }),
    errors: readErrors(errors),
    loginId: form?.text('login_id') ?? '',
    contractNumber: form?.text('contract_number') ?? '',
    email: form?.text('email') ?? '',
  });
  show(ctx, page, errors.length > 0 ? 422 : 200);
}

function showCode(ctx: Context, site: Site, ask: ResetAsk, errors: readonly LooseError[]): void {
  const frame = frameOf(ctx, site, { reference: errors.length > 0, path: pages.code });
  show(ctx, ResetCodePage({ frame, errors: readErrors(errors), until: ask.until }), errors.length > 0 ? 422 : 200);
}
