// SLF020–SLF022: one's own e-mail address, from the question to the result.
import type Router from '@koa/router';
import type { LooseError } from '../../../views/messages/stored.ts';
import { OwnEmailCodePage } from '../../../views/self-service/email-code.tsx';
import { OwnEmailResultPage } from '../../../views/self-service/email-result.tsx';
import { OwnEmailPage } from '../../../views/self-service/email.tsx';
import { askOwnEmail, pendingEmail, sendOwnEmailAgain } from '../../flows/self-service/ask-email.ts';
import { ownEmailResult, proveOwnEmail } from '../../flows/self-service/change-email.ts';
import { maskEmail } from '../../rules/email.ts';
import { mailPending, openConsole, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm, type Form } from '../form.ts';
import type { Site } from '../site.ts';
import { proofBanners } from './proof.ts';

const page = '/self-service/email';
const code = '/self-service/email/code';
const result = '/self-service/email/result';
const hour = 3_600_000;

export function emailPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showEmail(visit);
  });
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await ask(visit, readForm(ctx));
  });
  router.get(code, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showCode(visit);
  });
  router.post(code, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await prove(visit, readForm(ctx));
  });
  router.get(result, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showResult(visit);
  });
  router.post(result, async (ctx) => {
    if (await openConsole(ctx, site)) seeOther(ctx, '/');
  });
}

async function showEmail(
  visit: ConsoleVisit,
  errors: readonly LooseError[] = [],
  form: Form | null = null,
  status: 409 | 422 = 422,
): Promise<void> {
  const { ctx, site, person, login } = visit;
  const { email, emailProvenAt } = person.account;
  const failed = errors.length > 0;
  const typed = form?.text('email') ?? (await pendingEmail(site.tools, login))?.address ?? '';
  show(
    ctx,
    OwnEmailPage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: failed ? [] : await proofBanners(visit),
      present: email === null ? null : { masked: maskEmail(email), proven: emailProvenAt !== null },
      email: typed,
      hours: Math.ceil(site.tools.policy.takeover.emailWait / hour),
    }),
    failed ? status : 200,
  );
}

async function ask(visit: ConsoleVisit, form: Form): Promise<void> {
  const { ctx, site, act } = visit;
  const action = form.text('action');
  if (action !== '') return seeOther(ctx, action === 'back' ? '/self-service' : page);
  const asked = await askOwnEmail(site.tools, act, visit, {
    email: form.text('email'),
    confirmation: form.text('confirmation_password'),
  });
  return asked.verdict === 'sent' ? seeOther(ctx, code) : showEmail(visit, asked.errors, form);
}

async function showCode(visit: ConsoleVisit, errors: readonly LooseError[] = []): Promise<void> {
  const { ctx, site, act, login } = visit;
  const pending = await pendingEmail(site.tools, login);
  if (!pending) return seeOther(ctx, page);
  const failed = errors.length > 0;
  const resendAt = pending.sentAt + site.tools.policy.emailCode.resendAfter;
  show(
    ctx,
    OwnEmailCodePage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      sent: { masked: pending.address, sentAt: pending.sentAt, until: pending.until },
      resendAt: resendAt > act.now ? resendAt : null,
      until: pending.expiresAt,
    }),
    failed ? 422 : 200,
  );
  return undefined;
}

async function prove(visit: ConsoleVisit, form: Form): Promise<void> {
  const { ctx, site, act } = visit;
  const action = form.text('action');
  if (action === 'change_email') return seeOther(ctx, page);
  if (action === 'resend') {
    const sent = await sendOwnEmailAgain(site.tools, act, visit);
    return sent?.verdict === 'refused' ? showCode(visit, sent.errors) : seeOther(ctx, code);
  }
  if (action !== '') return seeOther(ctx, code);
  const proven = await proveOwnEmail(site.tools, act, visit, form.text('email_code'));
  // Nothing waits: it was done by the same page sent twice, or its time is over.
  if (proven === null) return seeOther(ctx, (await ownEmailResult(site.tools, visit.login)) ? result : page);
  switch (proven.verdict) {
    case 'busy':
      return showCode(visit, [{ field: null, key: 'form.busy' }]);
    case 'finished':
      return seeOther(ctx, result);
    case 'refused':
      switch (proven.refused.verdict) {
        case 'stale':
          return showEmail(visit, [{ field: null, key: 'edit.stale' }], null, 409);
        case 'look-again':
          return seeOther(ctx, page);
        case 'refused':
          return showCode(visit, proven.refused.errors);
      }
  }
}

/** The newest change of this login, as often as it is asked for. */
async function showResult(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, login } = visit;
  const done = await ownEmailResult(site.tools, login);
  if (!done) return seeOther(ctx, page);
  show(
    ctx,
    OwnEmailResultPage({
      frame: withReference(visit, done.reference),
      before: done.before,
      now: done.now,
      beforeTold: done.beforeTold,
      usableFrom: done.usableFrom,
      mailPending: await mailPending(site),
    }),
  );
  return undefined;
}
