// Answers that several addresses of the demo's Business Direct give: refusals and where to go next.
import type { Context } from 'koa';
import { RefusedPage } from './business-direct-end-pages.tsx';
import type { RefusedPageProps } from './business-direct-end-pages.tsx';
import { sendPage } from './frame.tsx';
import { languageOf } from './outsider.ts';
import type { Language } from './outsider.ts';

/** Language of a page of the provider, kept in its own cookie. */
export const directLanguage = (ctx: Context): Language => languageOf(ctx, 'bd_lang');

export function seeOther(ctx: Context, to: string): void {
  ctx.redirect(to);
  ctx.status = 303;
}

/** @param detail protocol words for the builder of a relying party, or null */
export function refuse(
  ctx: Context,
  refusal: RefusedPageProps['refusal'],
  status: number,
  detail: string | null,
): void {
  sendPage(ctx, status, RefusedPage({ language: directLanguage(ctx), refusal, detail }));
}
