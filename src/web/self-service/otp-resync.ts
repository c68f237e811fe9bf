// OTP003 in the self-service: the clock of one's own key-fob is repaired with two codes.
import type Router from '@koa/router';
import { lastFour } from '../../../views/parts/format.ts';
import { OtpResyncPage } from '../../../views/sign-in/otp-resync.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { codeAsked } from '../../flows/prove-act.ts';
import { mayResync, resyncOwnToken } from '../../flows/self-service/resync-token.ts';
import { newEdit, readEdit } from '../company/edit.ts';
import { openConsole, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';

const page = '/self-service/otp/resync';
const above = '/self-service/otp';

export function otpResyncPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) showResync(visit);
  });
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await resync(visit);
  });
}

const shown = ({ person }: ConsoleVisit) => [{ id: 'token', seen: person.token?.id ?? '' }];

function showResync(visit: ConsoleVisit, errors: readonly LooseError[] = [], status: 409 | 422 = 422): void {
  const { ctx, site, act, person, login } = visit;
  if (!mayResync(person, act.now)) return seeOther(ctx, above);
  const failed = errors.length > 0;
  show(
    ctx,
    OtpResyncPage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: [],
      portal: null,
      pair: null,
      until: null,
      cancel: false,
      last4: lastFour(person.token?.serial ?? ''),
      afterLogin: codeAsked(act, person)?.afterLogin === true,
      hidden: [{ name: 'edit', value: newEdit(site, login.id, 'resync-own', shown(visit)) }],
    }),
    failed ? status : 200,
  );
  return undefined;
}

async function resync(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, act, login } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  if (action !== '') return seeOther(ctx, action === 'back' ? above : page);
  const edit = readEdit(site, login.id, 'resync-own', ['token'], form.text('edit'), shown(visit));
  if (!edit.ok || edit.stale.size > 0) return showResync(visit, [{ field: null, key: 'edit.tampered' }], 409);
  const typed = { otp: form.text('otp'), otpNext: form.text('otp_next') };
  const worked = await resyncOwnToken(site.tools, act, visit, edit.key, typed);
  switch (worked.verdict) {
    case 'finished':
      return seeOther(ctx, `${above}?resync=${edit.key}`);
    case 'busy':
      return showResync(visit, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return worked.refused.verdict === 'look-again' ? seeOther(ctx, above) : showResync(visit, worked.refused.errors);
  }
}
