// Exceptions become pages here and nowhere else: a store that does not answer, too much at once, what was not understood,
// and what nobody foresaw.
import type { Middleware } from 'koa';
import { CrossSite } from './csrf.ts';
import { NotUnderstood } from './form.ts';
import { pathWithoutIds, refuse, refuseStatically } from './refuse.ts';
import { askedOrNone } from './request.ts';
import type { Site } from './site.ts';

/** When a person is told to try again after an outage; load balancers are told in Retry-After. */
const tryAgain = 60_000;

export function toPage(site: Site): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const act = askedOrNone(ctx)?.act ?? { now: site.clock(), reference: site.newReference() };
      if (error instanceof NotUnderstood)
        return refuse(
          ctx,
          site,
          error.status === 413 ? 'too-large' : 'malformed',
          { screen: 'REF025' },
          { action: '/' },
        );
      if (error instanceof CrossSite) return refuse(ctx, site, 'csrf', { screen: 'REF025' }, { action: '/' });
      if (site.isOverloaded(error)) {
        const at = act.now + 10_000;
        return refuse(ctx, site, 'overload', { screen: 'REF019', values: { at } }, { until: at });
      }
      // Nothing of what was about to be answered: it may rest on a record that is not there.
      for (const name of ['Location', 'Set-Cookie']) ctx.remove(name);
      const unavailable = site.isUnavailable(error);
      site.log(unavailable ? 'unavailable' : 'unexpected', {
        reference: act.reference,
        path: pathWithoutIds(ctx.path),
        error:
          error instanceof Error
            ? `${error.name}: ${unavailable ? error.message : (error.stack ?? error.message)}`
            : 'unknown',
      });
      return refuseStatically(
        ctx,
        site,
        unavailable ? { screen: 'REF020', at: act.now + tryAgain } : { screen: 'REF026' },
        act.now,
        act.reference,
      );
    }
    return undefined;
  };
}
