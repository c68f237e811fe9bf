// TKN004 in the self-service: from a working key-fob to a new one, with codes of both. BOT010 tells that it is done.
import type Router from '@koa/router';
import { lastFour } from '../../../views/parts/format.ts';
import { TokenReplacePage } from '../../../views/self-service/token-replace.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { codeAsked } from '../../flows/prove-act.ts';
import { mayReplace, replacedBy, replaceOwnToken } from '../../flows/token/replace.ts';
import { newEdit, readEdit } from '../company/edit.ts';
import { openConsole, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';

const page = '/self-service/otp/replace';
const above = '/self-service/otp';

export function otpReplacePages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) showReplace(visit, '');
  });
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await replace(visit);
  });
}

/** What the page's hidden value remembers: the token that is to be given up. */
const shown = ({ person }: ConsoleVisit) => [{ id: 'token', seen: person.token?.id ?? '' }];

function showReplace(
  visit: ConsoleVisit,
  serial: string,
  errors: readonly LooseError[] = [],
  status: 409 | 422 = 422,
): void {
  const { ctx, site, act, person, login } = visit;
  if (!mayReplace(person, act.now)) return seeOther(ctx, above);
  const failed = errors.length > 0;
  show(
    ctx,
    TokenReplacePage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      last4: lastFour(person.token?.serial ?? ''),
      afterLogin: codeAsked(act, person)?.afterLogin === true,
      others: (person.token?.holders ?? 1) - 1,
      serial,
      hidden: [{ name: 'edit', value: newEdit(site, login.id, 'replace-own', shown(visit)) }],
    }),
    failed ? status : 200,
  );
  return undefined;
}

async function replace(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, act, login } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  if (action !== '') return seeOther(ctx, action === 'back' ? above : page);
  const serial = form.text('serial');
  const edit = readEdit(site, login.id, 'replace-own', ['token'], form.text('edit'), shown(visit));
  if (!edit.ok) return showReplace(visit, '', [{ field: null, key: 'edit.tampered' }], 409);
  // Another token stands in its place: by an earlier press of this very page, or by somebody else.
  if (edit.stale.size > 0) {
    const done = await replacedBy(site.tools, login, edit.key);
    return seeOther(ctx, done ? `${above}?replaced=${edit.key}` : above);
  }
  const typed = { otp: form.text('otp'), serial, newOtp: form.text('new_otp') };
  const worked = await replaceOwnToken(site.tools, act, visit, edit.key, typed);
  switch (worked.verdict) {
    case 'finished':
      return seeOther(ctx, `${above}?replaced=${edit.key}`);
    case 'busy':
      return showReplace(visit, serial, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return worked.refused.verdict === 'look-again'
        ? seeOther(ctx, above)
        : showReplace(visit, serial, worked.refused.errors);
  }
}
