// CON023 and CON033, the check page, and what pressing its button leads to. The draft on the server is what is done; the
// page's hidden value says that it is the one that was shown, and that the same still stands.
import { PersonCheckPage } from '../../../views/company/person-check.tsx';
import type { LooseError } from '../../../views/messages/stored.ts';
import { actsOf, changePerson, proofOfChange } from '../../flows/company/change-person.ts';
import { createPerson } from '../../flows/company/create-person.ts';
import { changesOf, endDraft, standingText, type PersonDraft } from '../../flows/company/person-draft.ts';
import { actorOf, companyOf, proofOf, targetOf } from '../../flows/prove-act.ts';
import { allows, type Proof } from '../../rules/permission.ts';
import { seeOther, show, told, withReference } from '../console.ts';
import { readForm } from '../form.ts';
import { showNeedsToken } from '../self-service/needs-token.ts';
import { codeOf, proofBanners } from '../self-service/proof.ts';
import { newEdit, readEdit, type Shown } from './edit.ts';
import { beginChange, showBasics } from './person-first.ts';
import { keep } from './person-steps.ts';
import { notAllowed, sealOf, type DraftVisit } from './person-visit.ts';
import { accountsOf, issuesAnew, passwordViews, personView, roleOf, stillStopped } from './person-views.ts';

/** The draft, and whether the page's person stands as it was when the draft was begun. */
const whatOf = ({ visit, draftId, draft }: DraftVisit): string =>
  `person ${draftId} ${visit.site.digest(JSON.stringify(draft))}`;

const shownOf = ({ draft, now }: DraftVisit): readonly Shown[] => [
  { id: draft.personId, seen: standingText(now?.standing ?? null) },
];

const isUnchanged = (draft: PersonDraft): boolean => draft.before !== null && actsOf(draft).length === 0;

function proofAsked({ visit, draft, now }: DraftVisit): Proof {
  const { site, act, person } = visit;
  if (now) return proofOfChange(site.tools, act, person, now.person, draft);
  return proofOf(site.tools, act, person, 'create-user', companyOf(person));
}

export async function showCheck(
  at: DraftVisit,
  errors: readonly LooseError[] = [],
  status: 409 | 422 = 422,
): Promise<void> {
  const { visit, draft, now, base } = at;
  const { ctx, site, person, login } = visit;
  if (now && standingText(now.standing) !== standingText(draft.before)) return showStale(at);
  const target = now ? targetOf(now.person) : companyOf(person);
  const forbidden = now && actsOf(draft).find((name) => !allows(actorOf(person), name, target, site.tools.policy));
  if (forbidden) {
    await notAllowed(visit, forbidden);
    return undefined;
  }
  const unchanged = isUnchanged(draft);
  const proof = proofAsked(at);
  if (proof === 'token-needed' && !unchanged) return showNeedsToken(visit, now ? 'change-user' : 'create-user');
  const { before } = draft;
  const page = PersonCheckPage({
    frame: errors.length === 0 ? visit.frame : withReference(visit),
    errors: told(visit, errors),
    banners: errors.length > 0 || unchanged ? [] : await proofBanners(visit),
    code: codeOf(visit, proof),
    hidden: [{ name: 'edit', value: newEdit(site, login.id, whatOf(at), shownOf(at)) }],
    path: `${base}/check`,
    onlyChanged: ctx.query['show'] === 'changed' && before !== null,
    unchanged,
    before: before && (await personView(visit, before, { loginId: before.loginName, role: before.role })),
    after: await personView(visit, draft, {
      loginId: before?.loginName ?? null,
      role: roleOf(draft.admin, before?.role ?? null),
    }),
    passwords: before && passwordViews(draft.passwords, before, issuesAnew(draft, now?.person ?? null)),
    stopped: now ? stillStopped(now.person, draft.passwords, visit.act.now) : [],
  });
  return show(ctx, page, errors.length > 0 ? status : 200);
}

/** Somebody else was first: nothing is done, and the change begins again with what stands now. */
async function showStale(at: DraftVisit): Promise<void> {
  const { visit, draft } = at;
  const stale = [{ field: null, key: 'edit.stale' }];
  const first = await beginChange(at);
  if (first) return showBasics(first, { errors: stale, status: 409 });
  // A new person: what is no longer there to be given falls out of the draft.
  const own = new Set((await accountsOf(visit, [])).map(({ id }) => id));
  const rest = {
    ...draft,
    portals: draft.portals.filter((id) => visit.site.tools.portals.get(id)?.open === false),
    accounts: draft.accounts.filter((id) => own.has(id)),
  };
  await keep(at, rest);
  return showCheck({ ...at, draft: rest }, stale, 409);
}

export async function postCheck(at: DraftVisit): Promise<void> {
  const { visit, draft, draftId, base, now } = at;
  const { ctx, site, act, login } = visit;
  const form = readForm(ctx);
  const action = form.text('action');
  if (action === 'back') return seeOther(ctx, `${base}/accounts`);
  if (action === 'users') return seeOther(ctx, '/company/people-menu');
  if (action !== '' || isUnchanged(draft)) return seeOther(ctx, `${base}/check`);
  const edit = readEdit(site, login.id, whatOf(at), [draft.personId], form.text('edit'), shownOf(at));
  if (!edit.ok) return showCheck(at, [{ field: null, key: 'edit.tampered' }], 409);
  if (edit.stale.size > 0) return showStale(at);

  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const asked = { draftId, draft, seal: sealOf(visit) };
  const done = now
    ? await changePerson(site.tools, act, visit, asked, typed)
    : await createPerson(site.tools, act, visit, asked, typed);
  if (done.verdict === 'busy') return showCheck(at, [{ field: null, key: 'form.busy' }]);
  if (done.verdict === 'finished') {
    // Last of all: while it is there, pressing again finds what was done.
    await endDraft(site.tools, login, draftId);
    return seeOther(ctx, `${base}/result`);
  }
  const { refused } = done;
  switch (refused.verdict) {
    case 'look-again':
      return seeOther(ctx, `${base}/check`);
    case 'refused':
    case 'last':
      return showCheck(at, refused.errors);
    case 'stale':
      return showStale(at);
    case 'clash': {
      const { passwords } = changesOf(draft);
      const kept = Object.fromEntries(passwords.map((which) => [which, { how: 'keep' } as const]));
      await keep(at, { ...draft, passwords: { ...draft.passwords, ...kept } });
      return showBasics(at, { errors: refused.errors });
    }
  }
}
