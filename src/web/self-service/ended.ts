// The page after a result whose act ended the sign-in itself (OUT004): nobody is signed in any more who could be asked what
// ended it, so the result's form carries the moment, marked for this browser alone.
import type { Context } from 'koa';
import { EndedByChangePage } from '../../../views/end/ended-by-change.tsx';
import { seeOther, show } from '../console.ts';
import { frameOf } from '../frame.ts';
import { askedOf } from '../request.ts';
import type { Site } from '../site.ts';

/** The moment of the end, for the page after the result: this browser's, and nobody else can set one. */
function markedTime(ctx: Context, site: Site, at: number): string {
  return `${at}.${site.mark('return', `ended ${askedOf(ctx).csrf} ${at}`)}`;
}

/** Where the result's form goes when the sign-in is over. */
export function endedAction(ctx: Context, site: Site, result: string, at: number): string {
  return `${result}?at=${markedTime(ctx, site, at)}`;
}

/** 「確認」 on the result: OUT004, or `otherwise` for whoever's sign-in goes on. */
export function afterResult(ctx: Context, site: Site, what: 'unlink' | 'token', otherwise: string): void {
  const given = String(ctx.query['at'] ?? '');
  const at = Number(given.split('.')[0]);
  if (!Number.isSafeInteger(at) || !site.sameText(given, markedTime(ctx, site, at))) return seeOther(ctx, otherwise);
  const frame = frameOf(ctx, site, { path: '/' });
  show(ctx, EndedByChangePage({ frame, what, at, by: 'self', ask: 'any', action: '/' }));
  return undefined;
}
