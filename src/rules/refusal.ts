// Every way in which Renkei refuses: its word (spec §12), status, page and what the portal is told (screens.md 8.8). A
// refusal is a value; the one place that answers a request turns it into a page.

/** The words of `data-refusal`, a contract with outside tools (spec §12). */
export type Refusal =
  | 'form'
  | 'credentials'
  | 'otp-wrong'
  | 'otp-used'
  | 'otp-stopped'
  | 'account-stopped'
  | 'company-suspended'
  | 'no-permission'
  | 'link-taken'
  | 'link-limit'
  | 'company-mismatch'
  | 'not-planned'
  | 'upstream-down'
  | 'upstream-refused'
  | 'waiting'
  | 'closed'
  | 'start-over'
  | 'too-many'
  | 'conflict'
  | 'csrf'
  | 'otp-unreachable'
  | 'not-found'
  | 'not-allowed'
  | 'portal-request'
  | 'approval-gone'
  | 'certificate'
  | 'unavailable'
  | 'unexpected';

/** The same word with another status or page. */
export type RefusalVariant =
  | 'upstream-cancelled'
  | 'no-releaser'
  | 'link-limit-race'
  | 'stale-edit'
  | 'stale-form'
  | 'malformed'
  | 'too-large'
  | 'overload';

export interface RefusalPage {
  readonly word: Refusal;
  readonly status: 200 | 400 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 503;
  /** Null: the screen that was posted is shown again. */
  readonly screen: `REF${string}` | 'WAI001' | null;
  /** The end of the page's path; null with `screen`. */
  readonly slug: string | null;
  /** The answer names a time in Retry-After. */
  readonly retryAfter: boolean;
  /** What the portal receives when the person leaves; null: access_denied by `cancel` alone, or nothing at all. */
  readonly portal: 'access_denied' | 'unmet_authentication_requirements' | 'invalid_request' | null;
}

const again = (word: Refusal, status: 422 | 409 = 422): RefusalPage => page(word, status, null, null);
const page = (
  word: Refusal,
  status: RefusalPage['status'],
  screen: RefusalPage['screen'],
  slug: string | null,
  portal: RefusalPage['portal'] = null,
): RefusalPage => ({ word, status, screen, slug, portal, retryAfter: status === 429 || status === 503 });

// oxfmt-ignore
export const refusals = {
  'form':               again('form'),
  'credentials':        again('credentials'),
  'otp-wrong':          again('otp-wrong'),
  'otp-used':           again('otp-used'),
  'start-over':         page('start-over',        410, 'REF001', 'start-over'),
  'otp-stopped':        page('otp-stopped',       403, 'REF004', 'otp-stopped'),
  'account-stopped':    page('account-stopped',   403, 'REF005', 'account-stopped'),
  'company-suspended':  page('company-suspended', 403, 'REF006', 'company-suspended'),
  'no-permission':      page('no-permission',     403, 'REF007', 'no-permission', 'access_denied'),
  'link-limit':         page('link-limit',        403, 'REF008', 'link-limit'),
  'link-taken':         page('link-taken',        409, 'REF009', 'link-taken'),
  'company-mismatch':   page('company-mismatch',  403, 'REF010', 'company-mismatch'),
  'not-planned':        page('not-planned',       403, 'REF011', 'not-planned'),
  'upstream-refused':   page('upstream-refused',  403, 'REF013', 'upstream-refused', 'access_denied'),
  'upstream-down':      page('upstream-down',     503, 'REF014', 'upstream-down'),
  'otp-unreachable':    page('otp-unreachable',   403, 'REF015', 'otp-unreachable', 'unmet_authentication_requirements'),
  'conflict':           page('conflict',          409, 'REF017', 'conflict'),
  'closed':             page('closed',            503, 'REF018', 'closed'),
  'too-many':           page('too-many',          429, 'REF019', 'too-many'),
  'unavailable':        page('unavailable',       503, 'REF020', 'unavailable'),
  'certificate':        page('certificate',       403, 'REF021', 'certificate'),
  'approval-gone':      page('approval-gone',     403, 'REF022', 'approval-gone', 'invalid_request'),
  'portal-request':     page('portal-request',    400, 'REF023', 'portal-request'),
  'not-found':          page('not-found',         404, 'REF024', 'not-found'),
  'csrf':               page('csrf',              403, 'REF025', 'csrf'),
  'unexpected':         page('unexpected',        500, 'REF026', 'unexpected'),
  'not-allowed':        page('not-allowed',       403, 'REF027', 'not-allowed'),
  'waiting':            page('waiting',           200, 'WAI001', 'waiting', 'unmet_authentication_requirements'),
  // Variants: they said no themselves; nobody in the company can release; a race or an edit was lost; what was sent could
  // not be understood or was too much; more work than can be done now.
  'upstream-cancelled': page('upstream-refused',  200, 'REF012', 'upstream-cancelled', 'access_denied'),
  'no-releaser':        page('account-stopped',   403, 'REF028', 'no-releaser'),
  'link-limit-race':    page('link-limit',        409, 'REF008', 'link-limit'),
  'stale-edit':         again('conflict', 409),
  'stale-form':         again('csrf'),
  'malformed':          page('csrf',              400, 'REF025', 'csrf'),
  'too-large':          page('csrf',              413, 'REF025', 'csrf'),
  'overload':           page('too-many',          503, 'REF019', 'too-many'),
} as const satisfies Readonly<Record<Refusal | RefusalVariant, RefusalPage>>;

/** The page of a refusal or of its variant. */
export function refusalPage(refusal: Refusal | RefusalVariant): RefusalPage {
  return refusals[refusal];
}
