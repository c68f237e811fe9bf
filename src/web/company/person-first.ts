// CON020 and CON030 as pages: the form with what was typed or stands in the draft, and what it leads to.
import { PersonBasicsPage } from '../../../views/company/person-basics.tsx';
import type { PasswordEntry } from '../../../views/company/person-passwords.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { decidable, judgeBasics, type BasicsForm, type PasswordForm } from '../../flows/company/person-basics.ts';
import {
  changeDraft,
  endDraft,
  keepDraft,
  type PasswordChoice,
  type PersonDraft,
} from '../../flows/company/person-draft.ts';
import { seeOther, show, told, withReference } from '../console.ts';
import { readForm, type Form } from '../form.ts';
import { rulesOf } from '../sign-in/set-up.ts';
import { newDraftId, notAllowed, type PersonVisit } from './person-visit.ts';

export interface First extends PersonVisit {
  /** Null before a new person's first page was accepted. */
  readonly draftId: string | null;
  readonly draft: PersonDraft;
}

type Trouble = {
  readonly errors: readonly LooseError[];
  readonly status?: 409 | 422;
  readonly form?: BasicsForm;
  /** A lost draft: the page is one to begin with. */
  readonly over?: boolean;
};

export function showBasics(first: First, trouble: Trouble = { errors: [] }): void {
  const { visit, now, draft, draftId, start } = first;
  const { ctx, site, person } = visit;
  const { errors, form } = trouble;
  const may = decidable(site.tools, person, now?.person ?? null);
  const entry = (which: 'login' | 'confirmation'): PasswordEntry =>
    form ? typedEntry(form.passwords[which], draft.passwords[which]) : keptEntry(draft.passwords[which]);
  const admin = form ? form.admin : now || draftId !== null ? (draft.admin ? 'grant' : 'none') : null;
  const frame = errors.length > 0 ? withReference(visit) : visit.frame;
  const action = draftId === null ? start : `${start}/${draftId}`;
  const page = PersonBasicsPage({
    frame: { ...frame, path: action, refusal: trouble.over === true ? 'start-over' : null },
    errors: told(visit, errors),
    banners: [],
    action,
    person: now && { name: now.standing.name, loginId: now.standing.loginName, role: now.standing.role },
    name: form?.name ?? draft.name,
    email: form?.email ?? draft.email ?? '',
    admin: admin === 'grant' || admin === 'none' ? admin : null,
    mayAdmin: may.role,
    passwords:
      may.passwords === 'none'
        ? 'none'
        : may.passwords === 'issue'
          ? { reissue: entry('login').change === 'change' }
          : {
              login: entry('login'),
              confirmation: may.passwords.includes('confirmation') ? entry('confirmation') : null,
            },
    force: may.force,
    rules: rulesOf(site.tools.policy),
  });
  show(ctx, page, errors.length > 0 ? (trouble.status ?? 422) : 200);
  if (trouble.over === true) ctx.status = 410;
}

function keptEntry(choice: PasswordChoice): PasswordEntry {
  return {
    change: choice.how === 'keep' ? 'keep' : 'change',
    by: choice.how === 'typed' ? 'typed' : 'issue',
    typed: choice.how === 'typed',
    force: choice.how === 'keep' || choice.force,
  };
}

function typedEntry({ change, by, typed, force }: PasswordForm, before: PasswordChoice): PasswordEntry {
  return {
    change: change === 'change' ? 'change' : 'keep',
    by: by === 'typed' || typed !== '' ? 'typed' : 'issue',
    typed: before.how === 'typed',
    force,
  };
}

function basicsForm(form: Form): BasicsForm {
  return {
    name: form.text('person_name'),
    email: form.text('email'),
    admin: form.text('admin'),
    passwords: {
      login: {
        change: form.text('change_password'),
        by: form.text('new_password_by'),
        typed: form.text('new_password'),
        force: form.has('force_change_password'),
      },
      confirmation: {
        change: form.text('change_confirmation_password'),
        by: form.text('new_confirmation_password_by'),
        typed: form.text('new_confirmation_password'),
        force: form.has('force_change_confirmation_password'),
      },
    },
  };
}

export async function postBasics(first: First): Promise<void> {
  const { visit, now, draft, start } = first;
  const { ctx, site, login } = visit;
  const posted = readForm(ctx);
  if (posted.text('action') === 'cancel') {
    if (first.draftId !== null) await endDraft(site.tools, login, first.draftId);
    return seeOther(ctx, now ? `/company/people/${draft.personId}` : '/company/people');
  }
  const form = basicsForm(posted);
  const judged = await judgeBasics(site.tools, visit.person, now?.person ?? null, draft, form);
  if (judged.verdict === 'not-allowed') {
    await notAllowed(visit, judged.act);
    return undefined;
  }
  if (judged.verdict === 'refused') return showBasics(first, { errors: judged.errors, form });
  const draftId = first.draftId ?? newDraftId(visit);
  await keepDraft(site.tools, login, draftId, judged.draft);
  return seeOther(ctx, `${start}/${draftId}/permissions`);
}

/** Begins the change of a person anew, with what stands now. */
export async function beginChange({ visit, start, now }: PersonVisit): Promise<First | null> {
  if (!now) return null;
  const draftId = newDraftId(visit);
  const draft = changeDraft(now.person.account.id, now.standing);
  await keepDraft(visit.site.tools, visit.login, draftId, draft);
  return { visit, start, now, draftId, draft };
}
