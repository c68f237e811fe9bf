// What every page is given: language, brand, who is signed in, the reference number of this response.
import type { Frame } from '../../views/parts/frame.ts';
import { deskOpens } from '../rules/desk.ts';
import { askedOf, type Answerable } from './request.ts';
import type { Site } from './site.ts';

export function frameOf(
  ctx: Pick<Answerable, 'req' | 'path'>,
  site: Site,
  more: {
    readonly signedIn?: Frame['signedIn'];
    readonly refusal?: string | null;
    readonly reference?: boolean;
    readonly path?: string;
    /** Where the page's form is posted, when not to where it was asked for. */
    readonly address?: string;
  } = {},
): Frame {
  const { act, csrf } = askedOf(ctx);
  return {
    language: act.language,
    brand: site.brand,
    environment: site.environment,
    csrf,
    address: more.address ?? ownAddress(ctx.req.url),
    path: more.path ?? (ctx.req.method === 'GET' ? ctx.path : '/'),
    signedIn: more.signedIn ?? null,
    now: act.now,
    deskOpens: site.deskHours && deskOpens(site.deskHours, act.now),
    refusal: more.refusal ?? null,
    reference: more.reference === true ? act.reference : null,
    helpdesk: isOfHelpdesk(ctx.path),
  };
}

/** Addresses of the operators' pages, those that don't exist with them. */
export const isOfHelpdesk = (path: string): boolean => path === '/helpdesk' || path.startsWith('/helpdesk/');

/** Path and query of a request; null for what a browser could read as another host's. */
const ownAddress = (url: string | undefined): string | null => (url && /^\/(?![/\\])/.test(url) ? url : null);
