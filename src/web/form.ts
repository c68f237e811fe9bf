// Reading a posted form: urlencoded UTF-8 of at most 16 KiB, every field once. What can't be understood is 400 or 413,
// told on a page, and nothing was done.
import { bodyParser } from '@koa/bodyparser';
import type { Context, Middleware } from 'koa';

export interface Form {
  /** What was typed, or '' when the field was not sent. */
  text(name: string): string;
  has(name: string): boolean;
  /** A list field (`people`). */
  all(name: string): readonly string[];
}

/** A body that is no form of ours. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
  readonly status: 400 | 413;
  constructor(status: 400 | 413) {
    super(status === 413 ? 'the body is too large' : 'the body is not a form');
    this.status = status;
  }
}

const lists = new Set(['people', 'permissions', 'portals', 'accounts']);

/** Parses bodies of our own routes only; the provider reads its own. */
export function formParser(): Middleware {
  return bodyParser({
    enableTypes: ['form'],
    formLimit: '16kb',
    encoding: 'utf-8',
    onError: (error) => {
      throw new NotUnderstood('status' in error && error.status === 413 ? 413 : 400);
    },
  });
}

const forms = new WeakMap<object, Form>();

/**
 * The posted form.
 * @throws NotUnderstood for another type or charset, broken UTF-8, or a single field sent twice
 */
export function readForm(ctx: Context): Form {
  const known = forms.get(ctx.req);
  if (known) return known;
  const type = ctx.get('content-type').toLowerCase();
  if (!/^application\/x-www-form-urlencoded(?:\s*;\s*charset="?utf-8"?)?\s*$/.test(type)) throw new NotUnderstood(400);
  const raw = 'rawBody' in ctx.request && typeof ctx.request.rawBody === 'string' ? ctx.request.rawBody : '';
  const params = new URLSearchParams(raw);
  const names = [...params.keys()];
  const brackets = names.some((name) => /[[\]]/.test(name) || name === '__proto__');
  const twice = names.some((name) => !lists.has(name) && params.getAll(name).length > 1);
  const broken = [...params].some(([name, value]) => name.includes('\uFFFD') || value.includes('\uFFFD'));
  if (names.length > 1200 || brackets || twice || broken) throw new NotUnderstood(400);
  const form: Form = {
    text: (name) => params.get(name) ?? '',
    has: (name) => params.has(name),
    all: (name) => params.getAll(name),
  };
  forms.set(ctx.req, form);
  return form;
}
