// HDK048 お申込と登録期限: a company's application and the limit that follows from it; operators change the one, supervisors set the
// other once more.
import type Router from '@koa/router';
import { OtpApplicationPage, type OtpApplicationProps } from '../../../views/helpdesk/otp-application.tsx';
import { readErrors, type LooseError } from '../../../views/messages/stored.ts';
import { actOnce, type Worked } from '../../flows/act-once.ts';
import { statesById } from '../../flows/company/states-of.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { proveOperator } from '../../flows/operator/prove.ts';
import { whoNeedsToken } from '../../flows/needs-token.ts';
import { changeApplication, seenApplication, type CompanyRow } from '../../flows/stock/application.ts';
import { graceEndsAt } from '../../rules/grace.ts';
import { farthestLimit, withKeyFobs } from '../../rules/otp-application.ts';
import { freeLeft } from '../../rules/token-stock.ts';
import { newEdit, readEdit } from '../company/edit.ts';
import { mailPending, seeOther, show } from '../console.ts';
import { readForm } from '../form.ts';
import type { Site } from '../site.ts';
import { againOf, extensionOf, limitError, limitFrom, noReason, readTyped, type Read } from './application-limit.ts';
import { mayDo, moverOf, typedIn, wordsIn } from './mover.ts';
import { notAtDesk, openHelpdesk, type HelpdeskVisit } from './visit.ts';

const pathOf = (id: string): string => `/helpdesk/companies/${id}/otp`;

/** People without a token whom the page names. */
const named = 200;

export function otpApplicationPages(router: Router, site: Site): void {
  router.get('/helpdesk/companies/:id/otp', async (ctx) => {
    const visit = await openHelpdesk(ctx, site, 'view-stock');
    if (!visit) return;
    const company = await findCompany(visit);
    if (company) await showApplication(visit, company, typedBefore(company));
    else notAtDesk(ctx, site);
  });
  router.post('/helpdesk/companies/:id/otp', async (ctx) => {
    const limits = readForm(ctx).text('grace_until').trim() !== '';
    const visit = await openHelpdesk(ctx, site, limits ? 'extend-grace' : 'change-otp-application');
    if (!visit) return;
    const company = await findCompany(visit);
    if (company) await change(visit, company);
    else notAtDesk(ctx, site);
  });
}

async function findCompany({ ctx, site }: HelpdeskVisit): Promise<CompanyRow | null> {
  const id: unknown = ctx.params['id'];
  return typeof id === 'string' && isId(id) ? site.tools.store.company.find(id) : null;
}

type Typed = OtpApplicationProps['typed'];

const typedBefore = ({ otpApplication }: CompanyRow): Typed => ({
  application: otpApplication,
  limit: '',
  words: '',
});

const markOf = ({ id }: CompanyRow): string => `otp-application ${id}`;

/** What a change left behind, for as long as the session lives. */
interface Changed {
  readonly at: number;
  readonly reference: string;
}

const resultKey = (key: string): string => `otp-application:${key}`;

async function showApplication(
  visit: HelpdeskVisit,
  company: CompanyRow,
  typed: Typed,
  errors: readonly LooseError[] = [],
  status: 409 | 422 = 422,
): Promise<void> {
  const { ctx, site, act, session } = visit;
  const { store, policy, consoleActivity } = site.tools;
  const done = typedIn(visit, 'done');
  const before =
    errors.length === 0 && isId(done) ? await consoleActivity.finished<Changed>(session.id, resultKey(done)) : null;
  const failed = errors.length > 0;
  // Whoever has not applied has nobody who is to register.
  const found =
    company.otpApplication === 'none'
      ? null
      : await store.companies.unregistered(company.id, whoNeedsToken(site.tools, company), named);
  const ids = found?.people.map(({ id }) => id) ?? [];
  const statesOf = await statesById(site.tools, act, company.id, ids);
  const limit = withKeyFobs(company.otpApplication) ? graceEndsAt(company, policy.grace) : null;
  const address = pathOf(company.id);
  const reference = failed ? act.reference : (before?.reference ?? null);
  const seen = { id: company.id, seen: seenApplication(company) };
  const extension = extensionOf(visit, company);
  show(
    ctx,
    OtpApplicationPage({
      frame: { ...visit.frame, path: address, address, reference },
      // A limit that may not be set has no field to lead to.
      errors: readErrors(extension.is === 'open' ? errors : errors.map(withoutLimit)),
      banners: before === null ? [] : [{ key: 'applied.done' }],
      company: {
        name: company.name,
        contractNumber: company.contractNumber,
        application: company.otpApplication,
        appliedAt: company.otpAppliedAt,
        arrivedAt: company.tokenArrivedAt,
        sharingMode: company.sharingMode,
      },
      limit,
      from: limitFrom(visit, company, limit),
      blocks: policy.grace.then === 'block-login' ? 'login' : 'operations',
      tokens: await store.tokenCounts.ofCompany(company.id, act.now),
      free: { left: freeLeft(await store.tokenOrder.freeUsed(company.id), policy.fees), of: policy.fees.free },
      unregistered: found && {
        total: found.total,
        people: found.people.map(({ id, name, loginName, createdAt, setUpAt }) => ({
          id,
          name,
          loginId: loginName,
          since: Math.max(createdAt, company.otpAppliedAt ?? 0),
          setUp: setUpAt !== null,
          states: statesOf(id),
        })),
      },
      changes: mayDo(visit, 'change-otp-application'),
      extension,
      again: againOf(visit, company, await store.company.givenUp(company.id)),
      typed,
      mailPending: before !== null && (await mailPending(site)),
      hidden: [{ name: 'edit', value: newEdit(site, session.id, markOf(company), [seen]) }],
    }),
    failed ? status : 200,
  );
}

const withoutLimit = (error: LooseError): LooseError =>
  error.field === 'grace_until' ? { ...error, field: null } : error;

type Refused = 'look-again' | { readonly errors: readonly LooseError[]; readonly status: 409 | 422 };

const stale = { errors: [{ field: null, key: 'pick.stale' }], status: 409 } as const;

async function change(visit: HelpdeskVisit, company: CompanyRow): Promise<void> {
  const { ctx, site, act, session } = visit;
  const form = readForm(ctx);
  const typed: Typed = {
    application: form.text('otp_application'),
    limit: form.text('grace_until').trim(),
    words: wordsIn(form, 'reason'),
  };
  const again = (errors: readonly LooseError[], status: 409 | 422 = 422): Promise<void> =>
    showApplication(visit, company, typed, errors, status);
  const seen = [{ id: company.id, seen: seenApplication(company) }];
  const edit = readEdit(site, session.id, markOf(company), [company.id], form.text('edit'), seen);
  if (!edit.ok) return again([{ field: null, key: 'edit.tampered' }], 409);
  const key = resultKey(edit.key);
  const there = `${pathOf(company.id)}?done=${edit.key}`;
  if (await site.tools.consoleActivity.finished<Changed>(session.id, key)) return seeOther(ctx, there);
  if (edit.stale.size > 0) return again(stale.errors, 409);
  const read = readTyped(visit, company, await site.tools.store.company.givenUp(company.id), typed);
  if (!('to' in read)) return again(read.errors);

  const acted = await actOnce<Refused, Changed>(site.tools, act, session, key, () =>
    work(visit, company, { ...read, words: typed.words, otp: form.text('otp') }),
  );
  if (acted.verdict === 'busy') return again([{ field: null, key: 'form.busy' }]);
  if (acted.verdict === 'finished') return seeOther(ctx, there);
  if (acted.refused === 'look-again') return seeOther(ctx, pathOf(company.id));
  return again(acted.refused.errors, acted.refused.status);
}

async function work(
  visit: HelpdeskVisit,
  company: CompanyRow,
  asked: Read & { readonly words: string; readonly otp: string },
): Promise<Worked<Refused, Changed>> {
  const { site, act, operator } = visit;
  const { to, limit, words } = asked;
  const name = limit === null ? 'change-otp-application' : 'extend-grace';
  const about = { company: company.id, to, limit };
  const proof = await proveOperator(site.tools, act, operator, { act: name, about }, asked.otp);
  if (proof.verdict === 'look-again') return { verdict: 'refused', refused: 'look-again' };
  if (proof.verdict === 'refused') return { verdict: 'refused', refused: { errors: proof.errors, status: 422 } };
  const done = await changeApplication(site.tools, act, moverOf(visit), {
    companyId: company.id,
    to,
    limit,
    words,
    seen: seenApplication(company),
  });
  switch (done.verdict) {
    case 'changed':
      return { verdict: 'finished', result: { at: act.now, reference: act.reference } };
    case 'not-allowed':
      return { verdict: 'refused', refused: 'look-again' };
    case 'refused': {
      const farthest = farthestLimit(site.tools.policy.grace, act.now);
      const error = done.why === 'no-reason' ? noReason : limitError(done.why, farthest);
      return { verdict: 'refused', refused: { errors: [error], status: 422 } };
    }
    case 'same':
    case 'stale':
      return { verdict: 'refused', refused: stale };
  }
}
