// Between the provider and our pages: what it has shown (logout, errors) through our views, and its verbs on a koa context.
import { render } from '../../views/layout.tsx';
import { RefusalPage } from '../../views/refused/refusal.tsx';
import { confirmSignOut, signedOut } from './end.ts';
import { frameOf } from './frame.ts';
import { refuseStatically } from './refuse.ts';
import { askedOf, type Answerable } from './request.ts';
import type { Site } from './site.ts';

interface Named {
  readonly name: string;
  readonly uri: string | null;
}

/** The pages that the provider asks for. `siteOf`: the site is made after the provider. */
export function providerPages(siteOf: () => Site) {
  return {
    confirmLogout(
      ctx: Answerable,
      view: {
        readonly action: string;
        readonly hidden: Readonly<Record<string, string>>;
        readonly entered: readonly Named[];
      },
    ): void {
      confirmSignOut(ctx, siteOf(), {
        portals: view.entered.map(({ name }) => name),
        action: view.action,
        hidden: view.hidden,
      });
    },
    signedOut(
      ctx: Answerable,
      view: { readonly portal: Named | null; readonly upstreamGoesOn: boolean; readonly deviceGoesOn: boolean },
    ): void {
      const { portal } = view;
      const back = portal && portal.uri !== null ? { portal: portal.name, href: portal.uri } : null;
      signedOut(ctx, siteOf(), { portals: [], federated: view.upstreamGoesOn, device: view.deviceGoesOn, back });
    },
    /** A portal's faulty request, or a fault of ours: the status is set and stays. */
    error(ctx: Answerable, view: { readonly error: string; readonly description: string | null }, error: Error): void {
      const site = siteOf();
      const { act } = askedOf(ctx);
      const { status } = ctx;
      site.log('oidc.page', { error: view.error, description: view.description, status, reference: act.reference });
      if (status >= 500) {
        refuseStatically(
          ctx,
          site,
          status === 503 ? { screen: 'REF020', at: act.now + 60_000 } : { screen: 'REF026' },
          act.now,
          act.reference,
        );
        return;
      }
      // The library calls an attempt that is over `invalid_request`, like a portal's mistake.
      const gone = error.name === 'SessionNotFound';
      ctx.status = gone ? 410 : status;
      ctx.type = 'html';
      ctx.body = render(
        RefusalPage({
          frame: frameOf(ctx, site, { reference: true, path: '/' }),
          refusal: { screen: gone ? 'REF001' : 'REF023' },
          cancel: false,
          action: '/',
        }),
      );
    },
  };
}
