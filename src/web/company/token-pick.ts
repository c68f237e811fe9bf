// What the form of CON060 chooses: people, or one shared device, and why. To the check page under a name of its own – or, where
// the bank has the proof on the list (`bulkCheck: list`), acted upon from there. A device always shows first whom it hits.
import type { LooseError } from '../../../views/messages/stored.ts';
import { chooseTokens, seenToken, type ChosenTokens } from '../../flows/company/list-tokens.ts';
import { proofForRevoking, revokeTokens, type RevocationResult } from '../../flows/company/revoke-tokens.ts';
import { keepTokens, longestReason, type TokenSelection } from '../../flows/company/token-selection.ts';
import { isId } from '../../flows/company/turn-away.ts';
import { sendTokenCode } from '../../flows/token/email-code.ts';
import { revocationReasons, type RevocationReason } from '../../flows/token/revoke.ts';
import { seeOther, type ConsoleVisit } from '../console.ts';
import type { Form } from '../form.ts';
import { readEdit } from './edit.ts';
import { bulkMost } from './people.ts';
import {
  between,
  laterError,
  nightShown,
  proofOnTokenList,
  showTokenList,
  tokenKey,
  tokenListMark,
  tokenPath,
} from './token-list.ts';
import { notFound } from './visit.ts';

/** The list's form: chooses, and goes on or acts. */
export async function pickTokens(visit: ConsoleVisit, form: Form): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const choice: TokenSelection = {
    people: [...new Set(form.all('people'))],
    serial: form.text('serial'),
    reason: revocationReasons.find((reason) => reason === form.text('reason')) ?? null,
    words: form.text('reason_words').trim(),
  };
  const errors = formErrors(choice);
  if (errors.length > 0) return showTokenList(visit, choice, errors);
  // Pressed twice: whose token the first press took has none now, and its result stands.
  const key = site.digest(JSON.stringify([site.digest(form.text('edit')), choice.people]));
  if (await site.tools.consoleActivity.finished<RevocationResult>(login.id, tokenKey(key)))
    return seeOther(ctx, `${tokenPath}/result/${key}`);
  const chosen = await chooseTokens(site.tools, act, person, choice);
  const open = chosen.people.filter(({ verdict }) => verdict === 'act');
  const unknown = chosen.people.every(({ verdict }) => verdict === 'unknown');
  if (chosen.noDevice || (open.length === 0 && unknown)) return notFound(visit);
  if (open.length === 0) return showTokenList(visit, choice, [whyNobody(chosen)]);

  // Nobody who did not stand on this page is acted upon from it.
  const shown = form.text('shown').split(between).filter(isId);
  const here = new Set(shown);
  const direct = proofOnTokenList(visit) !== null && form.has('edit') && choice.people.every((id) => here.has(id));
  if (direct && chosen.device === null && choice.reason !== null)
    return actHere(visit, form, choice, { chosen, shown, key, why: choice.reason });
  const name = await keepTokens(site.tools, login, { ...choice, people: choice.people.filter(isId) });
  if (proofForRevoking(site.tools, act, person) === 'confirmation+email-code')
    await sendTokenCode(site.tools, act, person.account, 'revoke', login.route, false);
  return seeOther(ctx, `${tokenPath}/check/${name}`);
}

function formErrors({ people, serial, reason, words }: TokenSelection): readonly LooseError[] {
  const chosen = people.length > 0 || serial !== '';
  return [
    ...(chosen ? [] : [{ field: 'people', key: 'bulk.none' }]),
    ...(people.length > bulkMost ? [{ field: 'people', key: 'bulk.many', values: { max: bulkMost } }] : []),
    ...(reason === null ? [{ field: 'reason', key: 'form.choose' }] : []),
    ...(words.length > longestReason
      ? [{ field: 'reason_words', key: 'form.long', values: { max: longestReason } }]
      : []),
    ...(/\p{Cc}/u.test(words) ? [{ field: 'reason_words', key: 'form.chars', values: { allowed: 'text' } }] : []),
  ];
}

function whyNobody({ people }: ChosenTokens): LooseError {
  const self = people.some(({ verdict }) => verdict === 'self');
  return { field: 'people', key: self ? 'self.token' : 'person.none' };
}

/** The guide's way (S2): the password stands on the list, and the list acts. */
async function actHere(
  visit: ConsoleVisit,
  form: Form,
  choice: TokenSelection,
  asked: {
    readonly chosen: ChosenTokens;
    readonly shown: readonly string[];
    /** One page may serve several choices, each acted upon once. */
    readonly key: string;
    readonly why: RevocationReason;
  },
): Promise<void> {
  const { ctx, site, act, person, login } = visit;
  const { chosen, shown, key, why } = asked;
  const now = (await chooseTokens(site.tools, act, person, { people: shown, serial: '' })).people;
  const stands = [...now.map((one) => ({ id: one.id, seen: seenToken(one) })), nightShown(visit)];
  const ids = [...shown, 'night'];
  const edit = readEdit(site, login.id, tokenListMark, ids, form.text('edit'), stands);
  if (!edit.ok) return showTokenList(visit, { ...choice, people: [] }, [{ field: null, key: 'edit.tampered' }], 409);
  if (edit.stale.has('night')) return showTokenList(visit, choice, [laterError(visit)], 409);
  const typed = { confirmation: form.text('confirmation_password'), otp: form.text('otp') };
  const { words } = choice;
  const acted = await revokeTokens(
    site.tools,
    act,
    visit,
    { key: tokenKey(key), chosen, stale: edit.stale, why, words },
    typed,
  );
  switch (acted.verdict) {
    case 'stale':
      return showTokenList(visit, choice, [{ field: null, key: 'edit.stale' }], 409);
    case 'busy':
      return showTokenList(visit, choice, [{ field: null, key: 'form.busy' }]);
    case 'refused':
      return acted.refused.verdict === 'look-again'
        ? seeOther(ctx, tokenPath)
        : showTokenList(visit, choice, acted.refused.errors);
    case 'finished':
      return seeOther(ctx, `${tokenPath}/result/${key}`);
  }
}
