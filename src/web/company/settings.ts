// CON120–CON122 会社の設定: the settings, the check page of a kept change, the result. What the bank does not allow is neither
// offered nor taken.
import type Router from '@koa/router';
import { SettingsCheckPage, SettingsResultPage } from '../../../views/company/settings-check.tsx';
import { SettingsPage, type SettingsProps } from '../../../views/company/settings.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import {
  changeSettings,
  devicesOf,
  findSettings,
  keepSettings,
  proofForSettings,
  releasing,
  sameSettings,
  seenSettings,
  settingsOf,
  type CompanySettings,
  type SettingsResult,
} from '../../flows/company/settings.ts';
import { isId, recordNotAllowed } from '../../flows/company/turn-away.ts';
import { actorOf, companyOf } from '../../flows/prove-act.ts';
import { judgeHours, sharingChoices, sharingOf } from '../../rules/company-settings.ts';
import { allows } from '../../rules/permission.ts';
import { mailPending, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm, type Form } from '../form.ts';
import { refuse } from '../refuse.ts';
import { showNeedsToken } from '../self-service/needs-token.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import type { Site } from '../site.ts';
import { newEdit, readEdit, type Shown } from './edit.ts';
import { openCompany } from './visit.ts';
import type { Context } from 'koa';

const path = '/company/settings';
const what = 'change-company-settings';

/** Under which a result is kept: the page of one act never shows what another one did. */
const keyOf = (key: string): string => `${what}:${key}`;

export function settingsPages(router: Router, site: Site): void {
  router.get(path, async (ctx) => {
    const visit = await openSettings(ctx, site);
    if (visit) await showSettings(visit, null);
  });
  router.post(path, async (ctx) => {
    const visit = await openSettings(ctx, site);
    if (visit) await choose(visit, readForm(ctx));
  });
  router.get(`${path}/check/:draft`, async (ctx) => {
    const visit = await openSettings(ctx, site);
    if (visit) await showCheck(visit, ctx.params['draft'] ?? '');
  });
  router.post(`${path}/check/:draft`, async (ctx) => {
    const visit = await openSettings(ctx, site);
    if (visit) await confirm(visit, ctx.params['draft'] ?? '');
  });
  router.get(`${path}/result/:key`, async (ctx) => {
    const visit = await openSettings(ctx, site);
    if (visit) await showResult(visit, ctx.params['key'] ?? '');
  });
  router.post(`${path}/result/:key`, async (ctx) => {
    if (!(await openSettings(ctx, site))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'top' ? '/' : path);
  });
}

async function openSettings(ctx: Context, site: Site): Promise<ConsoleVisit | null> {
  const visit = await openCompany(ctx, site);
  if (!visit) return null;
  const { person, act } = visit;
  if (allows(actorOf(person), what, companyOf(person), site.tools.policy)) return visit;
  await recordNotAllowed(site.tools, act, person, { for: what });
  refuse(ctx, site, 'not-allowed', { screen: 'REF027', values: { who: 'administrators' } }, { action: '/' });
  return null;
}

type Typed = SettingsProps['typed'];

const typedOf = ({ sharingMode, rememberAllowed, otpAtLogin, hours }: CompanySettings): Typed => ({
  sharing: sharingMode,
  remember: rememberAllowed ? 'yes' : 'no',
  otpAt: otpAtLogin ? 'login' : 'bank',
  hoursFrom: hours?.from ?? '',
  hoursTo: hours?.to ?? '',
});

/** A company may not allow what its bank forbids. */
function presentOf({ site, person }: ConsoleVisit): CompanySettings {
  const present = settingsOf(person.company);
  const { policy } = site.tools;
  return {
    ...present,
    sharingMode: sharingOf(person.company, policy),
    rememberAllowed: present.rememberAllowed && policy.device.allowed,
  };
}

async function showSettings(
  visit: ConsoleVisit,
  typed: Typed | null,
  errors: readonly LooseError[] = [],
  status?: 409,
): Promise<void> {
  const { ctx, site, person } = visit;
  const { policy } = site.tools;
  const present = presentOf(visit);
  const failed = errors.length > 0;
  const frame = failed ? withReference(visit) : visit.frame;
  show(
    ctx,
    SettingsPage({
      frame: { ...frame, path, address: path },
      errors: told(visit, errors),
      banners: [],
      present,
      typed: typed ?? typedOf(present),
      bank: {
        sharing: sharingChoices(policy),
        remember: policy.device.allowed,
        otpAt: policy.otp.at,
        hours: policy.hours,
      },
      ...(await releasing(site.tools, person)),
    }),
    failed ? (status ?? 422) : 200,
  );
}

async function choose(visit: ConsoleVisit, form: Form): Promise<void> {
  const { ctx, site, login } = visit;
  const { policy } = site.tools;
  const choices = sharingChoices(policy);
  const typed: Typed = {
    sharing: choices.length > 1 ? form.text('sharing_mode') : presentOf(visit).sharingMode,
    remember: form.text('remember_allowed'),
    otpAt: form.text('otp_at'),
    hoursFrom: form.text('hours_from').normalize('NFKC').trim(),
    hoursTo: form.text('hours_to').normalize('NFKC').trim(),
  };
  const hours = judgeHours(typed.hoursFrom, typed.hoursTo, policy.hours);
  const remember = typed.remember === 'no' || (typed.remember === 'yes' && policy.device.allowed);
  const sharing = choices.find((mode) => mode === typed.sharing);
  const errors: readonly LooseError[] = [
    ...(sharing === undefined ? [{ field: 'sharing_mode', key: 'form.choose' }] : []),
    ...(remember ? [] : [{ field: 'remember_allowed', key: 'form.choose' }]),
    ...(typed.otpAt === 'bank' || typed.otpAt === 'login' ? [] : [{ field: 'otp_at', key: 'form.choose' }]),
    ...(hours.ok ? [] : hours.mistakes.map((mistake) => ({ ...mistake, ...wider(mistake.key, policy.hours) }))),
  ];
  if (!hours.ok || sharing === undefined || errors.length > 0) return showSettings(visit, typed, errors);
  const after = {
    sharingMode: sharing,
    rememberAllowed: typed.remember === 'yes',
    otpAtLogin: typed.otpAt === 'login',
    hours: hours.hours,
  };
  if (sameSettings(after, presentOf(visit))) return showSettings(visit, typed, [{ field: null, key: 'settings.same' }]);
  return seeOther(ctx, `${path}/check/${await keepSettings(site.tools, login, after)}`);
}

function wider(key: string, bank: { readonly from: string; readonly to: string } | null) {
  return key === 'settings.wider' && bank ? { values: { serviceHours: `${bank.from}〜${bank.to}` } } : {};
}

const shown = (present: CompanySettings): readonly Shown[] => [{ id: 'settings', seen: seenSettings(present) }];
const markOf = (draft: string): string => `${what} ${draft}`;

const draftOf = async ({ site, login }: ConsoleVisit, draft: string): Promise<CompanySettings | null> =>
  isId(draft) ? findSettings(site.tools, login, draft) : null;

async function showCheck(visit: ConsoleVisit, draft: string, errors: readonly LooseError[] = []): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const after = await draftOf(visit, draft);
  const before = settingsOf(person.company);
  if (!after || sameSettings(after, before)) return seeOther(ctx, path);
  const proof = proofForSettings(site.tools, act, person);
  if (proof === 'token-needed') return showNeedsToken(visit, 'change-company-settings');
  const failed = errors.length > 0;
  return show(
    ctx,
    SettingsCheckPage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: failed ? [] : await proofBanners(visit),
      before,
      after,
      devices: await devicesOf(site.tools, person),
      today: await site.tools.store.tokensOfCompany.sharing(person.account.companyId),
      code: codeOf(visit, proof),
      hidden: [{ name: 'edit', value: newEdit(site, login.id, markOf(draft), shown(before)) }],
    }),
    failed ? 422 : 200,
  );
}

const ownFields = ['remember_allowed', 'otp_at', 'hours_from', 'hours_to', 'sharing_mode'] as const;

async function confirm(visit: ConsoleVisit, draft: string): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const form = readForm(ctx);
  const after = await draftOf(visit, draft);
  const again = (key: 'edit.tampered' | 'edit.stale'): Promise<void> =>
    showSettings(visit, after && typedOf(after), [{ field: null, key }], 409);
  if (form.text('action') !== '') return showSettings(visit, after && typedOf(after));
  const before = settingsOf(person.company);
  const edit = readEdit(site, login.id, markOf(draft), ['settings'], form.text('edit'), shown(before));
  if (!edit.ok || !after || ownFields.some((name) => form.has(name))) return again('edit.tampered');
  const result = `${path}/result/${edit.key}`;
  if (await site.tools.consoleActivity.finished<SettingsResult>(login.id, keyOf(edit.key)))
    return seeOther(ctx, result);
  if (edit.stale.size > 0) return again('edit.stale');
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const changed = await changeSettings(site.tools, act, visit, { key: keyOf(edit.key), seen: before, after }, typed);
  if (changed.verdict === 'busy') return showCheck(visit, draft, [{ field: null, key: 'form.busy' }]);
  if (changed.verdict === 'finished') return seeOther(ctx, result);
  switch (changed.refused.verdict) {
    case 'stale':
      return again('edit.stale');
    case 'look-again':
      return seeOther(ctx, ctx.path);
    case 'refused':
      return showCheck(visit, draft, changed.refused.errors);
  }
}

async function showResult(visit: ConsoleVisit, key: string): Promise<void> {
  const { ctx, site, login } = visit;
  const done = isId(key) ? await site.tools.consoleActivity.finished<SettingsResult>(login.id, keyOf(key)) : null;
  if (!done) return seeOther(ctx, path);
  const { before, after, devices } = done;
  return show(
    ctx,
    SettingsResultPage({
      frame: withReference(visit, done.reference),
      before,
      after,
      devices,
      mailPending: await mailPending(site),
    }),
  );
}
