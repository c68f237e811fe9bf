// トークン発行, ワンタイムパスワード認証確認 and 利用開始登録 in the self-service (BOT001–BOT005, BOT011, BOT012, TKN001; guides S1, S4): the
// pages on the way to a token, at addresses of their own. How far somebody is stands in a draft of the login; a page that is not its turn leads there.
import type Router from '@koa/router';
import type { LooseError } from '../../../views/messages/stored.ts';
import { textsOf } from '../../../views/parts/frame.ts';
import { ChooseKindPage, readKind } from '../../../views/token/choose-token-kind.tsx';
import { ownToken } from '../../flows/self-service/own-token.ts';
import type { Answer } from '../../flows/sign-in/answer.ts';
import { endLapsed } from '../../flows/token/end-issue.ts';
import { consoleFront, issueDraft, issuePage, type IssueFront } from '../../flows/token/front.ts';
import { acknowledgeIssue } from '../../flows/token/issue.ts';
import { chooseAgain, chooseKind, kindOf, preferHardware } from '../../flows/token/prepare.ts';
import type { Person } from '../../flows/tools.ts';
import { hasLapsed, type RegistrationSlug } from '../../rules/token-issue.ts';
import { openConsole, seeOther, show, told, withReference, type ConsoleVisit } from '../console.ts';
import { readForm, type Form } from '../form.ts';
import { issuePages, type IssuePage, type IssueVisit } from '../issue-pages.ts';
import { registerTokenPage } from '../register-token.ts';
import type { Site } from '../site.ts';

const above = '/self-service/otp';

const pages = { ...issuePages, 'register-token': registerTokenPage } as const;

type Slug = RegistrationSlug;

const paths: Readonly<Record<Slug, string>> = {
  'choose-token-kind': `${above}/issue`,
  'send-email-code': `${above}/issue/send`,
  'issue-token': `${above}/issue/details`,
  'issue-token-check': `${above}/issue/check`,
  'issue-token-done': `${above}/issue/done`,
  'activate-token': `${above}/activate`,
  'authenticator-qr': `${above}/authenticator`,
  'register-token': `${above}/register`,
};

const isSlug = (slug: string): slug is Slug => Object.hasOwn(paths, slug);

export function otpIssuePages(router: Router, site: Site): void {
  for (const slug of Object.keys(paths).filter(isSlug)) {
    router.get(paths[slug], async (ctx) => {
      const visit = await openConsole(ctx, site);
      if (visit) await showPage(visit, slug);
    });
    router.post(paths[slug], async (ctx) => {
      const visit = await openConsole(ctx, site);
      if (visit) await act(visit, slug, readForm(ctx));
    });
  }
}

/** The person of the visit, without an issue whose time is over: it is ended on the way. */
export async function withoutLapsed({ site, act: asked, person }: ConsoleVisit): Promise<Person> {
  if (!person.issue || !hasLapsed(person.issue, asked.now)) return person;
  await endLapsed(site.tools, asked, { person });
  return (await site.tools.store.account.person(person.account.id)) ?? person;
}

/**
 * Where this login stands on its way to a token; null where none may be taken now. Two pages are doors, each with a kind in
 * mind: トークン発行 asks which, 利用開始登録 means the key-fob.
 */
async function frontOf(visit: ConsoleVisit, door: Slug | null = null): Promise<IssueFront | null> {
  const { site, act: asked, login } = visit;
  const person = await withoutLapsed(visit);
  const { may, issue } = ownToken(site.tools, asked, person);
  if (!issue && !may.issue && !(may.register && isOfFob(door, person))) return null;
  const front = await consoleFront(site.tools, asked, { person, login });
  if (issue) return front;
  const { kind, offered } = kindOf(site.tools, asked, front);
  const fob = door === 'register-token' || !may.issue;
  const anew = door === 'choose-token-kind' || front.progress === null;
  if (fob && may.register && front.progress?.kind !== 'hardware') await preferHardware(front);
  else if (!fob && anew && kind === 'hardware' && offered.length > 1) await chooseAgain(front);
  else return front;
  return consoleFront(site.tools, asked, { person, login });
}

/** Pages on the way to a key-fob, where nothing else may be issued now: after one's own loss a code is mailed before it. */
const isOfFob = (door: Slug | null, { account }: Person): boolean =>
  door === null || door === 'register-token' || (door === 'send-email-code' && account.tokenLostAt !== null);

const turnOf = (visit: ConsoleVisit, front: IssueFront): RegistrationSlug =>
  issuePage(visit.site.tools, visit.act, front);

/** To the page on which the issue goes on, as it stands now. @param done what has just advanced it */
async function goOn(visit: ConsoleVisit, done: Finished | null = null): Promise<void> {
  const { ctx, site } = visit;
  const person = (await site.tools.store.account.person(visit.person.account.id)) ?? visit.person;
  const front = await frontOf({ ...visit, person });
  const slug = front && turnOf(visit, front);
  if (done && front && slug === 'issue-token-done') await keepIssued(visit, front, done);
  seeOther(ctx, slug && isSlug(slug) ? paths[slug] : above);
}

type Finished = { readonly at: number; readonly reference: string };

const issuedKey = ({ progress }: IssueFront): string => `issued:${progress?.issued ?? ''}`;

/** An issue that a post has made: its result page shows the reference number of that act, whatever is pressed later. */
async function keepIssued({ site, login }: ConsoleVisit, front: IssueFront, done: Finished): Promise<void> {
  const { consoleActivity } = site.tools;
  const key = issuedKey(front);
  if (!(await consoleActivity.finished(login.id, key)))
    await consoleActivity.finish(login.id, key, done, login.expiresAt);
}

/** What BOT011 is in the self-service: a kind that the company has not applied for is told with the others. */
const choosing: IssuePage = {
  show(visit) {
    const { site, act: asked, front, shell } = visit;
    const { offered } = kindOf(site.tools, asked, front);
    const t = textsOf(shell.frame);
    return ChooseKindPage({
      shell,
      kinds: offered,
      ...(offered.includes('hardware') ? {} : { note: t.say('BOT010.13') }),
    });
  },
  acts: {
    '': ({ site, act: asked, front }, form) => chooseKind(site.tools, asked, front, readKind(form.text('token_kind'))),
  },
};

const pageOf = (slug: Slug): IssuePage => (slug === 'choose-token-kind' ? choosing : pages[slug]);

/** 「ワンタイムパスワード申請内容選択へ」 on BOT003, back to where the guide begins. */
const settings = 'settings';

async function issueVisit(
  visit: ConsoleVisit,
  front: IssueFront,
  form: Form | null,
  errors: readonly LooseError[],
): Promise<IssueVisit> {
  const { ctx, site, act: asked, login } = visit;
  const issued =
    front.progress?.telling === true && errors.length === 0
      ? await site.tools.consoleActivity.finished(login.id, issuedKey(front))
      : null;
  const frame = errors.length > 0 ? withReference(visit) : visit.frame;
  return {
    site,
    act: asked,
    front,
    form,
    shell: {
      at: 'console',
      frame: issued ? withReference(visit, issued.reference) : frame,
      errors: told(visit, errors),
      banners: [],
      until: null,
    },
    unread: ctx.method === 'HEAD',
    way: { action: settings, label: textsOf(frame).say('BOT010.14') },
  };
}

async function showPage(visit: ConsoleVisit, slug: Slug): Promise<void> {
  const { ctx } = visit;
  const front = await frontOf(visit, slug);
  if (!front) return seeOther(ctx, above);
  if (turnOf(visit, front) !== slug) return goOn(visit);
  show(ctx, await pageOf(slug).show(await issueVisit(visit, front, null, [])));
  return undefined;
}

async function act(visit: ConsoleVisit, slug: Slug, form: Form): Promise<void> {
  const { ctx, site, act: asked, login } = visit;
  const { consoleActivity, consoleDrafts } = site.tools;
  const action = form.text('action');
  if (action === 'cancel') {
    await consoleDrafts.end(login.id, issueDraft);
    return seeOther(ctx, above);
  }
  const front = await frontOf(visit, slug);
  if (!front) return seeOther(ctx, ending.has(slug) ? begun : above);
  if (action === settings) {
    if (turnOf(visit, front) === 'issue-token-done') await acknowledgeIssue(front);
    return seeOther(ctx, above);
  }
  const { acts } = pageOf(slug);
  const verb = Object.hasOwn(acts, action) ? acts[action] : undefined;
  if (!verb) return seeOther(ctx, paths[slug]);
  const asking = await issueVisit(visit, front, form, []);
  const answer = await verb(asking, form);
  const done = { at: asked.now, reference: asked.reference };
  if ('verdict' in answer) {
    switch (answer.verdict) {
      case 'activated':
        await consoleDrafts.end(login.id, issueDraft);
        await consoleActivity.finish(login.id, activation, done, login.expiresAt);
        return seeOther(ctx, begun);
      case 'look-again':
        return goOn(visit);
      case 'refused':
        return refused(visit, slug, form, answer.answer);
    }
  }
  if (answer.advanced) {
    return goOn(visit, done);
  }
  return refused(visit, slug, form, answer);
}

/** Pages whose post brings a token into use: pressed twice, they tell it twice. */
const ending: ReadonlySet<Slug> = new Set<Slug>(['activate-token', 'authenticator-qr', 'register-token']);

const activation = 'token-activated';
/** BOT010 says that the token is in use, as often as it is looked at from there. */
const begun = `${above}?activated=1`;

/** The act by which this login brought the token into use that its person holds since `registeredAt`; null: another did. */
export async function broughtIntoUse(
  { site, login }: ConsoleVisit,
  registeredAt: number | null,
): Promise<Finished | null> {
  const done = await site.tools.consoleActivity.finished(login.id, activation);
  return done !== null && done.at === registeredAt ? done : null;
}

/** The same page with what is the matter; if something else is due by now, that. */
async function refused(visit: ConsoleVisit, slug: Slug, form: Form, answer: Answer): Promise<void> {
  const { ctx, site } = visit;
  const person = await site.tools.store.account.person(visit.person.account.id);
  const front = person && (await frontOf({ ...visit, person }, slug));
  const errors = 'errors' in answer ? answer.errors : [];
  if (!front || errors.length === 0 || turnOf(visit, front) !== slug) return goOn(visit);
  show(ctx, await pageOf(slug).show(await issueVisit(visit, front, form, errors)), 422);
  return undefined;
}
