// The token desk: the pages of stock, tokens, their moves, what is due, and companies' applications, in one line for the router.
import type Router from '@koa/router';
import type { Site } from '../site.ts';
import { companyPages } from './companies.ts';
import { duePages } from './due.ts';
import { otpApplicationPages } from './otp-application.ts';
import { tokenActPages } from './token-acts.ts';
import { tokenResultPages } from './token-result.ts';
import { tokenPages } from './token.ts';
import { stockPages } from './tokens.ts';

/** Registered in this order: addresses that are words stand before those that are serial numbers. */
export function tokenDeskPages(router: Router, site: Site): void {
  companyPages(router, site);
  otpApplicationPages(router, site);
  stockPages(router, site);
  duePages(router, site);
  tokenActPages(router, site);
  tokenResultPages(router, site);
  tokenPages(router, site);
}
