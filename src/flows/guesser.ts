// Who guesses at a login password: a browser that the account knows, its linked Business Direct ID, or a stranger (spec §2).
import type { Who } from '../rules/guess-budget.ts';
import type { Instant, VerifiedUpstream } from '../rules/sign-in-record.ts';
import type { Guesser } from '../store/guess-budget.ts';
import type { Act, Tools } from './tools.ts';

const day = 86_400_000;
/** As long as the browser keeps its cookie. */
const knownFor = 400 * day;
/** How old its last success may be before it is written down anew. */
const seenAnew = 30 * day;

const bringing = (act: Act, upstream: VerifiedUpstream | null, linkId: string | null) => ({
  browser: act.lasting ?? null,
  upstream,
  linkId,
  since: act.now - knownFor,
});

/** By the login ID that was typed; null: nobody has it. */
export async function guesserOf(
  tools: Tools,
  act: Act,
  loginKey: string,
  upstream: VerifiedUpstream | null,
): Promise<Guesser | null> {
  return begun(tools, await tools.store.guessBudget.byLoginName(loginKey, bringing(act, upstream, null)));
}

/**
 * Of somebody who is known already and asked for the present login password.
 * @param linkId the link through which the person came, if any
 */
export async function whoGuesses(
  tools: Tools,
  act: Act,
  accountId: string,
  linkId: string | null,
): Promise<Who | null> {
  const found = await begun(tools, await tools.store.guessBudget.byAccount(accountId, bringing(act, null, linkId)));
  return found?.who ?? null;
}

/** A known browser has its budget since its first success, a link from its first guess. */
async function begun(tools: Tools, found: Guesser | null): Promise<Guesser | null> {
  if (found?.who?.startsWith('link:') === true) await tools.store.guessBudget.begin(found.id, found.who);
  return found;
}

/** After a right password: the browser that brought it is known to the account from now on. */
export async function rememberBrowser(
  tools: Tools,
  act: Act,
  { id, seenAt }: { readonly id: string; readonly seenAt: Instant | null },
): Promise<void> {
  const { lasting = null } = act;
  if (lasting !== null && (seenAt === null || seenAt < act.now - seenAnew))
    await tools.store.knownBrowser.remember(id, lasting, act.now);
}
