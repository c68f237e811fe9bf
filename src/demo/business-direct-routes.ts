// Pages of the demo's Business Direct as HTTP: its login, its start page, its logout. The protocol's own addresses belong to
// the library.
import { timingSafeEqual } from 'node:crypto';
import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { directLanguage, refuse, seeOther } from './business-direct-answers.ts';
import { afterLogout, endDirectSession } from './business-direct-logout.ts';
import { SignedOutPage } from './business-direct-end-pages.tsx';
import { LoginPage, SignedInPage } from './business-direct-pages.tsx';
import { HOME_CLIENT } from './business-direct-provider.ts';
import { sendPage } from './frame.tsx';
import { field, query, readForm } from './outsider.ts';
import { subjectOf } from './people.ts';
import type { DemoPerson } from './people.ts';

export interface DirectRoutesOptions {
  readonly provider: Provider;
  readonly issuer: string;
  readonly gateway: string;
  /** By the `sub` they are asserted with. */
  readonly people: ReadonlyMap<string, DemoPerson>;
}

type Asked = Awaited<ReturnType<Provider['interactionDetails']>>;

export function directRoutes(options: DirectRoutesOptions): ReturnType<Router['routes']> {
  const { provider, issuer, gateway, people } = options;
  const router = new Router();

  router.get('/', async (ctx) => {
    const session = await provider.Session.get(ctx);
    const person = session.accountId ? people.get(session.accountId) : undefined;
    if (person) return sendPage(ctx, 200, SignedInPage({ language: directLanguage(ctx), person }));
    if (query(ctx, 'error'))
      return sendPage(ctx, 200, SignedOutPage({ language: directLanguage(ctx), cancelled: true }));
    seeOther(ctx, '/login');
  });

  router.post('/', readForm, async (ctx) => {
    if (field(ctx, 'action') === 'logout') {
      await endDirectSession(provider, ctx, await provider.Session.get(ctx));
      return seeOther(ctx, '/logged-out');
    }
    // Third-party initiated login, OIDC Core §4.
    const start = new URL('/initiate', gateway);
    start.searchParams.set('iss', issuer);
    start.searchParams.set('target_link_uri', new URL('/', gateway).href);
    seeOther(ctx, start.href);
  });

  router.get('/login', (ctx) => {
    const start = new URL(provider.urlFor('authorization'));
    start.search = new URLSearchParams({
      client_id: HOME_CLIENT,
      response_type: 'none',
      scope: 'openid',
      redirect_uri: `${issuer}/`,
    }).toString();
    seeOther(ctx, start.href);
  });

  router.get('/login/:uid', async (ctx) => {
    const asked = await interactionOf(provider, ctx, ctx.params.uid);
    if (!asked) return refuse(ctx, 'start-over', 410, null);
    await login(options, ctx, asked, { status: 200, id: hint(asked), wrong: false });
  });

  router.post('/login/:uid', readForm, async (ctx) => {
    const asked = await interactionOf(provider, ctx, ctx.params.uid);
    if (!asked) return refuse(ctx, 'start-over', 410, null);
    if (field(ctx, 'action') === 'cancel') {
      return finish(provider, ctx, { error: 'access_denied', error_description: 'cancelled at Business Direct' });
    }
    const id = field(ctx, 'business_direct_id').normalize('NFKC').trim();
    const subject = proven(people, id, field(ctx, 'business_direct_password'));
    if (subject === null) return login(options, ctx, asked, { status: 422, id: id.slice(0, 256), wrong: true });
    await makeRoomFor(provider, ctx, asked, subject);
    await finish(provider, ctx, { login: { accountId: subject, remember: false } });
  });

  router.get('/logged-out', (ctx) =>
    sendPage(ctx, 200, SignedOutPage({ language: directLanguage(ctx), cancelled: false })),
  );

  router.post('/logout', readForm, async (ctx) => {
    const session = await provider.Session.get(ctx);
    const secret = session.state?.secret;
    if (typeof secret !== 'string' || field(ctx, 'xsrf') !== secret) return refuse(ctx, 'start-over', 410, null);
    if (field(ctx, 'action') === 'cancel') return seeOther(ctx, '/');
    const next = afterLogout(session);
    await endDirectSession(provider, ctx, session);
    seeOther(ctx, next);
  });

  return router.routes();
}

/** The interaction of this browser, if it is the one in the address; the library looks at the cookie alone. */
async function interactionOf(provider: Provider, ctx: Context, uid: string | undefined): Promise<Asked | null> {
  try {
    const asked = await provider.interactionDetails(ctx.req, ctx.res);
    return asked.uid === uid ? asked : null;
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return null;
    throw error;
  }
}

async function login(
  { provider, people }: DirectRoutesOptions,
  ctx: Context,
  asked: Asked,
  view: { readonly status: number; readonly id: string; readonly wrong: boolean },
): Promise<void> {
  const client = await provider.Client.find(String(asked.params.client_id));
  const asker = client && client.clientId !== HOME_CLIENT ? (client.clientName ?? client.clientId) : null;
  const language = directLanguage(ctx);
  sendPage(
    ctx,
    view.status,
    LoginPage({ language, asker, people: [...people.values()], id: view.id, wrong: view.wrong }),
  );
}

function hint(asked: Asked): string {
  const { login_hint: text } = asked.params;
  return typeof text === 'string' ? text.slice(0, 256) : '';
}

/** The subject whose ID and password these are, or null. */
function proven(people: ReadonlyMap<string, DemoPerson>, id: string, password: string): string | null {
  const subject = subjectOf(id);
  const expected = people.get(subject)?.business_direct?.password;
  if (expected === undefined) return null;
  const [a, b] = [Buffer.from(expected), Buffer.from(password)];
  return a.length === b.length && timingSafeEqual(a, b) ? subject : null;
}

/** Somebody else was signed in: that session ends first, else the library answers with a page that needs a script. */
async function makeRoomFor(provider: Provider, ctx: Context, asked: Asked, subject: string): Promise<void> {
  const session = await provider.Session.get(ctx);
  if (!session.accountId || session.accountId === subject) return;
  asked.session = undefined;
  await asked.persist();
  await endDirectSession(provider, ctx, session);
}

async function finish(
  provider: Provider,
  ctx: Context,
  result: Parameters<Provider['interactionResult']>[2],
): Promise<void> {
  seeOther(ctx, await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false }));
}
