// SLF055: one's own sign-ins. Ending one asks nothing more (spec §8); ending the one that asks is signing out.
import type Router from '@koa/router';
import type { Banner } from '../../../views/messages/banners.ts';
import type { LooseError } from '../../../views/messages/stored.ts';
import { SessionsPage } from '../../../views/self-service/sessions.tsx';
import {
  endOtherSessions,
  endOwnSession,
  ownSessions,
  type OwnSession,
} from '../../flows/self-service/own-sessions.ts';
import { openConsole, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { signedOut } from '../end.ts';
import { readForm, type Form } from '../form.ts';
import { refuse } from '../refuse.ts';
import type { Site } from '../site.ts';

const page = '/self-service/sessions';

export function sessionPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showSessions(visit, {});
  });
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await end(visit, readForm(ctx));
  });
}

const shownCode = ({ code, ...rest }: OwnSession | Omit<OwnSession, 'here'>) => ({
  ...rest,
  code: code.code,
  device: code.code === 'skipped' ? code.device : null,
});

async function showSessions(
  visit: ConsoleVisit,
  what: { readonly errors?: readonly LooseError[]; readonly banners?: readonly Banner[] },
): Promise<void> {
  const { site, act, person, login, ctx } = visit;
  const { errors = [], banners = [] } = what;
  const { live, ended } = await ownSessions(site.tools, act, person, login);
  show(
    ctx,
    SessionsPage({
      frame: {
        ...(errors.length + banners.length > 0 ? withReference(visit) : visit.frame),
        path: page,
        address: page,
      },
      errors: told(visit, errors),
      banners,
      sessions: live.map((one) => ({ ...shownCode(one), here: one.here })),
      ended: ended.map((one) => ({ ...shownCode(one), endedAt: one.endedAt, why: one.why })),
      most: site.tools.policy.session.perAccount,
      chosen: null,
    }),
    errors.length > 0 ? 422 : 200,
  );
}

async function end(visit: ConsoleVisit, form: Form): Promise<void> {
  const { site, act, ctx, login } = visit;
  const action = form.text('action');
  if (action === 'end_others') {
    await endOtherSessions(site.tools, act, visit);
    return showSessions(visit, { banners: [{ key: 'session.ended' }] });
  }
  if (action !== 'end_session') return seeOther(ctx, page);
  const id = form.text('session');
  if (id === '') return showSessions(visit, { errors: [{ field: 'session', key: 'form.choose' }] });
  const done = await endOwnSession(site.tools, act, visit, id);
  switch (done.verdict) {
    case 'ended':
      return showSessions(visit, { banners: [{ key: 'session.ended' }] });
    case 'unknown':
      return refuse(ctx, site, 'not-found', { screen: 'REF024' }, { action: '/' });
    case 'this-one': {
      const portals = (await site.provider.endSession(ctx)) ?? [];
      const federated = login.route === 'federated';
      return signedOut(ctx, site, { portals, federated, device: login.deviceId !== null, back: null });
    }
  }
}
