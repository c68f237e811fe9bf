// The one error that means "a store does not answer": a page of status 503 with Retry-After, never a skipped check
// (spec §10). Everything else that a store throws is a mistake of ours.

/** An Error, because it has to cross libraries; `status` and `statusCode` are what koa and the OpenID Provider read. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly tag = 'store-unavailable';
  readonly status = 503;
  readonly statusCode = 503;
  readonly expose = false;
  readonly store: 'redis' | 'postgresql';

  /** The cause is kept for the log only: it may name hosts. */
  constructor(store: 'redis' | 'postgresql', cause?: unknown) {
    super(`${store} does not answer`, { cause });
    this.store = store;
  }
}
