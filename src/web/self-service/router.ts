// お客様情報変更: what one may see and change of one's own settings (spec §8). Everybody who is signed in, for oneself alone.
import Router from '@koa/router';
import type { Site } from '../site.ts';
import { devicePages } from './devices.ts';
import { historyPages } from './history.ts';
import { emailPages } from './email.ts';
import { linkPages } from './link.ts';
import { sessionPages } from './sessions.ts';
import { menuPage } from './menu.ts';
import { otpPages } from './otp.ts';
import { passwordPages } from './password.ts';

export function selfServiceRouter(site: Site): Router {
  const router = new Router();
  menuPage(router, site);
  passwordPages(router, site);
  emailPages(router, site);
  otpPages(router, site);
  linkPages(router, site);
  devicePages(router, site);
  sessionPages(router, site);
  historyPages(router, site);
  return router;
}
