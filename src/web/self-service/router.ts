// お客様情報変更: what one may see and change of one's own settings (spec §8). Everybody who is signed in, for oneself alone.
import Router from '@koa/router';
import { SelfServiceMenuPage } from '../../../views/self-service/menu.tsx';
import { ownDevices } from '../../flows/self-service/own-devices.ts';
import { openConsole, show } from '../console.ts';
import type { Site } from '../site.ts';
import { devicePages } from './devices.ts';
import { linkPages } from './link.ts';

export function selfServiceRouter(site: Site): Router {
  const router = new Router();
  router.get('/self-service', async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (!visit) return;
    const { act, person, frame } = visit;
    const [link] = await site.tools.store.link.ofAccount(person.account.id);
    const { live } = await ownDevices(site.tools, act, person);
    show(ctx, SelfServiceMenuPage({ frame, banners: [], bd: link?.display ?? null, devices: live.length }));
  });
  linkPages(router, site);
  devicePages(router, site);
  return router;
}
