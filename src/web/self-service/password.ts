// SLF010–SLF011: one's own passwords. Also reached by 管理 → 利用者管理 → パスワード変更 (guide S3, 2.1).
import type Router from '@koa/router';
import { storedBanner, type Banner } from '../../../views/messages/banners.ts';
import type { LooseError } from '../../../views/messages/stored.ts';
import { OwnPasswordResultPage } from '../../../views/self-service/password-result.tsx';
import { OwnPasswordPage, type ShownPassword } from '../../../views/self-service/password.tsx';
import { actorOf, companyOf } from '../../flows/prove-act.ts';
import { changeOwnPasswords, ownPasswordResult } from '../../flows/self-service/change-password.ts';
import type { Person } from '../../flows/tools.ts';
import { whomToAsk } from '../../rules/ask.ts';
import { lockState } from '../../rules/lock.ts';
import type { WhichPassword } from '../../rules/password.ts';
import { allows } from '../../rules/permission.ts';
import { newEdit, readEdit, type Shown } from '../company/edit.ts';
import { mailPending, openConsole, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm, type Form } from '../form.ts';
import { rulesOf } from '../sign-in/set-up.ts';
import type { Site } from '../site.ts';
import { proofBanners } from './proof.ts';

const page = '/self-service/password';
const result = '/self-service/password/result';
const what = 'own-password';

export function passwordPages(router: Router, site: Site): void {
  router.get(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showPasswords(visit);
  });
  router.post(page, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await change(visit, readForm(ctx));
  });
  router.get(result, async (ctx) => {
    const visit = await openConsole(ctx, site);
    if (visit) await showResult(visit);
  });
  router.post(result, async (ctx) => {
    if (!(await openConsole(ctx, site))) return;
    seeOther(ctx, readForm(ctx).text('action') === 'users' ? '/company/people-menu' : '/');
  });
}

/** What stands for the passwords that a page showed: another one since makes it stale. */
const seen = ({ account, login, confirmation }: Person): readonly Shown[] => [
  { id: account.id, seen: `${login.setAt} ${confirmation?.setAt ?? ''}` },
];

async function showPasswords(
  visit: ConsoleVisit,
  errors: readonly LooseError[] = [],
  form: Form | null = null,
  status: 409 | 422 = 422,
): Promise<void> {
  const { ctx, site, act } = visit;
  const { tools } = site;
  // A guess of this request may have locked one.
  const person = (await tools.store.account.person(visit.person.account.id)) ?? visit.person;
  const others = await tools.store.company.releasers(person.account.companyId, person.account.id);
  const ask = whomToAsk('password', others, tools.policy.release);
  const failed = errors.length > 0;
  const shown = (which: WhichPassword, name: string): ShownPassword | null => {
    const row = person[which];
    // What was just typed into a form stays where its mistakes are told.
    if (row === null || (lockState(row, act.now) !== 'open' && form?.has(name) !== true)) return null;
    return { expires: row.expiresAt, chosen: form?.text(name) === 'change' ? 'change' : 'keep' };
  };
  show(
    ctx,
    OwnPasswordPage({
      frame: failed ? withReference(visit) : visit.frame,
      errors: told(visit, errors),
      banners: failed ? [] : [...loginLock(visit, ask), ...(await proofBanners(visit))],
      login: shown('login', 'change_password'),
      confirmation: shown('confirmation', 'change_confirmation_password'),
      rules: rulesOf(tools.policy),
      ask,
      edit: newEdit(site, person.account.id, what, seen(person)),
    }),
    failed ? status : 200,
  );
}

/** A locked or stopped login password postpones its own change. */
function loginLock({ act, person }: ConsoleVisit, ask: 'admin' | 'desk' | 'any'): readonly Banner[] {
  const { login } = person;
  const state = lockState(login, act.now);
  if (state === 'open') return [];
  const banner = storedBanner(`password.${state}`, {
    ask,
    ...(login.lockedUntil === null ? {} : { until: String(login.lockedUntil) }),
  });
  return banner ? [banner] : [];
}

async function change(visit: ConsoleVisit, form: Form): Promise<void> {
  const { ctx, site, act, person } = visit;
  const action = form.text('action');
  if (action !== '') return seeOther(ctx, action === 'back' ? '/self-service' : page);
  const { account } = person;
  const edit = readEdit(site, account.id, what, [account.id], form.text('edit'), seen(person));
  if (!edit.ok) return showPasswords(visit, [{ field: null, key: 'edit.tampered' }], null, 409);
  // A page that was sent before shows its result again; any other that shows former passwords is stale.
  const before = edit.stale.size > 0 ? await ownPasswordResult(site.tools, visit.login, edit.key) : null;
  if (before) return seeOther(ctx, result);
  if (edit.stale.size > 0) return stale(visit);
  const changed = await changeOwnPasswords(site.tools, act, visit, edit.key, {
    wanted: {
      login: form.text('change_password') === 'change',
      confirmation: form.text('change_confirmation_password') === 'change',
    },
    current: { login: form.text('password'), confirmation: form.text('confirmation_password') },
    candidate: { login: form.text('new_password'), confirmation: form.text('new_confirmation_password') },
    again: { login: form.text('new_password_again'), confirmation: form.text('new_confirmation_password_again') },
  });
  switch (changed.verdict) {
    case 'busy':
      return showPasswords(visit, [{ field: null, key: 'form.busy' }], form);
    case 'finished':
      return seeOther(ctx, result);
    case 'refused':
      switch (changed.refused.verdict) {
        case 'stale':
          return stale(visit);
        case 'look-again':
          return seeOther(ctx, page);
        case 'refused':
          return showPasswords(visit, changed.refused.errors, form);
      }
  }
}

const stale = (visit: ConsoleVisit): Promise<void> =>
  showPasswords(visit, [{ field: null, key: 'edit.stale' }], null, 409);

/** The newest change of this login, as often as it is asked for. */
async function showResult(visit: ConsoleVisit): Promise<void> {
  const { ctx, site, login, person } = visit;
  const done = await ownPasswordResult(site.tools, login);
  if (!done) return seeOther(ctx, page);
  show(
    ctx,
    OwnPasswordResultPage({
      frame: withReference(visit, done.reference),
      changed: done.changed,
      loginId: done.loginName,
      expires: done.expires,
      mailPending: await mailPending(site),
      users: allows(actorOf(person), 'list-people', companyOf(person), site.tools.policy),
    }),
  );
  return undefined;
}
